// The pages of the console: address, key after g, and what draws them. The server has the same list of addresses.
import { Overview } from './pages/overview.js';
import { Models } from './pages/models.js';
import { Cost } from './pages/cost.js';
import { Calls } from './pages/calls.js';
import { Trace } from './pages/trace.js';
import { Quality } from './pages/quality.js';
import { Prompts } from './pages/prompts.js';
import { Alerts } from './pages/alerts.js';
import { Anomalies } from './pages/anomalies.js';
import { Review } from './pages/review.js';
import { Pipeline } from './pages/pipeline.js';
import { Sql } from './pages/sql.js';
import { NotFound } from './pages/not-found.js';

export const allPages = [
  { path: '/', key: 'o', title: 'Overview', view: Overview },
  { path: '/models', key: 'm', title: 'Models', view: Models },
  { path: '/cost', key: 'c', title: 'Cost', view: Cost },
  { path: '/calls', key: 's', title: 'Calls', view: Calls },
  { path: '/quality', key: 'q', title: 'Quality', view: Quality },
  { path: '/prompts', key: 'p', title: 'Prompts', view: Prompts },
  { path: '/alerts', key: 'a', title: 'Alerts', view: Alerts },
  { path: '/anomalies', key: 'n', title: 'Anomalies', view: Anomalies },
  { path: '/review', key: 'r', title: 'Review', view: Review },
  { path: '/pipeline', key: 'h', title: 'Pipeline', view: Pipeline },
  { path: '/sql', key: 'l', title: 'SQL', view: Sql, ranged: false },
];

const trace = { path: '/traces', under: '/calls', title: 'Trace', view: Trace, ranged: false };
const notFound = { path: '', title: 'Not found', view: NotFound, ranged: false };

export function pageOf(path) {
  const match = /^\/traces\/([^/]+)\/?$/.exec(path);
  if (match) return { page: trace, trace: match[1] };
  return { page: allPages.find((p) => p.path === path || `${p.path}/` === path) ?? notFound };
}
