using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize.Fields;
using Telemetry.Processor.Normalize.Usage;

namespace Telemetry.Processor.Normalize.Dialects;

/// <summary>
/// .NET: Microsoft.Extensions.AI, Agent Framework, Semantic Kernel and the OpenAI SDK's own source. All write the plain conventions, of different ages and with
/// lists as texts that look like JSON; a custom source name hides which one it is, and then they are read as plain conventions with the same result.
/// Source: dotnet/extensions OpenTelemetryChatClient, microsoft/semantic-kernel ModelDiagnostics, openai/openai-dotnet Telemetry.
/// </summary>
internal sealed class MicrosoftAi : ISpanDialect
{
    private static readonly byte[][] Scopes =
    [
        .. ((string[])["Experimental.Microsoft.Extensions.AI", "Microsoft.Extensions.AI", "Microsoft.SemanticKernel", "OpenAI.ChatClient", "OpenAI.EmbeddingClient", "Experimental.Microsoft.Agents", "Microsoft.Agents"])
            .Select(System.Text.Encoding.UTF8.GetBytes),
    ];

    private readonly OpenTelemetryGenAi _plain;

    public MicrosoftAi(FieldMap map, OpenTelemetryGenAi plain)
    {
        _plain = plain;
        map.Add(Field.Agent, "gen_ai.agent.display_name");
    }

    /// <inheritdoc />
    public string Name => "microsoft_ai";

    /// <inheritdoc />
    public bool Recognizes(DecodedSpan span, FieldValues fields)
    {
        foreach (byte[] scope in Scopes)
        {
            if (span.ScopeName.Span.StartsWith(scope))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc />
    public SpanRole Read(DecodedSpan span, FieldValues fields, LlmCall call)
    {
        SpanRole role = _plain.RoleOf(span, fields, call);

        // An agent's span is a chat span with another label.
        if (role == SpanRole.Call && span.Name.Span.StartsWith("invoke_agent"u8))
        {
            call.Operation = Operations.InvokeAgent;
            return SpanRole.Wrapper;
        }

        return role;
    }

    /// <inheritdoc />
    public UsageMeaning MeaningOf(DecodedSpan span, FieldValues fields, LlmCall call) => UsageMeaning.Inclusive;
}
