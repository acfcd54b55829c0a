using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Telemetry.Console.Api;
using Telemetry.Query.Ask;

namespace Telemetry.Console.OpenApi;

/// <summary>Shapes of parameters, bodies and answers as JSON Schema.</summary>
internal static class Schemas
{
    /// <summary>RFC 9457 with the fields that are wrong.</summary>
    public static OpenApiSchema Problem => Object(
        ("type", Text("Kind of problem, stable")), ("title", Text("Kind in words")), ("status", Integer("HTTP status")), ("detail", Text("What happened")), ("instance", Text("Path of the request")),
        ("errors", List(Object(("field", Text("Parameter")), ("value", Text("What it said")), ("allowed", Text("What it may say"))))));

    private static OpenApiSchema Statements => List(Object(
        ("name", Text("The part of the answer that it made")), ("statement", Text("SELECT with {name:Type} where values are bound")), ("parameters", Map("Values by name, as ClickHouse takes them in param_name=")),
        ("read_rows", Integer("Rows that the engine read")), ("read_bytes", Integer("Bytes that the engine read")), ("elapsed_ms", Number("Time in the engine"))));

    private static OpenApiSchema Range => Object(
        ("from", Moment("Start, as it was resolved")), ("to", Moment("End, not part of it")), ("tz", Text("Time zone of days")), ("step", Text("Width of points, of a series")), ("step_seconds", Integer("Width of points in seconds")));

    /// <summary>Of a parameter's value.</summary>
    public static OpenApiSchema Of(ApiParameter parameter) => new()
    {
        Type = parameter.Type switch { "integer" => JsonSchemaType.Integer, "number" => JsonSchemaType.Number, _ => JsonSchemaType.String },
        Enum = parameter.Allowed.Count > 0 ? [.. parameter.Allowed.Select(a => (JsonNode)JsonValue.Create(a))] : null,
        Default = parameter.Default is not { } usual || parameter.Repeats ? null : parameter.Type == "integer" ? JsonValue.Create(int.Parse(usual, System.Globalization.CultureInfo.InvariantCulture)) : JsonValue.Create(usual),
    };

    /// <summary>Of an answer.</summary>
    public static OpenApiSchema Of(AnswerShape shape)
    {
        if (shape.IsTable)
        {
            return Object(
                ("data", List(shape.Columns is { } columns ? Row(columns) : Any("A row; its columns depend on the question"))), ("has_more", Flag("Whether there are more rows")), ("next_cursor", Nullable(Text("Where the next page begins"))),
                ("range", Range), ("notes", List(Text("What a reader should know"))), ("sql", Statements));
        }

        return shape.Parts.Count == 0
            ? Row(shape.Columns!)
            : Object([.. shape.Parts.Select(p => (p.Name, p.Single ? Nullable(Row(p.Columns)) : List(Row(p.Columns)))), ("range", Range), ("notes", List(Text("What a reader should know"))), ("sql", Statements)]);
    }

    /// <summary>Of a body.</summary>
    public static OpenApiSchema OfBody(ApiRoute route)
    {
        OpenApiSchema schema = Object([.. route.Body.Select(f => (f.Name, f.Example.StartsWith('{') ? Map(f.Description) : Text(f.Description)))]);
        schema.Required = route.Body.Where(f => f.Required).Select(f => f.Name).ToHashSet(StringComparer.Ordinal);
        return schema;
    }

    /// <summary>A body as it may be sent.</summary>
    public static JsonObject ExampleOfBody(ApiRoute route)
    {
        var example = new JsonObject();
        foreach ((string name, _, _, string value) in route.Body)
        {
            example[name] = value.StartsWith('{') ? JsonNode.Parse(value) : JsonValue.Create(value);
        }

        return example;
    }

    private static OpenApiSchema Row(IReadOnlyList<Column> columns) => Object([.. columns.Select(c => (c.Name, Of(c)))]);

    private static OpenApiSchema Of(Column column)
    {
        OpenApiSchema schema = column.Type switch
        {
            ColumnType.Integer => Integer(column.Description),
            ColumnType.Number => Number(column.Description),
            ColumnType.Money => new OpenApiSchema { Type = JsonSchemaType.String, Format = "decimal", Pattern = @"^-?\d+(\.\d+)?$", Description = column.Description },
            ColumnType.Time => Moment(column.Description),
            ColumnType.Flag => Flag(column.Description),
            ColumnType.Texts => new OpenApiSchema { Type = JsonSchemaType.Array, Items = Text(""), Description = column.Description },
            ColumnType.Map => Map(column.Description),
            _ => Text(column.Description),
        };
        return column.Nullable ? Nullable(schema) : schema;
    }

    private static OpenApiSchema Object(params (string Name, OpenApiSchema Schema)[] properties) => new()
    {
        Type = JsonSchemaType.Object,
        Properties = properties.ToDictionary(p => p.Name, p => (IOpenApiSchema)p.Schema, StringComparer.Ordinal),
    };

    private static OpenApiSchema Any(string description) => new() { Type = JsonSchemaType.Object, Description = description, AdditionalPropertiesAllowed = true };

    private static OpenApiSchema List(OpenApiSchema items) => new() { Type = JsonSchemaType.Array, Items = items };

    private static OpenApiSchema Map(string description) => new() { Type = JsonSchemaType.Object, AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.String }, Description = description };

    private static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description.Length > 0 ? description : null };

    private static OpenApiSchema Integer(string description) => new() { Type = JsonSchemaType.Integer, Format = "int64", Description = description };

    private static OpenApiSchema Number(string description) => new() { Type = JsonSchemaType.Number, Format = "double", Description = description };

    private static OpenApiSchema Flag(string description) => new() { Type = JsonSchemaType.Boolean, Description = description };

    private static OpenApiSchema Moment(string description) => new() { Type = JsonSchemaType.String, Format = "date-time", Description = description };

    private static OpenApiSchema Nullable(OpenApiSchema schema)
    {
        schema.Type |= JsonSchemaType.Null;
        return schema;
    }
}
