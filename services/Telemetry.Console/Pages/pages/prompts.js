import { html } from '../shared/ui.js';
export const Prompts = () => html`<p>…</p>`;
