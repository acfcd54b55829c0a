using System.Buffers.Text;

namespace Telemetry.Processor.Normalize.Messages;

/// <summary>What a flat key tells of a tool.</summary>
internal enum FlatToolField : byte
{
    /// <summary>The whole tool as JSON.</summary>
    Schema,

    /// <summary>Its name.</summary>
    Name,

    /// <summary>What it does.</summary>
    Description,

    /// <summary>JSON schema of its arguments.</summary>
    Parameters,
}

/// <summary>Keys such as <c>llm.tools.0.tool.json_schema</c> and <c>llm.request.functions.0.name</c>.</summary>
internal static class FlatToolKey
{
    /// <summary>Takes a key apart; false when it is none of these.</summary>
    public static bool TryParse(ReadOnlySpan<byte> key, ReadOnlySpan<byte> prefix, out long index, out FlatToolField field)
    {
        field = default;
        index = 0;
        if (!key.StartsWith(prefix))
        {
            return false;
        }

        key = key[prefix.Length..];
        if (key.IsEmpty || !char.IsAsciiDigit((char)key[0]) || !Utf8Parser.TryParse(key, out index, out int used) || used >= key.Length || key[used] != (byte)'.')
        {
            return false;
        }

        key = key[(used + 1)..];
        key = key.StartsWith("tool."u8) ? key["tool.".Length..] : key;
        foreach (FlatToolField candidate in (ReadOnlySpan<FlatToolField>)[FlatToolField.Schema, FlatToolField.Name, FlatToolField.Description, FlatToolField.Parameters])
        {
            if (key.SequenceEqual(NameOf(candidate)))
            {
                field = candidate;
                return true;
            }
        }

        return false;
    }

    /// <summary>The last segment of the key.</summary>
    public static ReadOnlySpan<byte> NameOf(FlatToolField field) => field switch
    {
        FlatToolField.Schema => "json_schema"u8,
        FlatToolField.Name => "name"u8,
        FlatToolField.Description => "description"u8,
        _ => "parameters"u8,
    };
}
