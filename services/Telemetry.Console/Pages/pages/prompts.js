// Prompts: the versions of all, and two versions side by side.
import { html } from '../shared/ui.js';
import { count, milliseconds, money, percent, shortCount } from '../shared/format.js';
import { changed, filtersOf, go, rollupDimensions, useLocation } from '../shared/location.js';
import { useAnswer } from '../shared/live.js';
import { rangeOf, rangeQuery } from '../shared/range.js';
import { Count, Milliseconds, Money, Percent, Text } from '../parts/figures.js';
import { Answered, Panel } from '../parts/panel.js';
import { Empty, NothingHere } from '../parts/empty.js';
import { Filters } from '../parts/filters.js';
import { Table } from '../parts/table.js';
import { Grouped } from './models.js';

const columns = [
  { name: 'prompt', label: 'Prompt', text: true, show: (r) => html`<${Text} value=${r.prompt} none="no prompt named" />` },
  { name: 'prompt_version', label: 'Version', text: true, show: (r) => html`<${Text} value=${r.prompt_version} />` },
  { name: 'calls', label: 'Calls', number: true, show: (r) => html`<${Count} value=${r.calls} />` },
  { name: 'error_rate', label: 'Errors', number: true, show: (r) => html`<${Percent} value=${r.error_rate} />` },
  { name: 'refusal_rate', label: 'Refused', number: true, show: (r) => html`<${Percent} value=${r.refusal_rate} />` },
  { name: 'length_rate', label: 'Cut', number: true, about: 'Answers cut at the token limit', show: (r) => html`<${Percent} value=${r.length_rate} />` },
  { name: 'ttft_p95_ms', label: 'TTFT p95', number: true, about: 'Time to first token, 95 % of the calls', show: (r) => html`<${Milliseconds} value=${r.ttft_p95_ms} why="no call told its first token" />` },
  { name: 'duration_p95_ms', label: 'Duration p95', number: true, show: (r) => html`<${Milliseconds} value=${r.duration_p95_ms} />` },
  { name: 'input_tokens', label: 'Input', unit: 'tok', number: true, show: (r) => html`<${Count} value=${r.input_tokens} />` },
  { name: 'output_tokens', label: 'Output', unit: 'tok', number: true, show: (r) => html`<${Count} value=${r.output_tokens} />` },
  { name: 'cost_usd', label: 'Cost', number: true, show: (r) => html`<${Money} value=${r.cost_usd} />` },
  { name: 'cost_per_call_usd', label: 'Per call', number: true, show: (r) => html`<${Money} value=${r.cost_per_call_usd} />` },
];

export function Prompts() {
  const { parameters } = useLocation();
  const range = rangeOf(parameters);
  const filters = filtersOf(parameters, rollupDimensions);
  const query = [...rangeQuery(range), ...filters.map((f) => [f.name, f.value])];
  const prompts = useAnswer('/prompts', query);
  const names = [...new Set(filters.filter((f) => f.name === 'prompt').map((f) => f.value))];
  return html`
    <${Filters} dimensions=${rollupDimensions} />
    <${Answered} state=${prompts} rows=${8}>${({ data }) => html`
      ${names.length === 1 && html`<${Compare} versions=${data.filter((r) => r.prompt === names[0])} query=${query} zone=${range.zone} />`}
      <${Panel} title="Versions" about=${names.length === 1 ? '' : 'a row leads to its prompt, where two versions stand side by side'} answers=${[prompts.answer]} download=${['/prompts', query]}>
        ${data.length === 0 ? html`<${NothingHere} filtered=${filters.length > 0} />`
          : html`<${Table} label="Versions of prompts" columns=${columns} rows=${data} id=${(r) => `${r.prompt}\t${r.prompt_version}`} usualSort="calls" address=${(r) => changed({ prompt: r.prompt, prompt_version: null, new: r.prompt_version, old: null })} />
            ${data.every((r) => r.prompt === '') && html`<p class="hint muted">No call names its prompt. <code>gen_ai.prompt.name</code> and <code>gen_ai.prompt.version</code> on a span do.</p>`}`}
      <//>`}<//>`;
}

const usd = (v) => money(v);
const compared = [
  ['Calls', (r) => r.calls, count, 0], ['Error rate', (r) => r.error_rate, percent, -1], ['Refused', (r) => r.refusal_rate, percent, -1], ['Cut at the token limit', (r) => r.length_rate, percent, -1],
  ['First token, half of the calls', (r) => r.ttft_p50_ms, milliseconds, -1], ['First token, 95 %', (r) => r.ttft_p95_ms, milliseconds, -1],
  ['Duration, half of the calls', (r) => r.duration_p50_ms, milliseconds, -1], ['Duration, 95 %', (r) => r.duration_p95_ms, milliseconds, -1],
  ['Input tokens a call', (r) => (r.calls > 0 ? r.input_tokens / r.calls : null), shortCount, -1], ['Output tokens a call', (r) => (r.calls > 0 ? r.output_tokens / r.calls : null), shortCount, 0],
  ['Input from cache', (r) => r.cache_hit_rate, percent, 1], ['Cost a call', (r) => (r.cost_per_call_usd === null ? null : Number(r.cost_per_call_usd)), usd, -1], ['Calls without a price', (r) => r.unpriced_calls, count, -1],
];

function Compare({ versions, query, zone }) {
  const { parameters } = useLocation();
  const series = useAnswer('/series', [...query, ['metric', 'calls'], ['metric', 'error_rate'], ['group_by', 'prompt_version'], ['groups', '6']]);
  if (versions.length < 2) {
    return html`<${Panel} title="Side by side"><${Empty} title="One version only in this range."><p>A second one, named by <code>gen_ai.prompt.version</code>, stands beside it as soon as it has calls.</p><//><//>`;
  }
  const sorted = versions.map((v) => v.prompt_version).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const newer = versions.find((v) => v.prompt_version === parameters.get('new')) ?? versions.find((v) => v.prompt_version === sorted.at(-1));
  const older = versions.find((v) => v !== newer && v.prompt_version === parameters.get('old')) ?? versions.find((v) => v !== newer && v.prompt_version === (sorted.filter((s) => s !== newer.prompt_version).findLast((s) => s.localeCompare(newer.prompt_version, 'en', { numeric: true }) < 0) ?? sorted.find((s) => s !== newer.prompt_version)));
  const choose = (name, row) => html`<select aria-label=${name === 'old' ? 'Older version' : 'Newer version'} value=${row.prompt_version} onChange=${(e) => go(changed({ [name]: e.target.value }), { keepScroll: true })}>${sorted.map((v) => html`<option key=${v} value=${v} selected=${v === row.prompt_version}>${v || '(none)'}</option>`)}</select>`;
  return html`
    <div class="two">
      <${Panel} title="Side by side" about=${newer.prompt}>
        <table class="data">
          <caption class="hidden">Two versions of ${newer.prompt}</caption>
          <thead><tr><th scope="col">Figure</th><th scope="col" class="number">${choose('old', older)}</th><th scope="col" class="number">${choose('new', newer)}</th><th scope="col" class="number">Difference</th></tr></thead>
          <tbody>${compared.map(([name, of, show, good]) => html`<tr key=${name}><th scope="row">${name}</th><td class="number">${said(of(older), show)}</td><td class="number">${said(of(newer), show)}</td><td class="number"><${Difference} a=${of(older)} b=${of(newer)} good=${good} /></td></tr>`)}</tbody>
        </table>
        <p class="hint muted">Differences of few calls may be chance: judgements with intervals stand on Quality.</p>
      <//>
      <${Panel} title="Calls of each version" about=${series.answer ? `each ${series.answer.range.step}` : ''} answers=${[series.answer]} class="trend">
        <${Answered} state=${series}>${(answer) => html`<${Grouped} title="Calls of each version" answer=${answer} by="prompt_version" metric="calls" show=${shortCount} zone=${zone} /><${Grouped} title="Error rate of each version" answer=${answer} by="prompt_version" metric="error_rate" show=${percent} zone=${zone} />`}<//>
      <//>
    </div>`;
}

const said = (value, show) => (value === null || value === undefined ? html`<span class="none" title="not known">–</span>` : show(value));

function Difference({ a, b, good }) {
  if (a === null || b === null || a === undefined || b === undefined || a === 0) return a === b ? '0 %' : html`<span class="none">–</span>`;
  const share = b / a - 1;
  const kind = good === 0 || Math.abs(share) < 0.005 ? 'muted' : share * good > 0 ? 'better' : 'worse';
  if (Math.abs(share) >= 10) return html`<span class=${kind}>× ${(b / a).toFixed(0)}</span>`;
  return html`<span class=${kind}>${share >= 0 ? '+' : '−'}${percent(Math.abs(share))}</span>`;
}
