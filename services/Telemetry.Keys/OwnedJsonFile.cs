using System.Text.Json;
using System.Text.Json.Serialization;

namespace Telemetry.Keys;

/// <summary>
/// A small JSON file that only its owner may write: read in bounds, written as a whole beside its place and moved there, readable by its owner only unless its owner has
/// said otherwise. Errors name the file and the place, never what stands there.
/// </summary>
public static class OwnedJsonFile
{
    /// <summary>Largest file that is read, in bytes.</summary>
    public const int MostBytes = 8 << 20;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>How such files are written.</summary>
    public static JsonSerializerOptions Options(params ReadOnlySpan<JsonConverter> converters)
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            RespectRequiredConstructorParameters = true,
            RespectNullableAnnotations = true,
            MaxDepth = 8,
            WriteIndented = true,
        };
        foreach (JsonConverter converter in converters)
        {
            options.Converters.Add(converter);
        }

        return options;
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="KeyFileException">It is missing, cannot be read, others may write it, or it is not of this form.</exception>
    public static T Read<T>(string path, JsonSerializerOptions options)
        where T : class
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if ((File.GetUnixFileMode(file.SafeFileHandle) & OthersWrite) != 0)
            {
                throw new KeyFileException($"{path} can be written by others than its owner, who could let themselves in; chmod 600 {path}");
            }

            return file.Length <= MostBytes
                ? JsonSerializer.Deserialize<T>(file, options) ?? throw new KeyFileException($"{path}: is empty")
                : throw new KeyFileException($"{path} has {file.Length} bytes; allowed: {MostBytes}");
        }
        catch (JsonException e)
        {
            // Only the place: the rest of the message may quote what stands there.
            throw new KeyFileException($"{path}: not of the form that is expected, at line {e.LineNumber + 1}, {e.Path}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KeyFileException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Changes a file, or makes it, while no other change is under way.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is written.</param>
    /// <param name="change">Gets what it says, null when it is not there; gives what it is to say.</param>
    /// <exception cref="KeyFileException">It is wrong, or cannot be written.</exception>
    public static TResult Change<T, TResult>(string path, JsonSerializerOptions options, Func<T?, (T Content, TResult Result)> change)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(change);
        try
        {
            string full = Path.GetFullPath(path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            using var turn = new FileStream(full + ".lock", new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, UnixCreateMode = OwnerOnly });
            (T content, TResult result) = change(File.Exists(full) ? Read<T>(full, options) : null);
            Write(full, content, options);
            return result;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KeyFileException($"{path} cannot be written: {e.Message}", e);
        }
    }

    private static void Write<T>(string path, T content, JsonSerializerOptions options)
    {
        string written = path + ".new";
        File.Delete(written);
        UnixFileMode mode = File.Exists(path) ? File.GetUnixFileMode(path) : OwnerOnly;
        using (var file = new FileStream(written, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
        {
            JsonSerializer.Serialize(file, content, options);
            file.Flush(flushToDisk: true);
        }

        File.SetUnixFileMode(written, mode);
        File.Move(written, path, overwrite: true);
    }
}
