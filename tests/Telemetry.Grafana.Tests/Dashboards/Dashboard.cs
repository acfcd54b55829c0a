using System.Text.Json;

namespace Telemetry.Grafana.Tests.Dashboards;

/// <summary>One dashboard of <c>schemas/grafana/dashboards</c>.</summary>
public sealed class Dashboard
{
    private Dashboard(string name, JsonElement root)
    {
        Name = name;
        Root = root;
        Panels = [.. root.GetProperty("panels").EnumerateArray()];
        Variables = [.. root.GetProperty("templating").GetProperty("list").EnumerateArray()];
        Annotations = [.. root.GetProperty("annotations").GetProperty("list").EnumerateArray().Where(a => !a.TryGetProperty("builtIn", out _))];
    }

    /// <summary>File name without extension.</summary>
    public string Name { get; }

    public JsonElement Root { get; }

    public string Uid => Root.GetProperty("uid").GetString()!;

    public IReadOnlyList<JsonElement> Panels { get; }

    public IReadOnlyList<JsonElement> Variables { get; }

    public IReadOnlyList<JsonElement> Annotations { get; }

    public IEnumerable<string> VariableNames => Variables.Select(v => v.GetProperty("name").GetString()!);

    public static string Directory => Path.Combine(DemoDatabase.RepositoryRoot, "schemas", "grafana", "dashboards");

    public static IReadOnlyList<Dashboard> ReadAll() =>
        [.. System.IO.Directory.EnumerateFiles(Directory, "*.json").Order(StringComparer.Ordinal).Select(f => new Dashboard(Path.GetFileNameWithoutExtension(f), JsonDocument.Parse(File.ReadAllText(f)).RootElement))];

    /// <summary>Every query of the dashboard, whoever asks it.</summary>
    public IEnumerable<DashboardQuery> Queries() =>
    [
        .. Panels.Where(p => p.TryGetProperty("targets", out _)).SelectMany(PanelQueries),
        .. Variables.Where(v => v.GetProperty("type").GetString() == "query").Select(v => new DashboardQuery(Name, "variable " + v.GetProperty("name").GetString(), "variable", "table", v.GetProperty("query").GetString()!)),
        .. Annotations.Select(a => new DashboardQuery(Name, "annotation " + a.GetProperty("name").GetString(), "annotation", "table", a.GetProperty("target").GetProperty("rawSql").GetString()!)),
    ];

    private IEnumerable<DashboardQuery> PanelQueries(JsonElement panel) => panel.GetProperty("targets").EnumerateArray().Select(t => new DashboardQuery(
        Name, panel.GetProperty("title").GetString()!, panel.GetProperty("type").GetString()!, t.GetProperty("queryType").GetString()!, t.GetProperty("rawSql").GetString()!));
}

/// <summary>One query of a dashboard.</summary>
/// <param name="Dashboard">Name of the dashboard.</param>
/// <param name="Title">Title of the panel, or which variable or annotation.</param>
/// <param name="Kind">Type of the panel, <c>variable</c> or <c>annotation</c>.</param>
/// <param name="Shape"><c>timeseries</c>, <c>table</c> or <c>traces</c>.</param>
/// <param name="Sql">As it stands in the file, with macros.</param>
public sealed record DashboardQuery(string Dashboard, string Title, string Kind, string Shape, string Sql)
{
    public override string ToString() => $"{Dashboard}: {Title}";
}
