// Spans as a tree along a line of time.
import { html } from '../shared/ui.js';
import { milliseconds } from '../shared/format.js';
import { Count, Milliseconds, Money } from './figures.js';

const reasons = {
  wrapper: 'a wrapper: it repeats what the calls below it tell', server_side: "the server's view of a call that its client told already", same_call: 'another instrumentation told the same call already',
  not_a_call: 'no call of a provider', unknown_convention: 'not in a convention that is known',
};

export const whyNotBilled = (span) => reasons[span.not_billed_because] ?? span.not_billed_because.replaceAll('_', ' ');
export const kindOf = (span) => (span.status === 'error' ? 'failed' : span.billed ? 'billed' : span.role === 'wrapper' ? 'wrapper' : 'other');

const share = (part, whole) => `${((part / whole) * 100).toFixed(3)}%`;

export function Waterfall({ spans, chosen, length, address }) {
  const ticks = [0, 0.5, 1];
  return html`
    <div class="scroll" tabindex="0" role="group" aria-label="Spans">
      <table class="data waterfall">
        <caption class="hidden">Spans of the trace, parents before their children</caption>
        <thead><tr>
          <th scope="col">Span</th>
          <th scope="col" class="line"><span class="hidden">On the line of time</span><span class="ticks" aria-hidden="true">${ticks.map((t) => html`<i key=${t} style=${{ left: share(t, 1) }}>${milliseconds(t * length)}</i>`)}</span></th>
          <th scope="col" class="number">Duration</th>
          <th scope="col" class="number">Tokens</th>
          <th scope="col" class="number">Cost</th>
        </tr></thead>
        <tbody>
          ${spans.map((span) => html`
            <tr key=${span.span_id} class=${span.span_id === chosen ? 'selected' : ''}>
              <td class="name"><a data-row href=${address(span.span_id)} aria-current=${span.span_id === chosen ? 'true' : undefined} style=${{ paddingLeft: `${Math.min(span.depth, 12) * 14}px` }}>
                <i class="dot ${kindOf(span)}" title=${span.billed ? 'billed' : 'not billed'}></i><span class="text">${span.name || span.role || '(no name)'}</span></a></td>
              <td class="line"><i class="bar ${kindOf(span)}" style=${{ left: share(span.offset_ms, length), width: share(Math.max(span.duration_ms ?? 0, length / 500), length) }}></i>
                ${span.ttft_ms !== null && html`<i class="first-token" title="first token after ${milliseconds(span.ttft_ms)}" style=${{ left: share(span.offset_ms + span.ttft_ms, length) }}></i>`}</td>
              <td class="number"><${Milliseconds} value=${span.duration_ms} /></td>
              <td class="number">${span.billed ? html`<${Count} value=${span.input_tokens} /> / <${Count} value=${span.output_tokens} />` : ''}</td>
              <td class="number">${span.billed ? html`<${Money} value=${span.cost_usd} why=${span.cost_reason} />` : html`<span class="muted" title=${whyNotBilled(span)}>not billed</span>`}</td>
            </tr>`)}
        </tbody>
      </table>
    </div>
    <p class="legend muted"><i class="dot billed"></i>billed call <i class="dot wrapper"></i>wrapper <i class="dot other"></i>other span <i class="dot failed"></i>failed <i class="dot first"></i>first token. Tokens are input / output.</p>`;
}
