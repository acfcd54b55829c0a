namespace Telemetry.Query.Ask;

/// <summary>Too many statements run already.</summary>
internal sealed class TooManyQueriesException(int limit) : Exception($"{limit} queries run already, and none ended in time; try again")
{
}
