using System.Text;
using System.Text.Json;
using Telemetry.Console.Api;

namespace Telemetry.Console.Tests.Api;

/// <summary>Rows in other formats: the same rows, streamed, and harmless to spreadsheets.</summary>
public sealed class ExportTests(ConsoleFixture console)
{
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("csv", "text/csv")]
    [InlineData("jsonl", "application/x-ndjson")]
    [InlineData("parquet", "application/vnd.apache.parquet")]
    [InlineData("arrow", "application/vnd.apache.arrow.stream")]
    public async Task A_format_is_asked_for_by_name_or_by_accept(string format, string contentType)
    {
        using HttpResponseMessage byName = await GetAsync($"/models?from=now-10d&format={format}");
        using HttpResponseMessage byAccept = await GetAsync("/models?from=now-10d", $"application/unknown, {contentType};q=0.9, application/json;q=0.1");

        Assert.Equal(contentType, byName.Content.Headers.ContentType!.MediaType);
        Assert.Equal(contentType, byAccept.Content.Headers.ContentType!.MediaType);
        Assert.Equal("attachment", byName.Content.Headers.ContentDisposition!.DispositionType);
        Assert.NotEmpty(await byName.Content.ReadAsByteArrayAsync(_cancellation));
    }

    [Theory]
    [InlineData("parquet", "Parquet")]
    [InlineData("arrow", "ArrowStream")]
    public async Task A_binary_file_has_the_rows_of_the_answer(string format, string reader)
    {
        using HttpResponseMessage response = await GetAsync($"/costs?from=now-2d&to=now-1d&by=model&format={format}");
        byte[] file = await response.Content.ReadAsByteArrayAsync(_cancellation);
        JsonElement rows = (await console.GetAsync("/costs?from=now-2d&to=now-1d&by=model")).GetProperty("data");

        // Read back by the engine itself, as the body of an insert.
        string table = "export_" + format;
        await console.Writer.ExecuteAsync($"CREATE TABLE {table} (model String, calls Int64, cost_usd Nullable(Decimal(38, 12))) ENGINE = Memory", null, _cancellation);
        using var content = new ByteArrayContent(file);
        using HttpResponseMessage inserted = await console.Http.PostAsync(
            new Uri(console.Writer.Options.Url, $"/?database=telemetry&input_format_parquet_allow_missing_columns=1&input_format_skip_unknown_fields=1&query={Uri.EscapeDataString($"INSERT INTO {table} FORMAT {reader}")}"), content, _cancellation);
        Assert.True(inserted.IsSuccessStatusCode, await inserted.Content.ReadAsStringAsync(_cancellation));

        Assert.Equal(rows.GetArrayLength().ToString(System.Globalization.CultureInfo.InvariantCulture), await console.AskOneAsync($"SELECT count() FROM {table}"));
        Assert.Equal(rows.EnumerateArray().Sum(r => r.GetProperty("calls").GetInt64()).ToString(System.Globalization.CultureInfo.InvariantCulture), await console.AskOneAsync($"SELECT sum(calls) FROM {table}"));
    }

    [Fact]
    public async Task Lines_of_json_have_money_as_text_and_times_in_rfc_3339()
    {
        string[] lines = await LinesAsync("/calls?from=now-2h&status=ok&provider=openai&format=jsonl&limit=3");

        Assert.Equal(3, lines.Length);
        JsonElement row = JsonDocument.Parse(lines[0]).RootElement;
        Assert.Equal(JsonValueKind.String, row.GetProperty("cost_usd").ValueKind);
        Assert.EndsWith("Z", row.GetProperty("ts").GetString(), StringComparison.Ordinal);
        Assert.False(row.TryGetProperty("_key", out _));
    }

    [Fact]
    public async Task An_export_of_calls_has_more_rows_than_a_page()
    {
        string[] lines = await LinesAsync("/calls?from=now-10d&format=csv");

        string range = await console.AskOneAsync("SELECT count() FROM llm_calls_now WHERE ts >= now() - INTERVAL 10 DAY");
        Assert.InRange(lines.Length - 1, long.Parse(range, System.Globalization.CultureInfo.InvariantCulture) - 60, long.Parse(range, System.Globalization.CultureInfo.InvariantCulture) + 60);
    }

    [Theory]
    [InlineData("=cmd|' /C calc'!A0")]
    [InlineData("+1+1")]
    [InlineData("-2+3")]
    [InlineData("@SUM(A1)")]
    [InlineData("\tx")]
    [InlineData("\rx")]
    public async Task A_cell_that_a_spreadsheet_would_run_is_a_text(string service)
    {
        await console.Writer.ExecuteAsync(
            "INSERT INTO llm_calls (ts, trace_id, span_id, tenant, service, status, tokens_source) SELECT now64(9) - INTERVAL 1 MINUTE, lower(hex(MD5({s:String}))), 'abcdefabcdefabcd', 'formula', {s:String}, 'ok', 'reported'",
            new Dictionary<string, object?> { ["s"] = service }, _cancellation);

        using HttpResponseMessage table = await GetAsync($"/costs?from=now-1h&by=service&tenant=formula&service={Uri.EscapeDataString(service)}&format=csv");
        using HttpResponseMessage sql = await GetAsync($"/sql?format=csv&query={Uri.EscapeDataString("SELECT DISTINCT service FROM llm_calls WHERE service = {s:String}")}&param_s={Uri.EscapeDataString(service)}");
        using HttpResponseMessage lines = await GetAsync($"/costs?from=now-1h&by=service&tenant=formula&service={Uri.EscapeDataString(service)}&format=jsonl");

        Assert.Contains($"\n\"'{service.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", await table.Content.ReadAsStringAsync(_cancellation), StringComparison.Ordinal);
        Assert.Contains($"\n\"'{service}\"", await sql.Content.ReadAsStringAsync(_cancellation), StringComparison.Ordinal);
        Assert.Equal(service, JsonDocument.Parse(await lines.Content.ReadAsStringAsync(_cancellation)).RootElement.GetProperty("service").GetString());
    }

    [Fact]
    public async Task What_is_wrong_with_an_export_is_a_problem_too()
    {
        using HttpResponseMessage response = await GetAsync("/sql?query=SELECT+nonsense&format=csv");

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal(Problem.ContentType, response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task An_export_that_fails_on_its_way_breaks_off_rather_than_ends()
    {
        string query = Uri.EscapeDataString("SELECT throwIf(number = 900000, 'broken') AS x FROM numbers(1000000)");

        await Assert.ThrowsAnyAsync<HttpRequestException>(async () =>
        {
            using HttpResponseMessage response = await GetAsync($"/sql?query={query}&format=jsonl");
            await response.Content.ReadAsByteArrayAsync(_cancellation);
        });
    }


    private async Task<string[]> LinesAsync(string path)
    {
        using HttpResponseMessage response = await GetAsync(path);
        string text = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(_cancellation));
        Assert.True(response.IsSuccessStatusCode, text);
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(console.Url, "/api/v1" + path));
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        return await console.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _cancellation);
    }
}
