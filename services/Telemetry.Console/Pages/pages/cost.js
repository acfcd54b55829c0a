import { html } from '../shared/ui.js';
export const Cost = () => html`<p>…</p>`;
