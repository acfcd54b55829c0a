import { html } from '../shared/ui.js';
import { Empty } from '../parts/empty.js';

export const NotFound = () => html`<${Empty} title="There is no such page."><p>Go to the <a href="/">Overview</a>, or press <kbd>?</kbd> for what there is.</p><//>`;
