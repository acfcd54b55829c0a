// The URL holds the state of a page, so that it can be shared and gone back to.
import { useEffect, useState } from './ui.js';

const listeners = new Set();
const kept = ['from', 'to', 'tz'];

/** Dimensions that the rollups have: a filter on one of them goes along from page to page. */
export const rollupDimensions = ['tenant', 'service', 'environment', 'provider', 'model', 'model_answered', 'operation', 'prompt', 'prompt_version', 'status'];
export const callDimensions = [...rollupDimensions, 'user', 'session', 'agent', 'workflow', 'error_type', 'finish_reason', 'flag', 'label', 'cost_reason', 'price_id', 'service_tier', 'convention'];
export const leastNumbers = { duration: 'min_duration_ms', ttft: 'min_ttft_ms', cost: 'min_cost_usd', input: 'min_input_tokens', output: 'min_output_tokens' };

export const read = () => ({ path: location.pathname, parameters: new URLSearchParams(location.search) });

export function useLocation() {
  const [state, setState] = useState(read);
  useEffect(() => {
    const update = () => setState(read());
    listeners.add(update);
    addEventListener('popstate', update);
    return () => {
      listeners.delete(update);
      removeEventListener('popstate', update);
    };
  }, []);
  return state;
}

export function go(address, { replace = false, keepScroll = false } = {}) {
  history[replace ? 'replaceState' : 'pushState'](null, '', address);
  listeners.forEach((update) => update());
  if (!replace && !keepScroll) scrollTo(0, 0);
}

/** The address of a page with the time range of this one, and with more parameters. */
export function pageAddress(path, more = {}, keep = kept) {
  const parameters = new URLSearchParams();
  for (const [name, value] of new URLSearchParams(location.search)) {
    if (keep.includes(name) && !(name in more)) parameters.append(name, value);
  }
  return withParameters(path, parameters, more);
}

export const figureFilters = [...kept, ...rollupDimensions, ...rollupDimensions.map((d) => `${d}!`)];

/** This page with some parameters changed; null takes one away. A changed question begins at its first page. */
export function changed(changes) {
  const parameters = new URLSearchParams(location.search);
  for (const name of [...Object.keys(changes), ...('cursor' in changes ? [] : ['cursor'])]) parameters.delete(name);
  return withParameters(location.pathname, parameters, changes);
}

function withParameters(path, parameters, more) {
  for (const [name, value] of Object.entries(more)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== undefined) parameters.append(name, one);
    }
  }
  const text = parameters.toString();
  return text ? `${path}?${text}` : path;
}

/** The filters of the URL that a page understands: a dimension, a dimension that is not wanted (name!), a least number. */
export function filtersOf(parameters, dimensions, numbers = false) {
  const names = [...dimensions, ...dimensions.map((d) => `${d}!`), ...(numbers ? Object.values(leastNumbers) : [])];
  return names.flatMap((name) => parameters.getAll(name).map((value) => ({ name, value })));
}

/** Follows links within the console without loading the page anew. */
export function followLinks(event) {
  const link = event.target.closest?.('a[href]');
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey && !event.defaultPrevented;
  if (link && plain && !link.target && !link.hasAttribute('download') && link.origin === location.origin && !/^\/(api|openapi|metrics|healthz|readyz)/.test(link.pathname)) {
    event.preventDefault();
    go(link.href);
  }
}
