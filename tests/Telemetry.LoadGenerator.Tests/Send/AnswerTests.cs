using System.Text;
using Telemetry.LoadGenerator.Send;

namespace Telemetry.LoadGenerator.Tests.Send;

/// <summary>Rejected spans are seen in every encoding of the answer.</summary>
public sealed class AnswerTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("0A03120178", 0)] // partial_success { error_message: "x" }
    [InlineData("0A020807", 7)] // partial_success { rejected_spans: 7 }
    [InlineData("0A0608AC02120178", 300)]
    public void Rejected_spans_are_read_from_protobuf(string answer, long rejected) => Assert.Equal(rejected, PartialSuccess.RejectedSpans(Convert.FromHexString(answer)));

    [Theory]
    [InlineData("{}", 0)]
    [InlineData("""{"partialSuccess":{"rejectedSpans":"12","errorMessage":"x"}}""", 12)]
    [InlineData("""{"partialSuccess":{"rejectedSpans": 3}}""", 3)]
    public void Rejected_spans_are_read_from_json(string answer, long rejected) => Assert.Equal(rejected, PartialSuccess.RejectedSpansJson(Encoding.UTF8.GetBytes(answer)));
}
