using System.Globalization;
using System.Net;
using Telemetry.Hosting.Http;

namespace Telemetry.Alerting.Notify;

/// <summary>Posts to a receiver and says what its answer means.</summary>
internal sealed class HttpSend(ChannelDefinition channel, TimeProvider time) : IDisposable
{
    private const int LongestDetail = 200;
    private const int MostAnswerBytes = 64 * 1024;
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly HttpClient _http = GuardedHttp.Create(channel.AllowPrivate, "allow_private: true on the channel would allow it", MostAnswerBytes);

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    /// <summary>Posts JSON.</summary>
    /// <exception cref="SendException">It was not taken.</exception>
    public async Task PostAsync(Uri url, byte[] json, Action<HttpRequestMessage>? prepare, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(json) };
        request.Content.Headers.ContentType = new("application/json") { CharSet = "utf-8" };
        request.Headers.UserAgent.ParseAdd("telemetry-alerting");
        prepare?.Invoke(request);
        try
        {
            using HttpResponseMessage answer = await _http.SendAsync(request, cancellation);
            if (!answer.IsSuccessStatusCode)
            {
                throw Refusal(answer, await answer.Content.ReadAsStringAsync(cancellation));
            }
        }
        catch (HttpRequestException e)
        {
            throw new SendException(WithoutSecrets($"{url.Host} cannot be reached: {e.Message}"), inner: null, retryAfter: null);
        }
    }

    private SendException Refusal(HttpResponseMessage answer, string body)
    {
        int status = (int)answer.StatusCode;
        string said = WithoutSecrets(MessageBuilder.Clean(body, LongestDetail));
        string text = string.Create(CultureInfo.InvariantCulture, $"the receiver answered {status} {answer.ReasonPhrase}{(said.Length > 0 ? ": " + said : "")}");

        // A wrong key or address is put right by people, and then the notification still counts; one that the receiver does not understand stays that way.
        bool permanent = answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableEntity or HttpStatusCode.UnsupportedMediaType;
        return new SendException(text, permanent, RetryAfter(answer));
    }

    private TimeSpan? RetryAfter(HttpResponseMessage answer)
    {
        TimeSpan? wait = answer.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - time.GetUtcNow(),
            _ => null,
        };
        return wait is not { } w ? null : w < TimeSpan.Zero ? TimeSpan.Zero : w > LongestWait ? LongestWait : w;
    }

    private string WithoutSecrets(string text) => channel.Secrets.Aggregate(text, (t, s) => t.Replace(s, "(secret)", StringComparison.Ordinal));
}
