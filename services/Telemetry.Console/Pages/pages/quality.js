import { html } from '../shared/ui.js';
export const Quality = () => html`<p>…</p>`;
