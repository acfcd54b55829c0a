// Messages and answers as a chat. What models and people wrote is shown literally: no markup, no links, no images.
import { html } from '../shared/ui.js';
import { Empty } from './empty.js';

const longText = 4000;

function parse(text) {
  if (!text) return [];
  try {
    const value = JSON.parse(text);
    return Array.isArray(value) ? value : [value];
  } catch {
    return [{ role: 'text', parts: [{ type: 'text', content: text }] }];
  }
}

const isObject = (value) => typeof value === 'object' && value !== null;
const asText = (value) => (typeof value === 'string' ? value : JSON.stringify(value, null, 2) ?? '');

/** Parts of a message, however it was told: parts, content as a text, content as a list. */
function partsOf(message) {
  if (!isObject(message)) return [{ type: 'text', content: asText(message) }];
  const parts = message.parts ?? message.content;
  if (Array.isArray(parts)) return parts.map((p) => (isObject(p) ? p : { type: 'text', content: asText(p) }));
  if (parts !== undefined) return [{ type: 'text', content: asText(parts) }];
  return [{ type: 'text', content: asText(message) }];
}

function Part({ part }) {
  switch (part.type) {
    case 'text':
    case undefined:
      return html`<${Literal} text=${asText(part.content ?? part.text ?? part)} />`;
    case 'reasoning':
      return html`<div class="part"><span class="muted">reasoning</span><${Literal} text=${asText(part.content ?? '')} /></div>`;
    case 'tool_call':
      return html`<div class="part"><span class="muted">calls tool</span> <b class="text">${asText(part.name ?? '')}</b> <span class="muted text">${asText(part.id ?? '')}</span><${Literal} text=${pretty(part.arguments)} code=${true} /></div>`;
    case 'tool_call_response':
      return html`<div class="part"><span class="muted">tool answered</span> <span class="muted text">${asText(part.id ?? '')}</span><${Literal} text=${pretty(part.response ?? part.result)} code=${true} /></div>`;
    default:
      return html`<div class="part"><span class="muted text">${asText(part.type)}</span><${Literal} text=${asText(part)} code=${true} /></div>`;
  }
}

function pretty(value) {
  if (typeof value !== 'string') return asText(value ?? '');
  try {
    return JSON.stringify(JSON.parse(value), null, 2);
  } catch {
    return value;
  }
}

function Literal({ text, code = false }) {
  if (text === '') return html`<span class="none">(empty)</span>`;
  const body = (shown) => (code ? html`<pre class="literal">${shown}</pre>` : html`<div class="literal">${shown}</div>`);
  if (text.length <= longText) return body(text);
  return html`<details class="long"><summary>${text.slice(0, 400)}… <span class="muted">(${text.length.toLocaleString('en-US')} characters)</span></summary>${body(text)}</details>`;
}

const roles = new Set(['system', 'user', 'assistant', 'tool']);

function Message({ message }) {
  const role = isObject(message) ? asText(message.role ?? 'text') : 'text';
  return html`
    <li class="message ${roles.has(role) ? role : 'other'}">
      <span class="role">${role}${isObject(message) && message.finish_reason ? html` <small class="muted">ended by ${asText(message.finish_reason)}</small>` : ''}</span>
      ${partsOf(message).map((part, i) => html`<${Part} key=${i} part=${part} />`)}
    </li>`;
}

export function Conversation({ content, hidden, call }) {
  if (hidden) return html`<p class="hint muted">Messages and answers are not shown here (<code>Telemetry:Console:ShowContent</code>).</p>`;
  if (!content) {
    return call
      ? html`<${Empty} title="No messages of this call."><p>The application did not send them, or they have expired: they are kept 7 days, of a share of the calls. Instrumentations send them with <code>OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true</code>.</p><//>`
      : html`<p class="hint muted">Messages stand with the calls of the trace.</p>`;
  }
  const system = parse(content.system_instructions);
  const messages = [...(system.length > 0 ? [{ role: 'system', parts: system }] : []), ...parse(content.input_messages), ...parse(content.output_messages)];
  const tools = parse(content.tool_definitions);
  return html`
    <ol class="conversation">${messages.map((message, i) => html`<${Message} key=${i} message=${message} />`)}</ol>
    ${messages.length === 0 && html`<p class="hint muted">Nothing was said.</p>`}
    ${tools.length > 0 && html`<details class="tools"><summary>${tools.length} tools were offered</summary><pre class="literal">${asText(tools)}</pre></details>`}`;
}
