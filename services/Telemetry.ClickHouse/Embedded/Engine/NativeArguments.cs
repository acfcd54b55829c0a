using System.Runtime.InteropServices;
using System.Text;

namespace Telemetry.ClickHouse.Embedded.Engine;

/// <summary>UTF-8 strings in unmanaged memory for the time of one call.</summary>
internal sealed unsafe class NativeArguments : IDisposable
{
    private readonly List<nint> _allocated = [];

    internal nuint Count { get; private init; }

    internal byte** Names { get; private init; }

    internal nuint* NameLengths { get; private init; }

    internal byte** Values { get; private init; }

    internal nuint* ValueLengths { get; private init; }

    /// <summary>Names and values of query parameters.</summary>
    internal static NativeArguments Parameters(IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        var arguments = new NativeArguments();
        StringTable names = arguments.Strings([.. parameters.Select(p => p.Key)]);
        StringTable values = arguments.Strings([.. parameters.Select(p => p.Value)]);
        return new NativeArguments(arguments)
        {
            Count = (nuint)parameters.Count,
            Names = names.Pointers,
            NameLengths = names.Lengths,
            Values = values.Pointers,
            ValueLengths = values.Lengths,
        };
    }

    /// <summary>A command line; every string ends with a zero byte.</summary>
    internal static NativeArguments CommandLine(IReadOnlyList<string> arguments)
    {
        var strings = new NativeArguments();
        StringTable values = strings.Strings(arguments);
        return new NativeArguments(strings) { Count = (nuint)arguments.Count, Values = values.Pointers, ValueLengths = values.Lengths };
    }

    private NativeArguments()
    {
    }

    private NativeArguments(NativeArguments owner) => _allocated = owner._allocated;

    public void Dispose()
    {
        foreach (nint pointer in _allocated)
        {
            NativeMemory.Free((void*)pointer);
        }

        _allocated.Clear();
    }

    private StringTable Strings(IReadOnlyList<string> strings)
    {
        var pointers = (byte**)Allocate(Math.Max(1, strings.Count) * sizeof(byte*));
        var lengths = (nuint*)Allocate(Math.Max(1, strings.Count) * sizeof(nuint));
        for (int i = 0; i < strings.Count; i++)
        {
            byte[] utf8 = Encoding.UTF8.GetBytes(strings[i]);
            pointers[i] = (byte*)Allocate(utf8.Length + 1);
            utf8.CopyTo(new Span<byte>(pointers[i], utf8.Length));
            pointers[i][utf8.Length] = 0;
            lengths[i] = (nuint)utf8.Length;
        }

        return new StringTable { Pointers = pointers, Lengths = lengths };
    }

    private void* Allocate(int bytes)
    {
        void* pointer = NativeMemory.Alloc((nuint)bytes);
        _allocated.Add((nint)pointer);
        return pointer;
    }

    private readonly struct StringTable
    {
        internal byte** Pointers { get; init; }

        internal nuint* Lengths { get; init; }
    }
}
