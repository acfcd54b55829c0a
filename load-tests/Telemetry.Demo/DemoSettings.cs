namespace Telemetry.Demo;

/// <summary>What the command line asks for.</summary>
internal sealed record DemoSettings(Uri Otlp, bool OverHttp, Uri ClickHouse, int Conversations, int Parallel, int Seed, bool Keep, bool Json);
