using Google.Protobuf;
using Telemetry.Collector.Admit;
using Telemetry.Collector.Publish;
using Telemetry.Collector.Tests.Support;
using Telemetry.Otlp;

namespace Telemetry.Collector.Tests.Admit;

/// <summary>The same bytes to us and to the reference protobuf library, real requests broken in random places.</summary>
public class DifferentialTests
{
    private const int Mutations = 20_000;

    [Fact]
    public void What_we_take_from_broken_bytes_the_reference_library_reads_the_same()
    {
        byte[][] seeds = [.. Payloads.Captures("bin").Select(c => c.Body), Payloads.LlmShaped(3).ToByteArray()];
        var random = new Random(20_261_121);
        var admission = new Admission(new CollectorLimits { MaxDepth = 20 }, keepAll: true, 4);
        using var builder = new RecordBuilder();
        int taken = 0;
        int refused = 0;
        for (int i = 0; i < Mutations; i++)
        {
            byte[] bytes = Mutate(seeds[random.Next(seeds.Length)], random);
            if (!admission.TryRead(Signal.Traces, bytes))
            {
                refused++;
                continue;
            }

            TracesData? oracle = ReadByReference(bytes);
            if (oracle is null)
            {
                continue;
            }

            taken++;
            var ours = builder.Build(admission, bytes, 4, 1 << 24).ToArray()
                .SelectMany(r => TracesData.Parser.ParseFrom(r.Value.Span).Spans()).OrderBy(s => s.ToByteString().ToBase64(), StringComparer.Ordinal).ToList();
            var theirs = oracle.Spans().Where(HasIds).OrderBy(s => s.ToByteString().ToBase64(), StringComparer.Ordinal).ToList();
            Assert.True(ours.SequenceEqual(theirs) || admission.Rejected > oracle.Spans().Count(s => !HasIds(s)), $"mutation {i}");
        }

        Assert.True(taken > Mutations / 20 && refused > Mutations / 20, $"taken {taken}, refused {refused}: the mutations exercise one side only");
    }

    [Fact]
    public void A_request_cut_at_any_byte_is_refused_or_taken_as_the_reference_library_does()
    {
        byte[] whole = Payloads.LlmShaped(2).ToByteArray();
        var admission = new Admission(new CollectorLimits(), keepAll: true, 4);
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.Equal(ReadByReference(whole[..length]) is not null, admission.TryRead(Signal.Traces, whole.AsSpan(0, length)));
        }
    }

    private static bool HasIds(Span span) =>
        span.TraceId.Length == 16 && span.SpanId.Length == 8 && span.TraceId.Any(b => b != 0) && span.SpanId.Any(b => b != 0);

    // Null where it refuses. Text that is not UTF-8 is not checked at the edge, so that refusal of the reference counts for nothing.
    private static TracesData? ReadByReference(byte[] bytes)
    {
        try
        {
            return TracesData.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException e) when (!e.Message.Contains("UTF-8", StringComparison.OrdinalIgnoreCase))
        {
            Assert.False(new Admission(new CollectorLimits { MaxDepth = 20 }, true, 4) is var a && a.TryRead(Signal.Traces, bytes) && a.Rejected == 0, $"taken by us alone: {e.Message} {Convert.ToHexString(bytes)}");
            return null;
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static byte[] Mutate(byte[] seed, Random random)
    {
        byte[] bytes = [.. seed];
        for (int edits = random.Next(1, 4); edits > 0; edits--)
        {
            int at = random.Next(bytes.Length);
            switch (random.Next(4))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 2 when bytes.Length > 2: bytes = [.. bytes[..at], .. bytes[(at + 1)..]]; break;
                default: bytes = [.. bytes[..at], (byte)random.Next(256), .. bytes[at..]]; break;
            }
        }

        return bytes;
    }
}
