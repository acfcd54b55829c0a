// Asks the API. What goes wrong comes back as a problem that says what to do.
const root = '/api/v1';

export class Problem extends Error {
  constructor({ status = 0, title, detail, advice = '' }) {
    super(detail || title);
    Object.assign(this, { status, title, detail, advice });
  }
}

const advice = {
  0: 'Is the process up, and is this machine on its network? The page asks again by itself.',
  400: 'Change the filters or the time range.',
  401: 'Sign in again.',
  403: 'Ask whoever runs this console; the setting is named above.',
  404: '',
  421: 'Open the console by a name that it knows, or add this one to Telemetry:Console:AllowedHosts.',
  422: 'Choose a shorter time range or add filters.',
  503: 'The page asks again by itself. Pipeline tells which part is not ready.',
  504: 'Choose a shorter time range or add filters.',
};

export function address(path, query = []) {
  const parameters = new URLSearchParams(query.filter(([, value]) => value !== null && value !== undefined));
  const text = parameters.toString();
  return text ? `${root}${path}?${text}` : root + path;
}

export async function ask(path, query, { signal, method = 'GET', body } = {}) {
  const started = performance.now();
  const response = await send(address(path, query), {
    method, signal, cache: 'no-store', headers: { Accept: 'application/json', ...(body ? { 'Content-Type': 'application/json' } : {}) }, body: body ? JSON.stringify(body) : undefined,
  });
  const answer = await readJson(response);
  if (!response.ok) throw problemOf(response, answer);
  return { ...answer, took: performance.now() - started };
}

/** An answer of the process itself, such as /readyz, whatever its status. */
export async function askProcess(path, signal) {
  return readJson(await send(path, { signal, cache: 'no-store', headers: { Accept: 'application/json' } }));
}

async function send(url, options) {
  try {
    return await fetch(url, options);
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Problem({ title: 'No answer', detail: 'The console cannot be reached.', advice: advice[0] });
  }
}

async function readJson(response) {
  try {
    return await response.json();
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Problem({ status: response.status, title: 'No answer', detail: `Something else than JSON came back (HTTP ${response.status}).`, advice: 'Is there a proxy in between?' });
  }
}

function problemOf(response, answer) {
  return new Problem({ status: response.status, title: answer.title ?? `HTTP ${response.status}`, detail: answer.detail ?? '', advice: advice[response.status] ?? 'The log of the console says more.' });
}
