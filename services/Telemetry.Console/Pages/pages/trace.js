// One trace: spans on a line of time, what was said, what it cost and why, what was billed and what not.
import { html } from '../shared/ui.js';
import { exact, milliseconds, money, several } from '../shared/format.js';
import { changed, pageAddress, useLocation } from '../shared/location.js';
import { useAnswer } from '../shared/live.js';
import { rangeOf } from '../shared/range.js';
import { Count, Moment, Money, Severity, State } from '../parts/figures.js';
import { Answered, Panel } from '../parts/panel.js';
import { Waterfall } from '../parts/waterfall.js';
import { Conversation } from '../parts/conversation.js';
import { Span } from '../parts/span.js';

export function Trace({ trace }) {
  const { parameters } = useLocation();
  const { zone } = rangeOf(parameters);
  const state = useAnswer(`/traces/${encodeURIComponent(trace)}`, [], { repeat: false });
  return html`
    <${Answered} state=${state} rows=${10}>${(answer) => {
      const spans = answer.spans;
      const chosen = spans.find((s) => s.span_id === parameters.get('span')) ?? spans.find((s) => s.billed) ?? spans[0];
      return html`
        <${Summary} trace=${trace} answer=${answer} zone=${zone} />
        ${answer.notes.map((note) => html`<p class="hint muted" key=${note}>${note}</p>`)}
        <div class="trace">
          <div class="main-column">
            <${Panel} title="Spans" about="${spans.length} in ${milliseconds(lengthOf(spans))}" answers=${[answer]} only=${['spans']}>
              <${Waterfall} spans=${spans} chosen=${chosen.span_id} length=${lengthOf(spans)} address=${(id) => changed({ span: id })} />
            <//>
            <${Panel} title="Conversation" about=${chosen.name} answers=${[answer]} only=${['content']}>
              <${Conversation} key=${chosen.span_id} content=${answer.content?.find((c) => c.span_id === chosen.span_id)} hidden=${answer.content === undefined} call=${chosen.billed} />
            <//>
          </div>
          <${Span} key=${chosen.span_id} span=${chosen} answer=${answer} zone=${zone} />
        </div>
        <${NamedBy} answer=${answer} />`;
    }}<//>`;
}

const lengthOf = (spans) => Math.max(...spans.map((s) => s.offset_ms + (s.duration_ms ?? 0)), 0.001);
const sum = (rows, name) => rows.reduce((total, row) => total + (row[name] === null ? 0 : Number(row[name])), 0);

function Summary({ trace, answer, zone }) {
  const { spans, calls } = answer;
  const begin = spans.reduce((first, s) => (s.ts < first ? s.ts : first), spans[0].ts);
  const unpriced = calls.filter((c) => c.cost_usd === null);
  const priced = calls.filter((c) => c.cost_usd !== null);
  const services = [...new Set(spans.map((s) => s.service))];
  const fact = (name, value) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
  return html`
    <dl class="facts">
      ${fact('Trace', html`<code>${trace}</code>`)}
      ${fact('Started', html`<time datetime=${begin} title=${exact(begin, zone, true)}>${exact(begin, zone)}</time> <span class="muted">${zone}, <${Moment} value=${begin} /></span>`)}
      ${fact('Service', html`<span class="text">${services.join(', ')}</span>`)}
      ${fact('Calls billed', `${calls.length} of ${spans.length} spans`)}
      ${fact('Tokens', html`<${Count} value=${sum(calls, 'input_tokens')} /> in, <${Count} value=${sum(calls, 'output_tokens')} /> out`)}
      ${fact('Cost', html`${priced.length > 0 ? money(sum(priced, 'cost_usd')) : html`<${Money} value=${null} why=${unpriced[0]?.cost_reason ?? 'nothing here is billed'} />`}${priced.length > 0 && unpriced.length > 0 && html` <span class="wrong">and ${several(unpriced.length, 'call')} of unknown price</span>`}`)}
      ${calls[0]?.session_id && fact('Session', html`<a class="text" href=${pageAddress('/calls', { session: calls[0].session_id })}>${calls[0].session_id}</a>`)}
      ${calls[0]?.user_id && fact('User', html`<a class="text" href=${pageAddress('/calls', { user: calls[0].user_id })}>${calls[0].user_id}</a>`)}
    </dl>`;
}

function NamedBy({ answer: { incidents, anomalies, sql } }) {
  if (incidents.length + anomalies.length === 0) return null;
  return html`
    <${Panel} title="Named by" about="incidents and anomalies that this trace shows" answers=${[{ sql }]} only=${['incidents', 'anomalies']}>
      <ul class="look">
        ${incidents.map((i) => html`<li key=${i.incident_id}><a href=${pageAddress('/alerts', { id: i.incident_id })}><${Severity} value=${i.severity} /> ${i.summary || i.rule}</a><span class="muted"><${State} value=${i.state} /> since <${Moment} value=${i.started_at} /></span></li>`)}
        ${anomalies.map((a) => html`<li key=${a.anomaly_id}><a href=${pageAddress('/anomalies', { id: a.anomaly_id })}><${Severity} value=${a.severity} /> ${a.why || a.metric}</a><span class="muted"><${State} value=${a.state} /> since <${Moment} value=${a.opened_at} /></span></li>`)}
      </ul>
    <//>`;
}
