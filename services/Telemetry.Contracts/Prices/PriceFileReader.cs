using System.Text.Json;

namespace Telemetry.Contracts.Prices;

/// <summary>Reads one price file. What is wrong is noted as an error and stands as a harmless value until the whole book is refused.</summary>
internal static class PriceFileReader
{
    public static ProviderPrices? Read(PriceJson root)
    {
        if (!root.IsObjectOf("provider", "names", "fallbacks", "requested_model_decides", "aliases", "service_tier_names", "source", "published_at", "models"))
        {
            return null;
        }

        string provider = root.Required("provider")?.Text() ?? "";
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var models = new List<ModelPrices>();
        foreach (PriceJson item in root.Required("models")?.Items() ?? [])
        {
            ModelPrices model = ReadModel(item, provider);
            models.Add(model);
            if (!ids.Add(model.Id))
            {
                item.Error($"there is another model \"{model.Id}\" in this file");
            }
        }

        return new ProviderPrices(provider, ReadTexts(root.Member("names")), ReadTexts(root.Member("fallbacks")), models)
        {
            RequestedDecides = ReadFlag(root.Member("requested_model_decides")),
            Aliases = ReadMap(root.Member("aliases")),
            ServiceTierNames = ReadMap(root.Member("service_tier_names")),
        };
    }

    private static ModelPrices ReadModel(PriceJson model, string provider)
    {
        if (!model.IsObjectOf("id", "match", "prices", "note"))
        {
            return new ModelPrices(provider, model.Path, ModelMatch.Literal("equals", model.Path), []);
        }

        string id = model.Required("id")?.Text() ?? "";
        id = id.Length > 0 ? id : model.Path;
        ModelMatch match = model.Member("match") is { } clause ? ReadMatch(clause) : ModelMatch.Literal("equals", id);
        var sets = new List<PriceSet>();
        foreach (PriceJson item in model.Required("prices")?.Items() ?? [])
        {
            PriceSet set = PriceSetReader.Read(item, $"{provider}/{id}");
            if (sets.Exists(s => s.Id == set.Id))
            {
                item.Error($"another entry has the same beginning, hours and service tier ({set.Id})");
            }

            sets.Add(set);
        }

        if (sets.Count == 0)
        {
            model.Error("\"prices\" needs at least one entry");
        }

        return new ModelPrices(provider, id, match, sets);
    }

    private static ModelMatch ReadMatch(PriceJson clause)
    {
        ModelMatch nothing = ModelMatch.Literal("equals", "?");
        List<(string Name, PriceJson Value)> members = clause.Members();
        if (members.Count != 1)
        {
            clause.Error("an object with one of equals, starts_with, ends_with, contains, regex, or, and, not is expected");
            return nothing;
        }

        (string kind, PriceJson value) = members[0];
        try
        {
            return kind switch
            {
                "or" => ModelMatch.Or([.. value.Items().Select(ReadMatch)]),
                "and" => ModelMatch.And([.. value.Items().Select(ReadMatch)]),
                "not" => ModelMatch.Not(ReadMatch(value)),
                _ => ModelMatch.Literal(kind, value.Text()),
            };
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            clause.Error(e.Message);
            return nothing;
        }
    }

    private static List<string> ReadTexts(PriceJson? array) => array is { } texts ? [.. texts.Items().Select(t => t.Text())] : [];

    private static Dictionary<string, string> ReadMap(PriceJson? map)
    {
        var meanings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, PriceJson meaning) in map?.Members() ?? [])
        {
            if (!meanings.TryAdd(name, meaning.Text()))
            {
                meaning.Error("the same name stands there twice, in other letter case");
            }
        }

        return meanings;
    }

    private static bool ReadFlag(PriceJson? flag)
    {
        if (flag is { Kind: not (JsonValueKind.True or JsonValueKind.False) } wrong)
        {
            wrong.Error("true or false is expected");
        }

        return flag?.Kind == JsonValueKind.True;
    }
}
