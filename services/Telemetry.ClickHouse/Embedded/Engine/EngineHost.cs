using System.Collections.Frozen;
using Telemetry.ClickHouse.Embedded.Backup;
using Telemetry.Hosting.Process;

namespace Telemetry.ClickHouse.Embedded.Engine;

/// <summary>
/// The engine in this process: opened once, kept open by a session of its own until disposed. There is one engine and one data directory
/// for a process at a time.
/// </summary>
internal sealed class EngineHost : IAsyncDisposable
{
    private static readonly TimeSpan s_drainLimit = TimeSpan.FromSeconds(20);
    private static EngineHost? s_open;

    private readonly DirectoryLock _lock;
    private readonly EngineConnection _keeper;
    private readonly EngineThread _control = new(0);

    private EngineHost(EmbeddedClickHouseOptions options, DirectoryLock directoryLock, EngineConnection keeper, IReadOnlyList<string> arguments)
    {
        _lock = directoryLock;
        _keeper = keeper;
        DataPath = Path.GetFullPath(options.Path);
        Queries = new EnginePool("queries", options.MaxConcurrentQueries, options.QueueTimeout, arguments);
        Inserts = new EnginePool("inserts", options.MaxConcurrentInserts, options.QueueTimeout, arguments);
        Version = keeper.QueryText("SELECT version()").Trim();
        Settings = Names(keeper, "SELECT name FROM system.settings");
        TableFunctions = Names(keeper, "SELECT name FROM system.table_functions");
    }

    /// <summary>The data directory, absolute.</summary>
    internal string DataPath { get; }

    internal EnginePool Queries { get; }

    internal EnginePool Inserts { get; }

    internal string Version { get; }

    /// <summary>Names of all query settings.</summary>
    internal FrozenSet<string> Settings { get; }

    /// <summary>Names of all table functions.</summary>
    internal FrozenSet<string> TableFunctions { get; }

    /// <summary>Lines that were taken out of deduplication logs when it was opened, because their parts were not there.</summary>
    internal int RepairedLines { get; private init; }

    /// <summary>Opens the engine. Blocks until the tables are loaded.</summary>
    /// <exception cref="InvalidOperationException">Another engine is open in this process, or the data directory cannot be opened.</exception>
    internal static EngineHost Open(EmbeddedClickHouseOptions options)
    {
        EngineLibrary.Load(options.LibraryPath);
        if (Volatile.Read(ref s_open) is not null)
        {
            throw new InvalidOperationException("An embedded ClickHouse engine is open in this process already; there can be only one.");
        }

        DirectoryLock directoryLock = Lock(options);
        try
        {
            EngineHost host = Open(options, directoryLock);
            if (Interlocked.CompareExchange(ref s_open, host, null) is null)
            {
                return host;
            }

            host._keeper.Dispose();
            throw new InvalidOperationException("An embedded ClickHouse engine is open in this process already; there can be only one.");
        }
        catch
        {
            directoryLock.Dispose();
            throw;
        }
    }

    private static DirectoryLock Lock(EmbeddedClickHouseOptions options)
    {
        string path = Path.GetFullPath(options.Path);
        try
        {
            Directory.CreateDirectory(path);
            return RestoredData.IsUnfinished(path)
                ? throw new IOException($"a restore into it was broken off; delete {Path.Combine(path, RestoredData.Folder)} and restore again")
                : DirectoryLock.Take(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"{EmbeddedClickHouseOptions.Section}:Path = \"{path}\": {e.Message}", e);
        }
    }

    private static EngineHost Open(EmbeddedClickHouseOptions options, DirectoryLock directoryLock)
    {
        IReadOnlyList<string> arguments = EngineConfiguration.Write(options);
        EngineSnapshot.RemoveLeftovers(Path.GetFullPath(options.Path));
        int repaired = DeduplicationLogs.Repair(Path.GetFullPath(options.Path));
        EngineConnection keeper = EngineConnection.TryOpen(arguments) ?? throw new InvalidOperationException(
            $"The embedded ClickHouse engine cannot open {Path.GetFullPath(options.Path)}. Its reason stands on standard error.");
        return new EngineHost(options, directoryLock, keeper, arguments) { RepairedLines = repaired };
    }

    /// <summary>Runs a statement on the host's own session, beside all pools.</summary>
    internal Task ExecuteAsync(string sql) => _control.RunAsync(() => _keeper.Execute(sql));

    /// <summary>Runs a query with a small result on the host's own session.</summary>
    internal Task<string> QueryTextAsync(string sql) => _control.RunAsync(() => _keeper.QueryText(sql));

    /// <summary>Ends the statements of the request that set this mark as its log comment.</summary>
    internal Task KillAsync(Guid mark) => ExecuteAsync($"KILL QUERY WHERE Settings['log_comment'] = '{mark:N}' ASYNC");

    public async ValueTask DisposeAsync()
    {
        if (!await DrainAsync())
        {
            await ExecuteAsync("KILL QUERY WHERE Settings['log_comment'] != '' ASYNC");
            await DrainAsync();
        }

        Queries.Dispose();
        Inserts.Dispose();
        await _control.RunAsync(_keeper.Dispose);
        _control.Dispose();
        _lock.Dispose();
        Interlocked.CompareExchange(ref s_open, null, this);
    }

    private async Task<bool> DrainAsync() => await Queries.DrainAsync(s_drainLimit) & await Inserts.DrainAsync(s_drainLimit);

    private static FrozenSet<string> Names(EngineConnection connection, string sql) =>
        connection.QueryText(sql).Split('\n', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
}
