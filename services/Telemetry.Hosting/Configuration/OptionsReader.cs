using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Telemetry.Hosting.Configuration;

/// <summary>
/// Lays the user's configuration over an options class's defaults and reports every error at once, before anything starts:
/// unknown keys, values that do not parse, values outside what the data annotations or <see cref="IValidatableObject"/> allow.
/// </summary>
public sealed class OptionsReader(IConfiguration configuration)
{
    private readonly List<string> _errors = [];
    private readonly HashSet<string> _sections = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Reads the section into a new <typeparamref name="T"/>. Errors are collected; call <see cref="ThrowIfInvalid"/> once all
    /// sections were read. A value that does not parse leaves the default in place.
    /// </summary>
    public T Read<T>(string section)
        where T : class, new()
    {
        var options = new T();
        _sections.Add(section);
        IConfigurationSection values = configuration.GetSection(section);
        BindObject(options, values);
        Validate(options, section);
        return options;
    }

    /// <summary>Notes an error for every section below <paramref name="root"/> that nobody has read: a misspelt section would be silently without effect.</summary>
    public void RefuseUnreadSections(string root)
    {
        foreach (IConfigurationSection child in configuration.GetSection(root).GetChildren().Where(c => !_sections.Contains(c.Path)))
        {
            _errors.Add($"{child.Path}: unknown key; allowed here: {string.Join(", ", _sections.Select(s => s[(root.Length + 1)..]).Order(StringComparer.Ordinal))}");
        }
    }

    /// <summary>Notes an error that only several settings together show. It says key, value and what is allowed.</summary>
    public void Refuse(string error) => _errors.Add(error);

    /// <summary>Throws one <see cref="ConfigurationException"/> with all errors found so far.</summary>
    public void ThrowIfInvalid()
    {
        if (_errors.Count > 0)
        {
            throw new ConfigurationException(_errors);
        }
    }

    private void BindObject(object target, IConfigurationSection section)
    {
        Dictionary<string, PropertyInfo> properties = target.GetType()
            .GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.CanWrite || !IsScalar(p.PropertyType))
            .ToDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase);
        foreach (IConfigurationSection child in section.GetChildren())
        {
            if (!properties.TryGetValue(child.Key, out PropertyInfo? property))
            {
                _errors.Add($"{child.Path}: unknown key; allowed here: {string.Join(", ", properties.Keys.Order(StringComparer.Ordinal))}");
                continue;
            }

            BindProperty(target, property, child);
        }
    }

    private void BindProperty(object target, PropertyInfo property, IConfigurationSection section)
    {
        if (IsScalar(property.PropertyType))
        {
            BindScalar(target, property, section);
        }
        else if (property.GetValue(target) is IDictionary or IList)
        {
            try
            {
                property.SetValue(target, section.Get(property.PropertyType) ?? property.GetValue(target));
            }
            catch (InvalidOperationException e)
            {
                _errors.Add($"{section.Path}: {e.InnerException?.Message ?? e.Message}");
            }
        }
        else
        {
            BindObject(property.GetValue(target)!, section);
        }
    }

    private void BindScalar(object target, PropertyInfo property, IConfigurationSection section)
    {
        if (section.Value is null)
        {
            _errors.Add($"{section.Path}: a single value is expected, not a section");
            return;
        }

        try
        {
            property.SetValue(target, section.Value.Length == 0 && property.PropertyType == typeof(string) ? "" : section.Get(property.PropertyType));
        }
        catch (InvalidOperationException)
        {
            _errors.Add($"{section.Path} = \"{section.Value}\": not {Describe(property.PropertyType)}");
        }
    }

    private void Validate(object options, string path)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        foreach (ValidationResult result in results)
        {
            string member = result.MemberNames.FirstOrDefault() ?? "";
            object? value = member.Length == 0 ? null : options.GetType().GetProperty(member)?.GetValue(options);
            string key = member.Length == 0 ? path : $"{path}:{member}";
            _errors.Add(value is null ? $"{key}: {result.ErrorMessage}" : $"{key} = \"{value}\": {result.ErrorMessage}");
        }

        foreach (PropertyInfo property in options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (!IsScalar(property.PropertyType) && property.GetIndexParameters().Length == 0
                && property.GetValue(options) is { } nested and not IEnumerable)
            {
                Validate(nested, $"{path}:{property.Name}");
            }
        }
    }

    private static bool IsScalar(Type type)
    {
        Type bare = Nullable.GetUnderlyingType(type) ?? type;
        return bare.IsPrimitive || bare.IsEnum || bare == typeof(string) || bare == typeof(decimal) || bare == typeof(TimeSpan) || bare == typeof(Uri);
    }

    private static string Describe(Type type)
    {
        Type bare = Nullable.GetUnderlyingType(type) ?? type;
        return bare switch
        {
            { IsEnum: true } => "one of " + string.Join(", ", Enum.GetNames(bare)),
            _ when bare == typeof(bool) => "true or false",
            _ when bare == typeof(TimeSpan) => "a duration such as 00:00:30 (hours:minutes:seconds)",
            _ when bare == typeof(Uri) => "a URL",
            _ when bare == typeof(decimal) || bare == typeof(double) || bare == typeof(float) => "a number",
            _ => $"a whole number ({bare.Name})",
        };
    }
}
