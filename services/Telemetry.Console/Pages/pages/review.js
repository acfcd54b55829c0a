// Answers that people should look at: what judges thought least of, what users disliked, what screening flagged.
import { html } from '../shared/ui.js';
import { number } from '../shared/format.js';
import { pageAddress, useLocation } from '../shared/location.js';
import { useAnswer } from '../shared/live.js';
import { rangeOf, rangeQuery } from '../shared/range.js';
import { Moment, Text } from '../parts/figures.js';
import { Answered, Panel } from '../parts/panel.js';
import { Empty } from '../parts/empty.js';
import { Table } from '../parts/table.js';

const columns = [
  { name: 'ts', label: 'Judged', text: true, class: 'nowrap', show: (r) => html`<${Moment} value=${r.ts} full=${true} />` },
  { name: 'service', label: 'Service', text: true, show: (r) => html`<${Text} value=${r.service} />` },
  { name: 'name', label: 'What', text: true, show: (r) => html`<span class="text">${r.name}</span>` },
  { name: 'value', label: 'Value', number: true, show: (r) => (r.value === null ? '–' : number(r.value)) },
  { name: 'label', label: 'Label', text: true, show: (r) => html`<${Text} value=${r.label} none="–" />` },
  { name: 'explanation', label: 'Why', text: true, show: (r) => html`<span class="text">${r.explanation}</span>` },
];

const lists = [
  { name: 'judged', title: 'Judged worst', about: 'by judges, the lowest value first; a row leads to the answer', query: [['source', 'judge'], ['sort', 'value'], ['order', 'asc']], none: 'No judge has judged in this range.', what: 'Judges sample calls with messages.' },
  { name: 'disliked', title: 'Disliked', about: 'feedback of users, the lowest value first', query: [['source', 'user'], ['sort', 'value'], ['order', 'asc']], none: 'No feedback in this range.', what: 'Applications send it as gen_ai.evaluation.result events with the span of the call.' },
  { name: 'flagged', title: 'Flagged', about: 'by screening, the newest first', query: [['source', 'rule']], none: 'Screening flagged nothing in this range.', what: 'It looks at every call that comes with messages.' },
];

export function Review() {
  const { parameters } = useLocation();
  const range = rangeQuery(rangeOf(parameters));
  return html`${lists.map((list) => html`<${List} key=${list.name} list=${list} range=${range} />`)}`;
}

function List({ list, range }) {
  const query = [...range, ...list.query, ['limit', '12']];
  const scores = useAnswer('/scores', query);
  return html`
    <${Panel} title=${list.title} about=${list.about} answers=${[scores.answer]} download=${['/scores', [...range, ...list.query]]}>
      <${Answered} state=${scores} rows=${6}>${({ data }) => (data.length === 0
        ? html`<${Empty} title=${list.none}><p>${list.what}</p><//>`
        : html`<${Table} label=${list.title} name="${list.name}_" columns=${columns} rows=${data} id=${(r) => [r.trace_id, r.span_id, r.name, r.ts].join('/')} address=${(r) => pageAddress(`/traces/${r.trace_id}`, { span: r.span_id || null })} />`)}<//>
    <//>`;
}
