// Filters as words: service=checkout, status!=ok, duration>2000. The URL keeps them.
import { html, useEffect, useRef, useState } from '../shared/ui.js';
import { ask } from '../shared/api.js';
import { changed, filtersOf, go, leastNumbers, pageAddress, read, useLocation } from '../shared/location.js';
import { rangeOf, rangeQuery } from '../shared/range.js';

const units = { duration: 'ms', ttft: 'ms', cost: '$', input: 'tokens', output: 'tokens' };

/** What a text means: a filter, a trace, or a problem that says what is understood. */
export function understand(text, dimensions, numbers) {
  const trace = /^[0-9a-f]{32}$/i.exec(text.trim());
  if (trace) return { trace: trace[0].toLowerCase() };
  const [, name, sign, value] = /^\s*([a-z_]+)\s*(!=|>=|>|=|:)\s*(.*?)\s*$/.exec(text) ?? [];
  if (name && (sign === '>' || sign === '>=') && numbers && leastNumbers[name]) {
    return Number.isFinite(Number(value)) && value !== '' ? { name: leastNumbers[name], value, one: true } : { problem: `${name} takes a number, in ${units[name]}` };
  }
  if (name && (sign === '=' || sign === ':' || sign === '!=') && dimensions.includes(name)) return { name: sign === '!=' ? `${name}!` : name, value };
  return { problem: `Understood are ${dimensions.slice(0, 4).join('=…, ')}=…${numbers ? ', duration>…' : ''}, != for not, and the 32 digits of a trace. Names: ${dimensions.join(', ')}${numbers ? `; ${Object.keys(leastNumbers).join(', ')}` : ''}.` };
}

const shown = ({ name, value }) => {
  const least = Object.entries(leastNumbers).find(([, parameter]) => parameter === name);
  if (least) return `${least[0]} ≥ ${value} ${units[least[0]]}`;
  return name.endsWith('!') ? `${name.slice(0, -1)} ≠ ${value || '(none)'}` : `${name} = ${value || '(none)'}`;
};

export function Filters({ dimensions, numbers = false }) {
  const { parameters } = useLocation();
  const [text, setText] = useState('');
  const [problem, setProblem] = useState('');
  const offered = useOffered(text, dimensions, numbers);
  const field = useRef(null);
  const filters = filtersOf(parameters, dimensions, numbers);

  const add = (event) => {
    event.preventDefault();
    if (!text.trim()) return;
    const meant = understand(text, dimensions, numbers);
    setProblem(meant.problem ?? '');
    if (meant.problem) return;
    setText('');
    if (meant.trace) {
      go(pageAddress(`/traces/${meant.trace}`));
    } else {
      go(changed({ [meant.name]: meant.one ? meant.value : [...new Set([...parameters.getAll(meant.name), meant.value])] }));
    }
  };
  const remove = ({ name, value }) => {
    go(changed({ [name]: read().parameters.getAll(name).filter((v) => v !== value) }));
    field.current.focus();
  };
  return html`
    <form class="filters" role="search" onSubmit=${add}>
      <input ref=${field} data-search type="text" list="offered" value=${text} onInput=${(e) => setText(e.target.value)} autocomplete="off" spellcheck=${false}
        placeholder="Filter: model=…, status=error${numbers ? ', duration>2000' : ''}, or a trace id" aria-label="Add a filter" aria-describedby=${problem ? 'filter-problem' : undefined} />
      <datalist id="offered">${offered.map((o) => html`<option key=${o} value=${o}></option>`)}</datalist>
      ${filters.map((filter) => html`
        <span key=${filter.name + filter.value} class="chip">${shown(filter)}
          <button type="button" aria-label="Remove ${shown(filter)}" onClick=${() => remove(filter)}>×</button></span>`)}
      ${filters.length > 1 && html`<button type="button" class="quiet" onClick=${() => go(changed(Object.fromEntries(filters.map((f) => [f.name, null]))))}>Clear</button>`}
      ${problem && html`<span id="filter-problem" class="wrong" role="alert">${problem}</span>`}
    </form>`;
}

/** Names while a name is typed, then the values of that dimension, the most frequent first. */
function useOffered(text, dimensions, numbers) {
  const [values, setValues] = useState([]);
  const [, name, sign, begun] = /^\s*([a-z_]+)\s*(!=|=|:)\s*(.*)$/.exec(text) ?? [];
  const dimension = dimensions.includes(name) ? name : null;
  useEffect(() => {
    if (!dimension) {
      setValues([]);
      return undefined;
    }
    const stop = new AbortController();
    const wait = setTimeout(async () => {
      try {
        const { data } = await ask(`/dimensions/${dimension}/values`, [...rangeQuery(rangeOf(read().parameters)), ['contains', begun || null], ['limit', '20']], { signal: stop.signal });
        setValues(data.map((row) => `${dimension}${sign}${row.value}`));
      } catch {
        // Nothing to offer then; what is typed is still taken.
      }
    }, 150);
    return () => {
      stop.abort();
      clearTimeout(wait);
    };
  }, [dimension, sign, begun]);
  return dimension ? values : [...dimensions.map((d) => `${d}=`), ...(numbers ? Object.keys(leastNumbers).map((n) => `${n}>`) : [])];
}
