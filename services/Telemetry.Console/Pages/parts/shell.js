// What is around every page: where to go, the time range, whether it is live, help.
import { html, useEffect, useRef, useState } from '../shared/ui.js';
import { changed, figureFilters, followLinks, go, pageAddress, useLocation } from '../shared/location.js';
import { presets, rangeOf } from '../shared/range.js';
import { setLive, useLive } from '../shared/live.js';
import { switchTheme, useTheme } from '../shared/theme-switch.js';
import { listenToKeys } from '../shared/keys.js';
import { SqlDialog } from './sql-dialog.js';
import { allPages } from '../pages.js';

let openHelp = () => {};

export function Shell({ page, children }) {
  const main = useRef(null);
  useEffect(() => listenToKeys({ help: () => openHelp(), theme: switchTheme }), []);
  useEffect(() => {
    document.title = `${page.title} · Telemetry`;
  }, [page]);
  return html`
    <div class="shell" onClick=${followLinks}>
      <a class="skip" href="#main" onClick=${(e) => { e.preventDefault(); main.current.focus(); }}>Skip to the page</a>
      <${Navigation} page=${page} />
      <header class="top">
        <h1>${page.title}</h1>
        ${page.ranged !== false && html`<${Range} usual=${page.usualRange} />`}
        <span class="actions"><${Live} /><${Theme} /><button type="button" class="quiet" onClick=${() => openHelp()} title="Keys (?)">Keys</button></span>
      </header>
      <main ref=${main} id="main" tabindex="-1">${children}</main>
      <${SqlDialog} />
      <${Help} />
    </div>`;
}

function Navigation({ page }) {
  useLocation();
  return html`
    <nav aria-label="Pages">
      <a class="brand" href=${pageAddress('/')}>Telemetry</a>
      ${allPages.filter((p) => p.key).map((p) => html`
        <a key=${p.path} href=${pageAddress(p.path, {}, figureFilters)} aria-current=${p === page || page.under === p.path ? 'page' : undefined} title="g ${p.key}">
          ${p.title}<kbd aria-hidden="true">g ${p.key}</kbd></a>`)}
    </nav>`;
}

function Range() {
  const { parameters } = useLocation();
  const { from, to, zone } = rangeOf(parameters);
  const [own, setOwn] = useState(false);
  const preset = to === 'now' && presets.some(([p]) => p === from);
  const zones = [...new Set([zone, 'UTC', Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'])];
  const chooseZone = (event) => {
    localStorage.setItem('zone', event.target.value);
    go(changed({ tz: event.target.value }), { keepScroll: true });
  };
  const choose = (event) => {
    event.preventDefault();
    const form = new FormData(event.target);
    go(changed({ from: form.get('from'), to: form.get('to') || 'now' }));
    setOwn(false);
  };
  return html`
    <div class="range">
      <div class="presets" role="group" aria-label="Time range">
        ${presets.map(([value, label]) => html`<a key=${value} href=${changed({ from: value, to: null })} aria-current=${preset && from === value ? 'true' : undefined}>${label}</a>`)}
        <button type="button" aria-expanded=${own || !preset} onClick=${() => setOwn(!own)}>${preset ? 'Other' : 'Other:'}</button>
      </div>
      ${(own || !preset) && html`
        <form class="own" onSubmit=${choose} key=${from + to}>
          <label>from <input name="from" defaultValue=${from} size="20" spellcheck=${false} title="2026-11-21T09:30:00Z, 2026-11-21, now-6h, today, yesterday, month" /></label>
          <label>to <input name="to" defaultValue=${to} size="20" spellcheck=${false} /></label>
          <button type="submit">Show</button>
        </form>`}
      <select aria-label="Time zone" title="Time zone of everything on the page" value=${zone} onChange=${chooseZone}>${zones.map((z) => html`<option key=${z} value=${z}>${z}</option>`)}</select>
    </div>`;
}

function Live() {
  const on = useLive();
  return html`<button type="button" class="quiet live" aria-pressed=${on} title="Ask again by itself; pauses while the tab is hidden" onClick=${() => setLive(!on)}>${on ? 'Live' : 'Paused'}</button>`;
}

function Theme() {
  const { theme } = useTheme();
  return html`<button type="button" class="quiet" title="Light, dark or as the system says (t)" onClick=${switchTheme}>Theme: ${{ system: 'auto', light: 'light', dark: 'dark' }[theme]}</button>`;
}

const keys = [['/', 'Search and filter'], ['j  k', 'Next and previous row'], ['Enter', 'Open the row'], ['t', 'Light, dark, as the system'], ['?', 'This list'], ['Esc', 'Leave a field, close a dialog']];

function Help() {
  const dialog = useRef(null);
  openHelp = () => dialog.current.showModal();
  return html`
    <dialog ref=${dialog} class="help" aria-label="Keys" onClick=${(event) => event.target === dialog.current && dialog.current.close()}>
      <header><h2>Keys</h2><button type="button" class="quiet" onClick=${() => dialog.current.close()} title="Esc">Close</button></header>
      <dl>
        ${keys.map(([key, what]) => html`<dt key=${key}><kbd>${key}</kbd></dt><dd>${what}</dd>`)}
        ${allPages.filter((p) => p.key).map((p) => html`<dt key=${p.key}><kbd>g ${p.key}</kbd></dt><dd>${p.title}</dd>`)}
      </dl>
      <p class="muted">Dragging over a chart chooses its range.</p>
    </dialog>`;
}
