using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace Telemetry.SpanLog.Kafka;

/// <summary>Makes Confluent.Kafka use the system's librdkafka; its own native bundle is left out of the build.</summary>
internal static class LibrdkafkaResolver
{
    private const string SystemName = "librdkafka.so.1";
    private static readonly Lock Gate = new();
    private static bool _registered;

    /// <summary>Registers the resolver once for the process, before anything touches Confluent.Kafka.</summary>
#pragma warning disable CA2255 // A library must register before a type initializer of Confluent.Kafka runs; nothing else is early enough.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Register()
    {
        lock (Gate)
        {
            if (!_registered)
            {
                _registered = true;
                NativeLibrary.SetDllImportResolver(typeof(Library).Assembly, Resolve);
            }
        }
    }

    /// <summary>Throws <see cref="SpanLogException"/> that names the package to install when the library is missing.</summary>
    public static void Require()
    {
        if (!NativeLibrary.TryLoad(SystemName, out _))
        {
            throw new SpanLogException(
                "the Kafka span log needs librdkafka 1.9 or newer, and librdkafka.so.1 was not found; on Debian or Ubuntu: apt-get install librdkafka1");
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) =>
        name.StartsWith("librdkafka", StringComparison.Ordinal) && NativeLibrary.TryLoad(SystemName, out nint handle) ? handle : 0;
}
