namespace Telemetry.Screening.Tests.Labelled;

/// <summary>What docs/privacy.md promises of each kind, on a slice of the labelled set.</summary>
public sealed class QualityTests
{
    private const int Texts = 20_000;

    private static readonly Lazy<Quality> Measured = new(() =>
    {
        var set = new LabelledSet(20261121);
        var quality = new Quality();
        for (int i = 0; i < Texts; i++)
        {
            quality.Add(set.Next());
        }

        return quality;
    });

    [Theory]
    [InlineData(PiiKind.Email, 0.99, 0.99)]
    [InlineData(PiiKind.Phone, 0.97, 0.95)]
    [InlineData(PiiKind.PaymentCard, 0.97, 0.99)]
    [InlineData(PiiKind.Iban, 0.99, 0.99)]
    [InlineData(PiiKind.NationalId, 0.97, 0.97)]
    [InlineData(PiiKind.IpAddress, 0.99, 0.97)]
    [InlineData(PiiKind.Secret, 0.98, 0.98)]
    public void Precision_and_recall_hold(PiiKind kind, double precision, double recall)
    {
        Quality quality = Measured.Value;
        string examples = string.Join('\n', quality.Examples);
        Assert.True(quality.Labels(kind) > 500);
        Assert.True(quality.Precision(kind) >= precision, $"precision {quality.Precision(kind):F4}\n{examples}");
        Assert.True(quality.Recall(kind) >= recall, $"recall {quality.Recall(kind):F4}\n{examples}");
    }

    [Fact]
    public void The_same_seed_gives_the_same_texts() => Assert.Equal(new LabelledSet(7).Next().Text, new LabelledSet(7).Next().Text);
}
