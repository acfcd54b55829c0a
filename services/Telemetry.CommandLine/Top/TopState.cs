namespace Telemetry.CommandLine.Top;

/// <summary>What is shown, and what keys change of it.</summary>
/// <param name="By">Dimension of the rows.</param>
/// <param name="Minutes">Length of the range.</param>
/// <param name="OrderBy">Metric that decides the order.</param>
/// <param name="Paused">Whether it stands still.</param>
/// <param name="Help">Whether the keys are explained.</param>
/// <param name="Quit">Whether it ends.</param>
internal sealed record TopState(string By, int Minutes, string OrderBy, bool Paused = false, bool Help = false, bool Quit = false)
{
    /// <summary>Dimensions, in the order of their key.</summary>
    public static readonly IReadOnlyList<string> Dimensions = ["service", "model", "tenant", "provider", "prompt", "operation", "environment"];

    /// <summary>Orders, in the order of their key.</summary>
    public static readonly IReadOnlyList<string> Orders = ["calls", "cost_usd", "errors", "ttft_p95_ms", "duration_p95_ms", "output_tokens"];

    /// <summary>Lengths of the range in minutes, in the order of their key.</summary>
    public static readonly IReadOnlyList<int> Ranges = [5, 15, 60, 360, 1440];

    /// <summary>What the keys do.</summary>
    public const string Keys = "q quit   b next dimension   s next order   r longer range   space pause   ? help";

    /// <summary>The state after a key.</summary>
    public TopState After(char key) => key switch
    {
        'q' or 'Q' or '\u0003' or '\u001b' => this with { Quit = true },
        'b' => this with { By = Next(Dimensions, By) },
        's' => this with { OrderBy = Next(Orders, OrderBy) },
        'r' => this with { Minutes = Next(Ranges, Minutes) },
        ' ' => this with { Paused = !Paused },
        '?' or 'h' => this with { Help = !Help },
        _ => this,
    };

    private static T Next<T>(IReadOnlyList<T> all, T current)
    {
        int index = all.ToList().IndexOf(current);
        return all[(index + 1) % all.Count];
    }
}
