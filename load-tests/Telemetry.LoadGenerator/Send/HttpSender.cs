using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Telemetry.LoadGenerator.Send;

/// <summary>OTLP/HTTP over HTTP/1.1, one connection for each request in flight.</summary>
internal sealed class HttpSender(Uri endpoint, bool json, bool gzip, TimeSpan timeout) : ISender
{
    private readonly MediaTypeHeaderValue _contentType = new(json ? "application/json" : "application/x-protobuf");
    private readonly Uri _url = new(endpoint, "/v1/traces");
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
                Version = HttpVersion.Version11,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = new ReadOnlyMemoryContent(body.Frame[GrpcSender.FrameHeader..]),
            };
            request.Content.Headers.ContentType = _contentType;
            if (gzip)
            {
                request.Content.Headers.TryAddWithoutValidation("Content-Encoding", "gzip");
            }

            using HttpResponseMessage response = await _client.SendAsync(request, deadline.Token);
            int length = await Senders.ReadAsync(response.Content, answer, deadline.Token);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                return new SendResult(SendOutcome.Refused, string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)response.StatusCode}"));
            }

            ReadOnlySpan<byte> text = answer.AsSpan(0, length);
            long rejected = json ? PartialSuccess.RejectedSpansJson(text) : PartialSuccess.RejectedSpans(text);
            return rejected > 0 ? new SendResult(SendOutcome.Refused, "partial success") : SendResult.Acknowledged;
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
}
