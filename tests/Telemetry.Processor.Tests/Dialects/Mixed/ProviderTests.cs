using Telemetry.Processor.Normalize;

namespace Telemetry.Processor.Tests.Dialects.Mixed;

public sealed class ProviderTests
{
    [Theory]
    [InlineData("openai", "", "", "openai")]
    [InlineData("OpenAI", "", "", "openai")]
    [InlineData("MistralAI", "", "", "mistral_ai")]
    [InlineData("az.ai.openai", "", "", "azure.ai.openai")]
    [InlineData("az.ai.inference", "", "", "azure.ai.inference")]
    [InlineData("vertex_ai", "", "", "gcp.vertex_ai")]
    [InlineData("gemini", "", "", "gcp.gemini")]
    [InlineData("xai", "", "", "x_ai")]
    [InlineData("openai.chat", "", "", "openai")]
    [InlineData("openai.responses", "", "", "openai")]
    [InlineData("anthropic.messages", "", "", "anthropic")]
    [InlineData("google.vertex.chat", "", "", "gcp.vertex_ai")]
    [InlineData("vertex.anthropic.messages", "", "", "gcp.vertex_ai")]
    [InlineData("google.generative-ai", "", "", "gcp.gemini")]
    [InlineData("amazon-bedrock", "", "", "aws.bedrock")]
    [InlineData("azure-openai.chat", "", "", "azure.ai.openai")]
    [InlineData("azure.responses", "", "", "azure.ai.openai")]
    [InlineData("lmstudio.chat", "", "", "lmstudio")]
    [InlineData("AWS Bedrock", "", "", "aws.bedrock")]
    [InlineData("langchain", "", "", "")]
    [InlineData("langchain", "", "https://api.openai.com/v1", "openai")]
    [InlineData("api.openai.com", "", "", "openai")]
    [InlineData("MyHouse", "", "", "myhouse")]
    [InlineData("openai", "azure", "", "azure.ai.openai")]
    [InlineData("anthropic", "aws", "", "aws.bedrock")]
    [InlineData("anthropic", "litellm", "", "anthropic")]
    [InlineData("vertexai", "google", "", "gcp.vertex_ai")]
    [InlineData("openai", "", "my.openai.azure.com", "azure.ai.openai")]
    [InlineData("openai", "", "https://openrouter.ai/api/v1", "openrouter")]
    [InlineData("openai", "", "api.groq.com:443", "groq")]
    [InlineData("openai", "", "127.0.0.1", "openai")]
    [InlineData("openai", "", "eu.api.openai.com", "openai")]
    [InlineData("openai", "", "api.openai.com.evil.example", "openai")]
    [InlineData("anthropic", "", "bedrock-runtime.us-east-1.amazonaws.com", "aws.bedrock")]
    [InlineData("anthropic", "", "us-east5-aiplatform.googleapis.com", "gcp.vertex_ai")]
    [InlineData("gcp.gen_ai", "", "generativelanguage.googleapis.com", "gcp.gemini")]
    [InlineData("gcp.gemini", "", "us-central1-aiplatform.googleapis.com", "gcp.gemini")]
    [InlineData("", "", "api.deepseek.com", "deepseek")]
    public void The_provider_is_what_the_span_calls_it_unless_the_address_belongs_to_another(string name, string host, string address, string expected) =>
        Assert.Equal(expected, ProviderNames.Resolve(name, host, address));

    [Theory]
    [InlineData("gpt-5-mini", "openai")]
    [InlineData("ft:gpt-4o-mini-2024-07-18:acme::abc", "openai")]
    [InlineData("o4-mini", "openai")]
    [InlineData("gpt-oss-120b", "")]
    [InlineData("claude-sonnet-4-5", "anthropic")]
    [InlineData("claude-sonnet-4-5@20250929", "gcp.vertex_ai")]
    [InlineData("us.anthropic.claude-sonnet-4-20250514-v1:0", "aws.bedrock")]
    [InlineData("arn:aws:bedrock:us-east-1:1:inference-profile/x", "aws.bedrock")]
    [InlineData("amazon.nova-pro-v1:0", "aws.bedrock")]
    [InlineData("models/gemini-2.5-pro", "gcp.gemini")]
    [InlineData("gemini-2.5-pro", "gcp.gemini")]
    [InlineData("deepseek-chat", "deepseek")]
    [InlineData("llama-3.3-70b", "")]
    [InlineData("", "")]
    public void A_model_tells_its_provider_where_only_one_serves_it(string model, string expected) => Assert.Equal(expected, ProviderNames.OfModel(model));

    [Fact]
    public void What_is_inferred_is_flagged()
    {
        var emitter = new Emitter();

        Assert.Equal("provider_inferred", emitter.Send("chat", ("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "gpt-4o")).Flags);
        Assert.Equal("provider_inferred", emitter.Send("chat", ("gen_ai.operation.name", "chat"), ("server.address", "api.groq.com")).Flags);
        Assert.Equal("", emitter.Send("chat", ("gen_ai.operation.name", "chat"), ("gen_ai.system", "groq"), ("server.address", "api.groq.com")).Flags);
    }
}
