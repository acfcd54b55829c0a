using Microsoft.Extensions.Configuration;

namespace Telemetry.Hosting.Configuration;

/// <summary>Where settings come from, later ones win: <c>appsettings.json</c> of the working directory, environment, command line.</summary>
public static class StandardConfiguration
{
    private const string FileName = "appsettings.json";

    /// <summary>Loads the settings. Throws <see cref="ConfigurationException"/> for an argument that is not <c>--Key=value</c> or a file that is not JSON.</summary>
    public static IConfigurationRoot Load(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        List<string> errors = [.. args.Where(a => !IsSetting(a)).Select(a => $"{a}: not understood; allowed: --help, or --Telemetry:Section:Key=value")];
        if (errors.Count > 0)
        {
            throw new ConfigurationException(errors);
        }

        try
        {
            return new ConfigurationBuilder()
                .SetBasePath(Directory.GetCurrentDirectory())
                .AddJsonFile(FileName, optional: true)
                .AddEnvironmentVariables()
                .AddCommandLine(args)
                .Build();
        }
        catch (InvalidDataException e)
        {
            throw new ConfigurationException([$"{FileName}: {e.InnerException?.Message ?? e.Message}"]);
        }
    }

    private static bool IsSetting(string argument)
    {
        int equals = argument.IndexOf('=', StringComparison.Ordinal);
        return equals > 2 && argument.StartsWith("--", StringComparison.Ordinal) && argument.AsSpan(0, equals).Contains(':');
    }
}
