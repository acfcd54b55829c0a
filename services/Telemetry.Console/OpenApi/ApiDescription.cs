using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Telemetry.Console.Api;

namespace Telemetry.Console.OpenApi;

/// <summary>Describes the API in OpenAPI, from the list of routes: what is described is what is read.</summary>
internal static class ApiDescription
{
    private const string Introduction =
        "Read-only questions about LLM calls: cost, speed, errors, quality, alerts. Every answer carries the SQL that made it, with its bound values, in sql. "
        + "Money is a decimal string. Times are RFC 3339 in UTC. What is wrong comes as application/problem+json with the field, its value and what is allowed.";

    /// <summary>Registers the document <c>v1</c>.</summary>
    public static void AddServices(IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.ShouldInclude = description => description.ActionDescriptor.EndpointMetadata.OfType<ApiRoute>().Any();
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "Telemetry", Version = "v1", Description = Introduction, License = new OpenApiLicense { Name = "Apache-2.0", Identifier = "Apache-2.0" } };
            document.Servers = [new OpenApiServer { Url = "/" }];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<ApiRoute>().SingleOrDefault() is { } route)
            {
                Describe(operation, route);
            }

            return Task.CompletedTask;
        });
    });

    /// <summary>Puts the route beside its endpoint, where the description finds it.</summary>
    public static void Describe(IEndpointConventionBuilder endpoint, ApiRoute route) => endpoint.WithMetadata(route);

    private static void Describe(OpenApiOperation operation, ApiRoute route)
    {
        operation.OperationId = route.Id;
        operation.Summary = route.Summary;
        operation.Description = route.Description.Length > 0 ? route.Description : null;
        operation.Tags = new HashSet<OpenApiTagReference> { new(route.Tag) };
        operation.Parameters = [.. route.Parameters.Select(Parameter)];
        operation.RequestBody = route.Body.Count == 0 ? null : Body(route);
        operation.Responses = Responses(route);
    }

    private static IOpenApiParameter Parameter(ApiParameter parameter)
    {
        OpenApiSchema one = Schemas.Of(parameter);
        return new OpenApiParameter
        {
            Name = parameter.Name,
            In = parameter.InPath ? ParameterLocation.Path : ParameterLocation.Query,
            Required = parameter.InPath,
            Description = parameter.Description,
            Example = parameter.Example is { } example ? JsonValue.Create(example) : null,
            Style = parameter.Repeats ? ParameterStyle.Form : null,
            Explode = parameter.Repeats,
            Schema = parameter.Repeats ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = one } : one,
        };
    }

    private static OpenApiRequestBody Body(ApiRoute route) => new()
    {
        Required = true,
        Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new OpenApiMediaType { Schema = Schemas.OfBody(route), Example = Schemas.ExampleOfBody(route) } },
    };

    private static OpenApiResponses Responses(ApiRoute route)
    {
        var content = new Dictionary<string, OpenApiMediaType> { [AnswerFormat.Json.ContentType] = new OpenApiMediaType { Schema = Schemas.Of(route.Answers) } };
        foreach (AnswerFormat format in route.Answers.IsTable ? AnswerFormat.All.Where(f => f != AnswerFormat.Json) : [])
        {
            content[format.ContentType] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } };
        }

        var responses = new OpenApiResponses { [route.Id == "createSilence" ? "201" : "200"] = new OpenApiResponse { Description = route.Summary, Content = content } };
        foreach ((string status, string description) in Problems(route))
        {
            responses[status] = new OpenApiResponse
            {
                Description = description,
                Content = new Dictionary<string, OpenApiMediaType> { [Problem.ContentType] = new OpenApiMediaType { Schema = Schemas.Problem } },
            };
        }

        return responses;
    }

    private static IEnumerable<(string Status, string Description)> Problems(ApiRoute route)
    {
        yield return ("400", "A parameter is not known or not valid; errors names it, its value and what is allowed");
        if (route.Writes || route.Tag == "SQL")
        {
            yield return ("403", "Not allowed here");
        }

        if (route.Parameters.Any(p => p.InPath))
        {
            yield return ("404", "There is none of that name");
        }

        yield return ("422", "The question needs more memory or rows than one may have");
        yield return ("503", "Too many questions, or ClickHouse cannot answer now; Retry-After says when to ask again");
        yield return ("504", "The question took longer than one may");
    }


}
