using System.Text.Json;

namespace Telemetry.Processor.Screen.Schema;

/// <summary>
/// Checks a JSON value against the part of JSON Schema (draft 2020-12) that providers take for structured output: type, properties, required,
/// additionalProperties, items, enum, const, anyOf, oneOf, allOf, local $ref, and bounds of numbers, lengths and counts. Keywords beyond these are not checked, so
/// that what is called a mismatch is one. Bounded in depth and steps.
/// </summary>
internal ref struct SchemaCheck(JsonElement root)
{
    private const int Deepest = 64;
    private const int MostSteps = 200_000;

    private int _steps;

    /// <summary>Why the value does not fit, as the keyword that it breaks; null when it fits, or nothing can be said.</summary>
    public string? Broken(JsonElement value) => Check(root, value, 0);

    private string? Check(JsonElement schema, JsonElement value, int depth)
    {
        if (schema.ValueKind == JsonValueKind.False)
        {
            return "false";
        }

        if (schema.ValueKind != JsonValueKind.Object || depth > Deepest || ++_steps > MostSteps)
        {
            return null;
        }

        if (schema.TryGetProperty("$ref"u8, out JsonElement reference))
        {
            return Resolve(reference) is { } target ? Check(target, value, depth + 1) : null;
        }

        return BrokenType(schema, value) ?? BrokenChoice(schema, value, depth) ?? value.ValueKind switch
        {
            JsonValueKind.Object => BrokenObject(schema, value, depth),
            JsonValueKind.Array => BrokenArray(schema, value, depth),
            JsonValueKind.String => SchemaBounds.BrokenText(schema, value),
            JsonValueKind.Number => SchemaBounds.BrokenNumber(schema, value),
            _ => null,
        };
    }

    private static string? BrokenType(JsonElement schema, JsonElement value)
    {
        if (schema.TryGetProperty("const"u8, out JsonElement constant) && !JsonElement.DeepEquals(constant, value))
        {
            return "const";
        }

        if (schema.TryGetProperty("enum"u8, out JsonElement values) && values.ValueKind == JsonValueKind.Array && !IsOneOf(values, value))
        {
            return "enum";
        }

        if (!schema.TryGetProperty("type"u8, out JsonElement type))
        {
            return null;
        }

        if (type.ValueKind == JsonValueKind.String)
        {
            return IsOfType(type, value) || IsNullable(schema, value) ? null : "type";
        }

        if (type.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement one in type.EnumerateArray())
            {
                if (one.ValueKind == JsonValueKind.String && IsOfType(one, value))
                {
                    return null;
                }
            }

            return "type";
        }

        return null;
    }

    // OpenAPI's word, which Gemini takes.
    private static bool IsNullable(JsonElement schema, JsonElement value) =>
        value.ValueKind == JsonValueKind.Null && schema.TryGetProperty("nullable"u8, out JsonElement nullable) && nullable.ValueKind == JsonValueKind.True;

    private static bool IsOneOf(JsonElement values, JsonElement value)
    {
        foreach (JsonElement one in values.EnumerateArray())
        {
            if (JsonElement.DeepEquals(one, value))
            {
                return true;
            }
        }

        return false;
    }

    // Gemini writes types in capitals. A type that is not known says nothing.
    private static bool IsOfType(JsonElement type, JsonElement value) => type.GetString()!.ToLowerInvariant() switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && (!value.TryGetDouble(out double number) || Math.Floor(number) == number),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => true,
    };

    private string? BrokenChoice(JsonElement schema, JsonElement value, int depth)
    {
        if (schema.TryGetProperty("allOf"u8, out JsonElement all) && all.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement one in all.EnumerateArray())
            {
                if (Check(one, value, depth + 1) is { } broken)
                {
                    return broken;
                }
            }
        }

        // Which of oneOf fits is not counted: two that fit are rarely meant.
        foreach (string keyword in (ReadOnlySpan<string>)["anyOf", "oneOf"])
        {
            if (schema.TryGetProperty(keyword, out JsonElement any) && any.ValueKind == JsonValueKind.Array && any.GetArrayLength() > 0 && !FitsAny(any, value, depth))
            {
                return keyword;
            }
        }

        return null;
    }

    private bool FitsAny(JsonElement schemas, JsonElement value, int depth)
    {
        foreach (JsonElement one in schemas.EnumerateArray())
        {
            if (Check(one, value, depth + 1) is null)
            {
                return true;
            }
        }

        return false;
    }

    private string? BrokenObject(JsonElement schema, JsonElement value, int depth)
    {
        if (schema.TryGetProperty("required"u8, out JsonElement required) && required.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement name in required.EnumerateArray())
            {
                if (name.ValueKind == JsonValueKind.String && !value.TryGetProperty(name.GetString()!, out _))
                {
                    return "required";
                }
            }
        }

        bool hasProperties = schema.TryGetProperty("properties"u8, out JsonElement properties) && properties.ValueKind == JsonValueKind.Object;
        bool hasPatterns = schema.TryGetProperty("patternProperties"u8, out _);
        schema.TryGetProperty("additionalProperties"u8, out JsonElement additional);
        foreach (JsonProperty property in value.EnumerateObject())
        {
            string? broken = hasProperties && properties.TryGetProperty(property.Name, out JsonElement known) ? Check(known, property.Value, depth + 1)
                : hasPatterns || additional.ValueKind == JsonValueKind.Undefined ? null
                : Check(additional, property.Value, depth + 1) is { } reason ? (reason == "false" ? "additionalProperties" : reason) : null;
            if (broken is not null)
            {
                return broken;
            }
        }

        return null;
    }

    private string? BrokenArray(JsonElement schema, JsonElement value, int depth)
    {
        if (SchemaBounds.BrokenCount(schema, value.GetArrayLength()) is { } count)
        {
            return count;
        }

        if (!schema.TryGetProperty("items"u8, out JsonElement items) || schema.TryGetProperty("prefixItems"u8, out _))
        {
            return null;
        }

        foreach (JsonElement item in value.EnumerateArray())
        {
            if (Check(items, item, depth + 1) is { } broken)
            {
                return broken;
            }
        }

        return null;
    }

    // #, or #/$defs/name and the like.
    private readonly JsonElement? Resolve(JsonElement reference)
    {
        if (reference.ValueKind != JsonValueKind.String || reference.GetString() is not ['#', ..] pointer)
        {
            return null;
        }

        JsonElement target = root;
        foreach (string step in pointer.Split('/').Skip(1))
        {
            string name = step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (target.ValueKind != JsonValueKind.Object || !target.TryGetProperty(name, out target))
            {
                return null;
            }
        }

        return target;
    }
}
