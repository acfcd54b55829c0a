using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using Telemetry.ClickHouse.Client;
using Telemetry.ClickHouse.Embedded.Compression;
using Telemetry.ClickHouse.NativeFormat;

namespace Telemetry.ClickHouse.Tests.Embedded;

public sealed class CompressedFrameTests(EngineFixture engine)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The engine's own files are such frames: its checksums and its LZ4 are what ours must agree with.</summary>
    [Fact]
    public async Task The_engines_own_files_unpack_to_the_values_that_were_inserted()
    {
        ClickHouseClient client = await engine.NewDatabaseAsync();
        await client.ExecuteAsync(
            "CREATE TABLE t (n UInt64, s String) ENGINE = MergeTree ORDER BY n SETTINGS min_bytes_for_wide_part = 0, min_rows_for_wide_part = 0", null, Token);
        await client.ExecuteAsync("INSERT INTO t SELECT number, repeat(toString(number), number % 50) FROM numbers(50000)", null, Token);
        ClickHouseResult part = await client.QueryAsync("SELECT path FROM system.parts WHERE database = currentDatabase() AND active", null, Token);
        string directory = part.Rows[0].GetString("path");
        byte[] plain = await UnpackAllAsync(await File.ReadAllBytesAsync(Path.Combine(directory, "n.bin"), Token));
        Assert.Equal(Enumerable.Range(0, 50_000).Select(i => (ulong)i), System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ulong>(plain).ToArray());
        foreach (string file in Directory.EnumerateFiles(directory, "*.bin"))
        {
            Assert.NotEmpty(await UnpackAllAsync(await File.ReadAllBytesAsync(file, Token)));
        }
    }

    [Fact]
    public void A_frame_comes_back_and_a_changed_byte_is_found() =>
        Prop.ForAll(
            Gen.Zip(ArbMap.Default.GeneratorFor<byte>().ArrayOf(), Gen.Choose(0, int.MaxValue)).ToArbitrary(),
            x =>
            {
                byte[] frame = CompressedFrames.Frame(x.Item1);
                Assert.Equal(x.Item1, CompressedFrames.Unpack(frame));
                frame[x.Item2 % frame.Length] ^= 1;
                Assert.Throws<InvalidDataException>(() => CompressedFrames.Unpack(frame));
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void Damaged_lz4_ends_in_a_clear_error() =>
        Prop.ForAll<byte[]>(data =>
        {
            byte[] target = new byte[100];
            try
            {
                Lz4Block.Decompress(data, target);
            }
            catch (InvalidDataException)
            {
                // What damaged bytes are meant to end in.
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task A_frame_that_announces_more_than_comes_takes_no_memory_for_it()
    {
        byte[] frame = CompressedFrames.Frame("SELECT 1"u8);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(CompressedFrames.ChecksumSize + 1), CompressedFrames.MaxFrameBytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        await Assert.ThrowsAsync<EndOfStreamException>(() => UnpackAllAsync(frame));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Theory]
    [InlineData(0x82)]
    [InlineData(0x02)]
    public void A_frame_that_announces_more_than_its_data_can_give_takes_no_memory_for_it(int method)
    {
        byte[] frame = CompressedFrames.Frame("SELECT 1"u8);
        Span<byte> body = frame.AsSpan(CompressedFrames.ChecksumSize);
        body[0] = (byte)method;
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(body[5..], CompressedFrames.MaxFrameBytes);
        (ulong low, ulong high) = CityHash128.Hash(body);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(frame, low);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(frame.AsSpan(8), high);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidDataException>(() => CompressedFrames.Unpack(frame));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public async Task A_frame_larger_than_what_is_read_at_once_comes_back()
    {
        byte[] plain = new byte[500_000];
        new Random(5).NextBytes(plain);
        Assert.Equal(plain, await UnpackAllAsync(CompressedFrames.Frame(plain)));
    }

    [Fact]
    public async Task Compressed_answers_and_inserts_work_as_the_go_client_sends_them()
    {
        ClickHouseClient client = await engine.NewDatabaseAsync();
        await client.ExecuteAsync("CREATE TABLE t (n UInt64, s LowCardinality(String)) ENGINE = MergeTree ORDER BY n", null, Token);
        var n = new NumberColumn<ulong>("n");
        var s = new LowCardinalityStringColumn("s");
        n.Append(42);
        s.Append("x"u8);
        var block = new ArrayBufferWriter<byte>();
        new NativeBlock([n, s]).WriteTo(block);
        HttpResponseMessage sent = await PostAsync(client, "decompress=1&query=INSERT+INTO+t+FORMAT+Native", CompressedFrames.Frame(block.WrittenSpan));
        Assert.True(sent.IsSuccessStatusCode, await sent.Content.ReadAsStringAsync(Token));

        HttpResponseMessage answer = await PostAsync(client, "compress=1&default_format=Native&client_protocol_version=54460", "SELECT n, s FROM t"u8.ToArray());
        byte[] native = await UnpackAllAsync(await answer.Content.ReadAsByteArrayAsync(Token));
        byte[] expectedStart = [1, 0, 2, 0xFF, 0xFF, 0xFF, 0xFF, 0, 2, 1, 1, (byte)'n', 6, .. "UInt64"u8, 0, 42, 0, 0, 0, 0, 0, 0, 0, 1, (byte)'s'];
        Assert.Equal(expectedStart, native[..expectedStart.Length]);

        HttpResponseMessage error = await PostAsync(client, "compress=1", "SELECT * FROM nowhere"u8.ToArray());
        Assert.Contains("UNKNOWN_TABLE", System.Text.Encoding.UTF8.GetString(await UnpackAllAsync(await error.Content.ReadAsByteArrayAsync(Token))), StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> PostAsync(ClickHouseClient client, string parameters, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(engine.Url, $"/?database={client.Options.Database}&{parameters}")) { Content = new ByteArrayContent(body) };
        request.Headers.Add("X-ClickHouse-Key", EngineFixture.Password);
        return await engine.Http.SendAsync(request, Token);
    }

    private static async Task<byte[]> UnpackAllAsync(byte[] frames)
    {
        await using var stream = new CompressedFrameReadStream(new MemoryStream(frames));
        using var plain = new MemoryStream();
        await stream.CopyToAsync(plain, Token);
        return plain.ToArray();
    }
}
