using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using Telemetry.Alerting.Track;

namespace Telemetry.Alerting.Notify.Channels;

/// <summary>Mail over SMTP, as text and as HTML. The Message-ID stays the same for every attempt.</summary>
internal sealed class EmailChannel(ChannelDefinition channel, MessageBuilder messages) : IChannel
{
    private const int FirstPermanentStatus = 550;

    /// <inheritdoc />
    public bool TakesDigests => true;

    /// <inheritdoc />
    public void Dispose()
    {
    }

    /// <inheritdoc />
    public async Task SendAsync(IReadOnlyList<Notification> notifications, CancellationToken cancellation)
    {
        using var client = new SmtpClient(channel.Host, channel.Port) { EnableSsl = channel.Tls };
        if (channel.User.Length > 0)
        {
            client.Credentials = new NetworkCredential(channel.User, channel.Secret);
        }

        using MailMessage mail = Build(notifications);
        try
        {
            await client.SendMailAsync(mail, cancellation);
        }
        catch (SmtpException e)
        {
            string text = channel.Secrets.Aggregate($"{channel.Host}: {e.Message} {e.InnerException?.Message}", (t, s) => t.Replace(s, "(secret)", StringComparison.Ordinal));
            throw new SendException(text, (int)e.StatusCode is FirstPermanentStatus or (int)SmtpStatusCode.MailboxNameNotAllowed);
        }
    }

    private MailMessage Build(IReadOnlyList<Notification> notifications)
    {
        Message message = messages.Build(notifications);
        string id = notifications.Count == 1 ? notifications[0].Id : IncidentMachine.Hash(string.Join(',', notifications.Select(n => n.Id)));
        var mail = new MailMessage { From = new MailAddress(channel.From), Subject = message.Title, SubjectEncoding = Encoding.UTF8 };
        foreach (string to in channel.To)
        {
            mail.To.Add(to);
        }

        mail.Headers.Add("Message-ID", $"<{id}@{new MailAddress(channel.From).Host}>");
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        mail.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(Plain(message), Encoding.UTF8, MediaTypeNames.Text.Plain));
        mail.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(Html(message), Encoding.UTF8, MediaTypeNames.Text.Html));
        return mail;
    }

    private static string Plain(Message message)
    {
        var text = new StringBuilder(message.Title).Append("\r\n");
        foreach (MessagePart part in message.Incidents)
        {
            text.Append("\r\n").Append(part.Headline).Append("\r\n").Append(part.Text).Append("\r\n");
            foreach ((string name, string value) in part.Facts.Concat(part.Links))
            {
                text.Append("  ").Append(name).Append(": ").Append(value).Append("\r\n");
            }
        }

        return text.ToString();
    }

    /// <summary>The message as HTML, with everything in it as text.</summary>
    public static string Html(Message message)
    {
        var html = new StringBuilder("<!DOCTYPE html><html><body style=\"font-family:sans-serif\"><h2>").Append(WebUtility.HtmlEncode(message.Title)).Append("</h2>");
        foreach (MessagePart part in message.Incidents)
        {
            html.Append("<h3>").Append(WebUtility.HtmlEncode(part.Headline)).Append("</h3><p>").Append(WebUtility.HtmlEncode(part.Text)).Append("</p><table>");
            foreach ((string name, string value) in part.Facts)
            {
                html.Append("<tr><td>").Append(WebUtility.HtmlEncode(name)).Append("</td><td>").Append(WebUtility.HtmlEncode(value)).Append("</td></tr>");
            }

            html.Append("</table><p>");
            foreach ((string name, string link) in part.Links)
            {
                html.Append("<a href=\"").Append(WebUtility.HtmlEncode(link)).Append("\">").Append(WebUtility.HtmlEncode(name)).Append("</a> ");
            }

            html.Append("</p>");
        }

        return html.Append("</body></html>").ToString();
    }
}
