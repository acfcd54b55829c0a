using Telemetry.Detection.Track;

namespace Telemetry.Detection.Record;

/// <summary>Fits a row to what is recorded of its topic already, by this instance or by another one that was active before or is at the same time.</summary>
internal static class Reconciliation
{
    /// <summary>The row as it is to be written; null when it says nothing that is not recorded.</summary>
    /// <param name="row">What is to be recorded.</param>
    /// <param name="stored">The latest row of the same topic.</param>
    public static Anomaly? Of(Anomaly row, Anomaly stored)
    {
        bool isNext = row.Id == stored.Id && row.Revision == stored.Revision + 1 && (row.IsOpen || stored.IsOpen);
        bool isAnother = row.Id != stored.Id && !stored.IsOpen && row.OpenedAt - stored.ClosedAt >= OpenAnomalies.SameWithin;
        if (isNext || isAnother)
        {
            return row;
        }

        bool isSaid = (row.IsOpen, stored.IsOpen) switch
        {
            (false, false) => true,
            (true, true) => !OpenAnomalies.IsWorse(row, stored),
            (true, false) => row.LastAt <= stored.ClosedAt || row.Kind == "novelty",
            (false, true) => row.ClosedAt < stored.LastAt,
        };
        return isSaid ? null : row with { Id = stored.Id, Revision = stored.Revision + 1, OpenedAt = stored.OpenedAt };
    }
}
