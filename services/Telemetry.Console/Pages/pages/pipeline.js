// How the pipeline itself is: what it waits for, how far behind it is, what it put aside.
import { html } from '../shared/ui.js';
import { bytes, count, seconds } from '../shared/format.js';
import { changed, useLocation } from '../shared/location.js';
import { askProcess } from '../shared/api.js';
import { useAnswer } from '../shared/live.js';
import { endsNow, rangeOf, rangeQuery } from '../shared/range.js';
import { Badge, Count, Moment } from '../parts/figures.js';
import { Answered, Panel } from '../parts/panel.js';
import { Empty } from '../parts/empty.js';
import { Table } from '../parts/table.js';

const readiness = (path, _, { signal }) => askProcess(path, signal);

export function Pipeline() {
  const { parameters } = useLocation();
  const range = rangeOf(parameters);
  const query = rangeQuery(range);
  const cursor = parameters.get('cursor');
  const ready = useAnswer('/readyz', [], { asks: readiness });
  const pipeline = useAnswer('/pipeline', query);
  const dead = useAnswer('/dead-letters', [...query, ['limit', '50'], ['cursor', cursor]], { repeat: cursor === null && endsNow(range) });
  return html`
    <div class="three">
      <${Panel} title="Readiness" about="of this process, /readyz">
        <${Answered} state=${ready}>${(answer) => html`<table class="pairs"><tbody>
          ${Object.entries(answer.checks ?? {}).map(([name, reason]) => html`<tr key=${name}><th scope="row">${name.replaceAll('_', ' ')}</th><td>${reason === 'ok' ? html`<${Badge} kind="good">ok<//>` : html`<${Badge} kind="bad">not ready<//> ${reason}`}</td></tr>`)}
        </tbody></table>`}<//>
      <//>
      <${Panel} title="Written" about="in the range" answers=${[pipeline.answer]} only=${['written', 'freshness']}>
        <${Answered} state=${pipeline}>${({ written, freshness }) => html`<table class="pairs"><tbody>
          ${pair('Batches', html`<${Count} value=${written.batches} />`)}
          ${pair('Records of the span log', html`<${Count} value=${written.records} />`)}
          ${pair('Calls, other spans', html`<${Count} value=${written.calls} />, <${Count} value=${written.spans} />`)}
          ${pair('Calls a batch, on average', written.batches > 0 ? (written.calls / written.batches).toFixed(1) : '–')}
          ${pair('Last batch', html`<${Moment} value=${written.last_at} why="none in the range" />`)}
          ${pair('From start of a call to its row', freshness.seconds_p50 === null ? '–' : `half within ${seconds(freshness.seconds_p50)}, 99 % within ${seconds(freshness.seconds_p99)}`)}
          ${pair('Late by more than an hour', `${count(freshness.late)} calls`)}
          ${pair('Taken back, priced anew', `${count(freshness.taken_back)}, ${count(freshness.priced_anew)} calls`)}
        </tbody></table>`}<//>
      <//>
      <${Panel} title="Trouble" about="in the range" answers=${[pipeline.answer]} only=${['trouble']}>
        <${Answered} state=${pipeline}>${({ trouble }) => html`<table class="pairs"><tbody>
          ${concern('Dead letters', trouble.dead_letters, 'records that could not be decoded')}
          ${concern('of them not replayed', trouble.dead_letters_not_replayed, 'telemetry dead-letters replays them')}
          ${concern('Calls without a price', trouble.unpriced_calls, 'Cost tells which and why')}
          ${concern('Calls without token counts', trouble.calls_without_usage, 'nobody reported tokens')}
          ${concern('Notifications owed', trouble.notifications_owed, 'not delivered yet')}
          ${concern('Counted twice', trouble.counted_twice, 'anything but 0 is an error of the pipeline')}
        </tbody></table>`}<//>
      <//>
    </div>
    <${Panel} title="Lag" about="each partition of the span log, the furthest behind first" answers=${[pipeline.answer]} only=${['lag']}>
      <${Answered} state=${pipeline}>${({ lag }) => (lag.length === 0
        ? html`<${Empty} title="No Processor has reported within a day."><p>Is one running? It reports how far it is every few seconds.</p><//>`
        : html`<${Table} label="Lag" name="lag_" columns=${lagColumns} rows=${lag} id=${(r) => r.partition} usualSort="seconds_behind" />`)}<//>
    <//>
    <${Panel} title="Dead letters" about="records that could not be decoded, kept whole" answers=${[dead.answer]} download=${['/dead-letters', query]}>
      <${Answered} state=${dead}>${({ data }) => (data.length === 0
        ? html`<${Empty} title="None in this range." />`
        : html`<${Table} label="Dead letters" columns=${deadColumns} rows=${data} id=${(r) => r.id} sorts=${['time']} usualSort="time" />`)}<//>
      <nav class="pages" aria-label="Pages of dead letters">
        ${cursor ? html`<a href=${changed({ cursor: null })}>First page</a>` : html`<span></span>`}
        ${dead.answer?.has_more && html`<a rel="next" href=${changed({ cursor: dead.answer.next_cursor })}>Next 50</a>`}
      </nav>
    <//>`;
}

const pair = (name, value) => html`<tr key=${name}><th scope="row">${name}</th><td class="number">${value}</td></tr>`;
const concern = (name, value, about) => html`<tr key=${name}><th scope="row">${name}</th><td>${value > 0 ? html`<b class="wrong">${count(value)}</b> <span class="muted">${about}</span>` : html`<span class="muted">0</span>`}</td></tr>`;

const lagColumns = [
  { name: 'partition', label: 'Partition', show: (r) => r.partition },
  { name: 'seconds_behind', label: 'Behind', number: true, show: (r) => html`<span class=${r.seconds_behind > 60 ? 'wrong' : ''}>${seconds(r.seconds_behind)}</span>` },
  { name: 'written_up_to', label: 'Written up to', text: true, show: (r) => html`<${Moment} value=${r.written_up_to} full=${true} />` },
  { name: 'processor', label: 'Processor', text: true, show: (r) => html`<span class="text">${r.processor}</span>` },
  { name: 'reported_at', label: 'Reported', text: true, show: (r) => html`<${Moment} value=${r.reported_at} />` },
];

const deadColumns = [
  { name: 'at', sort: 'time', label: 'Put aside', show: (r) => html`<${Moment} value=${r.at} full=${true} />` },
  { name: 'reason', label: 'Why', show: (r) => html`<span class="text">${r.reason}</span>` },
  { name: 'topic', label: 'From', show: (r) => html`<span class="text">${r.topic}</span> <span class="muted">partition ${r.partition}, offset ${r.offset}</span>` },
  { name: 'bytes', label: 'Length', number: true, show: (r) => bytes(r.bytes) },
  { name: 'id', label: 'Id', show: (r) => html`<code>${r.id}</code>` },
  { name: 'replayed', label: 'Replayed', show: (r) => (r.replayed ? html`<${Badge} kind="good">yes<//>` : html`<span class="muted">no</span>`) },
];
