using System.Net;

namespace Telemetry.Fuzz.Support;

/// <summary>A ClickHouse that takes everything and has nothing; it keeps the blocks that it was sent.</summary>
internal sealed class RecordingClickHouse : HttpMessageHandler
{
    private const string Insert = "query=INSERT INTO `";

    /// <summary>Blocks since the last <see cref="List{T}.Clear"/>, by table.</summary>
    public List<(string Table, byte[] Block)> Inserts { get; } = [];

    /// <inheritdoc />
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string query = Uri.UnescapeDataString(request.RequestUri!.Query);
        int start = query.IndexOf(Insert, StringComparison.Ordinal) + Insert.Length;
        if (start >= Insert.Length)
        {
            string table = query[start..query.IndexOf('`', start)];
            Inserts.Add((table, await request.Content!.ReadAsByteArrayAsync(cancellationToken)));
        }

        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([]) };
    }
}
