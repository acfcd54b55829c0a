// What the detection found: what was seen, what is usual, and traces that show it.
import { html } from '../shared/ui.js';
import { milliseconds, money, number, percent, words } from '../shared/format.js';
import { changed, pageAddress, useLocation } from '../shared/location.js';
import { useAnswer } from '../shared/live.js';
import { endsNow, rangeOf, rangeQuery } from '../shared/range.js';
import { Moment, Severity, State, Text } from '../parts/figures.js';
import { Answered, Panel } from '../parts/panel.js';
import { Empty } from '../parts/empty.js';
import { Table } from '../parts/table.js';

const states = [['', 'All'], ['open', 'Open'], ['closed', 'Closed']];
const units = { ms: milliseconds, usd: money, USD: money, 1: (v) => number(v), '%': percent };
const value = (amount, { unit, metric }) => (amount === null ? '–' : /rate|share/.test(metric) && unit === '1' ? percent(amount) : units[unit]?.(amount) ?? `${number(amount)} ${unit}`);

const columns = [
  { name: 'opened_at', sort: 'time', label: 'Since', class: 'nowrap', show: (r) => html`<${Moment} value=${r.opened_at} full=${true} />` },
  { name: 'severity', label: 'Severity', show: (r) => html`<${Severity} value=${r.severity} />` },
  { name: 'state', label: 'State', show: (r) => html`<${State} value=${r.state} />` },
  { name: 'metric', label: 'What', show: (r) => html`${words(r.metric)} <span class="muted">${r.direction} ${r.subject}</span>` },
  { name: 'where', label: 'Where', show: (r) => html`<${Text} value=${[r.service, r.model, r.prompt_name, r.prompt_version].filter(Boolean).join(' · ') || r.tenant} />` },
  { name: 'observed', label: 'Seen', number: true, show: (r) => value(r.observed, r) },
  { name: 'expected', label: 'Usual', number: true, show: (r) => html`<span title="noticed outside ${value(r.range_low, r)} to ${value(r.range_high, r)}">${value(r.expected, r)}</span>` },
  { name: 'score', label: 'Score', unit: 'sd', number: true, about: 'Standard deviations of what is usual', show: (r) => number(r.score) },
  { name: 'why', label: 'Why', show: (r) => html`<span class="text">${r.why}</span>` },
  { name: 'exemplars', label: 'Traces', show: (r) => r.exemplars.slice(0, 3).map((t) => html`<a key=${t} href=${pageAddress(`/traces/${t}`)}><code>${t.slice(0, 8)}</code></a> `) },
];

export function Anomalies() {
  const { parameters } = useLocation();
  const range = rangeOf(parameters);
  const state = parameters.get('state') ?? '';
  const cursor = parameters.get('cursor');
  const query = [...rangeQuery(range), ...(state ? [['state', state]] : []), ['sort', parameters.get('sort') ?? 'time'], ['order', parameters.get('order') ?? 'desc']];
  const anomalies = useAnswer('/anomalies', [...query, ['limit', '50'], ['cursor', cursor]], { repeat: cursor === null && endsNow(range) });
  const calls = (r) => pageAddress('/calls', { from: before(r.opened_at), to: r.closed_at ?? r.last_at, ...Object.fromEntries([['service', r.service], ['model', r.model], ['tenant', r.tenant]].filter(([, v]) => v)) });
  return html`
    <nav class="tabs" aria-label="State">${states.map(([s, label]) => html`<a key=${s} href=${changed({ state: s || null })} aria-current=${s === state ? 'true' : undefined}>${label}</a>`)}</nav>
    <${Panel} title="Anomalies" about="open at any time of the range; a row leads to the calls of that time" answers=${[anomalies.answer]} download=${['/anomalies', query]}>
      <${Answered} state=${anomalies} rows=${8}>${({ data }) => (data.length === 0
        ? html`<${Empty} title="Nothing stood out in this range."><p>The detection learns what is usual from some days of traffic; until then it stays silent.</p><//>`
        : html`<${Table} label="Anomalies" columns=${columns} rows=${data} id=${(r) => r.anomaly_id} selected=${parameters.get('id')} sorts=${['time', 'score']} usualSort="time" address=${calls} />`)}<//>
      <nav class="pages" aria-label="Pages of anomalies">
        ${cursor ? html`<a href=${changed({ cursor: null })}>First page</a>` : html`<span></span>`}
        ${anomalies.answer?.has_more && html`<a rel="next" href=${changed({ cursor: anomalies.answer.next_cursor })}>Next 50</a>`}
      </nav>
    <//>`;
}

// A little of the time before shows the difference.
const before = (moment) => new Date(Date.parse(moment) - 900_000).toISOString();
