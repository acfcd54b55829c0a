using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Telemetry.Judge.Ask;
using Telemetry.Judge.Sample;
using Telemetry.Judge.Score;

namespace Telemetry.Judge.Tell;

/// <summary>
/// The judge's own calls as GenAI client spans, and its scores as <c>gen_ai.evaluation.result</c> events beside the judged span, as OTLP/JSON
/// (OpenTelemetry GenAI conventions 1.41; protobuf JSON mapping of OTLP 1.5).
/// </summary>
internal static class OtlpEvents
{
    /// <summary>Instrumentation scope. The Processor knows by it that a score of ours is written already.</summary>
    public const string Scope = "telemetry.judge";

    private const int Client = 3;
    private const int StatusError = 2;
    private const int SeverityInfo = 9;

    /// <summary>Body of <c>/v1/traces</c>: each request to the judge model, in a trace of its own that links to the judged call.</summary>
    public static byte[] Traces(JudgeRequest request, Judgement judgement, JudgeEndpointOptions endpoint) => Write("resourceSpans", "scopeSpans", "spans", json =>
    {
        string trace = RandomNumberGenerator.GetHexString(32, lowercase: true);
        foreach (JudgeExchange exchange in judgement.Exchanges)
        {
            json.WriteStartObject();
            json.WriteString("traceId", trace);
            json.WriteString("spanId", RandomNumberGenerator.GetHexString(16, lowercase: true));
            json.WriteString("name", "chat " + endpoint.Model);
            json.WriteNumber("kind", Client);
            json.WriteString("startTimeUnixNano", Nanoseconds(exchange.StartedAt));
            json.WriteString("endTimeUnixNano", Nanoseconds(exchange.StartedAt + exchange.Duration));
            json.WriteStartArray("attributes");
            Text(json, "gen_ai.operation.name", "chat");
            Text(json, "gen_ai.provider.name", endpoint.Provider);
            Text(json, "gen_ai.request.model", endpoint.Model);
            Text(json, "gen_ai.response.model", exchange.ModelAnswered);
            Text(json, "gen_ai.response.id", exchange.ResponseId);
            Text(json, "gen_ai.evaluation.name", judgement.Rubric);
            Number(json, "gen_ai.request.max_tokens", endpoint.MaxOutputTokens);
            Number(json, "gen_ai.usage.input_tokens", exchange.InputTokens);
            Number(json, "gen_ai.usage.cache_read.input_tokens", exchange.CachedTokens);
            Number(json, "gen_ai.usage.output_tokens", exchange.OutputTokens);
            Text(json, "error.type", exchange.Error);
            if (exchange.FinishReason.Length > 0)
            {
                Attribute(json, "gen_ai.response.finish_reasons", () =>
                {
                    json.WriteStartObject("arrayValue");
                    json.WriteStartArray("values");
                    json.WriteStartObject();
                    json.WriteString("stringValue", exchange.FinishReason);
                    json.WriteEndObject();
                    json.WriteEndArray();
                    json.WriteEndObject();
                });
            }

            json.WriteEndArray();
            json.WriteStartArray("links");
            json.WriteStartObject();
            json.WriteString("traceId", request.TraceId);
            json.WriteString("spanId", request.SpanId);
            json.WriteEndObject();
            json.WriteEndArray();
            if (exchange.Error.Length > 0)
            {
                json.WriteStartObject("status");
                json.WriteNumber("code", StatusError);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }
    });

    /// <summary>Body of <c>/v1/logs</c>: the score.</summary>
    public static byte[] Logs(JudgeRequest request, Judgement judgement, DateTimeOffset now) => Write("resourceLogs", "scopeLogs", "logRecords", json =>
    {
        json.WriteStartObject();
        json.WriteString("timeUnixNano", Nanoseconds(now));
        json.WriteNumber("severityNumber", SeverityInfo);
        json.WriteString("eventName", "gen_ai.evaluation.result");
        json.WriteString("traceId", request.TraceId);
        json.WriteString("spanId", request.SpanId);
        json.WriteStartArray("attributes");
        Text(json, "gen_ai.evaluation.name", judgement.Rubric);
        if (judgement.Value is { } value)
        {
            Attribute(json, "gen_ai.evaluation.score.value", () => json.WriteNumber("doubleValue", value));
        }

        Text(json, "gen_ai.evaluation.score.label", judgement.Label);
        Text(json, "gen_ai.evaluation.explanation", judgement.Explanation);
        Text(json, "gen_ai.response.id", request.ResponseId);
        Text(json, "error.type", judgement.Error);
        Text(json, "telemetry.judge.rubric.version", judgement.RubricVersion);
        Text(json, "telemetry.judge.model", judgement.JudgeModel);
        Attribute(json, "telemetry.judge.probability", () => json.WriteNumber("doubleValue", request.Probability));
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static byte[] Write(string resources, string scopes, string items, Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteStartArray(resources);
            json.WriteStartObject();
            json.WriteStartObject("resource");
            json.WriteStartArray("attributes");
            Text(json, "service.name", WindowSql.OwnService);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteStartArray(scopes);
            json.WriteStartObject();
            json.WriteStartObject("scope");
            json.WriteString("name", Scope);
            json.WriteEndObject();
            json.WriteStartArray(items);
            write(json);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private static void Text(Utf8JsonWriter json, string key, string value)
    {
        if (value.Length > 0)
        {
            Attribute(json, key, () => json.WriteString("stringValue", value));
        }
    }

    private static void Number(Utf8JsonWriter json, string key, long? value)
    {
        if (value is { } number)
        {
            Attribute(json, key, () => json.WriteString("intValue", number.ToString(CultureInfo.InvariantCulture)));
        }
    }

    private static void Attribute(Utf8JsonWriter json, string key, Action value)
    {
        json.WriteStartObject();
        json.WriteString("key", key);
        json.WriteStartObject("value");
        value();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string Nanoseconds(DateTimeOffset at) => ((at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * 100).ToString(CultureInfo.InvariantCulture);
}
