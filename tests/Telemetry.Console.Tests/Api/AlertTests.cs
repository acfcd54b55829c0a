using System.Text.Json;

namespace Telemetry.Console.Tests.Api;

/// <summary>What people say about incidents: taken from programs and from our own pages, from nobody else.</summary>
public sealed class AlertTests(ConsoleFixture console)
{
    [Fact]
    public async Task An_acknowledgement_is_where_the_alerting_looks_for_it()
    {
        (int status, JsonElement answer) = await console.SendAsync(HttpMethod.Post, "/alerts/incident-1/acknowledge", """{"by": "ada", "comment": "looking"}""");

        Assert.True(status == 200, $"{status} {answer}");
        Assert.Equal("ada looking", await console.AskOneAsync("SELECT concat(by, ' ', comment) FROM alert_acknowledgements WHERE incident_id = 'incident-1'"));
    }

    [Theory]
    [InlineData("/alerts/incident-4/acknowledge", """{"by": "ada"}""", 409)]
    [InlineData("/alerts/incident/acknowledge", """{"by": "ada"}""", 404)]
    [InlineData("/alerts/incident-1/acknowledge", """{"by": ""}""", 400)]
    [InlineData("/alerts/incident-1/acknowledge", """{"comment": "x"}""", 400)]
    [InlineData("/alerts/incident-1/acknowledge", "[]", 400)]
    [InlineData("/alerts/incident-1/acknowledge", "{", 400)]
    [InlineData("/silences", """{"matchers": {}, "for": "1h", "by": "ada", "comment": "x"}""", 400)]
    [InlineData("/silences", """{"matchers": {"service": "*"}, "for": "1h", "by": "ada", "comment": "x"}""", 400)]
    [InlineData("/silences", """{"matchers": {"service": 5}, "for": "1h", "by": "ada", "comment": "x"}""", 400)]
    [InlineData("/silences", """{"matchers": {"service": "checkout"}, "for": "91d", "by": "ada", "comment": "x"}""", 400)]
    [InlineData("/silences", """{"matchers": {"service": "checkout"}, "for": "1h", "by": "ada"}""", 400)]
    public async Task What_cannot_be_said_is_refused(string path, string body, int expected)
    {
        (int status, JsonElement answer) = await console.SendAsync(HttpMethod.Post, path, body);

        Assert.True(status == expected, $"{status} {answer}");
    }

    [Fact]
    public async Task A_silence_is_listed_until_it_is_ended()
    {
        (int status, JsonElement made) = await console.SendAsync(HttpMethod.Post, "/silences", """{"matchers": {"service": "check*", "rule": "ttft"}, "for": "30m", "by": "ada", "comment": "deploy"}""");
        string id = made.GetProperty("silence_id").GetString()!;

        Assert.Equal(201, status);
        JsonElement listed = (await console.GetAsync("/silences")).GetProperty("data").EnumerateArray().Single(s => s.GetProperty("silence_id").GetString() == id);
        Assert.Equal("check*", listed.GetProperty("matchers").GetProperty("service").GetString());
        Assert.Equal(200, (await console.SendAsync(HttpMethod.Delete, $"/silences/{id}", null)).Status);
        Assert.DoesNotContain((await console.GetAsync("/silences")).GetProperty("data").EnumerateArray(), s => s.GetProperty("silence_id").GetString() == id);
        Assert.Equal(404, (await console.SendAsync(HttpMethod.Delete, $"/silences/{id}", null)).Status);
    }

    [Fact]
    public async Task A_page_of_another_site_changes_nothing()
    {
        const string Body = """{"by": "mallory"}""";
        (int foreign, _) = await console.SendAsync(HttpMethod.Post, "/alerts/incident-0/acknowledge", Body, null, ("Origin", "https://evil.example"));
        (int hidden, _) = await console.SendAsync(HttpMethod.Post, "/alerts/incident-0/acknowledge", Body, null, ("Origin", "null"));
        using var form = new StringContent(Body, System.Text.Encoding.UTF8, "text/plain");
        using HttpResponseMessage simple = await console.Http.PostAsync(new Uri(console.Url, "/api/v1/alerts/incident-0/acknowledge"), form, TestContext.Current.CancellationToken);
        (int own, _) = await console.SendAsync(HttpMethod.Post, "/alerts/incident-0/acknowledge", """{"by": "ada"}""", null, ("Origin", console.Url.GetLeftPart(UriPartial.Authority)));

        Assert.Equal((403, 403, 415, 200), (foreign, hidden, (int)simple.StatusCode, own));
        Assert.Equal("0", await console.AskOneAsync("SELECT count() FROM alert_acknowledgements WHERE by = 'mallory'"));
    }

    [Fact]
    public async Task Switched_off_nothing_is_taken()
    {
        Uri deaf = await console.StartAsync(new ConsoleOptions { AllowWrites = false });

        Assert.Equal(403, (await console.SendAsync(HttpMethod.Post, "/alerts/incident-0/acknowledge", """{"by": "ada"}""", deaf)).Status);
        Assert.Equal(403, (await console.SendAsync(HttpMethod.Delete, "/silences/s1", null, deaf)).Status);
    }
}
