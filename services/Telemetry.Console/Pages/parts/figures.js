// Single figures: with unit, with what is not known said in words.
import { html } from '../shared/ui.js';
import { count, exact, milliseconds, money, percent, perSecond, relative, shortCount, words } from '../shared/format.js';
import { rangeOf } from '../shared/range.js';
import { read } from '../shared/location.js';

const zone = () => rangeOf(read().parameters).zone;

export const Unknown = ({ why = 'not known', text = 'unknown' }) => html`<span class="unknown" title=${why}>${text}</span>`;
const None = ({ why }) => html`<span class="none" title=${why}>–<span class="hidden"> (${why})</span></span>`;

const or = (value, show, why) => (value === null || value === undefined ? html`<${None} why=${why} />` : show(value));

export const Count = ({ value, why = 'not known' }) => or(value, (v) => html`<span title=${count(v)}>${shortCount(v)}</span>`, why);
export const Milliseconds = ({ value, why = 'not known' }) => or(value, (v) => html`<span title="${v} ms">${milliseconds(v)}</span>`, why);
export const Percent = ({ value, why = 'no calls' }) => or(value, (v) => html`<span title="${v * 100} %">${percent(v)}</span>`, why);
export const PerSecond = ({ value, why = 'no call told its first token' }) => or(value, perSecond, why);

/** Money is never shown as 0 when it is not known: then the reason stands there. */
export const Money = ({ value, why }) => (value === null || value === undefined
  ? html`<${Unknown} why=${why ? `no price: ${words(why)}` : 'no call here has a known price'} />`
  : html`<span title="$${value}">${money(value)}</span>`);

export const Moment = ({ value, full = false, why = 'never' }) => or(value, (v) => html`<time datetime=${v} title="${exact(v, zone(), true)} ${zone()}, ${relative(v)}">${full ? exact(v, zone(), full === 'ms') : relative(v)}</time>`, why);

export const Badge = ({ kind, children }) => html`<span class="badge ${kind}">${children}</span>`;

const severities = { critical: 'bad', warning: 'warn', info: 'plain' };
export const Severity = ({ value }) => html`<${Badge} kind=${severities[value] ?? 'plain'}>${value}<//>`;

const states = { firing: 'bad', open: 'bad', acknowledged: 'warn', pending: 'plain', resolved: 'good', closed: 'good', error: 'bad', ok: 'good' };
export const State = ({ value }) => html`<${Badge} kind=${states[value] ?? 'plain'}>${value}<//>`;

/** A text of a span as it is; empty is said so. */
export const Text = ({ value, none = 'none' }) => (value ? html`<span class="text">${value}</span>` : html`<span class="none">(${none})</span>`);

/** How much more or less than before. */
export function Change({ now, before, good = 'none' }) {
  if (now === null || before === null || now === undefined || before === undefined || Number(before) === 0) {
    return html`<span class="change none" title="nothing to compare with before">no comparison</span>`;
  }
  const share = Number(now) / Number(before) - 1;
  const steady = Math.abs(share) < 0.005;
  const kind = steady || good === 'none' ? 'plain' : (share > 0) === (good === 'up') ? 'good' : 'bad';
  const sign = steady ? '±' : share > 0 ? '+' : '−';
  const size = Math.abs(share) > 9.99 ? `× ${(Number(now) / Number(before)).toFixed(0)}` : `${sign}${steady ? '0' : (Math.abs(share) * 100).toFixed(Math.abs(share) < 0.1 ? 1 : 0)} %`;
  return html`<span class="change ${kind}" title="in the same time before: ${before}">${size}<span class="hidden"> against the time before</span></span>`;
}
