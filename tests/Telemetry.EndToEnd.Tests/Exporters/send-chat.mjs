// Sends one chat span with the OpenTelemetry JavaScript SDK: send-chat.mjs grpc|proto|http ENDPOINT SERVICE
// Prints the trace id when the exporter was told that the span was accepted.
import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function modulesAbove(directory) {
  while (!existsSync(join(directory, 'node_modules', '@opentelemetry'))) {
    const parent = dirname(directory);
    if (parent === directory) throw new Error('node_modules not found: run npm ci in the repository');
    directory = parent;
  }
  return join(directory, 'package.json');
}

const require = createRequire(modulesAbove(dirname(fileURLToPath(import.meta.url))));
const [exporterName, url, service] = process.argv.slice(2);
const { OTLPTraceExporter } = require(`@opentelemetry/exporter-trace-otlp-${exporterName}`);
const { BasicTracerProvider, SimpleSpanProcessor } = require('@opentelemetry/sdk-trace-base');
const { resourceFromAttributes } = require('@opentelemetry/resources');
const { SpanKind } = require('@opentelemetry/api');

const exporter = new OTLPTraceExporter({ url });
let outcome;
const recording = {
  export: (spans, done) => exporter.export(spans, (result) => { outcome = result; done(result); }),
  shutdown: () => exporter.shutdown(),
  forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
};
const provider = new BasicTracerProvider({
  resource: resourceFromAttributes({ 'service.name': service }),
  spanProcessors: [new SimpleSpanProcessor(recording)],
});

const end = Date.now();
const span = provider.getTracer('send-chat').startSpan('chat gpt-4o-mini', {
  kind: SpanKind.CLIENT,
  startTime: end - 900,
  attributes: {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-4o-mini',
    'gen_ai.request.stream': true,
    'gen_ai.response.model': 'gpt-4o-mini-2024-07-18',
    'gen_ai.response.time_to_first_chunk': 0.3,
    'gen_ai.usage.input_tokens': 1200,
    'gen_ai.usage.cache_read.input_tokens': 1000,
    'gen_ai.usage.output_tokens': 300,
  },
});
span.end(end);
await provider.forceFlush();
await provider.shutdown();
if (outcome?.code !== 0) {
  console.error(outcome?.error ?? 'the exporter gave no result');
  process.exit(1);
}
console.log(span.spanContext().traceId);
