using Google.Protobuf;
using Telemetry.Otlp;
using Telemetry.Processor.Attribution;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Tests.Stages;

namespace Telemetry.Processor.Tests.Attribution;

/// <summary>What one tenant sends never changes what is known of another, whatever ids it uses.</summary>
public class TenantTests
{
    [Fact]
    public void A_span_with_another_tenants_ids_is_no_duplicate_of_its_span()
    {
        var run = new StageRun();
        byte[] span = StageRun.Record(Call(2, 0));
        foreach (string tenant in (string[])["globex", "acme", "default"])
        {
            Assert.Null(run.Run(Of(tenant, span)));
            Assert.Equal((false, true, tenant), (run.Batch.Items[0].IsDropped, run.Batch.Items[0].IsCall, Text(run.Batch.Items[0])));
        }

        Assert.Null(run.Run(span));
        Assert.True(run.Batch.Items[0].IsDropped);
        Assert.Null(run.Run(Of("acme", span)));
        Assert.True(run.Batch.Items[0].IsDropped);
    }

    [Fact]
    public void A_span_below_another_tenants_wrapper_takes_nothing_of_it_back()
    {
        var run = new StageRun();
        run.Run(Of("acme", StageRun.Record(Wrapper(1))));
        Assert.True(run.Batch.Items[0].IsCall);
        run.Run(Of("globex", StageRun.Record(Call(2, 1))));
        Assert.Empty(run.Attribute.Decisions.Corrections);
        run.Run(Of("acme", StageRun.Record(Call(2, 1))));
        Correction back = Assert.Single(run.Attribute.Decisions.Corrections);
        Assert.Equal("acme", back.Tenant);
        Assert.Equal(back, Assert.Single(BatchDecisions.Parse(run.Attribute.Decisions.ToString()).Corrections));
    }

    [Fact]
    public void A_note_from_before_there_were_tenants_is_of_the_default_one()
    {
        Correction correction = Assert.Single(BatchDecisions.Parse("3w;00000000000000000000000000000abc:0000000000000001:w").Corrections);
        Assert.Equal("default", correction.Tenant);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../etc")]
    [InlineData("a b")]
    [InlineData("acme'--")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789")]
    public void A_record_with_a_name_that_is_none_goes_to_the_dead_letters(string tenant)
    {
        var run = new StageRun();
        Assert.Equal("The record's tenant is not valid", run.Run(Of(tenant, StageRun.Record(Call(2, 0)))));
        Assert.Equal(0, run.Batch.Count);
    }

    [Fact]
    public void The_tenant_counts_wherever_its_field_stands_in_the_record()
    {
        var run = new StageRun();
        byte[] spans = StageRun.Record(Call(2, 0));
        Assert.Null(run.Run((byte[])[.. spans, .. Of("acme", [])]));
        Assert.Equal("acme", Text(run.Batch.Items[0]));
    }

    private static string Text(SpanItem item) => System.Text.Encoding.UTF8.GetString(item.Span.Tenant.Span);

    private static byte[] Of(string tenant, byte[] record)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
        {
            output.WriteTag(50_001, WireFormat.WireType.LengthDelimited);
            output.WriteString(tenant);
        }

        return [.. bytes.ToArray(), .. record];
    }

    private static Span Call(int id, int parent) => TraceSpans.Make(id, parent, "chat", 10, 20, input: 10);

    private static Span Wrapper(int id) => TraceSpans.Make(id, 0, "invoke_agent", 0, 30, input: 10);
}
