using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Telemetry.ClickHouse.Migrations;

/// <summary>One numbered file of SQL statements, <c>NNNN_name.sql</c>.</summary>
public sealed partial class Migration
{
    private Migration(int version, string name, string sql)
    {
        Version = version;
        Name = name;
        Statements = SqlScript.Split(sql);
        Checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));
    }

    /// <summary>The number that orders the files.</summary>
    public int Version { get; }

    /// <summary>The name behind the number.</summary>
    public string Name { get; }

    /// <summary>The statements in order, without their semicolons.</summary>
    public IReadOnlyList<string> Statements { get; }

    /// <summary>SHA-256 of the text with line ends as LF, in lower-case hex.</summary>
    public string Checksum { get; }

    /// <summary>Reads a migration.</summary>
    /// <exception cref="FormatException">The file is not named <c>NNNN_name.sql</c>, or holds no statement.</exception>
    public static Migration Parse(string fileName, string sql)
    {
        ArgumentNullException.ThrowIfNull(sql);
        Match match = FileName().Match(fileName);
        if (!match.Success)
        {
            throw new FormatException($"\"{fileName}\" is not a migration; the name must read NNNN_name.sql, for example 0001_calls.sql.");
        }

        var migration = new Migration(
            int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture), match.Groups[2].Value, sql.ReplaceLineEndings("\n"));
        return migration.Statements.Count > 0 ? migration : throw new FormatException($"\"{fileName}\" holds no statement.");
    }

    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Version:D4}_{Name}");

    [GeneratedRegex("^([0-9]{4})_([a-z0-9_]+)\\.sql$", RegexOptions.CultureInvariant)]
    private static partial Regex FileName();
}
