using Telemetry.Collector.Admit;
using Telemetry.Contracts.Wire;

namespace Telemetry.Collector.Redact;

/// <summary>
/// Takes personal and secret data out of what was admitted, before anything of it goes on. What changes is put together behind the request's bytes, and items and
/// scopes are pointed there. Reused from request to request; not thread-safe.
/// </summary>
internal sealed class Redactor : IDisposable
{
    private readonly RedactBuffer _output = new();
    private readonly TextRedactor _texts;
    private readonly MessageRedactor _messages;

    public Redactor(byte[] key)
    {
        _texts = new TextRedactor(key);
        _messages = new MessageRedactor(_texts, _output);
    }

    /// <summary>What was rewritten; its offsets go on where the request's end.</summary>
    public ReadOnlySpan<byte> Written => _output.Written;

    /// <summary>Bytes that it holds, used or not.</summary>
    public int Capacity => _output.Capacity + _texts.Capacity;

    /// <summary>Redacts everything that was admitted. The request's bytes stay as they are.</summary>
    public void Redact(Admission admission, Signal signal, ReadOnlySpan<byte> request, RedactPolicy policy)
    {
        _output.TruncateTo(0);
        _messages.Policy = policy;
        RedactScopes(admission, request);
        OtlpMessage kind = signal == Signal.Traces ? OtlpMessage.Span : OtlpMessage.LogRecord;
        for (int i = 0; i < admission.ItemCount; i++)
        {
            AdmittedItem item = admission.Items[i];
            int start = _output.Length;
            if (_messages.TryRedact(kind, request.Slice(item.Start, item.Length)))
            {
                admission.Replace(i, item with { Start = request.Length + start, Length = _output.Length - start });
            }
        }

        Count();
    }

    /// <summary>Forgets the last request.</summary>
    public void Clear() => _output.TruncateTo(0);

    /// <inheritdoc />
    public void Dispose() => _output.Dispose();

    // A resource is redacted once, however many scopes stand under it.
    private void RedactScopes(Admission admission, ReadOnlySpan<byte> request)
    {
        int resourceIndex = -1;
        ByteRange resource = default;
        for (int i = 0; i < admission.Scopes.Count; i++)
        {
            AdmittedScope scope = admission.Scopes[i];
            if (scope.ResourceIndex != resourceIndex)
            {
                resourceIndex = scope.ResourceIndex;
                resource = Field(OtlpMessage.Resource, scope.Resource, request);
            }

            admission.Scopes[i] = scope with { Resource = resource, Scope = Field(OtlpMessage.Scope, scope.Scope, request) };
        }
    }

    // A whole field, with its tag.
    private ByteRange Field(OtlpMessage kind, ByteRange field, ReadOnlySpan<byte> request)
    {
        var reader = new ProtobufReader(field.Of(request));
        int start = _output.Length;
        if (!reader.TryReadTag() || !reader.TryReadBytes(out ReadOnlySpan<byte> message) || !_messages.TryRedact(kind, message))
        {
            return field;
        }

        _output.WrapFrom(start, default, reader.FieldNumber);
        return new ByteRange(request.Length + start, _output.Length - start);
    }

    private void Count()
    {
        string action = _messages.Policy.Mode == RedactMode.Hash ? "hashed" : "masked";
        for (int kind = 0; kind < _texts.Counts.Length; kind++)
        {
            CollectorMetrics.Redacted((Telemetry.Screening.PiiKind)kind, action, _texts.Counts[kind]);
        }

        CollectorMetrics.Dropped(_messages.Dropped);
        Array.Clear(_texts.Counts);
        _messages.Dropped = 0;
    }
}
