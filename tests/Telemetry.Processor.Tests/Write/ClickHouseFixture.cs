using Telemetry.ClickHouse.Client;
using Telemetry.TestKit;

namespace Telemetry.Processor.Tests.Write;

/// <summary>One ClickHouse for the tests of a class, with one database for all of them.</summary>
public sealed class ClickHouseFixture : ClickHouseProcess, IAsyncLifetime
{
    public ClickHouseClient Client { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Client = await NewDatabaseAsync(TestContext.Current.CancellationToken);
    }
}
