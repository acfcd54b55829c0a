// Answers that people should look at. The queue has an API of its own; where it is not there yet, the page says what is instead.
import { html } from '../shared/ui.js';
import { pageAddress } from '../shared/location.js';
import { Empty } from '../parts/empty.js';
import { Panel } from '../parts/panel.js';

export const Review = () => html`
  <${Panel} title="Review queue">
    <${Empty} title="Nothing waits for review.">
      <p>Until calls are queued here, <a href=${pageAddress('/calls', { flag: 'refusal' })}>calls that look like refusals</a> and <a href=${pageAddress('/quality')}>the judgements</a> are where to begin.</p>
    <//>
  <//>`;
