using System.Text;
using Telemetry.Contracts.Spans;
using Telemetry.Contracts.Wire;

namespace Telemetry.Collector.Receive.Feedback;

/// <summary>Writes opinions as an OTLP log export of <c>gen_ai.evaluation.result</c> events, so that they take the way of all events, redaction and durability included.</summary>
internal static class FeedbackRecords
{
    private const long NanosecondsPerTick = 100;

    /// <summary>Writes an <c>ExportLogsServiceRequest</c>: one resource for each service.</summary>
    public static void Write(IReadOnlyList<FeedbackItem> items, ProtobufBuffer output)
    {
        foreach (IGrouping<string, FeedbackItem> service in items.GroupBy(i => i.Service, StringComparer.Ordinal))
        {
            int group = output.Begin(OtlpFields.Request.Resources);
            int resource = output.Begin(OtlpFields.ResourceGroup.Resource);
            WriteText(output, OtlpFields.Resource.Attributes, "service.name", service.Key);
            output.End(resource);
            int scope = output.Begin(OtlpFields.ResourceGroup.Scopes);
            foreach (FeedbackItem item in service)
            {
                WriteRecord(output, item);
            }

            output.End(scope);
            output.End(group);
        }
    }

    private static void WriteRecord(ProtobufBuffer output, FeedbackItem item)
    {
        int record = output.Begin(OtlpFields.ScopeGroup.Items);
        output.Fixed64(OtlpFields.LogRecord.TimeUnixNano, (ulong)((item.Time - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick));
        WriteIds(output, item);
        output.Bytes(OtlpFields.LogRecord.EventName, "gen_ai.evaluation.result"u8);
        WriteText(output, OtlpFields.LogRecord.Attributes, ScoreAttributes.Id, item.Id);
        WriteText(output, OtlpFields.LogRecord.Attributes, ScoreAttributes.Source, item.Source);
        WriteText(output, OtlpFields.LogRecord.Attributes, "gen_ai.evaluation.name", item.Name);
        if (item.Value is { } value)
        {
            int attribute = output.Begin(OtlpFields.LogRecord.Attributes);
            output.Bytes(OtlpFields.KeyValue.Key, "gen_ai.evaluation.score.value"u8);
            int any = output.Begin(OtlpFields.KeyValue.Value);
            output.Fixed64(OtlpFields.AnyValue.Double, BitConverter.DoubleToUInt64Bits(value));
            output.End(any);
            output.End(attribute);
        }

        WriteText(output, OtlpFields.LogRecord.Attributes, "gen_ai.evaluation.score.label", item.Label);
        WriteText(output, OtlpFields.LogRecord.Attributes, "gen_ai.evaluation.explanation", item.Comment);
        WriteText(output, OtlpFields.LogRecord.Attributes, "gen_ai.response.id", item.ResponseId);
        WriteText(output, OtlpFields.LogRecord.Attributes, "user.id", item.User);
        output.End(record);
    }

    private static void WriteIds(ProtobufBuffer output, FeedbackItem item)
    {
        if (item.TraceId.Length > 0)
        {
            output.Bytes(OtlpFields.LogRecord.TraceId, item.TraceId);
        }

        if (item.SpanId.Length > 0)
        {
            output.Bytes(OtlpFields.LogRecord.SpanId, item.SpanId);
        }
    }

    // An empty text is an absent one.
    private static void WriteText(ProtobufBuffer output, int field, string key, string value)
    {
        if (value.Length == 0)
        {
            return;
        }

        int attribute = output.Begin(field);
        output.Bytes(OtlpFields.KeyValue.Key, Encoding.UTF8.GetBytes(key));
        int any = output.Begin(OtlpFields.KeyValue.Value);
        output.Bytes(OtlpFields.AnyValue.String, Encoding.UTF8.GetBytes(value));
        output.End(any);
        output.End(attribute);
    }
}
