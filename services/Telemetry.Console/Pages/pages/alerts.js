// Incidents: what goes on, its history, who looks after it; silences.
import { html, useState } from '../shared/ui.js';
import { number } from '../shared/format.js';
import { ask } from '../shared/api.js';
import { changed, go, pageAddress, useLocation } from '../shared/location.js';
import { useAnswer } from '../shared/live.js';
import { endsNow, rangeOf, rangeQuery } from '../shared/range.js';
import { Badge, Moment, Severity, State, Text } from '../parts/figures.js';
import { Answered, Panel, ProblemBox } from '../parts/panel.js';
import { Empty, useSettings } from '../parts/empty.js';
import { Table } from '../parts/table.js';

const tabs = [['', 'All', []], ['open', 'Open', ['pending', 'firing', 'acknowledged']], ['resolved', 'Resolved', ['resolved']]];
const labels = (map) => Object.entries(map).map(([k, v]) => `${k}=${v}`).join(', ');

const columns = [
  { name: 'started_at', sort: 'time', label: 'Since', class: 'nowrap', show: (r) => html`<${Moment} value=${r.started_at} full=${true} />` },
  { name: 'severity', label: 'Severity', show: (r) => html`<${Severity} value=${r.severity} />` },
  { name: 'state', label: 'State', show: (r) => html`<${State} value=${r.state} />${r.silenced && html` <${Badge} kind="plain">silenced<//>`}${r.flapping && html` <${Badge} kind="warn">flapping<//>`}` },
  { name: 'rule', label: 'Rule', show: (r) => html`<span class="text">${r.rule}</span>` },
  { name: 'labels', label: 'Of', show: (r) => html`<${Text} value=${labels(r.labels)} none="everything" />` },
  { name: 'summary', label: 'What', show: (r) => html`<span class="text">${r.summary}</span>` },
  { name: 'acknowledged_by', label: 'Looked after by', show: (r) => html`<${Text} value=${r.acknowledged_by} none="nobody" />` },
];

export function Alerts() {
  const { parameters } = useLocation();
  const range = rangeOf(parameters);
  const tab = parameters.get('state') ?? '';
  const [cursor, id] = [parameters.get('cursor'), parameters.get('id')];
  const query = [...rangeQuery(range), ...(tabs.find(([t]) => t === tab)?.[2] ?? []).map((s) => ['state', s]), ['order', parameters.get('order') ?? 'desc']];
  const incidents = useAnswer('/alerts', [...query, ['limit', '50'], ['cursor', cursor]], { repeat: cursor === null && endsNow(range) });
  return html`
    <nav class="tabs" aria-label="State">${tabs.map(([t, label]) => html`<a key=${t} href=${changed({ state: t || null })} aria-current=${t === tab ? 'true' : undefined}>${label}</a>`)}</nav>
    ${id && html`<${Incident} key=${id} id=${id} changedSomewhere=${incidents.again} />`}
    <${Panel} title="Incidents" about="that went on at any time of the range" answers=${[incidents.answer]} download=${['/alerts', query]}>
      <${Answered} state=${incidents} rows=${8}>${({ data }) => (data.length === 0
        ? html`<${Empty} title="No incident in this range."><p>Rules stand in <code>schemas/alerts</code>; <code>telemetry alerts rules</code> lists those that are on.</p><//>`
        : html`<${Table} label="Incidents" columns=${columns} rows=${data} id=${(r) => r.incident_id} selected=${id} sorts=${['time']} usualSort="time" address=${(r) => changed({ id: r.incident_id })} />`)}<//>
      <nav class="pages" aria-label="Pages of incidents">
        ${cursor ? html`<a href=${changed({ cursor: null })}>First page</a>` : html`<span></span>`}
        ${incidents.answer?.has_more && html`<a rel="next" href=${changed({ cursor: incidents.answer.next_cursor })}>Next 50</a>`}
      </nav>
    <//>
    <${SilenceList} />`;
}

function Incident({ id, changedSomewhere }) {
  const state = useAnswer(`/alerts/${encodeURIComponent(id)}`);
  const close = html`<button type="button" class="quiet" onClick=${() => go(changed({ id: null }), { keepScroll: true })}>Close</button>`;
  return html`
    <${Panel} title="Incident ${id}" answers=${[state.answer]} actions=${close}>
      <${Answered} state=${state}>${({ incident, changes, deliveries }) => html`
        <p class="hint"><${Severity} value=${incident.severity} /> <${State} value=${incident.state} /> <b class="text">${incident.summary}</b></p>
        <div class="two">
          <table class="pairs"><tbody>
            ${pair('Rule', html`<span class="text">${incident.rule}</span>`)}
            ${pair('Of', html`<${Text} value=${labels(incident.labels)} none="everything" />`)}
            ${pair('Since', html`<${Moment} value=${incident.started_at} full=${true} />`)}
            ${pair('Looked after by', html`<${Text} value=${incident.acknowledged_by} none="nobody" />`)}
            ${incident.resolved_at && pair('Over since', html`<${Moment} value=${incident.resolved_at} full=${true} />`)}
            ${pair('Traces', incident.trace_ids.length === 0 ? 'none' : incident.trace_ids.slice(0, 8).map((t) => html`<a key=${t} href=${pageAddress(`/traces/${t}`)}><code>${t.slice(0, 12)}</code></a> `))}
          </tbody></table>
          <div class="scroll"><table class="data small">
            <caption class="hidden">What changed and who was told</caption>
            <thead><tr><th scope="col">When</th><th scope="col">What</th><th scope="col">Told</th></tr></thead>
            <tbody>
              ${[...changes.map((c) => ({ at: c.at, what: `${c.change}${c.value === null ? '' : `, ${number(c.value)}`}`, told: c.owes.join(', ') })), ...deliveries.map((d) => ({ at: d.at, what: d.outcome, told: `${d.channel}${d.detail ? `: ${d.detail}` : ''}` }))]
                .sort((a, b) => (a.at < b.at ? -1 : 1))
                .map((line, i) => html`<tr key=${i}><td class="nowrap"><${Moment} value=${line.at} full=${true} /></td><td class="text">${line.what}</td><td class="text">${line.told}</td></tr>`)}
            </tbody>
          </table></div>
        </div>
        <${Actions} incident=${incident} done=${() => { state.again(); changedSomewhere(); }} />`}<//>
    <//>`;
}

const pair = (name, value) => html`<tr key=${name}><th scope="row">${name}</th><td>${value}</td></tr>`;

/** Sends what a form says; tells what became of it. */
function useSending() {
  const [state, set] = useState({ problem: null, said: '', sending: false });
  const send = async (path, options, said, then) => {
    set({ problem: null, said: '', sending: true });
    try {
      await ask(path, [], options);
      set({ problem: null, said, sending: false });
      then?.();
    } catch (problem) {
      set({ problem, said: '', sending: false });
    }
  };
  return [state, send];
}

const whoami = () => localStorage.getItem('name') ?? '';
const valuesOf = (form) => Object.fromEntries([...new FormData(form)].map(([k, v]) => [k, v.trim()]));

function Actions({ incident, done }) {
  const { allow_writes: allowed = true } = useSettings();
  const [state, send] = useSending();
  if (!allowed) return html`<p class="hint muted">Acknowledgements and silences are not taken here (<code>Telemetry:Console:AllowWrites</code>).</p>`;
  const acknowledge = (event) => {
    event.preventDefault();
    const said = valuesOf(event.target);
    localStorage.setItem('name', said.by);
    send(`/alerts/${encodeURIComponent(incident.incident_id)}/acknowledge`, { method: 'POST', body: said }, 'Acknowledged; the alerting takes it over in its next round.', done);
  };
  const silence = (event) => {
    event.preventDefault();
    const { by, comment, lasts } = valuesOf(event.target);
    localStorage.setItem('name', by);
    send('/silences', { method: 'POST', body: { matchers: { rule: incident.rule, ...incident.labels }, for: lasts, by, comment } }, 'Silenced. Who was spared hears afterwards of what is not over.', done);
  };
  const open = incident.state === 'firing' || incident.state === 'pending';
  return html`
    ${state.problem && html`<${ProblemBox} problem=${state.problem} />`}
    <p class="hint good" role="status">${state.said}</p>
    <div class="two">
      ${open && html`<form class="form" aria-label="Acknowledge" onSubmit=${acknowledge}>
        <label>Your name <input name="by" required defaultValue=${whoami()} maxlength="500" autocomplete="username" /></label>
        <label class="grow">What for <input name="comment" maxlength="500" placeholder="rolling back" /></label>
        <button type="submit" disabled=${state.sending}>Acknowledge</button>
      </form>`}
      ${incident.state !== 'resolved' && html`<form class="form" aria-label="Silence" onSubmit=${silence}>
        <label>For <select name="lasts"><option>30m</option><option selected>2h</option><option>8h</option><option>1d</option><option>7d</option></select></label>
        <label>Your name <input name="by" required defaultValue=${whoami()} maxlength="500" autocomplete="username" /></label>
        <label class="grow">Why <input name="comment" required maxlength="500" placeholder="deploy" /></label>
        <button type="submit" disabled=${state.sending}>Silence</button>
      </form>`}
    </div>`;
}

function SilenceList() {
  const silences = useAnswer('/silences');
  const { allow_writes: allowed = true } = useSettings();
  const [state, send] = useSending();
  const end = (id) => send(`/silences/${encodeURIComponent(id)}`, { method: 'DELETE' }, 'Ended.', silences.again);
  const silenceColumns = [
    { name: 'matchers', label: 'Silenced', sortable: false, show: (r) => html`<span class="text">${labels(r.matchers)}</span>` },
    { name: 'starts_at', label: 'From', text: true, show: (r) => html`<${Moment} value=${r.starts_at} full=${true} />` },
    { name: 'ends_at', label: 'Until', text: true, show: (r) => html`<${Moment} value=${r.ends_at} full=${true} /> <span class="muted"><${Moment} value=${r.ends_at} /></span>` },
    { name: 'created_by', label: 'By', text: true, show: (r) => html`<span class="text">${r.created_by}</span>` },
    { name: 'comment', label: 'Why', text: true, show: (r) => html`<span class="text">${r.comment}</span>` },
    ...(allowed ? [{ name: 'end', label: 'End', sortable: false, show: (r) => html`<button type="button" class="quiet" onClick=${() => end(r.silence_id)} aria-label="End the silence of ${labels(r.matchers)}">End</button>` }] : []),
  ];
  return html`
    <${Panel} title="Silences" about="that have not ended" answers=${[silences.answer]}>
      ${state.problem && html`<${ProblemBox} problem=${state.problem} />`}
      <${Answered} state=${silences} rows=${2}>${({ data }) => (data.length === 0
        ? html`<${Empty} title="Nothing is silenced."><p>Open an incident to silence what it is about.</p><//>`
        : html`<${Table} label="Silences" name="silences_" columns=${silenceColumns} rows=${data} id=${(r) => r.silence_id} />`)}<//>
    <//>`;
}
