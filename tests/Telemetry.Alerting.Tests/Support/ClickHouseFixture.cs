using Telemetry.TestKit;

namespace Telemetry.Alerting.Tests.Support;

/// <summary>One ClickHouse for the tests of a class; each test takes a database of its own.</summary>
public sealed class ClickHouseFixture : ClickHouseProcess, IAsyncLifetime;
