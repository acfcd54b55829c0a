using System.Net.Mail;
using Telemetry.Alerting.Read;

namespace Telemetry.Alerting.Notify;

/// <summary>Reads the channels file. Secrets stand in it by name only: <c>${env:NAME}</c> or <c>file:/path</c>.</summary>
internal static class ChannelFile
{
    private const string SecretForm = "${env:NAME} or file:/path, with something in it; secrets do not stand in this file";

    private static readonly string[] s_types = ["slack", "pagerduty", "alertmanager", "webhook", "email", "teams", "log"];

    /// <summary>The channels; a log channel alone when there is no file.</summary>
    /// <exception cref="RuleFileException">Something is wrong in it.</exception>
    /// <exception cref="IOException">It is missing or cannot be read.</exception>
    public static IReadOnlyList<ChannelDefinition> Read(string path)
    {
        if (path.Length == 0)
        {
            return [new ChannelDefinition { Name = "log", Type = "log", IsDefault = true }];
        }

        var errors = new List<string>();
        var channels = new List<ChannelDefinition>();
        if (new YamlFile(path, errors).Parse(File.ReadAllText(path)) is { } top)
        {
            foreach (YamlFields fields in top.Items("channels"))
            {
                ChannelDefinition channel = Read(fields);
                if (channels.Exists(c => c.Name == channel.Name))
                {
                    fields.File.NoteAt(fields.Node, $"a channel \"{channel.Name}\" is there already; names must be unique");
                }

                channels.Add(channel);
            }

            top.RefuseUnknown();
        }

        return errors.Count == 0 ? channels : throw new RuleFileException(errors);
    }

    private static ChannelDefinition Read(YamlFields fields)
    {
        var secrets = new List<string>();
        string type = fields.Required("type", v => s_types.Contains(v) ? v : null, string.Join(", ", s_types));
        var channel = new ChannelDefinition
        {
            Name = fields.Required("name", RuleReader.Name, "1 to 100 letters, digits, dots, dashes and underscores"),
            Type = type,
            IsDefault = Flag(fields, "default") ?? false,
            Severities = fields.List("severities", Severity, string.Join(", ", Severities.All)),
            MaxPerMinute = (int)(fields.Number("max_per_minute", 1, 10_000) ?? 30),
            Timeout = fields.Duration("timeout", TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(2)) ?? TimeSpan.FromSeconds(10),
            GiveUpAfter = fields.Duration("give_up_after", TimeSpan.FromSeconds(1), TimeSpan.FromDays(7)) ?? TimeSpan.FromDays(1),
            AllowPrivate = Flag(fields, "allow_private") ?? false,
        };
        channel = ReadReceiver(fields, channel, secrets);
        fields.RefuseUnknown();
        return channel with { Secrets = secrets };
    }

    private static string? Severity(string text) => Severities.All.Contains(text) ? text : null;

    private static ChannelDefinition ReadReceiver(YamlFields fields, ChannelDefinition channel, List<string> secrets) => channel.Type switch
    {
        // The address of these is itself the secret.
        "slack" or "teams" => channel with { Url = Link(fields, SecretText(fields, "url", secrets, required: true)) },
        "pagerduty" => channel with { Secret = SecretText(fields, "routing_key", secrets, required: true), Url = PlainLink(fields, required: false) ?? new Uri("https://events.pagerduty.com/v2/enqueue") },
        "webhook" => channel with { Url = PlainLink(fields, required: true), Secret = SecretText(fields, "secret", secrets, required: false) },
        "alertmanager" => channel with { Url = PlainLink(fields, required: true), User = fields.Text("user") ?? "", Secret = SecretText(fields, "password", secrets, required: false) },
        "email" => ReadMail(fields, channel, secrets),
        _ => channel,
    };

    private static ChannelDefinition ReadMail(YamlFields fields, ChannelDefinition channel, List<string> secrets)
    {
        IReadOnlyList<string> to = fields.List("to", v => MailAddress.TryCreate(v, out _) ? v : null, "mail addresses");
        if (to.Count == 0)
        {
            fields.File.NoteAt(fields.Node, "to is missing; allowed: mail addresses");
        }

        return channel with
        {
            Host = fields.Required("host", v => Uri.CheckHostName(v) != UriHostNameType.Unknown ? v : null, "a host name or address"),
            Port = (int)(fields.Number("port", 1, 65535) ?? 587),
            Tls = Flag(fields, "tls") ?? true,
            User = fields.Text("user") ?? "",
            Secret = SecretText(fields, "password", secrets, required: false),
            From = fields.Required("from", v => MailAddress.TryCreate(v, out _) ? v : null, "a mail address"),
            To = to,
        };
    }

    private static bool? Flag(YamlFields fields, string name) => fields.Take(name, v => v switch { "true" => true, "false" => false, _ => (bool?)null }, "true, false");

    private static Uri? PlainLink(YamlFields fields, bool required)
    {
        string text = required ? fields.Required("url", v => v.Length > 0 ? v : null, "an http or https address") : fields.Text("url") ?? "";
        return text.Length == 0 ? null : Link(fields, text);
    }

    private static Uri? Link(YamlFields fields, string text)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https")
        {
            return url;
        }

        if (text.Length > 0)
        {
            fields.File.NoteAt(fields.Find("url")!, "url is no http or https address (its value is not shown)");
        }

        return null;
    }

    // What the environment or a file says is noted as a secret; what is wrong with it is told without its value.
    private static string SecretText(YamlFields fields, string name, List<string> secrets, bool required)
    {
        if (fields.Find(name) is not YamlDotNet.RepresentationModel.YamlScalarNode { Value: { } text } node)
        {
            if (required)
            {
                fields.File.NoteAt(fields.Node, $"{name} is missing; allowed: {SecretForm}");
            }

            return "";
        }

        string? value = null;
        if (text.StartsWith("${env:", StringComparison.Ordinal) && text.EndsWith('}'))
        {
            value = Environment.GetEnvironmentVariable(text["${env:".Length..^1]);
        }
        else if (text.StartsWith("file:", StringComparison.Ordinal) && File.Exists(text["file:".Length..]))
        {
            value = File.ReadAllText(text["file:".Length..]).Trim();
        }

        if (string.IsNullOrEmpty(value))
        {
            fields.File.NoteAt(node, $"{name}: allowed: {SecretForm}");
            return "";
        }

        secrets.Add(value);
        return value;
    }
}
