using System.CommandLine.Parsing;

namespace Telemetry.CommandLine;

/// <summary>Reads URLs from command lines.</summary>
internal static class UrlOption
{
    /// <summary>An http or https URL; anything else is an error of the command line.</summary>
    public static Uri? Parse(ArgumentResult argument)
    {
        string text = argument.Tokens[0].Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https")
        {
            return url;
        }

        argument.AddError($"{(argument.Parent as OptionResult)?.Option.Name}: \"{text}\" is no URL; allowed: http://host:port or https://host:port");
        return null;
    }
}
