using System.Runtime.InteropServices;
using System.Text;

namespace Telemetry.ClickHouse.Embedded.Engine;

/// <summary>
/// One session of the engine. It runs one statement at a time and is used from one thread. Settings last as long as the session, so
/// every request has its own: opening and closing one takes 0.2 ms, and nothing can leak from one request into another.
/// </summary>
internal sealed unsafe class EngineConnection : IDisposable
{
    private static readonly KeyValuePair<string, string>[] s_none = [];
    private nint* _connection;

    private EngineConnection(nint* connection) => _connection = connection;

    private nint Handle => _connection is null ? throw new ObjectDisposedException(nameof(EngineConnection)) : *_connection;

    /// <summary>Null when the engine refuses; it then has written its reason to standard error.</summary>
    internal static EngineConnection? TryOpen(IReadOnlyList<string> arguments)
    {
        using NativeArguments commandLine = NativeArguments.CommandLine(["clickhouse", .. arguments]);
        nint* connection = LibChdb.Connect((int)commandLine.Count, commandLine.Values);
        return connection is null ? null : new EngineConnection(connection);
    }

    /// <summary>Runs a statement to its end and has its whole result in memory.</summary>
    internal EngineResult Query(ReadOnlySpan<byte> sql, string format, IReadOnlyList<KeyValuePair<string, string>>? parameters = null)
    {
        using NativeArguments bound = NativeArguments.Parameters(parameters ?? s_none);
        Span<byte> formatName = stackalloc byte[64];
        int formatLength = EncodeFormat(format, formatName);
        fixed (byte* text = sql, name = formatName)
        {
            return new EngineResult(LibChdb.Query(
                Handle, text, (nuint)sql.Length, name, (nuint)formatLength, bound.Names, bound.NameLengths, bound.Values, bound.ValueLengths, bound.Count));
        }
    }

    internal void Execute(string sql) => Query(Encoding.UTF8.GetBytes(sql), "Null").Dispose();

    /// <summary>Runs a query whose small result is one text.</summary>
    internal string QueryText(string sql, string format = "TabSeparatedRaw")
    {
        using EngineResult result = Query(Encoding.UTF8.GetBytes(sql), format);
        return Encoding.UTF8.GetString(result.Data(0, checked((int)result.Length)));
    }

    /// <summary>The statement as the engine's parser understood it, written in the engine's one way.</summary>
    /// <exception cref="EngineException">62 SYNTAX_ERROR.</exception>
    internal byte[] Format(ReadOnlySpan<byte> sql)
    {
        // In base 64, because bound values have escapes of their own.
        using EngineResult result = Query("SELECT formatQuerySingleLine(base64Decode({sql:String}))"u8, "TabSeparatedRaw", [new("sql", Convert.ToBase64String(sql))]);
        return result.Data(0, checked((int)result.Length)).ToArray();
    }

    /// <summary>Starts a query whose result is fetched part by part.</summary>
    internal EngineResult StreamQuery(ReadOnlySpan<byte> sql, string format, IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        using NativeArguments bound = NativeArguments.Parameters(parameters);
        Span<byte> formatName = stackalloc byte[64];
        int formatLength = EncodeFormat(format, formatName);
        fixed (byte* text = sql, name = formatName)
        {
            return new EngineResult(LibChdb.StreamQuery(
                Handle, text, (nuint)sql.Length, name, (nuint)formatLength, bound.Names, bound.NameLengths, bound.Values, bound.ValueLengths, bound.Count));
        }
    }

    /// <summary>The next part; empty at the end.</summary>
    internal EngineResult Fetch(EngineResult stream) => new(LibChdb.StreamFetch(Handle, stream.Handle));

    internal void Cancel(EngineResult stream) => LibChdb.StreamCancel(Handle, stream.Handle);

    /// <summary>Starts an insert whose data is appended part by part.</summary>
    internal EngineInsert StartInsert(ReadOnlySpan<byte> sql, string format, IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        using NativeArguments bound = NativeArguments.Parameters(parameters);
        Span<byte> formatName = stackalloc byte[64];
        int formatLength = EncodeFormat(format, formatName);
        fixed (byte* text = sql, name = formatName)
        {
            return new EngineInsert(LibChdb.StreamInsert(
                Handle, text, (nuint)sql.Length, name, (nuint)formatLength, bound.Names, bound.NameLengths, bound.Values, bound.ValueLengths, bound.Count));
        }
    }

    internal (StatementClass Class, int Statements) Classify(ReadOnlySpan<byte> sql)
    {
        var analysis = new LibChdb.Analysis { StructSize = (uint)sizeof(LibChdb.Analysis) };
        fixed (byte* text = sql)
        {
            int state = LibChdb.Classify(Handle, text, (nuint)sql.Length, null, 0, &analysis);
            return state == 0 ? ((StatementClass)analysis.QueryClass, (int)analysis.StatementCount) : (StatementClass.Unknown, 0);
        }
    }

    public void Dispose()
    {
        if (_connection is not null)
        {
            LibChdb.CloseConnection(_connection);
            _connection = null;
        }
    }

    private static int EncodeFormat(string format, Span<byte> target) => Encoding.ASCII.TryGetBytes(format, target, out int length)
        ? length
        : throw EngineException.Create(73, "UNKNOWN_FORMAT", "The name of the format is too long");
}

/// <summary>An insert under way. Disposed before <see cref="Finish"/>, it is given up.</summary>
internal sealed unsafe class EngineInsert : IDisposable
{
    private nint _stream;

    internal EngineInsert(nint stream)
    {
        _stream = stream;
        ThrowIfFailed();
    }

    internal void Append(ReadOnlySpan<byte> data)
    {
        fixed (byte* start = data)
        {
            if (data.Length > 0 && LibChdb.StreamAppend(_stream, start, (nuint)data.Length) != 0)
            {
                ThrowIfFailed();
                throw EngineException.Create(1002, "UNKNOWN_EXCEPTION", "The engine took no more data");
            }
        }
    }

    /// <summary>Commits.</summary>
    internal EngineCounters Finish()
    {
        using var result = new EngineResult(LibChdb.StreamDone(_stream));
        return result.Counters;
    }

    public void Dispose()
    {
        if (_stream != 0)
        {
            LibChdb.DestroyInsertStream(_stream);
            _stream = 0;
        }
    }

    private void ThrowIfFailed()
    {
        if (Marshal.PtrToStringUTF8(LibChdb.StreamInsertError(_stream)) is { Length: > 0 } error)
        {
            Dispose();
            throw EngineException.FromText(error);
        }
    }
}
