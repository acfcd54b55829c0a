import { html } from '../shared/ui.js';
export const Review = () => html`<p>…</p>`;
