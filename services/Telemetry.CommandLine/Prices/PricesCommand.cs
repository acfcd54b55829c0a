using System.CommandLine;

namespace Telemetry.CommandLine.Prices;

/// <summary><c>telemetry prices</c>: the price book.</summary>
internal static class PricesCommand
{
    public static Command Create(TimeProvider time) => new("prices", "Imports and shows the price book.") { ImportCommand.Create(), ShowCommand.Create(time) };
}
