using System.Text;

namespace Telemetry.Alerting.Evaluate;

/// <summary>Names and values that tell incidents of one rule apart. Equal when all of them are.</summary>
internal sealed class Labels : IEquatable<Labels>
{
    /// <summary>No labels.</summary>
    public static readonly Labels None = new([]);

    private readonly SortedDictionary<string, string> _values;

    /// <summary>Creates a set.</summary>
    public Labels(IEnumerable<KeyValuePair<string, string>> values)
    {
        _values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var text = new StringBuilder();
        foreach ((string name, string value) in values)
        {
            _values[name] = value;
        }

        foreach ((string name, string value) in _values)
        {
            // Lengths keep values that contain separators apart.
            text.Append(name).Append(':').Append(value.Length).Append('=').Append(value).Append(';');
        }

        Key = text.ToString();
    }

    /// <summary>The same text for equal sets only.</summary>
    public string Key { get; }

    /// <summary>The values by name.</summary>
    public IReadOnlyDictionary<string, string> Values => _values;

    /// <summary>These and one more.</summary>
    public Labels With(string name, string value) => new(_values.Append(new(name, value)));

    /// <inheritdoc />
    public bool Equals(Labels? other) => other is not null && Key == other.Key;

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as Labels);

    /// <inheritdoc />
    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc />
    public override string ToString() => string.Join(", ", _values.Select(v => $"{v.Key}={v.Value}"));
}
