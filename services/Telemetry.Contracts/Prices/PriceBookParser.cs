using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Telemetry.Contracts.Prices;

/// <summary>Reads price files into a book, or lists everything that is wrong with them; their layout is described in <c>schemas/prices/README.md</c>.</summary>
internal static class PriceBookParser
{
    private const int LargestFile = 16 * 1024 * 1024;

    public static PriceBook Parse(IReadOnlyList<(string FileName, ReadOnlyMemory<byte> Json)> files)
    {
        var errors = new List<string>();
        var providers = new Dictionary<string, ProviderPrices>(StringComparer.Ordinal);
        for (int layer = 0; layer < files.Count; layer++)
        {
            if (ReadFile(files[layer].FileName, files[layer].Json, errors) is { } provider)
            {
                providers[provider.Id] = providers.TryGetValue(provider.Id, out ProviderPrices? earlier) ? earlier.Under(provider, layer) : provider;
            }
        }

        if (files.Count == 0)
        {
            errors.Add("there are no price files");
        }

        // What a name or a fallback refers to is only worth a look when all files could be read.
        if (errors.Count == 0)
        {
            CheckReferences(providers.Values, errors);
        }

        return errors.Count > 0 ? throw new PriceBookException(errors) : new PriceBook(Version(files), [.. providers.Values]);
    }

    private static ProviderPrices? ReadFile(string fileName, ReadOnlyMemory<byte> json, List<string> errors)
    {
        if (json.Length > LargestFile)
        {
            errors.Add($"{fileName}: {json.Length} bytes; at most {LargestFile} are read");
            return null;
        }

        try
        {
            ReadOnlyMemory<byte> content = json.Span.StartsWith(Encoding.UTF8.Preamble) ? json[Encoding.UTF8.Preamble.Length..] : json;
            using var document = JsonDocument.Parse(content, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return PriceFileReader.Read(new PriceJson(document.RootElement, $"{fileName}: $", errors));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, a member twice, or a text that is no valid Unicode.
            errors.Add($"{fileName}: {e.Message}");
            return null;
        }
    }

    private static void CheckReferences(IReadOnlyCollection<ProviderPrices> providers, List<string> errors)
    {
        var owners = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (ProviderPrices provider in providers)
        {
            foreach (string name in provider.Names.Prepend(provider.Id).Distinct(StringComparer.OrdinalIgnoreCase))
            {
                if (!owners.TryAdd(name, provider.Id))
                {
                    errors.Add($"provider {provider.Id}: the name \"{name}\" belongs to provider {owners[name]} already");
                }
            }
        }

        errors.AddRange(
            from provider in providers
            from fallback in provider.Fallbacks
            where providers.All(p => p.Id != fallback)
            select $"provider {provider.Id}: the fallback \"{fallback}\" is no provider of the book");
    }

    private static string Version(IReadOnlyList<(string FileName, ReadOnlyMemory<byte> Json)> files)
    {
        const int VersionBytes = 6;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach ((_, ReadOnlyMemory<byte> json) in files)
        {
            BinaryPrimitives.WriteInt32LittleEndian(length, json.Length);
            hash.AppendData(length);
            hash.AppendData(json.Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, VersionBytes));
    }
}
