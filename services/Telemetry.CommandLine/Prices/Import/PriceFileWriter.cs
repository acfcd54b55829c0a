using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Telemetry.CommandLine.Prices.Import;

/// <summary>Writes a price file with one line a model, so that a change of price is a change of one line. Equal content gives equal bytes.</summary>
internal static class PriceFileWriter
{
    private static readonly JsonSerializerOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(JsonObject file)
    {
        var text = new StringBuilder("{\n");
        foreach ((string name, JsonNode? value) in file)
        {
            text.Append("  ").Append(JsonSerializer.Serialize(name, OneLine)).Append(": ");
            if (name == "models")
            {
                text.Append("[\n    ").AppendJoin(",\n    ", value!.AsArray().Select(m => m!.ToJsonString(OneLine))).Append("\n  ]\n");
            }
            else
            {
                text.Append(value!.ToJsonString(OneLine)).Append(",\n");
            }
        }

        return Encoding.UTF8.GetBytes(text.Append("}\n").ToString());
    }
}
