// Lines over time, drawn by uPlot. The values under the pointer stand in the legend; dragging over a chart chooses the range.
import uPlot from '../vendor/uplot.js';
import { html, useEffect, useRef, useState } from '../shared/ui.js';
import { exact } from '../shared/format.js';
import { changed, go } from '../shared/location.js';
import { useTheme } from '../shared/theme-switch.js';

const height = 150;

/** The colour that a class has now, for a canvas that knows no CSS. */
function colour(element, variable) {
  const probe = document.createElement('i');
  probe.style.color = `var(--${variable})`;
  element.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

const iso = (secondsSinceEpoch) => new Date(secondsSinceEpoch * 1000).toISOString().replace('.000Z', 'Z');

/**
 * @param label What is shown, for those who do not see it.
 * @param times Seconds since 1970.
 * @param lines label, values (null where there are none), colour, show(value).
 * @param marks Moments that are marked: at (seconds), kind.
 */
export function Chart({ label, times, lines, zone, marks = [] }) {
  const place = useRef(null);
  const plot = useRef(null);
  const [at, setAt] = useState(null);
  const { dark } = useTheme();
  const shape = lines.map((l) => l.label).join('|');

  useEffect(() => {
    const element = place.current;
    const options = optionsOf(element, lines, zone, marks, (index) => setAt(index));
    plot.current = new uPlot(options, dataOf(times, lines), element);
    const resize = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height }));
    resize.observe(element);
    return () => {
      resize.disconnect();
      plot.current.destroy();
      plot.current = null;
    };
  }, [shape, zone, dark, marks.length]);
  useEffect(() => plot.current?.setData(dataOf(times, lines)), [times, lines]);

  // The last point is not over yet: what it says so far would look like a fall.
  const index = at ?? Math.max(0, times.length - 2);
  const quiet = at === null && lines.length > 3;
  const said = (line) => (quiet ? '' : line.values[index] === null || line.values[index] === undefined ? '–' : line.show(line.values[index]));
  return html`
    <figure class="chart">
      <figcaption>
        ${lines.map((line) => html`<span key=${line.label} class="key"><i class="line ${line.colour}"></i>${line.label} <b>${said(line)}</b></span>`)}
        <span class="about">${times.length > 0 && !quiet && `${exact(times[index] * 1000, zone).slice(5, 16)}`}</span>
      </figcaption>
      <div ref=${place} class="canvas" role="img" aria-label="${label} over time: ${lines.map((l) => `${l.label} ${said(l)}`.trim()).join(', ')}."></div>
    </figure>`;
}

const dataOf = (times, lines) => [times, ...lines.map((l) => l.values)];

/** Times of day, and the date where a day begins; one line, so that nothing is cut. */
function clock(splits, zone) {
  const days = splits.length > 1 && splits[1] - splits[0] >= 86_400;
  return splits.map((at) => {
    const text = exact(at * 1000, zone);
    return days || text.endsWith('00:00:00') ? text.slice(5, 10) : text.slice(11, 16);
  });
}

function optionsOf(element, lines, zone, marks, pointed) {
  const [text, grid] = [colour(element, 'muted'), colour(element, 'line')];
  const font = '11px system-ui, sans-serif';
  return {
    width: element.clientWidth, height,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    tzDate: (moment) => uPlot.tzDate(new Date(moment * 1000), zone),
    cursor: { sync: { key: 'page' }, drag: { x: true, y: false, setScale: false }, points: { size: 5 } },
    scales: { y: { range: (_, low, high) => [0, high > 0 ? high * 1.08 : 1] } },
    axes: [
      { stroke: text, font, grid: { stroke: grid, width: 1 }, ticks: { show: false }, size: 24, space: 60, values: (_, splits) => clock(splits, zone) },
      { stroke: text, font, grid: { stroke: grid, width: 1 }, ticks: { show: false }, size: 62, values: (_, values) => values.map((v) => lines[0].show(v)) },
    ],
    series: [{}, ...lines.map((line) => ({
      label: line.label, stroke: colour(element, line.colour), width: 1.5, spanGaps: false, points: { size: 3 },
      ...(line.fill ? { fill: `color-mix(in srgb, ${colour(element, line.colour)} 12%, transparent)` } : {}),
    }))],
    hooks: {
      setCursor: [(u) => pointed(u.cursor.idx ?? null)],
      setSelect: [(u) => {
        if (u.select.width < 4) return;
        const [from, to] = [u.posToVal(u.select.left, 'x'), u.posToVal(u.select.left + u.select.width, 'x')];
        u.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
        go(changed({ from: iso(Math.floor(from)), to: iso(Math.ceil(to)) }), { keepScroll: true });
      }],
      draw: [(u) => drawMarks(u, marks, (kind) => colour(element, kind))],
    },
  };
}

function drawMarks(u, marks, colourOf) {
  for (const mark of marks) {
    const x = u.valToPos(mark.at, 'x', true);
    if (x < u.bbox.left || x > u.bbox.left + u.bbox.width) continue;
    u.ctx.save();
    u.ctx.strokeStyle = colourOf(mark.kind);
    u.ctx.setLineDash([3, 3]);
    u.ctx.beginPath();
    u.ctx.moveTo(x, u.bbox.top);
    u.ctx.lineTo(x, u.bbox.top + u.bbox.height);
    u.ctx.stroke();
    u.ctx.restore();
  }
}

/** The points of a series answer, with nothing where there are no calls. */
export function pointsOf(answer) {
  const step = answer.range.step_seconds;
  const rows = new Map(answer.data.map((row) => [Date.parse(row.time) / 1000, row]));
  if (step >= 86_400) return { times: [...rows.keys()], rows: [...rows.values()] };
  const times = [];
  for (let t = Date.parse(answer.range.from) / 1000; t < Date.parse(answer.range.to) / 1000; t += step) times.push(t);
  return { times, rows: times.map((t) => rows.get(t) ?? null) };
}

/** One metric of the points; a sum without calls is 0, anything else is not known there. */
export const valuesOf = (points, metric, sum = false) => points.rows.map((row) => (row === null ? (sum ? 0 : null) : row[metric] === null ? null : Number(row[metric])));
