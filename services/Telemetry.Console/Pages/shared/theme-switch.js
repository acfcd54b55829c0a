// Light, dark, or as the system says.
import { useEffect, useState } from './ui.js';

const order = ['system', 'light', 'dark'];
const watchers = new Set();
const system = matchMedia('(prefers-color-scheme: dark)');

export const theme = () => document.documentElement.dataset.theme ?? 'system';
const isDark = () => (theme() === 'system' ? system.matches : theme() === 'dark');
const tell = () => watchers.forEach((set) => set({ theme: theme(), dark: isDark() }));

system.addEventListener('change', tell);

export function switchTheme() {
  const next = order[(order.indexOf(theme()) + 1) % order.length];
  if (next === 'system') {
    delete document.documentElement.dataset.theme;
    localStorage.removeItem('theme');
  } else {
    document.documentElement.dataset.theme = next;
    localStorage.setItem('theme', next);
  }
  tell();
}

export function useTheme() {
  const [state, set] = useState({ theme: theme(), dark: isDark() });
  useEffect(() => {
    watchers.add(set);
    return () => watchers.delete(set);
  }, []);
  return state;
}
