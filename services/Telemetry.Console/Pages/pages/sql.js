// Statements that people write; they only read, with limits.
import { html, useEffect, useRef, useState } from '../shared/ui.js';
import { bytes, count, milliseconds, several } from '../shared/format.js';
import { address, ask } from '../shared/api.js';
import { go } from '../shared/location.js';
import { Panel, ProblemBox } from '../parts/panel.js';
import { Empty, useSettings } from '../parts/empty.js';

const prefix = 'param_';
const examples = [
  ['Dearest users of the day', 'SELECT user_id, sum(calls) AS calls, sum(cost_usd) AS usd\nFROM (SELECT user_id, sign AS calls, cost_usd * sign AS cost_usd FROM llm_calls WHERE ts >= now() - INTERVAL 1 DAY)\nGROUP BY user_id\nORDER BY usd DESC\nLIMIT 20'],
  ['Models by the hour', 'SELECT toStartOfHour(ts) AS hour, model_requested, sum(calls) AS calls, sum(cost_usd) AS usd\nFROM llm_by_hour\nWHERE ts >= now() - INTERVAL 1 DAY\nGROUP BY hour, model_requested\nORDER BY hour DESC, calls DESC'],
  ['What has no price', 'SELECT * FROM llm_unpriced ORDER BY calls DESC'],
  ['Tables and views', "SELECT name, engine, comment FROM system.tables WHERE database = currentDatabase() ORDER BY name"],
];

/** What the fragment of the address holds: it is not sent to the server, so that statements stand in no log of a proxy. */
function inAddress() {
  const parameters = new URLSearchParams(location.hash.slice(1));
  return { query: parameters.get('query') ?? '', values: Object.fromEntries([...parameters].filter(([k]) => k.startsWith(prefix)).map(([k, v]) => [k.slice(prefix.length), v])) };
}

export function Sql() {
  const { allow_sql: allowed = true } = useSettings();
  const [text, setText] = useState(() => inAddress().query || examples[1][1]);
  const [values, setValues] = useState(() => inAddress().values);
  const [state, set] = useState({ answer: null, problem: null, running: false });
  const running = useRef(null);

  const run = async () => {
    running.current?.abort();
    running.current = new AbortController();
    set({ answer: null, problem: null, running: true });
    go(`/sql#${new URLSearchParams({ query: text, ...Object.fromEntries(Object.entries(values).map(([k, v]) => [prefix + k, v])) })}`, { replace: true });
    try {
      set({ answer: await ask('/sql', [], { method: 'POST', body: { query: text, parameters: values }, signal: running.current.signal }), problem: null, running: false });
    } catch (problem) {
      if (problem.name !== 'AbortError') set({ answer: null, problem, running: false });
    }
  };
  useEffect(() => {
    const follow = () => {
      const next = inAddress();
      if (next.query) {
        setText(next.query);
        setValues(next.values);
      }
    };
    addEventListener('hashchange', follow);
    return () => {
      removeEventListener('hashchange', follow);
      running.current?.abort();
    };
  }, []);
  useNames(text, values, setValues);
  if (!allowed) return html`<${Empty} title="Statements are not answered here."><p>The setting is <code>Telemetry:Console:AllowSql</code>.</p><//>`;
  const keys = (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      run();
    }
  };
  return html`
    <${Panel} title="Statement" about="only reads; limits of time, memory and rows hold" actions=${examples.map(([name, sql]) => html`<button key=${name} type="button" class="quiet" onClick=${() => { setText(sql); setValues({}); }}>${name}</button>`)}>
      <textarea class="editor" data-search aria-label="SQL statement" spellcheck=${false} value=${text} onInput=${(e) => setText(e.target.value)} onKeyDown=${keys}></textarea>
      <div class="form">
        ${Object.keys(values).map((name) => html`<label key=${name}>${name} <input value=${values[name]} onInput=${(e) => setValues({ ...values, [name]: e.target.value })} spellcheck=${false} /></label>`)}
        <button type="submit" onClick=${run} disabled=${state.running}>${state.running ? 'Running …' : 'Run'}</button>
        <span class="muted"><kbd>Ctrl</kbd> <kbd>Enter</kbd> runs it. Values are bound as <code>${'{name:Type}'}</code>; <code>FORMAT</code> and <code>SETTINGS</code> are not taken.</span>
      </div>
    <//>
    ${state.problem && html`<${ProblemBox} problem=${state.problem} />`}
    ${state.answer && html`<${Rows} answer=${state.answer} text=${text} values=${values} />`}`;
}

/** A field for each {name:Type} of the statement. */
function useNames(text, values, setValues) {
  const names = [...new Set([...text.matchAll(/\{([A-Za-z_]\w*)\s*:/g)].map((m) => m[1]))];
  const key = names.join(',');
  useEffect(() => setValues((now) => Object.fromEntries(names.map((n) => [n, now[n] ?? '']))), [key]);
}

const cell = (value) => (value === null ? html`<span class="none">NULL</span>` : typeof value === 'object' ? JSON.stringify(value) : String(value));
const isNumber = (type) => /^(Nullable\()?(U?Int|Float|Decimal)/.test(type);

function Rows({ answer, text, values }) {
  const [{ read_rows: rows, read_bytes: size, elapsed_ms: took }] = answer.sql;
  const link = (format) => address('/sql', [['query', text], ...Object.entries(values).map(([k, v]) => [prefix + k, v]), ['format', format]]);
  return html`
    <${Panel} title=${several(answer.data.length, 'row')} about="${answer.has_more ? 'more were left out; ' : ''}read ${count(rows)} rows, ${bytes(size)}, in ${milliseconds(took)}"
      actions=${['csv', 'jsonl', 'parquet'].map((f) => html`<a key=${f} class="quiet" download href=${link(f)}>${f === 'jsonl' ? 'JSON lines' : f === 'csv' ? 'CSV' : 'Parquet'}</a>`)}>
      <div class="scroll" tabindex="0" role="group" aria-label="Result">
        <table class="data">
          <caption class="hidden">Result</caption>
          <thead><tr>${answer.columns.map((c) => html`<th key=${c.name} scope="col" class=${isNumber(c.type) ? 'number' : ''} title=${c.type}>${c.name} <small>${c.type}</small></th>`)}</tr></thead>
          <tbody>${answer.data.map((row, i) => html`<tr key=${i}>${answer.columns.map((c) => html`<td key=${c.name} class=${isNumber(c.type) ? 'number' : 'text'}>${cell(row[c.name])}</td>`)}</tr>`)}</tbody>
        </table>
      </div>
    <//>`;
}
