namespace Telemetry.ClickHouse.Migrations;

/// <summary>The database cannot be brought to the schema: an applied file was changed, or a statement was refused.</summary>
public sealed class MigrationException(string message, Exception? inner = null) : Exception(message, inner);
