// Who and what spends: by any dimension, over time, and what has no price.
import { html } from '../shared/ui.js';
import { money, percent, words } from '../shared/format.js';
import { callDimensions, changed, filtersOf, pageAddress, rollupDimensions, useLocation } from '../shared/location.js';
import { useAnswer } from '../shared/live.js';
import { rangeOf, rangeQuery } from '../shared/range.js';
import { Count, Money, Moment, Text } from '../parts/figures.js';
import { Answered, Panel } from '../parts/panel.js';
import { Empty, NothingHere } from '../parts/empty.js';
import { Filters } from '../parts/filters.js';
import { Table } from '../parts/table.js';
import { Grouped } from './models.js';

const choices = [['tenant', 'Tenant'], ['service', 'Service'], ['user', 'User'], ['prompt,prompt_version', 'Prompt version'], ['model', 'Model'], ['provider', 'Provider'], ['environment', 'Environment'], ['session', 'Session'], ['agent', 'Agent'], ['label', 'Label']];

export function Cost() {
  const { parameters } = useLocation();
  const range = rangeOf(parameters);
  const by = parameters.get('by') ?? 'service';
  const filters = filtersOf(parameters, rollupDimensions);
  const query = [...rangeQuery(range), ...filters.map((f) => [f.name, f.value])];
  const costs = useAnswer('/costs', [...query, ['by', by], ['limit', '100']]);
  const first = by.split(',')[0];
  const series = useAnswer(rollupDimensions.includes(first) ? '/series' : null, [...query, ['metric', 'cost_usd'], ['group_by', first], ['groups', '5']]);
  const unpriced = useAnswer('/costs/unpriced', query);
  return html`
    <${Filters} dimensions=${rollupDimensions} />
    <nav class="tabs" aria-label="Spending by">${choices.map(([value, label]) => html`<a key=${value} href=${changed({ by: value })} aria-current=${value === by ? 'true' : undefined}>${label}</a>`)}</nav>
    ${rollupDimensions.includes(first) && costs.answer?.data.length !== 0 && html`
      <${Panel} title="Spent over time" about=${series.answer ? `$ each ${series.answer.range.step}, the five largest by calls` : ''} answers=${[series.answer]} class="trend">
        <${Answered} state=${series}>${(answer) => html`<${Grouped} title="Spent over time" answer=${answer} by=${first} metric="cost_usd" show=${money} zone=${range.zone} />`}<//>
      <//>`}
    <${Panel} title="Spent" about="the largest first; a row leads to its calls" answers=${[costs.answer]} download=${['/costs', [...query, ['by', by]]]}>
      <${Answered} state=${costs}>${(answer) => (answer.data.length === 0
        ? html`<${NothingHere} filtered=${filters.length > 0} />`
        : html`<${Spenders} rows=${answer.data} by=${by.split(',')} />${answer.notes.map((n) => html`<p class="hint muted" key=${n}>${n}</p>`)}`)}<//>
    <//>
    <div id="unpriced"><${Panel} title="Without a known price" about="in no sum of cost; never counted as 0" answers=${[unpriced.answer]} download=${['/costs/unpriced', query]}>
      <${Answered} state=${unpriced}>${({ data }) => (data.length === 0
        ? html`<${Empty} title="Every call of this range has a price." />`
        : html`<${Unpriced} rows=${data} />
          <p class="hint muted">A model's own price goes into a file at <code>Telemetry:Processor:Prices:OverridePath</code>; <code>telemetry reprice --from … --to …</code> then prices what is there.</p>`)}<//>
    <//></div>`;
}

function Spenders({ rows, by }) {
  const total = rows.reduce((sum, r) => sum + Number(r.cost_usd ?? 0), 0);
  const columns = [
    ...by.map((name) => ({ name, label: words(name)[0].toUpperCase() + words(name).slice(1), text: true, show: (r) => html`<${Text} value=${r[name]} />` })),
    { name: 'cost_usd', label: 'Cost', number: true, show: (r) => html`<${Money} value=${r.cost_usd} />` },
    { name: 'share', label: 'Share', number: true, about: 'Of what the rows shown cost', value: (r) => r.cost_usd, show: (r) => (r.cost_usd === null || total === 0 ? '' : html`${percent(Number(r.cost_usd) / total)}`) },
    { name: 'calls', label: 'Calls', number: true, show: (r) => html`<${Count} value=${r.calls} />` },
    { name: 'cost_per_call_usd', label: 'Per call', number: true, show: (r) => html`<${Money} value=${r.cost_per_call_usd} />` },
    { name: 'cost_per_1k_tokens_usd', label: 'Per 1K tok', number: true, about: 'Cost of 1,000 tokens, as long as every call has a price', show: (r) => html`<${Money} value=${r.cost_per_1k_tokens_usd} why=${r.unpriced_calls > 0 ? 'some calls have no known price' : 'no tokens'} />` },
    { name: 'input_tokens', label: 'Input', unit: 'tok', number: true, show: (r) => html`<${Count} value=${r.input_tokens} />` },
    { name: 'cached_tokens', label: 'From cache', unit: 'tok', number: true, show: (r) => html`<${Count} value=${r.cached_tokens} />` },
    { name: 'output_tokens', label: 'Output', unit: 'tok', number: true, show: (r) => html`<${Count} value=${r.output_tokens} />` },
    { name: 'unpriced_calls', label: 'Unpriced', unit: 'calls', number: true, show: (r) => (r.unpriced_calls > 0 ? html`<span class="wrong"><${Count} value=${r.unpriced_calls} /></span>` : '0') },
  ];
  const filter = (row) => Object.fromEntries(by.filter((name) => callDimensions.includes(name)).map((name) => [name, row[name]]));
  return html`<${Table} label="Spent by ${by.join(' and ')}" columns=${columns} rows=${rows} id=${(r) => by.map((name) => r[name]).join('\t')} usualSort="cost_usd" address=${(r) => pageAddress('/calls', filter(r))} />`;
}

function Unpriced({ rows }) {
  const columns = [
    { name: 'model_requested', label: 'Model', text: true, show: (r) => html`<${Text} value=${r.model_requested || r.model_answered} none="no model" />` },
    { name: 'provider', label: 'Provider', text: true, show: (r) => html`<${Text} value=${r.provider} />` },
    { name: 'cost_reason', label: 'Why', text: true, show: (r) => words(r.cost_reason) },
    { name: 'calls', label: 'Calls', number: true, show: (r) => html`<${Count} value=${r.calls} />` },
    { name: 'input_tokens', label: 'Input', unit: 'tok', number: true, show: (r) => html`<${Count} value=${r.input_tokens} />` },
    { name: 'output_tokens', label: 'Output', unit: 'tok', number: true, show: (r) => html`<${Count} value=${r.output_tokens} />` },
    { name: 'last_at', label: 'Last', text: true, show: (r) => html`<${Moment} value=${r.last_at} />` },
    { name: 'last_trace_id', label: 'Trace of the last', sortable: false, show: (r) => html`<a href=${pageAddress(`/traces/${r.last_trace_id}`)}><code>${r.last_trace_id.slice(0, 12)}…</code></a>` },
  ];
  return html`<${Table} label="Calls without a known price" name="unpriced_" columns=${columns} rows=${rows} id=${(r) => [r.provider, r.model_requested, r.model_answered, r.cost_reason].join('\t')}
    address=${(r) => pageAddress('/calls', { model: r.model_requested, cost_reason: r.cost_reason })} />`;
}
