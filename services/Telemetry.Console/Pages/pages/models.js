// Models side by side: speed, errors, cost.
import { html } from '../shared/ui.js';
import { milliseconds, money, percent, shortCount } from '../shared/format.js';
import { filtersOf, pageAddress, rollupDimensions, useLocation } from '../shared/location.js';
import { useAnswer } from '../shared/live.js';
import { rangeOf, rangeQuery } from '../shared/range.js';
import { Count, Milliseconds, Money, PerSecond, Percent, Text } from '../parts/figures.js';
import { Answered, Panel } from '../parts/panel.js';
import { NothingHere } from '../parts/empty.js';
import { Filters } from '../parts/filters.js';
import { Table } from '../parts/table.js';
import { Chart, valuesOf } from '../parts/chart.js';

const number = (name, label, show, more = {}) => ({ name, label, number: true, show, ...more });

export const modelColumns = [
  { name: 'model', label: 'Model', text: true, show: (r) => html`<${Text} value=${r.model} />` },
  { name: 'provider', label: 'Provider', text: true, show: (r) => html`<${Text} value=${r.provider} />` },
  number('calls', 'Calls', (r) => html`<${Count} value=${r.calls} />`),
  number('error_rate', 'Errors', (r) => html`<${Percent} value=${r.error_rate} />`),
  number('ttft_p50_ms', 'TTFT p50', (r) => html`<${Milliseconds} value=${r.ttft_p50_ms} why="no call told its first token" />`, { about: 'Time to first token, half of the calls' }),
  number('ttft_p95_ms', 'TTFT p95', (r) => html`<${Milliseconds} value=${r.ttft_p95_ms} why="no call told its first token" />`, { about: 'Time to first token, 95 % of the calls' }),
  number('duration_p50_ms', 'Duration p50', (r) => html`<${Milliseconds} value=${r.duration_p50_ms} />`, { wide: true }),
  number('duration_p95_ms', 'Duration p95', (r) => html`<${Milliseconds} value=${r.duration_p95_ms} />`),
  number('tokens_per_second_p50', 'Speed p50', (r) => html`<${PerSecond} value=${r.tokens_per_second_p50} />`, { about: 'Output tokens a second after the first token' }),
  number('input_tokens', 'Input', (r) => html`<${Count} value=${r.input_tokens} />`, { unit: 'tok', wide: true }),
  number('cache_hit_rate', 'From cache', (r) => html`<${Percent} value=${r.cache_hit_rate} why="no input tokens" />`, { about: "Share of input tokens read from the provider's cache", wide: true }),
  number('output_tokens', 'Output', (r) => html`<${Count} value=${r.output_tokens} />`, { unit: 'tok', wide: true }),
  number('refusal_rate', 'Refused', (r) => html`<${Percent} value=${r.refusal_rate} />`, { wide: true }),
  number('length_rate', 'Cut', (r) => html`<${Percent} value=${r.length_rate} />`, { about: 'Answers cut at the token limit', wide: true }),
  number('cost_usd', 'Cost', (r) => html`<${Money} value=${r.cost_usd} />`),
  number('cost_per_1k_tokens_usd', 'Per 1K tok', (r) => html`<${Money} value=${r.cost_per_1k_tokens_usd} why=${r.unpriced_calls > 0 ? 'some calls have no known price' : 'no tokens'} />`, { about: 'Cost of 1,000 tokens, as long as every call has a price' }),
];

export const ModelTable = ({ rows, brief = false }) => html`
  <${Table} label="Models" columns=${modelColumns.filter((c) => !brief || !c.wide)} rows=${rows} id=${(r) => `${r.provider}/${r.model}`} name=${brief ? 'models_' : ''} usualSort="calls"
    address=${(r) => pageAddress('/calls', { model: r.model })} />`;

const compared = [
  ['Time to first token, p95', 'ttft_p95_ms', milliseconds], ['Duration, p95', 'duration_p95_ms', milliseconds], ['Error rate', 'error_rate', percent],
  ['Calls', 'calls', shortCount], ['Output speed, p50', 'tokens_per_second_p50', (v) => `${v.toFixed(0)} tok/s`], ['Cost', 'cost_usd', money],
];

export function Models() {
  const { parameters } = useLocation();
  const range = rangeOf(parameters);
  const filters = filtersOf(parameters, rollupDimensions);
  const query = [...rangeQuery(range), ...filters.map((f) => [f.name, f.value])];
  const models = useAnswer('/models', query);
  const series = useAnswer('/series', [...query, ...compared.map(([, metric]) => ['metric', metric]), ['group_by', 'model'], ['groups', '5']]);
  return html`
    <${Filters} dimensions=${rollupDimensions} />
    <${Panel} title="Side by side" about="a row leads to its calls" answers=${[models.answer]} download=${['/models', query]}>
      <${Answered} state=${models}>${({ data }) => (data.length === 0 ? html`<${NothingHere} filtered=${filters.length > 0} />` : html`<${ModelTable} rows=${data} />`)}<//>
    <//>
    ${models.answer?.data.length !== 0 && html`<div class="charts">
      ${compared.map(([title, metric, show]) => html`
        <${Panel} key=${metric} title=${title} about=${series.answer ? `each ${series.answer.range.step}` : ''} answers=${[series.answer]} class="trend">
          <${Answered} state=${series}>${(answer) => html`<${Grouped} title=${title} answer=${answer} by="model" metric=${metric} show=${show} zone=${range.zone} />`}<//>
        <//>`)}
    </div>`}`;
}

/** One line for each group of a series. */
export function Grouped({ title, answer, by, metric, show, zone }) {
  const groups = [...new Set(answer.data.map((r) => r[by]))].sort((a, b) => (a === '(other)') - (b === '(other)') || (a < b ? -1 : 1));
  const step = answer.range.step_seconds;
  const begin = Date.parse(answer.range.from) / 1000;
  const times = step >= 86_400 ? [...new Set(answer.data.map((r) => Date.parse(r.time) / 1000))] : Array.from({ length: Math.ceil((Date.parse(answer.range.to) / 1000 - begin) / step) }, (_, i) => begin + i * step);
  const lines = groups.map((group, i) => {
    const own = new Map(answer.data.filter((r) => r[by] === group).map((r) => [Date.parse(r.time) / 1000, r]));
    return { label: group || '(none)', colour: `series-${(i % 6) + 1}`, show, values: valuesOf({ rows: times.map((t) => own.get(t) ?? null) }, metric, metric === 'calls' || metric === 'cost_usd') };
  });
  return html`<${Chart} label=${title} times=${times} lines=${lines} zone=${zone} />`;
}
