using System.Globalization;

namespace Telemetry.SpanLog.Local;

/// <summary>Names of cursor files, <c>cursors/GROUP/TOPIC-PARTITION</c>.</summary>
internal static class CursorName
{
    /// <summary>Reads topic and partition from a path; false for files that are none, such as one that was being replaced.</summary>
    public static bool TryParse(string path, out string topic, out int partition)
    {
        string name = Path.GetFileName(path);
        int dash = name.LastIndexOf('-');
        topic = dash > 0 ? name[..dash] : "";
        partition = 0;
        return dash > 0 && int.TryParse(name.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out partition);
    }
}
