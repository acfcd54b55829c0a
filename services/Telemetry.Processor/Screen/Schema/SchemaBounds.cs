using System.Text;
using System.Text.Json;

namespace Telemetry.Processor.Screen.Schema;

/// <summary>The bounds that a JSON schema sets: of numbers, of lengths in characters, of counts.</summary>
internal static class SchemaBounds
{
    /// <summary>The bound that a number breaks; null when it breaks none.</summary>
    public static string? BrokenNumber(JsonElement schema, JsonElement value)
    {
        if (!value.TryGetDouble(out double number))
        {
            return null;
        }

        return TryBound(schema, "minimum"u8, out double bound) && number < bound ? "minimum"
            : TryBound(schema, "maximum"u8, out bound) && number > bound ? "maximum"
            : TryBound(schema, "exclusiveMinimum"u8, out bound) && number <= bound ? "exclusiveMinimum"
            : TryBound(schema, "exclusiveMaximum"u8, out bound) && number >= bound ? "exclusiveMaximum"
            : null;
    }

    /// <summary>The bound that a text breaks; null when it breaks none.</summary>
    public static string? BrokenText(JsonElement schema, JsonElement value)
    {
        bool hasLeast = TryBound(schema, "minLength"u8, out double least);
        bool hasMost = TryBound(schema, "maxLength"u8, out double most);
        if (!hasLeast && !hasMost)
        {
            return null;
        }

        int length = 0;
        foreach (Rune _ in value.GetString()!.EnumerateRunes())
        {
            length++;
        }

        return hasLeast && length < least ? "minLength" : hasMost && length > most ? "maxLength" : null;
    }

    /// <summary>The bound that the count of an array breaks; null when it breaks none.</summary>
    public static string? BrokenCount(JsonElement schema, int count) =>
        TryBound(schema, "minItems"u8, out double bound) && count < bound ? "minItems"
        : TryBound(schema, "maxItems"u8, out bound) && count > bound ? "maxItems"
        : null;

    private static bool TryBound(JsonElement schema, ReadOnlySpan<byte> name, out double bound)
    {
        bound = 0;
        return schema.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out bound);
    }
}
