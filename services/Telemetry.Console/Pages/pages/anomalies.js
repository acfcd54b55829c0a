import { html } from '../shared/ui.js';
export const Anomalies = () => html`<p>…</p>`;
