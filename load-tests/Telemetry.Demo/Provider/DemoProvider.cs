using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Telemetry.Demo.Provider;

/// <summary>An OpenAI-compatible provider on loopback: chat completions (whole and streamed), embeddings, models. It keeps a ledger of what it served.</summary>
internal sealed class DemoProvider : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Answers _answers;
    private readonly TimeProvider _time;

    /// <summary>Builds the provider; the same seed gives the same answers for the same requests in the same order.</summary>
    public DemoProvider(int seed, TimeProvider time)
    {
        _time = time;
        _answers = new Answers(new Random(seed), Faults);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.UseRouting();
        _app.MapPost("/v1/chat/completions", ChatAsync);
        _app.MapPost("/v1/embeddings", EmbedAsync);
        _app.MapGet("/v1/models", context => WriteAsync(context, StatusCodes.Status200OK, new JsonObject
        {
            ["object"] = "list",
            ["data"] = new JsonArray([.. DemoModel.All.Select(m => new JsonObject { ["id"] = m.Requested, ["object"] = "model", ["created"] = 0, ["owned_by"] = m.Maker })]),
        }));
    }

    /// <summary>What it served.</summary>
    public Ledger Ledger { get; } = new();

    /// <summary>How it misbehaves.</summary>
    public Faults Faults { get; } = new();

    /// <summary>Base URL for OpenAI clients, known after the start.</summary>
    public Uri Url => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/v1");

    /// <summary>Starts listening.</summary>
    public Task StartAsync(CancellationToken cancellation) => _app.StartAsync(cancellation);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ChatAsync(HttpContext context)
    {
        JsonNode request = (await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted))!;
        string name = (string?)request["model"] ?? "";
        if (DemoModel.Find(name) is not { } model)
        {
            await RefuseAsync(context, name, StatusCodes.Status404NotFound, "model_not_found");
            return;
        }

        bool stream = (bool?)request["stream"] ?? false;
        Answer answer = _answers.Draw(model, request.ToJsonString(), request["tools"] is JsonArray, stream);
        if (answer.Status != StatusCodes.Status200OK)
        {
            await RefuseAsync(context, name, answer.Status, answer.Status == StatusCodes.Status429TooManyRequests ? "rate_limit_exceeded" : "server_error");
            return;
        }

        if (stream)
        {
            await StreamAsync(context, model, answer);
            return;
        }

        await WaitAsync(answer.FirstTokenMilliseconds + answer.GenerationMilliseconds, context.RequestAborted);
        Ledger.Add(new LedgerEntry(name, StatusCodes.Status200OK, answer.Input, answer.Cached, answer.Output));
        await WriteAsync(context, StatusCodes.Status200OK, ChatShapes.Completion(model, answer));
    }

    private async Task StreamAsync(HttpContext context, DemoModel model, Answer answer)
    {
        const int Chunks = 6;
        context.Response.ContentType = "text/event-stream";
        await WaitAsync(answer.FirstTokenMilliseconds, context.RequestAborted);
        for (int i = 0; i < Chunks; i++)
        {
            await EventAsync(context, ChatShapes.Chunk(model, answer, $"part {i + 1} "));
            if (answer.IsCut && i == Chunks / 2)
            {
                Ledger.Add(new LedgerEntry(model.Requested, StatusCodes.Status200OK, 0, 0, 0, Cut: true));
                context.Abort();
                return;
            }

            await WaitAsync(answer.GenerationMilliseconds / Chunks, context.RequestAborted);
        }

        await EventAsync(context, ChatShapes.Finish(model, answer));
        Ledger.Add(new LedgerEntry(model.Requested, StatusCodes.Status200OK, answer.Input, answer.Cached, answer.Output));
        await EventAsync(context, ChatShapes.Usage(model, answer));
        await context.Response.WriteAsync("data: [DONE]\n\n", context.RequestAborted);
    }

    private async Task EmbedAsync(HttpContext context)
    {
        JsonNode request = (await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted))!;
        string name = (string?)request["model"] ?? "";
        int tokens = Answers.CountTokens(request["input"]!.ToJsonString());
        await WaitAsync(DemoModel.Find(name)?.FirstTokenMilliseconds ?? 0, context.RequestAborted);
        Ledger.Add(new LedgerEntry(name, StatusCodes.Status200OK, tokens, 0, 0));
        await WriteAsync(context, StatusCodes.Status200OK, ChatShapes.Embedding(name, tokens));
    }

    private async Task RefuseAsync(HttpContext context, string model, int status, string code)
    {
        Ledger.Add(new LedgerEntry(model, status, 0, 0, 0));
        if (status == StatusCodes.Status429TooManyRequests)
        {
            context.Response.Headers.RetryAfter = "1";
        }

        await WriteAsync(context, status, new JsonObject { ["error"] = new JsonObject { ["message"] = code, ["type"] = code, ["code"] = code } });
    }

    private Task WaitAsync(double milliseconds, CancellationToken cancellation) =>
        Task.Delay(TimeSpan.FromMilliseconds(milliseconds * Faults.Slowness), _time, cancellation);

    private static Task EventAsync(HttpContext context, JsonNode chunk) =>
        context.Response.WriteAsync($"data: {chunk.ToJsonString()}\n\n", context.RequestAborted);

    private static Task WriteAsync(HttpContext context, int status, JsonNode body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body.ToJsonString(JsonSerializerOptions.Default), context.RequestAborted);
    }
}
