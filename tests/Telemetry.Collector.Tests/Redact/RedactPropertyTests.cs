using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Telemetry.Collector.Admit;
using Telemetry.Collector.Publish;
using Telemetry.Collector.Redact;
using Telemetry.Collector.Tests.Support;
using Telemetry.Otlp;
using Telemetry.Screening;
using Telemetry.TestKit;
using static Telemetry.Collector.Tests.Redact.Redacted;

namespace Telemetry.Collector.Tests.Redact;

/// <summary>What redaction changes and what it never changes, on what real libraries sent and on made-up spans.</summary>
public sealed class RedactPropertyTests
{
    private static readonly string[] Texts =
    [
        "ann@example.com", "4111 1111 1111 1111", "password=hunter2!", "plain words", "", "[{\"content\":\"x\\nann@example.com\"}]", "{\"n\":4111111111111111}", "{\"s\":\"{\\\"t\\\":\\\"ann@example.com\\\"}\"}",
        "203.0.113.7", "\"", "\\", "{\"cut\":\"off ann@example.com", "DE89370400440532013000",
    ];

    public static TheoryData<string> Captures => [.. Payloads.Captures("bin").Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Captures))]
    public void Real_requests_keep_everything_but_texts(string name)
    {
        byte[] body = Payloads.Captures("bin").Single(c => c.Name == name).Body;
        foreach (string policy in (string[])["mask:all", "hash:all"])
        {
            byte[][] plain = Records(body, null, partitions: 4);
            byte[][] redacted = Records(body, policy, partitions: 4);
            Assert.Equal(plain.Length, redacted.Length);
            Assert.All(plain.Zip(redacted), pair => Assert.Equal(RedactTests.Numbers(TracesData.Parser.ParseFrom(pair.First)), RedactTests.Numbers(TracesData.Parser.ParseFrom(pair.Second))));
        }
    }

    [Theory]
    [MemberData(nameof(Captures))]
    public void Nothing_to_be_taken_out_leaves_the_bytes_as_they_are(string name)
    {
        byte[] body = Payloads.Captures("bin").Single(c => c.Name == name).Body;

        Assert.Equal(Records(body, null), Records(body, "mask:iban"));
    }

    [Fact]
    public void Spans_keep_everything_but_texts_and_nothing_is_left_in_those() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Spans().ToArbitrary(), data =>
        {
            TracesData redacted = Traces(data, "mask:all");
            var matches = new List<PiiMatch>();
            PiiScanner.Find(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', AllTexts(redacted))), PiiKinds.All, matches);
            return RedactTests.Numbers(redacted) == RedactTests.Numbers(data) && matches.Count == 0;
        }));

    [Fact]
    public void Redacting_again_changes_nothing() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Spans().ToArbitrary(), data =>
        {
            TracesData once = Traces(data, "mask:all");
            return Traces(once, "mask:all").Equals(once);
        }));

    [Fact]
    public void A_request_grows_no_more_than_its_masks()
    {
        // The shortest of each kind, one after the other.
        string dense = string.Concat(Enumerable.Repeat("a@b.co 1.1.1.1 +4512345678 ", 5_000));
        byte[] request = Payloads.Request(Payloads.Span(1, 1, ("gen_ai.prompt", dense))).ToByteArray();

        Assert.InRange(Records(request, "hash:all").Sum(r => r.Length), request.Length, request.Length * 6L);
    }

    [Fact]
    public void Redacting_allocates_nothing_in_a_steady_state()
    {
        byte[] request = Payloads.Request([.. Enumerable.Range(0, 50).Select(i => Payloads.Span(i, i, ("gen_ai.operation.name", "chat"), ("gen_ai.input.messages", Texts[5]), ("note", Texts[1])))]).ToByteArray();
        var admission = new Admission(new CollectorLimits(), keepAll: true, 1);
        using var builder = new RecordBuilder();
        using var redactor = new Redactor("0123456789abcdef"u8.ToArray());
        RedactPolicy policy = Policy("mask:all");
        Run();

        Assert.Equal(0, Allocations.Fewest(Run));

        void Run()
        {
            admission.TryRead(Signal.Traces, request);
            redactor.Redact(admission, Signal.Traces, request, policy);
            builder.Build(admission, request, 1, 1 << 24, redactor.Written);
        }
    }

    [Theory]
    [InlineData("blur", "allowed: off, mask, hash or drop_content")]
    [InlineData("mask:email,shoe_size", "\"shoe_size\" is no kind")]
    [InlineData("", "allowed: off")]
    public void A_wrong_policy_is_told_with_what_is_allowed(string text, string problem)
    {
        var result = Assert.Single(new RedactOptions { Default = text }.Validate(new(new object())));

        Assert.Contains(problem, result.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void Hashing_needs_a_key()
    {
        Assert.NotEmpty(new RedactOptions { Default = "hash" }.Validate(new(new object())));
        Assert.NotEmpty(new RedactOptions { Tenants = { ["acme"] = "hash" }, HashKey = "short" }.Validate(new(new object())));
        Assert.NotEmpty(new RedactOptions { Default = "hash", HashKeyFile = "/no/such/file" }.Validate(new(new object())));
        Assert.Empty(new RedactOptions { Default = "hash", HashKey = "sixteen or longer" }.Validate(new(new object())));
    }

    [Fact]
    public void A_tenant_has_its_own_policy_or_the_default_one()
    {
        var policies = new RedactPolicies(new RedactOptions { Default = "off", Tenants = { ["acme"] = "mask:email" } });

        Assert.Null(policies.Of("default"));
        Assert.Equal(PiiKinds.Email, policies.Of("acme")!.Kinds);
    }

    private static IEnumerable<string> AllTexts(TracesData data) => data.Spans().SelectMany(s => s.Attributes).SelectMany(a => AllTexts(a.Value));

    private static IEnumerable<string> AllTexts(AnyValue value) => value.ValueCase switch
    {
        AnyValue.ValueOneofCase.StringValue => [value.StringValue],
        AnyValue.ValueOneofCase.ArrayValue => value.ArrayValue.Values.SelectMany(AllTexts),
        AnyValue.ValueOneofCase.KvlistValue => value.KvlistValue.Values.SelectMany(v => AllTexts(v.Value)),
        _ => [],
    };

    private static Gen<TracesData> Spans() =>
        from spans in Values(3).ListOf(4)
        select Payloads.Request([.. spans.Select((value, i) =>
        {
            Span span = Payloads.Span(i, i, ("gen_ai.operation.name", "chat"));
            span.Attributes.Add(new KeyValue { Key = "value", Value = value });
            span.Attributes.Add(new KeyValue { Key = "count", Value = new AnyValue { IntValue = 4111111111111111 } });
            return span;
        })]);

    private static Gen<AnyValue> Values(int depth)
    {
        Gen<AnyValue> text = Gen.Elements(Texts).ListOf(2).Select(t => new AnyValue { StringValue = t[0].StartsWith('{') || t[0].StartsWith('[') ? t[0] : string.Join(' ', t) });
        return depth == 0 ? text : Gen.OneOf(
            text,
            Gen.Constant(new AnyValue { DoubleValue = 0.5 }),
            Values(depth - 1).ListOf(2).Select(v => new AnyValue { ArrayValue = new ArrayValue { Values = { v } } }),
            Values(depth - 1).Select(v => new AnyValue { KvlistValue = new KeyValueList { Values = { new KeyValue { Key = "k", Value = v } } } }));
    }
}
