import { html } from '../shared/ui.js';
export const Alerts = () => html`<p>…</p>`;
