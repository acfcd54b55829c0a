using System.Text.Json;
using System.Text.Json.Serialization;

namespace Telemetry.Keys;

/// <summary>The file that holds the keys' hashes: JSON, written as a whole beside its place and moved there, readable by its owner only unless its owner has said otherwise.</summary>
public static class KeyFile
{
    /// <summary>Largest file that is read, in bytes: some 20,000 keys.</summary>
    public const int MostBytes = 8 << 20;

    private const int HashDigits = 64;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        MaxDepth = 8,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter<KeyScopes>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    /// <summary>Reads a file.</summary>
    /// <exception cref="KeyFileException">It is missing, cannot be read, others may write it, or something in it is wrong.</exception>
    public static KeySet Read(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            CheckMode(path, file);
            if (file.Length > MostBytes)
            {
                throw new KeyFileException($"{path} has {file.Length} bytes; allowed: {MostBytes}");
            }

            Content content = JsonSerializer.Deserialize<Content>(file, s_json) ?? throw new KeyFileException($"{path}: is empty");
            return Check(path, content);
        }
        catch (JsonException e)
        {
            // Only the place: the rest of the message may quote what stands there.
            throw new KeyFileException($"{path}: not a keys file at line {e.LineNumber + 1}, {e.Path}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KeyFileException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Changes a file, or makes it, while no other change is under way.</summary>
    /// <exception cref="KeyFileException">It is wrong, or cannot be written.</exception>
    public static T Change<T>(string path, Func<KeySet, (KeySet Set, T Result)> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        try
        {
            string full = Path.GetFullPath(path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            using var turn = new FileStream(full + ".lock", new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, UnixCreateMode = OwnerOnly });
            (KeySet set, T result) = change(File.Exists(full) ? Read(full) : KeySet.Empty);
            Write(full, set);
            return result;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KeyFileException($"{path} cannot be written: {e.Message}", e);
        }
    }

    private static void Write(string path, KeySet set)
    {
        string written = path + ".new";
        File.Delete(written);
        UnixFileMode mode = File.Exists(path) ? File.GetUnixFileMode(path) : OwnerOnly;
        using (var file = new FileStream(written, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
        {
            JsonSerializer.Serialize(file, new Content(1, [.. set.Keys], set.Limits.Count == 0 ? null : new(set.Limits)), s_json);
            file.Flush(flushToDisk: true);
        }

        File.SetUnixFileMode(written, mode);
        File.Move(written, path, overwrite: true);
    }

    private static void CheckMode(string path, FileStream file)
    {
        if ((File.GetUnixFileMode(file.SafeFileHandle) & OthersWrite) != 0)
        {
            throw new KeyFileException($"{path} can be written by others than its owner, who could add keys; chmod 600 {path}");
        }
    }

    private static KeySet Check(string path, Content content)
    {
        if (content.Version != 1)
        {
            throw new KeyFileException($"{path}: version = {content.Version}; allowed: 1");
        }

        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (IngestKey key in content.Keys)
        {
            string? wrong = key.Id.Length != KeyText.IdLength || !ids.Add(key.Id) ? $"ids have {KeyText.IdLength} characters and stand once"
                : !TenantName.IsValid(key.Tenant) ? $"tenant \"{key.Tenant}\", {TenantName.Allowed}"
                : key.Hash.Length != HashDigits || !key.Hash.All(char.IsAsciiHexDigitLower) ? $"hash: allowed: {HashDigits} lower-case hexadecimal digits"
                : null;
            if (wrong is not null)
            {
                throw new KeyFileException($"{path}: key \"{key.Id}\": {wrong}");
            }
        }

        foreach ((string tenant, TenantLimits limits) in content.Limits ?? [])
        {
            if (!TenantName.IsValid(tenant) || !(limits.SpansPerSecond >= 0 && limits.BytesPerSecond >= 0 && limits.MaxConcurrentRequests >= 0))
            {
                throw new KeyFileException($"{path}: limits of tenant \"{tenant}\": {TenantName.Allowed}; numbers not below 0");
            }
        }

        return new KeySet(content.Keys, content.Limits ?? []);
    }

    private sealed record Content(int Version, List<IngestKey> Keys, Dictionary<string, TenantLimits>? Limits = null);
}
