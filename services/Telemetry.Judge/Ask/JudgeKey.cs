using Telemetry.Hosting.Configuration;

namespace Telemetry.Judge.Ask;

/// <summary>Finds the API key, from a file or the environment only.</summary>
internal static class JudgeKey
{
    /// <summary>The key; a stand-in where none is set, for endpoints of one's own that ask for none.</summary>
    /// <exception cref="ConfigurationException">The file is empty or cannot be read.</exception>
    public static string Read(JudgeEndpointOptions options)
    {
        if (options.ApiKeyFile.Length > 0)
        {
            try
            {
                string key = File.ReadAllText(options.ApiKeyFile).Trim();
                return key.Length > 0 ? key : throw new ConfigurationException([$"the file of the judge's API key {options.ApiKeyFile} is empty"]);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new ConfigurationException([$"the judge's API key cannot be read: {e.Message}"]);
            }
        }

        string? variable = options.ApiKeyVariable.Length > 0 ? Environment.GetEnvironmentVariable(options.ApiKeyVariable)?.Trim() : null;
        return string.IsNullOrEmpty(variable) ? "none" : variable;
    }
}
