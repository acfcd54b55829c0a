using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.SpanLog.Tests.Contract;
using Telemetry.TestKit;

namespace Telemetry.SpanLog.Tests.Local;

public sealed class LocalContractTests : SpanLogContract
{
    protected override Task<ILogFixture> CreateFixtureAsync() => Task.FromResult<ILogFixture>(new Fixture());

    private sealed class Fixture : ILogFixture
    {
        private readonly TemporaryDirectory _directory = new();

        public ISpanLog Create(Action<SpanLogOptions>? configure = null)
        {
            var options = new SpanLogOptions { Path = _directory.Path, Partitions = 4 };
            configure?.Invoke(options);
            return SpanLogFactory.Create(options, NullLoggerFactory.Instance, TimeProvider.System);
        }

        public ValueTask DisposeAsync()
        {
            _directory.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
