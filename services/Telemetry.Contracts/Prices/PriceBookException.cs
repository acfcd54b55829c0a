namespace Telemetry.Contracts.Prices;

/// <summary>A price file is wrong; every error is listed with its file and place.</summary>
/// <param name="errors">One line for each error: file, JSON path, what is wrong and what is allowed.</param>
public sealed class PriceBookException(IReadOnlyList<string> errors)
    : Exception("The price book is not valid:" + Environment.NewLine + string.Join(Environment.NewLine, errors.Select(e => "  " + e)))
{
    /// <summary>One line for each error.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}
