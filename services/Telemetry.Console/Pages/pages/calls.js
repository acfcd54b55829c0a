// Single calls: searched by any dimension, sorted by the server, page after page.
import { html } from '../shared/ui.js';
import { callDimensions, changed, filtersOf, pageAddress, useLocation } from '../shared/location.js';
import { useAnswer } from '../shared/live.js';
import { endsNow, rangeOf, rangeQuery } from '../shared/range.js';
import { Badge, Count, Milliseconds, Moment, Money, Text } from '../parts/figures.js';
import { Answered, Panel } from '../parts/panel.js';
import { NothingHere, NothingYet } from '../parts/empty.js';
import { Filters } from '../parts/filters.js';
import { Table } from '../parts/table.js';

const sorts = ['time', 'duration_ms', 'ttft_ms', 'cost_usd', 'input_tokens', 'output_tokens'];

const Model = ({ row }) => html`<span title=${row.model_answered && row.model_answered !== row.model_requested ? `answered by ${row.model_answered}` : row.provider}><${Text} value=${row.model_requested || row.model_answered} none="no model" /></span>`;

/** What is noteworthy: the error, why it ended early, what was noticed. */
const Outcome = ({ row }) => html`
  ${row.status === 'error' ? html`<${Badge} kind="bad">${row.error_type || 'error'}<//>` : html`<span class="muted">${row.finish_reasons.join(', ') || 'ok'}</span>`}
  ${row.flags.map((flag) => html` <${Badge} key=${flag} kind="warn">${flag}<//>`)}`;

const columns = [
  { name: 'ts', sort: 'time', label: 'Started', class: 'nowrap', show: (r) => html`<${Moment} value=${r.ts} full=${true} />` },
  { name: 'service', label: 'Service', show: (r) => html`<${Text} value=${r.service} />` },
  { name: 'model', label: 'Model', show: (r) => html`<${Model} row=${r} />` },
  { name: 'operation', label: 'Operation', show: (r) => r.operation },
  { name: 'outcome', label: 'Outcome', show: (r) => html`<${Outcome} row=${r} />` },
  { name: 'prompt', label: 'Prompt', show: (r) => (r.prompt_name ? html`<span class="text">${r.prompt_name}</span> <span class="muted">${r.prompt_version}</span>` : html`<${Text} value="" />`) },
  { name: 'user_id', label: 'User', show: (r) => html`<${Text} value=${r.user_id} />` },
  { name: 'input_tokens', label: 'Input', unit: 'tok', number: true, show: (r) => html`<${Count} value=${r.input_tokens} why="nobody reported tokens" />` },
  { name: 'output_tokens', label: 'Output', unit: 'tok', number: true, show: (r) => html`<${Count} value=${r.output_tokens} why="nobody reported tokens" />` },
  { name: 'ttft_ms', label: 'TTFT', number: true, about: 'Time to first token', show: (r) => html`<${Milliseconds} value=${r.ttft_ms} why="no evidence of the first token" />` },
  { name: 'duration_ms', label: 'Duration', number: true, show: (r) => html`<${Milliseconds} value=${r.duration_ms} />` },
  { name: 'cost_usd', label: 'Cost', number: true, show: (r) => html`<${Money} value=${r.cost_usd} why=${r.cost_reason} />` },
];

export function Calls() {
  const { parameters } = useLocation();
  const range = rangeOf(parameters);
  const filters = filtersOf(parameters, callDimensions, true);
  const cursor = parameters.get('cursor');
  const sort = parameters.get('sort') ?? 'time';
  const query = [...rangeQuery(range), ...filters.map((f) => [f.name, f.value]), ['sort', sort], ['order', parameters.get('order') ?? 'desc']];
  // Later pages stand still: they are of the moment at which the first was asked for.
  const calls = useAnswer('/calls', [...query, ['limit', '50'], ['cursor', cursor]], { repeat: cursor === null && endsNow(range) });
  const freshness = useAnswer('/overview', rangeQuery(range), { repeat: false });
  const never = freshness.answer && !freshness.answer.freshness?.last_call_at && freshness.answer.now.calls === 0;
  return html`
    <${Filters} dimensions=${callDimensions} numbers=${true} />
    <${Panel} title="Calls" about=${sort === 'time' ? 'the newest first; a row leads to its trace' : `by ${sort.replace(/_(ms|usd)$/, '').replace('_', ' ')}; calls without a value are left out`} answers=${[calls.answer]} download=${['/calls', query]}>
      <${Answered} state=${calls} rows=${12}>${({ data }) => (data.length === 0
        ? never && filters.length === 0 ? html`<${NothingYet} />` : html`<${NothingHere} filtered=${filters.length > 0} />`
        : html`<${Table} label="Calls" columns=${columns} rows=${data} id=${(r) => r.trace_id + r.span_id} sorts=${sorts} usualSort="time"
            address=${(r) => pageAddress(`/traces/${r.trace_id}`, { span: r.span_id })} />`)}<//>
      <nav class="pages" aria-label="Pages of calls">
        ${cursor ? html`<a href=${changed({ cursor: null })}>First page</a>` : html`<span></span>`}
        ${calls.answer?.next_cursor && calls.answer.has_more && html`<a rel="next" href=${changed({ cursor: calls.answer.next_cursor })}>Next 50</a>`}
      </nav>
    <//>`;
}
