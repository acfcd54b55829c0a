// All about one span: why it was billed or not, tokens, parts of the cost, judgements, attributes.
import { html } from '../shared/ui.js';
import { exact, milliseconds, number, words } from '../shared/format.js';
import { pageAddress } from '../shared/location.js';
import { Badge, Count, Milliseconds, Money, PerSecond, State, Text } from './figures.js';
import { Panel } from './panel.js';
import { whyNotBilled } from './waterfall.js';

const pair = (name, value) => html`<tr key=${name}><th scope="row">${name}</th><td>${value}</td></tr>`;

export function Span({ span, answer, zone }) {
  const call = answer.calls.find((c) => c.span_id === span.span_id);
  const scores = answer.scores.filter((s) => s.span_id === span.span_id || (s.span_id === '' && span.depth === 0));
  return html`
    <div class="span" aria-live="polite">
      <${Panel} title=${span.name || 'Span'} answers=${[answer]} only=${['calls', 'spans']}>
        <table class="pairs"><tbody>
          ${pair('Status', html`<${State} value=${span.status} />${span.error_type && html` <span class="text">${span.error_type}</span>`}`)}
          ${pair('Billing', html`<${Billing} span=${span} call=${call} />`)}
          ${pair('Model', html`<${Text} value=${call?.model_requested || span.model_answered} />${call?.model_answered && call.model_answered !== call.model_requested && html` <span class="muted">answered by <span class="text">${call.model_answered}</span></span>`}`)}
          ${pair('Started', html`${exact(span.ts, zone, true)} <span class="muted">${milliseconds(span.offset_ms)} into the trace</span>`)}
          ${pair('Duration', html`<${Milliseconds} value=${span.duration_ms} />`)}
          ${call && pair('First token', html`<${Milliseconds} value=${call.ttft_ms} why="no evidence of the first token" />${call.ttft_source && html` <span class="muted">${words(call.ttft_source)}</span>`}`)}
          ${call && pair('Speed', html`<${PerSecond} value=${call.tokens_per_second} why="needs a first token" />`)}
          ${call && pair('Ended', call.finish_reasons.length > 0 ? html`<span class="text">${call.finish_reasons.join(', ')}</span>` : html`<${Text} value="" />`)}
          ${span.flags.length > 0 && pair('Noticed', span.flags.map((flag) => html`<${Badge} key=${flag} kind="warn">${flag}<//> `))}
          ${call?.prompt_name && pair('Prompt', html`<a class="text" href=${pageAddress('/prompts', { prompt: call.prompt_name })}>${call.prompt_name}</a> <span class="muted">${call.prompt_version}</span>`)}
          ${call?.agent_name && pair('Agent', html`<span class="text">${call.agent_name}</span>`)}
        </tbody></table>
      <//>
      ${call && html`<${Cost} call=${call} answer=${answer} />`}
      ${scores.length > 0 && html`<${Scores} scores=${scores} answer=${answer} />`}
      ${call && html`<${Attributes} call=${call} />`}
    </div>`;
}

function Billing({ span, call }) {
  if (!span.billed) return html`<b>Not billed</b>: ${whyNotBilled(span)}.`;
  if (span.cost_usd === null) return html`<b>Billed, price unknown</b>: ${words(span.cost_reason)}.${span.cost_reason === 'unknown_model' && html` <span class="muted">A price of your own goes into <code>Telemetry:Processor:Prices:OverridePath</code>; <code>telemetry reprice</code> then prices what is there.</span>`}`;
  const role = call?.role === 'wrapper' ? 'as a wrapper without calls below it' : call?.role === 'server_call' ? "by the server's span, as no client told it" : 'as a call of a provider';
  return html`<b>Billed</b> ${role}, at <span class="text">${span.price_id}</span>${call?.price_version && html` <span class="muted">of price book <span class="text">${call.price_version}</span></span>`}.${call?.cost_basis && call.cost_basis !== 'exact' && html` <${Badge} kind="warn">${words(call.cost_basis)}<//>`}`;
}

function Cost({ call, answer }) {
  const parts = [
    ['Input, not cached', call.input_tokens === null ? null : call.input_tokens - (call.cached_tokens ?? 0) - (call.cache_write_tokens ?? 0), call.cost_input_usd],
    ['Input from cache', call.cached_tokens, call.cost_cached_usd],
    ['Writing the cache', call.cache_write_tokens, call.cost_cache_write_usd],
    [call.reasoning_tokens ? `Output, ${call.reasoning_tokens} of it reasoning` : 'Output', call.output_tokens, call.cost_output_usd],
    ['Requests and tools', undefined, call.cost_other_usd],
  ].filter(([, tokens, cost]) => tokens || Number(cost));
  return html`
    <${Panel} title="Tokens and cost" about=${`tokens ${call.tokens_source}`} answers=${[answer]} only=${['calls']}>
      <table class="data small">
        <thead><tr><th scope="col">Part</th><th scope="col" class="number">Tokens</th><th scope="col" class="number">Cost</th></tr></thead>
        <tbody>${parts.map(([name, tokens, cost]) => html`<tr key=${name}><th scope="row">${name}</th><td class="number">${tokens === undefined ? '' : html`<${Count} value=${tokens} />`}</td><td class="number"><${Money} value=${call.cost_usd === null ? null : cost} why=${call.cost_reason} /></td></tr>`)}</tbody>
        <tfoot><tr><th scope="row">Together</th><td class="number"><${Count} value=${call.input_tokens} why="nobody reported tokens" /> / <${Count} value=${call.output_tokens} why="nobody reported tokens" /></td><td class="number"><${Money} value=${call.cost_usd} why=${call.cost_reason} /></td></tr></tfoot>
      </table>
      ${call.cost_reported_usd !== null && html`<p class="hint muted">The application itself said <${Money} value=${call.cost_reported_usd} />.</p>`}
      ${call.revision > 0 && html`<p class="hint muted">Priced anew ${call.revision === 1 ? 'once' : `${call.revision} times`}.</p>`}
    <//>`;
}

function Scores({ scores, answer }) {
  return html`
    <${Panel} title="Judgements" answers=${[answer]} only=${['scores']}>
      <table class="data small">
        <thead><tr><th scope="col">What</th><th scope="col">Who</th><th scope="col" class="number">Value</th><th scope="col">Label</th><th scope="col">Why</th></tr></thead>
        <tbody>${scores.map((s, i) => html`<tr key=${i}><th scope="row" class="text">${s.name}</th><td>${s.source}</td><td class="number">${s.value === null ? '–' : number(s.value)}</td><td><${Text} value=${s.label} none="–" /></td><td class="text">${s.error_type || s.explanation}</td></tr>`)}</tbody>
      </table>
    <//>`;
}

const shownElsewhere = new Set(['trace_id', 'ts', 'status', 'error_type', 'flags', 'finish_reasons', 'labels', 'tags', 'metadata', 'model_requested', 'model_answered', 'ttft_ms', 'duration_ms', 'tokens_per_second', 'prompt_name', 'prompt_version', 'agent_name', 'price_id', 'price_version', 'revision', 'ttft_source']);

function Attributes({ call }) {
  const own = Object.entries(call).filter(([name, value]) => !shownElsewhere.has(name) && !/cost|tokens/.test(name) && value !== '' && value !== null);
  const tags = [...Object.entries(call.tags ?? {}), ...(call.labels.length > 0 ? [['labels', call.labels.join(', ')]] : []), ...(call.metadata ? [['metadata', call.metadata]] : [])];
  return html`
    <${Panel} title="Attributes">
      <table class="pairs small"><tbody>
        ${[...own, ...tags].map(([name, value]) => html`<tr key=${name}><th scope="row" class="text">${words(name)}</th><td class="text">${String(value)}</td></tr>`)}
      </tbody></table>
    <//>`;
}
