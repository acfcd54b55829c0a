using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;
using Telemetry.ClickHouse.Embedded.Compression;
using Telemetry.ClickHouse.Embedded.Engine;
using Telemetry.ClickHouse.NativeFormat;

namespace Telemetry.ClickHouse.Embedded.Http;

/// <summary>The body of an answer: parts of a result through Native framing, ClickHouse's frames and HTTP compression, as asked for.</summary>
internal sealed class ResponseOutput(HttpContext context, FrontRequest request, string version) : IAsyncDisposable
{
    private const int PartBytes = 1 << 20;
    private readonly string _exceptionTag = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8));
    private Stream? _body;
    private string _format = "";

    /// <summary>Sends status and headers of a success.</summary>
    internal void Begin(string format, EngineCounters counters)
    {
        _format = format;
        IHeaderDictionary headers = context.Response.Headers;
        headers["X-ClickHouse-Format"] = format;
        headers["X-ClickHouse-Summary"] = Summary(counters);
        headers["X-ClickHouse-Exception-Tag"] = _exceptionTag;
        context.Response.ContentType = OutputFormat.ContentType(format);
        _body = OpenBody();
    }

    /// <summary>Sends a whole result, or one part of it, without its first <paramref name="skip"/> bytes.</summary>
    internal async Task WriteAsync(EngineResult result, int skip, CancellationToken cancellationToken)
    {
        if (request.ProtocolRevision > 0 && _format == "Native")
        {
            var reframed = new ArrayBufferWriter<byte>();
            NativeReframer.Reframe(result.Data(0, checked((int)result.Length)).ToArray(), request.ProtocolRevision, reframed);
            await WriteAsync(reframed.WrittenMemory, cancellationToken);
            return;
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(PartBytes, Math.Max(1, result.Length)));
        try
        {
            for (long offset = skip; offset < result.Length;)
            {
                int length = (int)Math.Min(buffer.Length, result.Length - offset);
                result.Data(offset, length).CopyTo(buffer);
                await WriteAsync(buffer.AsMemory(0, length), cancellationToken);
                offset += length;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>
    /// Reports an error: as status, headers and text if nothing was sent yet; otherwise as ClickHouse does in the middle of a body, framed by the
    /// tag of the head.
    /// </summary>
    /// <returns>True when the answer must be broken off after it, without the end of the body, so that nobody takes the part for the whole.</returns>
    internal async Task<bool> FailAsync(EngineException error)
    {
        string text = error.Message.Contains("(version ", StringComparison.Ordinal) ? error.Message : $"{error.Message} (version {version} (chDB))";
        if (!context.Response.HasStarted)
        {
            context.Response.Headers.Remove("X-ClickHouse-Summary");
            context.Response.Headers.Remove("X-ClickHouse-Exception-Tag");
            context.Response.Headers.ContentEncoding = default;
            context.Response.StatusCode = HttpStatus.Of(error.Code);
            context.Response.ContentType = "text/plain; charset=UTF-8";
            context.Response.Headers["X-ClickHouse-Exception-Code"] = error.Code.ToString(CultureInfo.InvariantCulture);
            _body = OpenBody();
            await WriteAsync(Encoding.UTF8.GetBytes(text + "\n"), context.RequestAborted);
            return false;
        }

        int length = Encoding.UTF8.GetByteCount(text) + 1;
        string framed = string.Create(
            CultureInfo.InvariantCulture, $"\r\n__exception__\r\n{_exceptionTag}\r\n{text}\n{length} {_exceptionTag}\r\n__exception__\r\n");
        await WriteAsync(Encoding.UTF8.GetBytes(framed), context.RequestAborted);
        await _body!.FlushAsync();
        await context.Response.Body.FlushAsync();
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        if (_body is not null && _body != context.Response.Body && !context.RequestAborted.IsCancellationRequested)
        {
            await _body.DisposeAsync();
        }
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        if (!request.Compress)
        {
            await _body!.WriteAsync(data, cancellationToken);
            return;
        }

        for (int offset = 0; offset < data.Length; offset += PartBytes)
        {
            await _body!.WriteAsync(CompressedFrames.Frame(data.Span.Slice(offset, Math.Min(PartBytes, data.Length - offset))), cancellationToken);
        }
    }

    private Stream OpenBody()
    {
        string accepted = request.HttpCompression ? context.Request.Headers.AcceptEncoding.ToString() : "";
        Stream body = context.Response.Body;
        foreach (string encoding in accepted.Split(',', StringSplitOptions.TrimEntries).Select(e => e.Split(';')[0]))
        {
            Stream? packed = encoding switch
            {
                "gzip" => new GZipStream(body, CompressionLevel.Fastest, leaveOpen: true),
                "deflate" => new ZLibStream(body, CompressionLevel.Fastest, leaveOpen: true),
                "br" => new BrotliStream(body, CompressionLevel.Fastest, leaveOpen: true),
                _ => null,
            };
            if (packed is not null)
            {
                context.Response.Headers.ContentEncoding = encoding;
                return packed;
            }
        }

        return body;
    }

    private static string Summary(EngineCounters counters) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"read_rows":"{{counters.ReadRows}}","read_bytes":"{{counters.ReadBytes}}","written_rows":"{{counters.WrittenRows}}","written_bytes":"{{counters.WrittenBytes}}","total_rows_to_read":"0","result_rows":"0","result_bytes":"0","elapsed_ns":"{{(long)(counters.ElapsedSeconds * 1e9)}}"}""");
}
