namespace Telemetry.ClickHouse.Client;

/// <summary>The decoded result of a query.</summary>
public sealed class ClickHouseResult
{
    internal static ClickHouseResult Decode(byte[] body) => throw new NotImplementedException();
}
