using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Telemetry.Detection.Track;

/// <summary>Ids that are the same whoever finds the anomaly.</summary>
internal static class AnomalyId
{
    private const int Bytes = 16;

    /// <summary>Of an anomaly that began in a minute; null for what can happen once only.</summary>
    public static string Of(AnomalyTopic topic, long? openedAt)
    {
        string text = string.Join('\u001e', topic.Key, topic.Metric, topic.Subject, topic.Up ? "up" : "down", openedAt?.ToString(CultureInfo.InvariantCulture) ?? "");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, Bytes));
    }
}
