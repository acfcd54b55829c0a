using System.Text.RegularExpressions;
using Telemetry.ClickHouse.Migrations;

namespace Telemetry.Detection.Tests;

/// <summary>One list of refusals, in code and in the schema.</summary>
public sealed class RefusalReasonsTests
{
    [Fact]
    public void The_rollups_count_the_same_reasons()
    {
        Migration migration = Assert.Single(Migrations.LoadEmbedded(), m => m.Name.Contains("refusals", StringComparison.Ordinal));
        string list = Assert.Single(Regex.Matches(string.Join('\n', migration.Statements), @"hasAny\([^\[]*\[([^\]]*)\]")).Groups[1].Value;
        Assert.Equal(RefusalReasons.All, Regex.Matches(list, "'([^']*)'").Select(m => m.Groups[1].Value));
    }
}
