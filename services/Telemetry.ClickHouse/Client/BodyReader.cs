namespace Telemetry.ClickHouse.Client;

/// <summary>Reads a whole body with an upper limit.</summary>
internal static class BodyReader
{
    internal static async Task<byte[]> ReadAsync(HttpResponseMessage response, int maxBytes, CancellationToken cancellationToken)
    {
        await using Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        long announced = response.Content.Headers.ContentLength ?? 0;
        byte[] buffer = new byte[(int)Math.Clamp(announced + 1, 4096, maxBytes + 1L)];
        int length = 0;
        while (true)
        {
            int read;
            try
            {
                read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
            }
            catch (Exception e) when (e is HttpRequestException or IOException && ServerError.FromTail(response, buffer.AsSpan(0, length)) is { } error)
            {
                // The server broke the connection off on purpose, after it had said why.
                throw error;
            }

            if (read == 0)
            {
                return length == buffer.Length ? buffer : buffer[..length];
            }

            length += read;
            if (length > maxBytes)
            {
                throw new ClickHouseException(0, $"The answer of ClickHouse is larger than {maxBytes} bytes; ask for less, or raise MaxResultBytes.", retryable: false);
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, maxBytes + 1L));
            }
        }
    }
}
