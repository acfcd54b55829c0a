using System.IO.Compression;
using System.IO.Pipelines;
using System.Net;
using Telemetry.ClickHouse.NativeFormat;

namespace Telemetry.ClickHouse.Client;

/// <summary>A request body that is a block, written column by column as the connection takes it.</summary>
internal sealed class NativeBlockContent : HttpContent
{
    private readonly NativeBlock _block;
    private readonly int _rows;
    private readonly InsertCompression _compression;

    internal NativeBlockContent(NativeBlock block, InsertCompression compression)
    {
        _block = block;
        _rows = block.RowCount;
        _compression = compression;
        if (compression == InsertCompression.Gzip)
        {
            Headers.ContentEncoding.Add("gzip");
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (_compression == InsertCompression.None)
        {
            await WriteAsync(stream, cancellationToken);
            return;
        }

        await using var gzip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true);
        await WriteAsync(gzip, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    private async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        PipeWriter output = PipeWriter.Create(stream, new StreamPipeWriterOptions(minimumBufferSize: 64 << 10, leaveOpen: true));
        _block.WriteHeader(output, _rows);
        foreach (NativeColumn column in _block.Columns)
        {
            NativeBlock.WriteColumn(output, column, _rows);
            await output.FlushAsync(cancellationToken);
        }

        await output.CompleteAsync();
    }
}
