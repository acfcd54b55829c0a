// The first page: golden signals against the time before, spending, what to look at.
import { html } from '../shared/ui.js';
import { count, milliseconds, money, percent, seconds, shortCount } from '../shared/format.js';
import { changed, filtersOf, pageAddress, rollupDimensions, useLocation } from '../shared/location.js';
import { useAnswer } from '../shared/live.js';
import { rangeOf, rangeQuery } from '../shared/range.js';
import { Change, Count, Milliseconds, Moment, Money, PerSecond, Percent, Severity } from '../parts/figures.js';
import { Answered, Panel } from '../parts/panel.js';
import { NothingHere, NothingYet } from '../parts/empty.js';
import { Filters } from '../parts/filters.js';
import { Chart, pointsOf, valuesOf } from '../parts/chart.js';
import { ModelTable } from './models.js';

const metrics = ['calls', 'errors', 'error_rate', 'ttft_p50_ms', 'ttft_p95_ms', 'duration_p95_ms', 'cost_usd'];

export function Overview() {
  const { parameters } = useLocation();
  const range = rangeOf(parameters);
  const filters = filtersOf(parameters, rollupDimensions);
  const query = [...rangeQuery(range), ...filters.map((f) => [f.name, f.value])];
  const overview = useAnswer('/overview', query);
  const series = useAnswer('/series', [...query, ...metrics.map((m) => ['metric', m])]);
  const models = useAnswer('/models', [...query, ['limit', '6']]);
  const alerts = useAnswer('/alerts', [...rangeQuery(range), ['state', 'firing'], ['state', 'acknowledged'], ['limit', '3']]);
  const anomalies = useAnswer('/anomalies', [...rangeQuery(range), ['state', 'open'], ['limit', '3']]);
  const nothing = overview.answer && overview.answer.now.calls === 0;
  if (nothing && !overview.answer.freshness?.last_call_at && filters.length === 0) return html`<${NothingYet} />`;
  return html`
    <${Filters} dimensions=${rollupDimensions} />
    <div class="overview">
      <div class="main-column">
        <${Panel} title="Golden signals" about="against the same time before" answers=${[overview.answer]} only=${['now', 'before']}>
          <${Answered} state=${overview} rows=${2}>${(answer) => html`<${Signals} now=${answer.now} before=${answer.before} />`}<//>
        <//>
        ${nothing ? html`<${NothingHere} filtered=${filters.length > 0} />` : html`
          <${Charts} series=${series} zone=${range.zone} alerts=${alerts.answer?.data} anomalies=${anomalies.answer?.data} />
          <${Panel} title="Models" about="the most used ones" answers=${[models.answer]} actions=${html`<a class="quiet" href=${pageAddress('/models')}>All models</a>`}>
            <${Answered} state=${models}>${(answer) => html`<${ModelTable} rows=${answer.data} brief=${true} />`}<//>
          <//>`}
      </div>
      <div class="side-column">
        <${Panel} title="Spending" about="in ${range.zone} days" answers=${[overview.answer]} only=${['spend']}>
          <${Answered} state=${overview}>${({ spend }) => html`<${Spending} spend=${spend} />`}<//>
        <//>
        <${Panel} title="What to look at" answers=${[overview.answer, alerts.answer, anomalies.answer]} only=${['trouble', 'freshness', 'data']}>
          <${Answered} state=${overview}>${(answer) => html`<${ToLookAt} overview=${answer} alerts=${alerts.answer?.data ?? []} anomalies=${anomalies.answer?.data ?? []} />`}<//>
        <//>
      </div>
    </div>`;
}

const Signal = ({ label, href, children, change }) => html`
  <div class="signal"><dt>${href ? html`<a href=${href}>${label}</a>` : label}</dt><dd>${children}</dd><dd class="under">${change}</dd></div>`;

function Signals({ now, before }) {
  const change = (name, good) => html`<${Change} now=${now[name]} before=${before[name]} good=${good} />`;
  return html`
    <dl class="signals">
      <${Signal} label="Calls" href=${pageAddress('/calls')} change=${change('calls')}><${Count} value=${now.calls} /><//>
      <${Signal} label="Errors" href=${pageAddress('/calls', { status: 'error' })} change=${change('error_rate', 'down')}><${Percent} value=${now.error_rate} /> <small>${shortCount(now.errors)} calls</small><//>
      <${Signal} label="First token, p95" href=${pageAddress('/calls', { sort: 'ttft_ms' })} change=${change('ttft_p95_ms', 'down')}><${Milliseconds} value=${now.ttft_p95_ms} why="no call told its first token" /><//>
      <${Signal} label="Duration, p95" href=${pageAddress('/calls', { sort: 'duration_ms' })} change=${change('duration_p95_ms', 'down')}><${Milliseconds} value=${now.duration_p95_ms} /><//>
      <${Signal} label="Speed, p50" change=${change('tokens_per_second_p50', 'up')}><${PerSecond} value=${now.tokens_per_second_p50} /><//>
      <${Signal} label="Spent" href=${pageAddress('/cost')} change=${change('cost_usd', 'down')}><${Money} value=${now.cost_usd} /><//>
    </dl>`;
}

function Spending({ spend }) {
  const line = (label, value, why) => html`<tr><th scope="row">${label}</th><td class="number"><${Money} value=${value} why=${why} /></td></tr>`;
  return html`
    <table class="pairs"><tbody>
      ${line('Today so far', spend.today_usd)}
      ${line('Yesterday until this time', spend.yesterday_until_now_usd)}
      ${line('Today, forecast', spend.today_forecast_usd, 'less than a day of history to forecast from')}
      ${line('Month so far', spend.month_usd)}
      ${line('Month, forecast', spend.month_forecast_usd, 'less than a day of history to forecast from')}
      ${line('A day, mean of seven', spend.usd_per_day, 'less than a day of history')}
    </tbody></table>
    ${spend.unpriced_calls_today > 0 && html`<p class="hint warn">${count(spend.unpriced_calls_today)} calls of today have no known price and are in no sum. <a href="${pageAddress('/cost')}#unpriced">Which, and why</a></p>`}`;
}

function ToLookAt({ overview, alerts, anomalies }) {
  const { now, trouble, freshness } = overview;
  const items = [
    freshness.seconds_behind > 60 && html`<li><a data-row href=${pageAddress('/pipeline')}>The pipeline is ${seconds(freshness.seconds_behind)} behind</a><span class="muted">the newest calls are not counted yet</span></li>`,
    ...alerts.map((a) => html`<li key=${a.incident_id}><a data-row href=${pageAddress('/alerts', { id: a.incident_id })}><${Severity} value=${a.severity} /> ${a.summary || a.rule}</a><span class="muted">${a.rule}, ${a.state}, since <${Moment} value=${a.started_at} /></span></li>`),
    trouble.open_incidents > alerts.length && html`<li><a data-row href=${pageAddress('/alerts')}>${trouble.open_incidents} open incidents in all</a></li>`,
    ...anomalies.map((a) => html`<li key=${a.anomaly_id}><a data-row href=${pageAddress('/anomalies', { id: a.anomaly_id })}><${Severity} value=${a.severity} /> ${a.why || a.metric}</a><span class="muted">anomaly, ${[a.service, a.model].filter(Boolean).join(' · ')}, since <${Moment} value=${a.opened_at} /></span></li>`),
    trouble.open_anomalies > anomalies.length && html`<li><a data-row href=${pageAddress('/anomalies')}>${trouble.open_anomalies} open anomalies in all</a></li>`,
    now.unpriced_calls > 0 && html`<li><a data-row href="${pageAddress('/cost')}#unpriced">${count(now.unpriced_calls)} calls without a known price</a><span class="muted">${percent(now.unpriced_calls / now.calls)} of the range, in no sum of cost</span></li>`,
  ].filter(Boolean);
  return html`
    ${items.length > 0 ? html`<ul class="look">${items}</ul>` : html`<p class="hint good">Nothing stands out: no open incident, no open anomaly, every call priced.</p>`}
    <p class="hint muted">Newest call <${Moment} value=${freshness.last_call_at} why="none in two days" />${freshness.seconds_behind !== null && html`, pipeline ${seconds(Math.round(freshness.seconds_behind))} behind`}</p>`;
}

function Charts({ series, zone, alerts = [], anomalies = [] }) {
  const marks = [
    ...alerts.map((a) => ({ at: Date.parse(a.started_at) / 1000, kind: 'bad' })),
    ...anomalies.map((a) => ({ at: Date.parse(a.opened_at) / 1000, kind: 'warn' })),
  ];
  return html`
    <div class="charts">
      <${Trend} title="Calls" series=${series} zone=${zone} marks=${marks} lines=${(points) => [
        { label: 'calls', values: valuesOf(points, 'calls', true), colour: 'series-1', show: shortCount, fill: true },
        { label: 'errors', values: valuesOf(points, 'errors', true), colour: 'series-3', show: shortCount },
      ]} />
      <${Trend} title="Cost" series=${series} zone=${zone} marks=${marks} lines=${(points) => [{ label: 'cost', values: valuesOf(points, 'cost_usd', true), colour: 'series-2', show: money, fill: true }]} />
      <${Trend} title="Time to first token" series=${series} zone=${zone} marks=${marks} lines=${(points) => [
        { label: 'p95', values: valuesOf(points, 'ttft_p95_ms'), colour: 'series-4', show: milliseconds },
        { label: 'p50', values: valuesOf(points, 'ttft_p50_ms'), colour: 'series-1', show: milliseconds },
      ]} />
      <${Trend} title="Error rate" series=${series} zone=${zone} marks=${marks} lines=${(points) => [{ label: 'errors', values: valuesOf(points, 'error_rate'), colour: 'series-3', show: percent, fill: true }]} />
    </div>`;
}

/** A chart in a panel, with its step. */
export function Trend({ title, series, zone, marks, lines }) {
  const points = series.answer && pointsOf(series.answer);
  return html`
    <${Panel} title=${title} about=${series.answer ? `each ${series.answer.range.step}` : ''} answers=${[series.answer]} class="trend">
      <${Answered} state=${series}>${() => html`<${Chart} label=${title} times=${points.times} lines=${lines(points)} zone=${zone} marks=${marks} />`}<//>
    <//>`;
}
