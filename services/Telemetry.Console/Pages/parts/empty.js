// What is shown where there is nothing, and what to do about it.
import { html, useEffect, useState } from '../shared/ui.js';
import { changed } from '../shared/location.js';

export const Empty = ({ title, children }) => html`<div class="empty"><strong>${title}</strong>${children}</div>`;

let settings = null;
export const consoleSettings = () => (settings ??= fetch('/console.json', { cache: 'no-store' }).then((r) => r.json()).catch(() => ({})));

export function useSettings() {
  const [known, know] = useState({});
  useEffect(() => {
    consoleSettings().then(know);
  }, []);
  return known;
}

/** Nothing has come at all: how an application is pointed here. */
export function NothingYet() {
  const { otlp_grpc_port: port } = useSettings();
  const grpc = `http://${location.hostname}:${port ?? 4317}`;
  return html`
    <div class="empty first">
      <strong>No calls have come yet.</strong>
      <p>Set three environment variables of the application that calls models, and start it again. Any OpenTelemetry SDK understands them; no code changes.</p>
      <pre tabindex="0" aria-label="Environment variables">export OTEL_EXPORTER_OTLP_ENDPOINT=${grpc}
export OTEL_EXPORTER_OTLP_PROTOCOL=grpc
export OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true</pre>
      <p class="muted">The third lets GenAI instrumentations send messages and answers, which the trace page shows as a conversation; without it there are numbers only. Instrumentations in transition also want <code>OTEL_SEMCONV_STABILITY_OPT_IN=gen_ai_latest_experimental</code>. A first call shows here some seconds after it ended.</p>
      <p>No application at hand? <code>make demo</code> sends the traffic of a demo shop. If you expect calls, <a href="/pipeline">Pipeline</a> tells what has arrived and what was put aside.</p>
    </div>`;
}

/** Nothing in this range or with these filters. */
export const NothingHere = ({ what = 'calls', filtered = false }) => html`
  <${Empty} title="No ${what} in this time range${filtered ? ' with these filters' : ''}.">
    <p>Look at <a href=${changed({ from: 'now-7d', to: null })}>the last 7 days</a>${filtered && ' or take filters away'}.</p>
  <//>`;
