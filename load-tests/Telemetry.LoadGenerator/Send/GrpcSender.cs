using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Telemetry.LoadGenerator.Send;

/// <summary>OTLP/gRPC: unary calls on one HTTP/2 connection, framed by hand.</summary>
internal sealed class GrpcSender(Uri endpoint, bool gzip, TimeSpan timeout) : ISender
{
    /// <summary>Bytes before a message: whether it is compressed, and its length.</summary>
    public const int FrameHeader = 5;

    private static readonly MediaTypeHeaderValue ContentType = new("application/grpc");
    private readonly Uri _url = new(endpoint, "/opentelemetry.proto.collector.trace.v1.TraceService/Export");
    private readonly HttpMessageInvoker _client = Senders.CreateClient();

    /// <inheritdoc />
    public async Task<SendResult> SendAsync(Body body, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(timeout);
        byte[] answer = ArrayPool<byte>.Shared.Rent(Senders.LargestAnswer);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _url)
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = new ReadOnlyMemoryContent(body.Frame),
            };
            request.Content.Headers.ContentType = ContentType;
            request.Headers.TryAddWithoutValidation("te", "trailers");
            if (gzip)
            {
                request.Headers.TryAddWithoutValidation("grpc-encoding", "gzip");
            }

            using HttpResponseMessage response = await _client.SendAsync(request, deadline.Token);
            int length = await Senders.ReadAsync(response.Content, answer, deadline.Token);
            return Judge(response, answer.AsSpan(0, length));
        }
#pragma warning disable CA1031 // Whatever goes wrong on the way is an outcome to be counted.
        catch (Exception e) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return Senders.Failed(e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(answer);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _client.Dispose();

    private static SendResult Judge(HttpResponseMessage response, ReadOnlySpan<byte> answer)
    {
        if (response.StatusCode != HttpStatusCode.OK)
        {
            return new SendResult(SendOutcome.Refused, string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)response.StatusCode}"));
        }

        // An answer without a message has its status among the headers.
        if (!TryGet(response.TrailingHeaders, "grpc-status", out string status) && !TryGet(response.Headers, "grpc-status", out status))
        {
            return new SendResult(SendOutcome.Failed, "no grpc-status");
        }

        if (status != "0")
        {
            return new SendResult(SendOutcome.Refused, $"grpc-status {status}");
        }

        return PartialSuccess.RejectedSpans(PartialSuccess.Unframe(answer)) > 0 ? new SendResult(SendOutcome.Refused, "partial success") : SendResult.Acknowledged;
    }

    private static bool TryGet(HttpHeaders headers, string name, out string value)
    {
        bool found = headers.NonValidated.TryGetValues(name, out HeaderStringValues values);
        value = found ? values.ToString() : "";
        return found;
    }
}
