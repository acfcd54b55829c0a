// How good answers are, with intervals, and the judgements one by one.
import { html } from '../shared/ui.js';
import { count, number } from '../shared/format.js';
import { changed, pageAddress, useLocation } from '../shared/location.js';
import { useAnswer } from '../shared/live.js';
import { endsNow, rangeOf, rangeQuery } from '../shared/range.js';
import { Count, Moment, Text } from '../parts/figures.js';
import { Answered, Panel } from '../parts/panel.js';
import { Empty } from '../parts/empty.js';
import { Table } from '../parts/table.js';

const share = (part) => `${(Math.max(0, Math.min(1, part)) * 100).toFixed(2)}%`;

/** A mean and its interval on a line from the least to the greatest of a table. */
function Interval({ row, least, greatest }) {
  if (row.mean === null) return html`<span class="none" title="labels only, or every judgement failed">–</span>`;
  const place = (value) => (greatest > least ? (value - least) / (greatest - least) : 0.5);
  const [low, high] = [row.low ?? row.mean, row.high ?? row.mean];
  return html`<span class="interval" role="img" aria-label="mean ${number(row.mean)}, 95 % interval ${number(low)} to ${number(high)}">
    <i style=${{ left: share(place(low)), width: share(place(high) - place(low)) }}></i><b style=${{ left: share(place(row.mean)) }}></b></span>`;
}

export function Quality() {
  const { parameters } = useLocation();
  const range = rangeOf(parameters);
  const cursor = parameters.get('cursor');
  const names = ['name', 'source', 'service'].flatMap((n) => parameters.getAll(n).map((v) => [n, v]));
  const query = [...rangeQuery(range), ...names];
  const quality = useAnswer('/quality', [...query, ['by', 'name,source,service']]);
  const scores = useAnswer('/scores', [...query, ['sort', parameters.get('sort') ?? 'time'], ['order', parameters.get('order') ?? 'desc'], ['limit', '50'], ['cursor', cursor]], { repeat: cursor === null && endsNow(range) });
  return html`
    ${names.length > 0 && html`<p class="tabs">${names.map(([n, v]) => html`<span key=${n + v} class="chip">${n} = ${v} <button type="button" aria-label="Remove ${n}" onClick=${() => history.back()}>×</button></span>`)} <a href=${changed({ name: null, source: null, service: null })}>All judgements</a></p>`}
    <${Panel} title="Quality" about="means with 95 % intervals; judged calls are a sample, each counts for as many as it stands for" answers=${[quality.answer]} download=${['/quality', [...query, ['by', 'name,source,service']]]}>
      <${Answered} state=${quality}>${({ data }) => (data.length === 0 ? html`<${Nothing} />` : html`<${Means} rows=${data} />`)}<//>
    <//>
    ${scores.answer?.data.length !== 0 && html`<${Panel} title="Judgements" about="one by one; a row leads to its trace" answers=${[scores.answer]} download=${['/scores', query]}>
      <${Answered} state=${scores} rows=${8}>${({ data }) => html`<${Table} label="Judgements" columns=${scoreColumns} rows=${data} id=${(r) => [r.trace_id, r.span_id, r.name, r.source, r.ts].join('/')} sorts=${['time', 'value']} usualSort="time"
        address=${(r) => pageAddress(`/traces/${r.trace_id}`, { span: r.span_id || null })} />`}<//>
      <nav class="pages" aria-label="Pages of judgements">
        ${cursor ? html`<a href=${changed({ cursor: null })}>First page</a>` : html`<span></span>`}
        ${scores.answer?.has_more && html`<a rel="next" href=${changed({ cursor: scores.answer.next_cursor })}>Next 50</a>`}
      </nav>
    <//>`}`;
}

const Nothing = () => html`<${Empty} title="Nothing was judged in this range."><p>Screening judges every call with messages; judges, people and feedback add to it. <code>gen_ai.evaluation.result</code> events of applications are taken too.</p><//>`;

function Means({ rows }) {
  const known = rows.filter((r) => r.mean !== null);
  const least = Math.min(0, ...known.map((r) => r.low ?? r.mean));
  const greatest = Math.max(1, ...known.map((r) => r.high ?? r.mean));
  const columns = [
    { name: 'name', label: 'What', text: true, show: (r) => html`<${Text} value=${r.name} />` },
    { name: 'source', label: 'Who', text: true, show: (r) => r.source },
    { name: 'service', label: 'Service', text: true, show: (r) => html`<${Text} value=${r.service} />` },
    { name: 'mean', label: 'Mean', number: true, show: (r) => (r.mean === null ? '–' : number(r.mean)) },
    { name: 'low', label: '95 % interval', number: true, show: (r) => (r.low === null ? html`<span class="none" title="needs two judgements">–</span>` : `${number(r.low)} to ${number(r.high)}`) },
    { name: 'line', label: `${number(least)} to ${number(greatest)}`, sortable: false, show: (r) => html`<${Interval} row=${r} least=${least} greatest=${greatest} />` },
    { name: 'judged', label: 'Judged', unit: 'calls', number: true, show: (r) => html`<${Count} value=${r.judged} />` },
    { name: 'stands_for', label: 'Stands for', unit: 'calls', number: true, show: (r) => html`<${Count} value=${Math.round(r.stands_for)} />` },
    { name: 'failed', label: 'Failed', number: true, show: (r) => (r.failed > 0 ? html`<span class="wrong">${count(r.failed)}</span>` : '0') },
  ];
  return html`<${Table} label="Quality" name="means_" columns=${columns} rows=${rows} id=${(r) => [r.name, r.source, r.service].join('\t')} usualSort="judged" address=${(r) => changed({ name: r.name, source: r.source, service: r.service })} />`;
}

const scoreColumns = [
  { name: 'ts', sort: 'time', label: 'Judged', class: 'nowrap', show: (r) => html`<${Moment} value=${r.ts} full=${true} />` },
  { name: 'service', label: 'Service', show: (r) => html`<${Text} value=${r.service} />` },
  { name: 'name', label: 'What', show: (r) => html`<span class="text">${r.name}</span>` },
  { name: 'source', label: 'Who', show: (r) => r.source },
  { name: 'value', label: 'Value', number: true, show: (r) => (r.value === null ? '–' : number(r.value)) },
  { name: 'label', label: 'Label', show: (r) => html`<${Text} value=${r.label} none="–" />` },
  { name: 'explanation', label: 'Why', show: (r) => html`<span class="text">${r.error_type || r.explanation}</span>` },
];
