using System.Globalization;

namespace Telemetry.LoadGenerator.Payload;

/// <summary>A model as a call names it.</summary>
/// <param name="Provider">Provider, by the OpenTelemetry conventions.</param>
/// <param name="Requested">Requested.</param>
/// <param name="Answered">As the response names it.</param>
internal sealed record Model(string Provider, string Requested, string Answered);

/// <summary>As many distinct models as asked for, all of them with a price: well-known ones first, then fine-tuned ones.</summary>
internal static class Models
{
    private static readonly Model[] Known =
    [
        new("openai", "gpt-4o-mini", "gpt-4o-mini-2024-07-18"),
        new("openai", "gpt-4o", "gpt-4o-2024-08-06"),
        new("openai", "gpt-4.1", "gpt-4.1"),
        new("openai", "gpt-4.1-mini", "gpt-4.1-mini"),
        new("anthropic", "claude-3-5-haiku-latest", "claude-3-5-haiku-20241022"),
        new("anthropic", "claude-sonnet-4-0", "claude-sonnet-4-20250514"),
        new("openai", "gpt-4.1-nano", "gpt-4.1-nano"),
        new("openai", "gpt-3.5-turbo", "gpt-3.5-turbo"),
    ];

    /// <summary>The model with a number.</summary>
    public static Model Get(int number)
    {
        if (number < Known.Length)
        {
            return Known[number];
        }

        string name = string.Create(CultureInfo.InvariantCulture, $"ft:gpt-4o-mini-2024-07-18:load::{number:D4}");
        return new Model("openai", name, name);
    }

    /// <summary>A model of its own for every request.</summary>
    public static Model OfRequest(string run)
    {
        string name = $"ft:gpt-4o-mini-2024-07-18:load::{run}-{Slots.Request}";
        return new Model("openai", name, name);
    }
}
