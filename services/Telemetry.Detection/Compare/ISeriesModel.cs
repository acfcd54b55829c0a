namespace Telemetry.Detection.Compare;

/// <summary>What is usual for one series, and how far a window lies from it. Owned by one caller.</summary>
internal interface ISeriesModel
{
    /// <summary>Minutes that were learned.</summary>
    double Learned { get; }

    /// <summary>A minute against what is usual now.</summary>
    /// <param name="minute">Minutes since 1970.</param>
    /// <param name="value">Events of the minute (count, share) or its value; NaN when it says nothing.</param>
    /// <param name="calls">Calls that the value is of.</param>
    Slot Expect(long minute, double value, double calls);

    /// <summary>A window against what is usual; without data nothing.</summary>
    /// <param name="window">The sum of its minutes.</param>
    /// <param name="minutes">How many they are.</param>
    /// <param name="isShifted">Whether the minutes before it are in its expectation, so that this is surer.</param>
    Comparison Compare(Slot window, int minutes, bool isShifted);

    /// <summary>How far some minutes lie from what is usual, on the family's own scale; drawn to 0 where there is little in them.</summary>
    double Difference(Slot window);

    /// <summary>The window with an expectation that is moved on the family's own scale.</summary>
    Slot Shift(Slot window, double by);

    /// <summary>Learns from a minute that was in order.</summary>
    void Learn(Slot slot);

    /// <summary>Learns what is usual at this hour, in order or not: its medians over weeks and days bear a fault, and what comes every week is none.</summary>
    void LearnSeason(Slot slot);

    /// <summary>Learns a whole hour of the past.</summary>
    /// <param name="hour">Hours since 1970.</param>
    /// <param name="value">What was usual in it, as <see cref="Expect"/> takes it.</param>
    void LearnHour(long hour, double value);

    /// <summary>Takes a lasting change for the new normal.</summary>
    /// <param name="window">The sum of the latest minutes.</param>
    void Accept(Slot window);
}
