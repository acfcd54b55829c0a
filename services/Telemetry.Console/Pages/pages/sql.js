import { html } from '../shared/ui.js';
export const Sql = () => html`<p>…</p>`;
