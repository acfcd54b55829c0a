namespace Telemetry.Processor.Normalize.Fields;

/// <summary>
/// The names that every dialect may use, first of all those of the OpenTelemetry GenAI conventions, current and deprecated. They rank before the names
/// that dialects add. Source: OpenTelemetry semantic conventions 1.29 to 1.41 and the GenAI repository, registry of <c>gen_ai.*</c>.
/// </summary>
internal static class CommonFields
{
    /// <summary>Adds them.</summary>
    public static void Register(FieldMap map)
    {
        RegisterCall(map);
        RegisterUsage(map);
        RegisterDimensions(map);
        RegisterContent(map);
    }

    private static void RegisterCall(FieldMap map) => map
        .Add(Field.Provider, "gen_ai.provider.name", "gen_ai.system")
        .Add(Field.ServerAddress, "server.address", "gen_ai.openai.api_base", "net.peer.name")
        .Add(Field.ModelRequested, "gen_ai.request.model")
        .Add(Field.ModelAnswered, "gen_ai.response.model")
        .Add(Field.Operation, "gen_ai.operation.name")
        .Add(Field.ResponseId, "gen_ai.response.id")
        .Add(Field.FinishReasons, "gen_ai.response.finish_reasons", "gen_ai.response.finish_reason", "gen_ai.response.stop_reason")
        .Add(Field.Stream, "gen_ai.request.stream", "gen_ai.is_streaming", "llm.is_streaming")
        .Add(
            Field.ServiceTier,
            "openai.response.service_tier", "gen_ai.openai.response.service_tier", "gen_ai.response.service_tier",
            "openai.request.service_tier", "gen_ai.openai.request.service_tier", "gen_ai.request.service_tier")
        .Add(Field.Cost, "gen_ai.usage.cost", "operation.cost", "gen_ai.cost.total_cost")
        .Add(Field.FirstTokenSeconds, "gen_ai.response.time_to_first_chunk", "gen_ai.client.operation.time_to_first_chunk")
        .Add(Field.FirstTokenIfStreamed, "gen_ai.server.time_to_first_token")
        .Add(Field.ErrorType, "error.type");

    private static void RegisterUsage(FieldMap map) => map
        .Add(Field.InputTokens, "gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens")
        .Add(Field.OutputTokens, "gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens")
        .Add(Field.TotalTokens, "gen_ai.usage.total_tokens")
        .Add(
            Field.CacheRead,
            "gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens", "gen_ai.usage.details.cache_read_tokens",
            "gen_ai.usage.details.cache_read_input_tokens", "gen_ai.usage.details.cached_tokens", "gen_ai.usage.details.cached_content_tokens", "gen_ai.usage.input_tokens.cached",
            "gen_ai.usage.cached_tokens", "gen_ai.usage.input_cached_tokens", "gen_ai.usage.cached_input_tokens", "gen_ai.usage.cache_read_tokens")
        .Add(
            Field.CacheWrite,
            "gen_ai.usage.cache_write.input_tokens", "gen_ai.usage.cache_creation.input_tokens", "gen_ai.usage.cache_creation_input_tokens",
            "gen_ai.usage.cache_write_input_tokens", "gen_ai.usage.cache_write_tokens",
            "gen_ai.usage.details.cache_write_tokens", "gen_ai.usage.details.cache_creation_input_tokens")
        .Add(
            Field.Reasoning,
            "gen_ai.usage.reasoning.output_tokens", "gen_ai.usage.reasoning_tokens", "gen_ai.usage.details.reasoning_tokens",
            "gen_ai.usage.details.thoughts_tokens", "gen_ai.usage.output_tokens.reasoning")
        .Add(Field.WebSearches, "gen_ai.usage.details.web_search_requests")
        .Add(Field.AudioInput, "gen_ai.usage.audio.input_tokens", "gen_ai.usage.input_audio_tokens", "gen_ai.usage.details.input_audio_tokens")
        .Add(Field.AudioOutput, "gen_ai.usage.audio.output_tokens", "gen_ai.usage.output_audio_tokens", "gen_ai.usage.details.output_audio_tokens")
        .Add(Field.ImageInput, "gen_ai.usage.image.input_tokens")
        .Add(Field.ImageOutput, "gen_ai.usage.image.output_tokens");

    private static void RegisterDimensions(FieldMap map) => map
        .Add(Field.Session, "session.id")
        .Add(Field.Conversation, "gen_ai.conversation.id")
        .Add(Field.User, "user.id", "enduser.id")
        .Add(Field.PromptName, "gen_ai.prompt.name")
        .Add(Field.PromptVersion, "gen_ai.prompt.version")
        .Add(Field.Agent, "gen_ai.agent.name")
        .Add(Field.Workflow, "gen_ai.workflow.name")
        .Add(Field.Tool, "gen_ai.tool.name")
        .Add(Field.ToolCallId, "gen_ai.tool.call.id");

    private static void RegisterContent(FieldMap map) => map
        .Add(Field.SystemInstructions, "gen_ai.system_instructions")
        .Add(Field.InputMessages, "gen_ai.input.messages", "gen_ai.prompt")
        .Add(Field.OutputMessages, "gen_ai.output.messages", "gen_ai.completion")
        .Add(Field.ToolDefinitions, "gen_ai.tool.definitions");
}
