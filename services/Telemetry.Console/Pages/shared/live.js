// Answers that stay fresh: asked again by and by, slower when they take long or fail, not at all while nobody looks.
import { useEffect, useMemo, useState } from './ui.js';
import { ask } from './api.js';

const shortest = 5_000;
const longest = 120_000;

let live = localStorage.getItem('live') !== 'off';
const watchers = new Set();

export function useLive() {
  const [on, set] = useState(live);
  useEffect(() => {
    watchers.add(set);
    return () => watchers.delete(set);
  }, []);
  return on;
}

export function setLive(on) {
  live = on;
  localStorage.setItem('live', on ? 'on' : 'off');
  watchers.forEach((set) => set(on));
}

/**
 * The answer to a question, and what went wrong with the last try. While the next answer is awaited the last one stays, so that nothing jumps.
 * @param path Of the API; null asks nothing.
 * @param query Pairs of names and values.
 * @param repeat Whether it is asked again by itself.
 */
export function useAnswer(path, query = [], { repeat = true, asks = ask } = {}) {
  const on = useLive();
  const key = path === null ? null : `${path}?${new URLSearchParams(query)}`;
  const [turn, setTurn] = useState(0);
  const [state, setState] = useState({ key: null, answer: null, problem: null, loading: true });

  useEffect(() => {
    if (path === null) return undefined;
    const stop = new AbortController();
    let timer = 0;
    let failures = 0;
    setState((last) => ({ ...last, loading: true }));

    const next = (took) => {
      clearTimeout(timer);
      if (!repeat || !on || document.hidden || stop.signal.aborted) return;
      timer = setTimeout(once, Math.min(longest, Math.max(shortest, took * 10) * 2 ** failures));
    };
    const once = async () => {
      try {
        const answer = await asks(path, query, { signal: stop.signal });
        failures = 0;
        setState({ key, answer, problem: null, loading: false });
        next(answer.took ?? 0);
      } catch (problem) {
        if (stop.signal.aborted) return;
        failures = Math.min(failures + 1, 5);
        // A shown answer of the same question stays; the problem is told beside it.
        setState((last) => ({ key, answer: last.key === key ? last.answer : null, problem, loading: false }));
        next(0);
      }
    };
    const seen = () => (document.hidden ? clearTimeout(timer) : repeat && on && once());
    document.addEventListener('visibilitychange', seen);
    once();
    return () => {
      stop.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', seen);
    };
  }, [key, on && repeat, turn]);

  return useMemo(() => ({ ...state, again: () => setTurn((n) => n + 1) }), [state]);
}
