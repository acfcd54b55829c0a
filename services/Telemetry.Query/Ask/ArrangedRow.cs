using Telemetry.ClickHouse.Client;

namespace Telemetry.Query.Ask;

/// <summary>A row, and numbers that go with it.</summary>
internal sealed record ArrangedRow(ClickHouseRow Row, IReadOnlyList<(string Name, double Value)> More);
