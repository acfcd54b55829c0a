import { html } from '../shared/ui.js';
export const Pipeline = () => html`<p>…</p>`;
