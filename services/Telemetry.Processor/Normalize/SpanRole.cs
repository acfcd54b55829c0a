namespace Telemetry.Processor.Normalize;

/// <summary>What a span is to the bill, as far as the span alone tells.</summary>
internal enum SpanRole : byte
{
    /// <summary>Neither a call nor about calls: a tool, a retrieval, a task.</summary>
    Other,

    /// <summary>A provider call, seen by the one who made it.</summary>
    Call,

    /// <summary>Stands around calls and may repeat or add up their usage: an agent, a workflow, a chain, a step.</summary>
    Wrapper,

    /// <summary>A provider call, seen by the server or gateway that answered it.</summary>
    ServerCall,
}

/// <summary>Names of roles; the values of the column <c>role</c>.</summary>
internal static class SpanRoles
{
    private static readonly string[] Names = ["other", "call", "wrapper", "server_call"];

    /// <summary>The name of a role.</summary>
    public static string Name(SpanRole role) => Names[(int)role];

    /// <summary>The role of that name; <see cref="SpanRole.Other"/> for an unknown one.</summary>
    public static SpanRole Parse(string name) => (SpanRole)Math.Max(0, Array.IndexOf(Names, name));
}
