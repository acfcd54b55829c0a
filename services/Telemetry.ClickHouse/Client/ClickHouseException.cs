using System.Collections.Frozen;

namespace Telemetry.ClickHouse.Client;

/// <summary>
/// ClickHouse refused or could not be reached. The message is the server's own text. Two questions decide what to do:
/// <see cref="IsRetryable"/> (the same request may succeed later as it is) and <see cref="IsConfiguration"/> (the request is fine, the
/// server is not set up for it: people must act, and data must wait rather than be dropped).
/// </summary>
public sealed class ClickHouseException : Exception
{
    private static readonly FrozenSet<int> s_retryable = FrozenSet.Create(
        3, // UNEXPECTED_END_OF_FILE: the body broke off
        74, 75, 76, // reading from, writing to, opening a file of the server's disk
        159, // TIMEOUT_EXCEEDED
        160, // TOO_SLOW
        201, // QUOTA_EXCEEDED
        202, // TOO_MANY_SIMULTANEOUS_QUERIES
        203, // NO_FREE_CONNECTION
        209, // SOCKET_TIMEOUT
        210, // NETWORK_ERROR
        225, // NO_ZOOKEEPER
        236, // ABORTED: the server stops
        241, // MEMORY_LIMIT_EXCEEDED
        242, // TABLE_IS_READ_ONLY: a replica without its keeper
        243, // NOT_ENOUGH_SPACE
        252, // TOO_MANY_PARTS
        254, // NO_ACTIVE_REPLICAS
        279, // ALL_CONNECTION_TRIES_FAILED
        285, 286, // TOO_FEW_LIVE_REPLICAS, UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE
        319, // UNKNOWN_STATUS_OF_INSERT: the deduplication token makes the retry safe
        394, // QUERY_WAS_CANCELLED
        425, // SYSTEM_ERROR
        439, // CANNOT_SCHEDULE_TASK
        473, // DEADLOCK_AVOIDED
        745, // SERVER_OVERLOADED
        999); // KEEPER_EXCEPTION

    private static readonly FrozenSet<int> s_configuration = FrozenSet.Create(
        60, 81, // UNKNOWN_TABLE, UNKNOWN_DATABASE: not migrated yet
        16, 164, // NO_SUCH_COLUMN_IN_TABLE, READONLY
        192, 193, 194, // UNKNOWN_USER, WRONG_PASSWORD, REQUIRED_PASSWORD
        291, 497, 516); // DATABASE_ACCESS_DENIED, ACCESS_DENIED, AUTHENTICATION_FAILED

    /// <summary>Creates an error of the server.</summary>
    /// <param name="code">ClickHouse's error code; 0 when the server gave none.</param>
    /// <param name="message">The server's text.</param>
    /// <param name="retryable">Overrides what the code says, for failures that have no code.</param>
    /// <param name="inner">What failed underneath, for network failures.</param>
    public ClickHouseException(int code, string message, bool? retryable = null, Exception? inner = null)
        : base(message, inner)
    {
        Code = code;
        IsRetryable = retryable ?? s_retryable.Contains(code);
    }

    /// <summary>ClickHouse's error code, for example 60 (UNKNOWN_TABLE); 0 when the failure was on the way.</summary>
    public int Code { get; }

    /// <summary>The same request may succeed later: network failures, overload, timeouts, a stopping server.</summary>
    public bool IsRetryable { get; }

    /// <summary>
    /// The server lacks something that people must put right: table, database, column, rights or password. Not retryable at once,
    /// but no reason to give data up either.
    /// </summary>
    public bool IsConfiguration => s_configuration.Contains(Code);
}
