using System.Text.Json;
using System.Text.RegularExpressions;
using Telemetry.Grafana.Tests.Macros;
using YamlDotNet.Serialization;

namespace Telemetry.Grafana.Tests.Dashboards;

/// <summary>The files as Grafana provisions them, and what keeps eight of them alike.</summary>
public sealed partial class DashboardFileTests
{
    private static readonly IReadOnlyList<Dashboard> All = Dashboard.ReadAll();

    public static TheoryData<string> Names() => [.. All.Select(d => d.Name)];

    [Fact]
    public void Uids_and_titles_are_stable_and_unique()
    {
        Assert.Equal(
            ["telemetry-alerts", "telemetry-cost", "telemetry-models", "telemetry-overview", "telemetry-pipeline", "telemetry-prompts", "telemetry-quality", "telemetry-traces"],
            All.Select(d => d.Uid).Order(StringComparer.Ordinal));
        Assert.Equal(All.Count, All.Select(d => d.Root.GetProperty("title").GetString()).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Panels_have_their_own_id_title_and_place_and_say_what_they_show(string name)
    {
        IReadOnlyList<JsonElement> panels = Find(name).Panels;
        Assert.Equal(panels.Count, panels.Select(p => p.GetProperty("id").GetInt32()).Distinct().Count());
        Assert.All(panels.Where(p => p.GetProperty("type").GetString() != "row"), panel =>
        {
            Assert.True(panel.GetProperty("description").GetString()!.Length >= 8, panel.GetProperty("title").GetString());
            Assert.NotEmpty(panel.GetProperty("targets").EnumerateArray());
        });
        Place[] places = [.. panels.Select(Place.Of)];
        Assert.All(places, p => Assert.True(p.X >= 0 && p.X + p.W <= 24 && p.W > 0 && p.H > 0, p.ToString()));
        for (int i = 0; i < places.Length; i++)
        {
            Assert.DoesNotContain(places[(i + 1)..], other => other.Overlaps(places[i]));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Everything_asks_the_provisioned_data_source_and_no_other_host(string name)
    {
        Dashboard dashboard = Find(name);
        Assert.All(DataSources(dashboard.Root), uid => Assert.Contains(uid, (string[])[ProvisionedUid(), "-- Grafana --"]));
        Assert.DoesNotContain("://", dashboard.Root.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_variable_that_is_used_is_defined_and_every_defined_one_is_used(string name)
    {
        Dashboard dashboard = Find(name);
        string[] defined = [.. dashboard.VariableNames];
        string[] used = [.. dashboard.Queries().SelectMany(q => GrafanaSql.Variables(q.Sql)).Distinct(StringComparer.Ordinal)];
        Assert.Equal(defined.Order(StringComparer.Ordinal), used.Order(StringComparer.Ordinal));
        // A variable that a dashboard does not have stays as it is written, and would be taken for a value.
        Assert.All(LinkVariable().Matches(dashboard.Root.GetRawText()).Select(m => m.Groups[1].Value), v => Assert.Contains(v, defined));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Links_lead_to_dashboards_that_exist_and_set_variables_that_they_have(string name)
    {
        MatchCollection links = Link().Matches(Find(name).Root.GetRawText());
        Assert.All(links, link =>
        {
            Dashboard target = All.Single(d => d.Uid == link.Groups["uid"].Value);
            Assert.All(SetVariable().Matches(link.Value).Select(m => m.Groups[1].Value), v => Assert.Contains(v, target.VariableNames));
        });
    }

    [Fact]
    public void Points_and_rows_of_calls_lead_to_traces()
    {
        string[] without = [.. All.SelectMany(d => d.Panels
            .Where(p => p.GetProperty("type").GetString() is "timeseries" && !p.GetRawText().Contains("/d/telemetry-traces/", StringComparison.Ordinal))
            .Select(p => $"{d.Name}: {p.GetProperty("title").GetString()}"))];
        Assert.All(without, w => Assert.True(w.StartsWith("pipeline:", StringComparison.Ordinal) || w.StartsWith("alerts:", StringComparison.Ordinal), w));
    }

    [Fact]
    public void What_dashboards_share_is_the_same_in_all_of_them()
    {
        Assert.All(All, d => Assert.Equal(["Incidents", "Anomalies"], d.Annotations.Select(a => a.GetProperty("name").GetString())));
        Assert.Single(All.Select(d => d.Root.GetProperty("annotations").GetRawText()).Distinct(StringComparer.Ordinal));
        foreach (IGrouping<string, string> variable in All.SelectMany(d => d.Variables).GroupBy(v => v.GetProperty("name").GetString()!, v => v.GetRawText()))
        {
            Assert.True(variable.Distinct(StringComparer.Ordinal).Count() == 1, $"${variable.Key} is not the same everywhere");
        }
    }

    [Fact]
    public void Dimensions_can_be_chosen_wherever_calls_are_shown()
    {
        string[] dimensions = ["environment", "model", "operation", "prompt", "provider", "service", "tenant", "version"];
        foreach (string name in (string[])["overview", "models", "cost", "prompts", "traces"])
        {
            Assert.Empty(dimensions.Except(Find(name).VariableNames));
            Assert.All(Find(name).Variables.Where(v => v.GetProperty("type").GetString() == "query"), v => Assert.True(v.GetProperty("includeAll").GetBoolean()));
        }
    }

    [Fact]
    public void Compose_mounts_the_dashboards_where_the_provider_looks()
    {
        string provider = File.ReadAllText(Path.Combine(DemoDatabase.RepositoryRoot, "schemas", "grafana", "provisioning", "dashboards", "telemetry.yaml"));
        string path = Regex.Match(provider, @"path: (\S+)").Groups[1].Value;
        string compose = File.ReadAllText(Path.Combine(DemoDatabase.RepositoryRoot, "docker-compose.yml"));
        Assert.Contains($"./schemas/grafana/dashboards:{path}:ro", compose, StringComparison.Ordinal);
        Assert.Contains($"GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH: {path}/overview.json", compose, StringComparison.Ordinal);
    }

    private static Dashboard Find(string name) => All.Single(d => d.Name == name);

    private static string ProvisionedUid()
    {
        string path = Directory.EnumerateFiles(Path.Combine(DemoDatabase.RepositoryRoot, "schemas", "grafana", "provisioning", "datasources")).Single();
        var file = new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(File.ReadAllText(path));
        return (string)((Dictionary<object, object>)((List<object>)file["datasources"]).Single())["uid"];
    }

    private static IEnumerable<string> DataSources(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p => p.Name == "datasource" ? [p.Value.GetProperty("uid").GetString()!] : DataSources(p.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(DataSources),
        _ => [],
    };

    [GeneratedRegex(@"/d/(?<uid>[a-z-]+)/[^""]*", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Link();

    [GeneratedRegex(@"var-(\w+)=", RegexOptions.CultureInvariant)]
    private static partial Regex SetVariable();

    [GeneratedRegex(@"\$\{(\w+):queryparam\}", RegexOptions.CultureInvariant)]
    private static partial Regex LinkVariable();

    private readonly record struct Place(int X, int Y, int W, int H)
    {
        public static Place Of(JsonElement panel)
        {
            JsonElement at = panel.GetProperty("gridPos");
            return new Place(at.GetProperty("x").GetInt32(), at.GetProperty("y").GetInt32(), at.GetProperty("w").GetInt32(), at.GetProperty("h").GetInt32());
        }

        public bool Overlaps(Place other) => X < other.X + other.W && other.X < X + W && Y < other.Y + other.H && other.Y < Y + H;
    }
}
