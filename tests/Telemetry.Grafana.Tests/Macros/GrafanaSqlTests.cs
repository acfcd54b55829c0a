namespace Telemetry.Grafana.Tests.Macros;

/// <summary>The expansion must refuse what Grafana would pass on as text, or the other tests could not fail.</summary>
public sealed class GrafanaSqlTests
{
    private static readonly Selection Chosen = Selection.All(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000), TimeSpan.FromHours(6)).With("service", "a'b", "c").With("search", "it's (x)");

    [Fact]
    public void Macros_of_time_become_what_the_plugin_makes_of_them() => Assert.Equal(
        "toStartOfInterval(toDateTime(ts), INTERVAL 120 second) WHERE ts >= toDateTime(1799978400) AND ts <= toDateTime(1800000000) AND 120 < 3600",
        GrafanaSql.Expand("$__timeInterval(ts) WHERE $__timeFilter(ts) AND $__interval_s < 3600", Chosen));

    [Fact]
    public void All_drops_the_condition_and_values_are_quoted() => Assert.Equal(
        "1=1 AND service IN ('a\\'b','c')",
        GrafanaSql.Expand("$__conditionalAll(tenant IN (${tenant:singlequote}), $tenant) AND $__conditionalAll(service IN (${service:singlequote}), $service)", Chosen));

    [Fact]
    public void Typed_text_is_encoded() => Assert.Equal("decodeURLComponent('it%27s%20%28x%29')", GrafanaSql.Expand("decodeURLComponent('${search:percentencode}')", Chosen));

    [Theory]
    [InlineData("SELECT $__timeFliter(ts)")]
    [InlineData("SELECT $__timeFilter")]
    [InlineData("SELECT '$service'")]
    [InlineData("SELECT ${service:csv}")]
    [InlineData("SELECT ${tenant:singlequote}")]
    [InlineData("SELECT $__conditionalAll(tenant IN (1, $tenant")]
    public void What_is_misspelt_unquoted_or_undefined_is_an_error(string sql) => Assert.Throws<FormatException>(() => GrafanaSql.Expand(sql, Chosen));
}
