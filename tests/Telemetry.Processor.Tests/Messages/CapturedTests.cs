using System.Text.Json;
using Telemetry.Processor.Normalize.Messages;

namespace Telemetry.Processor.Tests.Messages;

/// <summary>Every message and tool attribute that real SDKs sent (AI SDK, OpenInference, OpenLLMetry), with what becomes of it.</summary>
public sealed class CapturedTests
{
    public static TheoryData<string, int> Attributes
    {
        get
        {
            var rows = new TheoryData<string, int>();
            using JsonDocument captured = Open();
            for (int i = 0; i < captured.RootElement.GetArrayLength(); i++)
            {
                JsonElement row = captured.RootElement[i];
                rows.Add($"{row.GetProperty("source").GetString()} {row.GetProperty("attribute").GetString()}", i);
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Attributes))]
    public void An_attribute_becomes_the_one_shape(string attribute, int index)
    {
        using JsonDocument captured = Open();
        JsonElement row = captured.RootElement[index];
        Normalized normalized = Normalize(row);

        Assert.NotEmpty(attribute);
        Assert.Equal(row.GetProperty("expected").GetString(), normalized.Json);
        Assert.Equal((true, MessageFlaws.None), (normalized.Known, normalized.Flaws));
    }

    [Fact]
    public void The_flat_messages_and_the_raw_request_of_a_span_say_the_same()
    {
        using JsonDocument captured = Open();
        JsonElement[] rows = [.. captured.RootElement.EnumerateArray()];
        JsonElement[] requests = [.. rows.Where(r => r.GetProperty("attribute").ValueEquals("input.value") && r.GetProperty("value").GetString()!.Contains("messages", StringComparison.Ordinal))];
        HashSet<string> flat = [.. rows.Where(r => r.GetProperty("attribute").ValueEquals("llm.input_messages.")).Select(r => Normalize(r).Json)];

        Assert.NotEmpty(requests);
        Assert.All(requests, r => Assert.Contains(Normalize(r).Json, flat));
    }

    private static Normalized Normalize(JsonElement row)
    {
        JsonElement value = row.GetProperty("value");
        string attribute = row.GetProperty("attribute").GetString()!;
        string role = row.GetProperty("role").GetString()!;
        return row.GetProperty("kind").GetString() switch
        {
            "messages" => Normalized.Messages(value.GetString()!, role),
            "flat" => Normalized.Flat(attribute, role, Flat(value)),
            "flat_tools" => Normalized.FlatTools(attribute, Flat(value)),
            _ when value.ValueKind == JsonValueKind.Array => Normalized.Tools(Normalized.Any(value.EnumerateArray().Select(v => (object)v.GetString()!).ToArray())),
            _ => Normalized.Tools(value.GetString()!),
        };
    }

    // Backwards: the order of attributes says nothing.
    private static (string, object)[] Flat(JsonElement value) => [.. value.EnumerateObject().Reverse().Select(p => (p.Name, (object)p.Value.GetString()!))];

    private static JsonDocument Open() => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Messages", "captured.json")));
}
