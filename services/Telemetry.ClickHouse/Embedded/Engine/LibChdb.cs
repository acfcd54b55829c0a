using System.Runtime.InteropServices;

namespace Telemetry.ClickHouse.Embedded.Engine;

/// <summary>The C interface of libchdb 26.7 that is used here. Strings go with their length; results and streams must be destroyed.</summary>
internal static unsafe partial class LibChdb
{
    [LibraryImport(EngineLibrary.Name, EntryPoint = "chdb_set_signal_handlers_enabled")]
    internal static partial void SetSignalHandlersEnabled(int enabled);

    [LibraryImport(EngineLibrary.Name, EntryPoint = "chdb_connect")]
    internal static partial nint* Connect(int argumentCount, byte** arguments);

    [LibraryImport(EngineLibrary.Name, EntryPoint = "chdb_close_conn")]
    internal static partial void CloseConnection(nint* connection);

    [LibraryImport(EngineLibrary.Name, EntryPoint = "chdb_query_with_params_n")]
    internal static partial nint Query(
        nint connection, byte* query, nuint queryLength, byte* format, nuint formatLength, byte** names, nuint* nameLengths, byte** values, nuint* valueLengths, nuint count);

    [LibraryImport(EngineLibrary.Name, EntryPoint = "chdb_stream_query_with_params_n")]
    internal static partial nint StreamQuery(
        nint connection, byte* query, nuint queryLength, byte* format, nuint formatLength, byte** names, nuint* nameLengths, byte** values, nuint* valueLengths, nuint count);

    [LibraryImport(EngineLibrary.Name, EntryPoint = "chdb_stream_fetch_result")]
    internal static partial nint StreamFetch(nint connection, nint stream);

    [LibraryImport(EngineLibrary.Name, EntryPoint = "chdb_stream_cancel_query")]
    internal static partial void StreamCancel(nint connection, nint stream);

    [LibraryImport(EngineLibrary.Name, EntryPoint = "chdb_destroy_query_result")]
    internal static partial void DestroyResult(nint result);

    [LibraryImport(EngineLibrary.Name, EntryPoint = "chdb_stream_insert_with_params_n")]
    internal static partial nint StreamInsert(
        nint connection, byte* query, nuint queryLength, byte* format, nuint formatLength, byte** names, nuint* nameLengths, byte** values, nuint* valueLengths, nuint count);

    [LibraryImport(EngineLibrary.Name, EntryPoint = "chdb_stream_append")]
    internal static partial int StreamAppend(nint stream, byte* data, nuint length);

    [LibraryImport(EngineLibrary.Name, EntryPoint = "chdb_stream_done")]
    internal static partial nint StreamDone(nint stream);

    [LibraryImport(EngineLibrary.Name, EntryPoint = "chdb_stream_insert_error")]
    internal static partial nint StreamInsertError(nint stream);

    [LibraryImport(EngineLibrary.Name, EntryPoint = "chdb_destroy_insert_stream")]
    internal static partial void DestroyInsertStream(nint stream);

    [LibraryImport(EngineLibrary.Name, EntryPoint = "chdb_result_buffer")]
    internal static partial byte* ResultBuffer(nint result);

    [LibraryImport(EngineLibrary.Name, EntryPoint = "chdb_result_length")]
    internal static partial nuint ResultLength(nint result);

    [LibraryImport(EngineLibrary.Name, EntryPoint = "chdb_result_error")]
    internal static partial nint ResultError(nint result);

    [LibraryImport(EngineLibrary.Name, EntryPoint = "chdb_result_elapsed")]
    internal static partial double ResultElapsed(nint result);

    [LibraryImport(EngineLibrary.Name, EntryPoint = "chdb_result_storage_rows_read")]
    internal static partial ulong ResultRowsRead(nint result);

    [LibraryImport(EngineLibrary.Name, EntryPoint = "chdb_result_storage_bytes_read")]
    internal static partial ulong ResultBytesRead(nint result);

    [LibraryImport(EngineLibrary.Name, EntryPoint = "chdb_result_rows_written")]
    internal static partial ulong ResultRowsWritten(nint result);

    [LibraryImport(EngineLibrary.Name, EntryPoint = "chdb_result_bytes_written")]
    internal static partial ulong ResultBytesWritten(nint result);

    [LibraryImport(EngineLibrary.Name, EntryPoint = "chdb_classify_query_n")]
    internal static partial int Classify(nint connection, byte* sql, nuint length, byte* database, nuint databaseLength, Analysis* analysis);

    /// <summary>What the engine's parser says of a text; the caller sets the size.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Analysis
    {
        internal uint StructSize;
        internal uint StatementCount;
        internal uint Flags;
        internal uint QueryClass;
    }
}
