// The statements behind a figure.
import { html, useEffect, useRef, useState } from '../shared/ui.js';
import { bytes, count, milliseconds } from '../shared/format.js';

let open = () => {};
export const showSql = (title, statements) => open({ title, statements });

export function SqlDialog() {
  const [shown, show] = useState(null);
  const dialog = useRef(null);
  open = show;
  useEffect(() => {
    if (shown) dialog.current.showModal();
  }, [shown]);
  const close = () => dialog.current.close();
  return html`
    <dialog ref=${dialog} class="sql" aria-label="SQL" onClose=${() => show(null)} onClick=${(event) => event.target === dialog.current && close()}>
      ${shown && html`
        <header><h2>SQL of ${shown.title}</h2><button type="button" class="quiet" onClick=${close} title="Esc">Close</button></header>
        ${shown.statements.map((s) => html`<${Statement} key=${s.name + s.statement} of=${s} close=${close} />`)}`}
    </dialog>`;
}

function Statement({ of: { name, statement, parameters, read_rows: rows, read_bytes: size, elapsed_ms: took }, close }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(statement);
    setCopied(true);
  };
  const hash = new URLSearchParams({ query: statement, ...Object.fromEntries(Object.entries(parameters).map(([k, v]) => [`param_${k}`, v])) });
  return html`
    <article>
      <header>
        <h3>${name}</h3>
        <span class="about">read ${count(rows)} rows, ${bytes(size)}, in ${milliseconds(took)}</span>
        <span class="actions">
          <button type="button" class="quiet" onClick=${copy}>${copied ? 'Copied' : 'Copy'}</button>
          <a class="quiet" href="/sql#${hash}" onClick=${close}>Open in SQL</a>
        </span>
      </header>
      <pre tabindex="0" aria-label="Statement ${name}">${statement}</pre>
      ${Object.keys(parameters).length > 0 && html`
        <table class="parameters"><caption>Values</caption><tbody>
          ${Object.entries(parameters).map(([key, value]) => html`<tr><th scope="row">${key}</th><td>${value}</td></tr>`)}
        </tbody></table>`}
    </article>`;
}
