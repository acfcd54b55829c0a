namespace Telemetry.Grafana.Tests.Dashboards;

/// <summary>What Grafana needs of an answer in order to draw it.</summary>
internal static class QueryShape
{
    private static readonly string[] TraceColumns = ["traceID", "spanID", "parentSpanID", "serviceName", "operationName", "startTime", "duration", "tags", "serviceTags"];

    public static void Check(DashboardQuery query, Answer answer)
    {
        switch (query.Kind)
        {
            case "timeseries":
                CheckSeries(query, answer);
                break;
            case "stat":
                Assert.Single(answer.Rows);
                Assert.Single(answer.Columns);
                Assert.True(Answer.IsNumber(answer.Columns[0].Type), $"{query}: {answer.Columns[0].Type} is no number");
                Assert.True(answer.Rows[0][0].ValueKind != System.Text.Json.JsonValueKind.Null, $"{query}: NULL");
                break;
            case "traces":
                Assert.Equal(TraceColumns, answer.Columns.Select(c => c.Name));
                Assert.Equal(4, answer.Rows.Count);
                break;
            case "annotation":
                Assert.True(Answer.IsTime(answer.TypeOf("time")!) && Answer.IsTime(answer.TypeOf("timeEnd")!), $"{query}: time and timeEnd are needed");
                Assert.NotNull(answer.TypeOf("text"));
                break;
            case "variable":
                Assert.Single(answer.Columns);
                Assert.All(answer.Rows, row => Assert.NotEqual("", row[0].GetString()));
                break;
            default:
                Assert.Equal("table", query.Kind);
                Assert.True(answer.Columns.Count >= 2, $"{query}: a table of one column");
                break;
        }
    }

    private static void CheckSeries(DashboardQuery query, Answer answer)
    {
        Assert.Equal("time", answer.Columns[0].Name);
        Assert.True(Answer.IsTime(answer.Columns[0].Type), $"{query}: {answer.Columns[0].Type} is no time");
        Assert.Contains(answer.Columns.Skip(1), c => Answer.IsNumber(c.Type));
        Assert.All(answer.Columns.Skip(1), c => Assert.True(Answer.IsNumber(c.Type) || c.Type.Contains("String", StringComparison.Ordinal), $"{query}: {c.Name} is {c.Type}, neither number nor label"));
        Assert.Contains(answer.Rows, row => row.Where((value, i) => Answer.IsNumber(answer.Columns[i].Type) && value.ValueKind != System.Text.Json.JsonValueKind.Null).Any());
        // Grafana turns long rows into series only when they come in the order of time.
        string[] times = [.. answer.Rows.Select(r => r[0].GetString()!)];
        Assert.Equal(times.Order(StringComparer.Ordinal), times);
    }
}
