using System.ComponentModel.DataAnnotations;
using System.Net;
using Telemetry.Hosting.Configuration;
using Telemetry.Hosting.Tls;

namespace Telemetry.ClickHouse.Embedded;

/// <summary>The embedded engine and its HTTP front. Section <see cref="Section"/>.</summary>
public sealed class EmbeddedClickHouseOptions : IValidatableObject
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Telemetry:EmbeddedClickHouse";

    /// <summary>Directory of the data; created when it is not there. Only one process at a time can have it open.</summary>
    [Required]
    public string Path { get; set; } = "data/clickhouse";

    /// <summary>The engine library libchdb.so; empty to search <c>node_modules/@chdb</c> from the program and the current directory upwards.</summary>
    public string LibraryPath { get; set; } = "";

    /// <summary>Port of the HTTP interface; 0 takes any free one.</summary>
    [Range(0, 65535, ErrorMessage = "must be between 0 and 65535")]
    public int Port { get; set; } = 8123;

    /// <summary>Address to listen on, * for all. Anything but loopback needs passwords.</summary>
    [BindAddress]
    public string BindAddress { get; set; } = "127.0.0.1";

    /// <summary>TLS on the port. The parts of the same process use a port of their own on loopback then, without TLS.</summary>
    public TlsServerOptions Tls { get; } = new();

    /// <summary>The user who may do everything.</summary>
    [Required]
    public string User { get; set; } = "default";

    /// <summary>Password of <see cref="User"/>; may be empty on loopback only.</summary>
    public string Password { get; set; } = "";

    /// <summary>The user who may only read; empty for none.</summary>
    public string ReadOnlyUser { get; set; } = "reader";

    /// <summary>Password of <see cref="ReadOnlyUser"/>; may be empty on loopback only.</summary>
    public string ReadOnlyPassword { get; set; } = "";

    /// <summary>Ceiling of the engine's memory in bytes; queries beyond it fail with MEMORY_LIMIT_EXCEEDED.</summary>
    [Range(256L << 20, 1L << 42, ErrorMessage = "must be between 268435456 (256 MiB) and 4398046511104 bytes")]
    public long MaxServerMemoryBytes { get; set; } = 2L << 30;

    /// <summary>Ceiling of the memory of one query in bytes.</summary>
    [Range(16L << 20, 1L << 42, ErrorMessage = "must be between 16777216 (16 MiB) and 4398046511104 bytes")]
    public long MaxQueryMemoryBytes { get; set; } = 1L << 30;

    /// <summary>Queries that run at the same time; inserts are counted apart, so that neither waits for the other.</summary>
    [Range(1, 256, ErrorMessage = "must be between 1 and 256")]
    public int MaxConcurrentQueries { get; set; } = 16;

    /// <summary>Inserts that run at the same time.</summary>
    [Range(1, 64, ErrorMessage = "must be between 1 and 64")]
    public int MaxConcurrentInserts { get; set; } = 4;

    /// <summary>How long a request waits for its turn before it is refused with TOO_MANY_SIMULTANEOUS_QUERIES.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00", ErrorMessage = "must be between 00:00:00 and 00:10:00")]
    public TimeSpan QueueTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest run of one query. <see cref="User"/> may ask for another with max_execution_time, <see cref="ReadOnlyUser"/> only for a shorter.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "24:00:00", ErrorMessage = "must be between 00:00:01 and 24:00:00")]
    public TimeSpan MaxExecutionTime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Queries of <see cref="ReadOnlyUser"/> that run at the same time; two of <see cref="MaxConcurrentQueries"/> are left to the pipeline whatever this says.</summary>
    [Range(1, 256, ErrorMessage = "must be between 1 and 256")]
    public int ReadOnlyMaxConcurrentQueries { get; set; } = 12;

    /// <summary>Rows that one query of <see cref="ReadOnlyUser"/> may read from tables; over it TOO_MANY_ROWS. It may ask for fewer with max_rows_to_read.</summary>
    [Range(1L, long.MaxValue, ErrorMessage = "must be at least 1")]
    public long ReadOnlyMaxRowsToRead { get; set; } = 5_000_000_000;

    /// <summary>Rows that one query of <see cref="ReadOnlyUser"/> may answer; over it TOO_MANY_ROWS_OR_BYTES. It may ask for fewer with max_result_rows.</summary>
    [Range(1L, long.MaxValue, ErrorMessage = "must be at least 1")]
    public long ReadOnlyMaxResultRows { get; set; } = 10_000_000;

    /// <summary>Longest query text in bytes, without the data of an insert.</summary>
    [Range(1024, 16 << 20, ErrorMessage = "must be between 1024 and 16777216")]
    public int MaxQueryBytes { get; set; } = 256 << 10;

    /// <summary>Largest body of a request in bytes, as sent and after decompression.</summary>
    [Range(1L << 20, 1L << 40, ErrorMessage = "must be between 1048576 and 1099511627776")]
    public long MaxBodyBytes { get; set; } = 1L << 30;

    /// <summary>
    /// Largest result in bytes (uncompressed columns) for formats that the engine can only give as a whole, such as JSON and Parquet.
    /// Row formats (TSV, CSV, JSONEachRow, RowBinary, Native) stream without this limit.
    /// </summary>
    [Range(1L << 20, 1L << 36, ErrorMessage = "must be between 1048576 and 68719476736")]
    public long MaxWholeResultBytes { get; set; } = 128L << 20;

    /// <summary>
    /// Write an insert through to the disk before it is acknowledged. Off, an acknowledged insert survives the death of the process but not of
    /// the machine.
    /// </summary>
    public bool FsyncInserts { get; set; } = true;

    /// <summary>Origins of web pages that may send requests, for example <c>http://localhost:3000</c>; pages of other origins are refused.</summary>
    public IList<string> AllowedOrigins { get; set; } = [];

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        bool open = BindAddress == "*" || (IPAddress.TryParse(BindAddress, out IPAddress? address) && !IPAddress.IsLoopback(address));
        if (open && (Password.Length == 0 || (ReadOnlyUser.Length > 0 && ReadOnlyPassword.Length == 0)))
        {
            yield return new ValidationResult("needs Password and ReadOnlyPassword (or no ReadOnlyUser), for it is not loopback", [nameof(BindAddress)]);
        }

        if (User == ReadOnlyUser)
        {
            yield return new ValidationResult("must differ from User", [nameof(ReadOnlyUser)]);
        }
    }
}
