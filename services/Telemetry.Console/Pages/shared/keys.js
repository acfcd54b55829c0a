// Keys that work everywhere: go to a page, search, move in lists, help.
import { go, pageAddress } from './location.js';
import { allPages } from '../pages.js';

const patience = 1500;
let waitsForPage = 0;

const typing = (target) => target.matches?.('input, textarea, select, [contenteditable]');

export function listenToKeys({ help, theme }) {
  addEventListener('keydown', (event) => {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    if (event.key === 'Escape' && typing(event.target)) {
      event.target.blur();
      return;
    }
    if (typing(event.target) || document.querySelector('dialog[open]')) return;
    if (handle(event.key, { help, theme })) event.preventDefault();
  });
}

function handle(key, { help, theme }) {
  if (Date.now() - waitsForPage < patience) {
    waitsForPage = 0;
    const page = allPages.find((p) => p.key === key);
    if (page) {
      go(pageAddress(page.path));
      return true;
    }
  }
  switch (key) {
    case 'g':
      waitsForPage = Date.now();
      return true;
    case '/':
      return search();
    case 'j':
      return move(1);
    case 'k':
      return move(-1);
    case '?':
      help();
      return true;
    case 't':
      theme();
      return true;
    default:
      return false;
  }
}

function search() {
  const field = document.querySelector('[data-search]');
  if (field) {
    field.focus();
    field.select?.();
  } else {
    go(pageAddress('/calls'));
    requestAnimationFrame(() => requestAnimationFrame(() => document.querySelector('[data-search]')?.focus()));
  }
  return true;
}

function move(by) {
  const rows = [...document.querySelectorAll('main [data-row]')];
  if (rows.length === 0) return false;
  const at = rows.indexOf(document.activeElement);
  const next = rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? 0 : at + by))];
  next.focus();
  next.scrollIntoView({ block: 'nearest' });
  return true;
}
