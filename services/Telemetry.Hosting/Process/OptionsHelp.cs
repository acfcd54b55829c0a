using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Telemetry.Hosting.Process;

/// <summary>Writes <c>--help</c> from the options classes themselves: key, default and the property's documentation.</summary>
internal static partial class OptionsHelp
{
    private static readonly Dictionary<Assembly, Dictionary<string, string>> Documentation = [];

    internal static void Write(TextWriter output, ServiceDefinition service)
    {
        output.WriteLine($"{service.Name}: {service.Summary}");
        output.WriteLine();
        output.WriteLine("Settings come from appsettings.json in the working directory, then environment variables, then the command line:");
        output.WriteLine("  --Telemetry:Section:Key=value      or      Telemetry__Section__Key=value in the environment");
        output.WriteLine("  Logging:LogLevel:Default=Debug and OTEL_* (own metrics, traces) work as everywhere in .NET and OpenTelemetry.");
        foreach ((string section, Type type) in service.Sections.Prepend((ServiceOptions.Section, typeof(ServiceOptions))))
        {
            output.WriteLine();
            WriteOptions(output, section, Activator.CreateInstance(type)!);
        }

        output.WriteLine();
        output.WriteLine("Exit codes: 0 stopped as asked, 1 could not start or stop cleanly, 2 wrong configuration.");
    }

    private static void WriteOptions(TextWriter output, string path, object options)
    {
        foreach (PropertyInfo property in options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            object? value = property.GetValue(options);
            string key = $"{path}:{property.Name}";
            if (property.CanWrite || value is IEnumerable)
            {
                output.WriteLine($"  {key} = {Format(value)}");
                output.WriteLine($"      {Summary(property)}");
            }
            else if (value is not null && property.GetIndexParameters().Length == 0)
            {
                WriteOptions(output, key, value);
            }
        }
    }

    private static string Format(object? value) => value switch
    {
        null => "(not set)",
        string text => text.Length == 0 ? "(empty)" : text,
        bool flag => flag ? "true" : "false",
        IEnumerable list => "[" + string.Join(", ", list.Cast<object>()) + "]",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static string Summary(PropertyInfo property)
    {
        Assembly assembly = property.DeclaringType!.Assembly;
        if (!Documentation.TryGetValue(assembly, out Dictionary<string, string>? members))
        {
            members = LoadDocumentation(assembly);
            Documentation[assembly] = members;
        }

        return members.GetValueOrDefault($"P:{property.DeclaringType.FullName!.Replace('+', '.')}.{property.Name}", "");
    }

    private static Dictionary<string, string> LoadDocumentation(Assembly assembly)
    {
        string file = Path.Combine(AppContext.BaseDirectory, assembly.GetName().Name + ".xml");
        return !File.Exists(file)
            ? []
            : XDocument.Load(file).Descendants("member")
                .Where(m => m.Element("summary") is not null)
                .ToDictionary(m => m.Attribute("name")!.Value, m => Plain(m.Element("summary")!));
    }

    private static string Plain(XElement summary)
    {
        string text = string.Concat(summary.Nodes().Select(n => n switch
        {
            XText t => t.Value,
            XElement e => e.Attribute("cref")?.Value.Split('.')[^1] ?? e.Value,
            _ => "",
        }));
        return Whitespace().Replace(text, " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Whitespace();
}
