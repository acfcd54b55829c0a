using System.Text;
using Telemetry.ClickHouse.Embedded.Engine;
using Telemetry.ClickHouse.Embedded.Sql;

namespace Telemetry.ClickHouse.Embedded.Http;

/// <summary>The statement of a request, and the beginning of its data if it is an insert that brings data.</summary>
/// <param name="Sql">The whole text; of an insert with data also the part of the data that was read with it.</param>
/// <param name="Statement">What the front knows of it.</param>
internal sealed record QueryText(byte[] Sql, SqlStatement Statement)
{
    internal ReadOnlyMemory<byte> FirstData => Sql.AsMemory(Math.Min(Statement.DataStart, Sql.Length));

    /// <summary>Reads the statement from the URL, the body, or both, as ClickHouse joins them.</summary>
    internal static async Task<QueryText> ReadAsync(FrontRequest request, RequestBody body, int maxBytes, CancellationToken cancellationToken)
    {
        byte[] fromUrl = Encoding.UTF8.GetBytes(request.Query);
        if (fromUrl.Length > maxBytes)
        {
            throw TooLarge(maxBytes);
        }

        SqlStatement statement = SqlStatement.Parse(fromUrl);
        if (fromUrl.Length > 0 && statement.InsertHead is not null)
        {
            return new QueryText(fromUrl, statement);
        }

        byte[] joined = new byte[maxBytes + 1];
        int start = 0;
        if (fromUrl.Length > 0)
        {
            fromUrl.CopyTo(joined, 0);
            joined[fromUrl.Length] = (byte)'\n';
            start = fromUrl.Length + 1;
        }

        int read = await body.FillAsync(joined.AsMemory(start), cancellationToken);
        byte[] sql = joined[..(read == 0 ? fromUrl.Length : start + read)];
        statement = SqlStatement.Parse(sql);
        return statement.InsertHead is { } head
            ? head.Length <= maxBytes && (statement.DataStart < sql.Length || sql.Length <= maxBytes) ? new QueryText(sql, statement) : throw TooLarge(maxBytes)
            : sql.Length <= maxBytes ? new QueryText(sql, statement) : throw TooLarge(maxBytes);
    }

    private static EngineException TooLarge(int maxBytes) =>
        EngineException.Create(62, "SYNTAX_ERROR", $"Syntax error: Max query size exceeded: the query has more than {maxBytes} bytes (MaxQueryBytes)");
}
