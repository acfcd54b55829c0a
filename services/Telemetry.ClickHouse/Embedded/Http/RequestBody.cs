using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Telemetry.ClickHouse.Embedded.Compression;
using Telemetry.ClickHouse.Embedded.Engine;

namespace Telemetry.ClickHouse.Embedded.Http;

/// <summary>The body of a request, unpacked and bounded in what it may unpack to.</summary>
internal sealed class RequestBody(Stream stream, long maxBytes) : IAsyncDisposable
{
    private long _read;

    internal static RequestBody Open(HttpRequest request, bool decompressFrames, long maxBytes)
    {
        Stream stream = request.Headers.ContentEncoding.ToString() switch
        {
            "" or "identity" => request.Body,
            "gzip" or "x-gzip" => new GZipStream(request.Body, CompressionMode.Decompress),
            "deflate" => new ZLibStream(request.Body, CompressionMode.Decompress),
            "br" => new BrotliStream(request.Body, CompressionMode.Decompress),
            string other => throw EngineException.Create(
                48, "NOT_IMPLEMENTED", $"Unknown or not supported Content-Encoding '{other}'; the embedded engine reads gzip, deflate and br"),
        };
        return new RequestBody(decompressFrames ? new CompressedFrameReadStream(stream) : stream, maxBytes);
    }

    /// <summary>Fills the buffer as far as the body goes; 0 at its end.</summary>
    /// <exception cref="EngineException">The body is damaged or larger than allowed.</exception>
    internal async Task<int> FillAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            int read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
            _read += read;
            return _read <= maxBytes
                ? read
                : throw EngineException.Create(307, "TOO_MANY_BYTES", $"The body has more than {maxBytes} bytes when unpacked (MaxBodyBytes)");
        }
        // ZLibStream calls a preset dictionary an I/O error, BrotliStream calls damaged data an invalid operation. A body that breaks off on its way is none of these.
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException or IOException and not BadHttpRequestException)
        {
            throw EngineException.Create(271, "CANNOT_DECOMPRESS", "The body cannot be unpacked: " + e.Message);
        }
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
