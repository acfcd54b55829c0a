using Telemetry.Processor.Normalize.Messages;

namespace Telemetry.Processor.Tests.Messages;

public sealed class ShapeTests
{
    /// <summary>What is sent and what becomes of it; where no role is told the default is user.</summary>
    public static TheoryData<string, string> Shapes { get; } = new()
    {
        // The conventions' own.
        {
            """[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]""",
            """[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]"""
        },
        {
            """[{"parts":[{"type":"tool_call_response","result":"21","id":"c1"}],"role":"tool"}]""",
            """[{"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":"21"}]}]"""
        },
        {
            """[{"role":"assistant","parts":[{"type":"text","text":"Hi"},{"type":"reasoning","content":"hm"}],"finish_reason":"stop"}]""",
            """[{"role":"assistant","parts":[{"type":"text","content":"Hi"},{"type":"reasoning","content":"hm"}],"finish_reason":"stop"}]"""
        },
        {
            """[{"role":"assistant","name":"bot","parts":[{"type":"tool_call","id":"c1","name":"f","arguments":{"a":1}}]}]""",
            """[{"role":"assistant","name":"bot","parts":[{"type":"tool_call","id":"c1","name":"f","arguments":{"a":1}}]}]"""
        },
        {
            """[{"role":"user","parts":[{"type":"blob","modality":"image","mime_type":"image/png","content":"QUJD"},{"type":"uri","modality":"video","uri":"gs://x"},{"type":"file","modality":"document","file_id":"f1"},{"type":"new_thing","a":[1]}]}]""",
            """[{"role":"user","parts":[{"type":"blob","modality":"image","mime_type":"image/png","content":"QUJD"},{"type":"uri","modality":"video","uri":"gs://x"},{"type":"file","modality":"document","file_id":"f1"},{"type":"new_thing","a":[1]}]}]"""
        },
        {
            """[{"type":"text","content":"Be kind."},{"type":"text","content":"Be brief."}]""",
            """[{"role":"user","parts":[{"type":"text","content":"Be kind."},{"type":"text","content":"Be brief."}]}]"""
        },
        {
            """[{"role":"user","parts":[]}]""",
            """[{"role":"user","parts":[]}]"""
        },

        // OpenAI chat.
        {
            """[{"role":"system","content":"Be kind."},{"role":"user","content":"Hi","name":"ann"}]""",
            """[{"role":"system","parts":[{"type":"text","content":"Be kind."}]},{"role":"user","name":"ann","parts":[{"type":"text","content":"Hi"}]}]"""
        },
        {
            """[{"role":"user","content":[{"type":"text","text":"See"},{"type":"image_url","image_url":{"url":"https://x/y.png","detail":"low"}},{"type":"image_url","image_url":{"url":"data:image/jpeg;base64,QUJD"}},{"type":"input_audio","input_audio":{"data":"QUJD","format":"wav"}},{"type":"file","file":{"file_id":"f1"}},{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,QUJD"}}]}]""",
            """[{"role":"user","parts":[{"type":"text","content":"See"},{"type":"uri","modality":"image","uri":"https://x/y.png"},{"type":"blob","modality":"image","mime_type":"image/jpeg","content":"QUJD"},{"type":"blob","modality":"audio","mime_type":"audio/wav","content":"QUJD"},{"type":"file","modality":"document","file_id":"f1"},{"type":"blob","modality":"document","mime_type":"application/pdf","content":"QUJD"}]}]"""
        },
        {
            """[{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\": 1}"}}]},{"role":"tool","tool_call_id":"c1","content":"{\"temp\":21}"}]""",
            """[{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"f","arguments":{"a":1}}]},{"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":"{\"temp\":21}"}]}]"""
        },
        {
            """[{"role":"assistant","tool_calls":[{"id":"c1","function":{"name":"f","arguments":"{\"a\": tru"}}]}]""",
            """[{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"f","arguments":"{\"a\": tru"}]}]"""
        },
        {
            """[{"role":"tool","tool_call_id":"c1","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]""",
            """[{"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":"ab"}]}]"""
        },
        {
            """[{"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}},{"role":"function","name":"f","content":"1"}]""",
            """[{"role":"assistant","parts":[{"type":"tool_call","name":"f","arguments":{}}]},{"role":"tool","name":"f","parts":[{"type":"tool_call_response","response":"1"}]}]"""
        },
        {
            """{"role":"assistant","content":null,"refusal":"I cannot."}""",
            """[{"role":"assistant","parts":[{"type":"refusal","content":"I cannot."}]}]"""
        },
        {
            """{"role":"assistant","reasoning_content":"hm","content":"Hi"}""",
            """[{"role":"assistant","parts":[{"type":"reasoning","content":"hm"},{"type":"text","content":"Hi"}]}]"""
        },
        {
            """{"role":"assistant","content":null,"audio":{"id":"a1","data":"QUJD","transcript":"Hi"}}""",
            """[{"role":"assistant","parts":[{"type":"text","content":"Hi"},{"type":"blob","modality":"audio","content":"QUJD"}]}]"""
        },

        // OpenAI responses.
        {
            """[{"role":"user","content":[{"type":"input_text","text":"Hi"},{"type":"input_image","image_url":"https://x/y"},{"type":"input_image","file_id":"f1"},{"type":"input_file","file_url":"https://x/z"}]}]""",
            """[{"role":"user","parts":[{"type":"text","content":"Hi"},{"type":"uri","modality":"image","uri":"https://x/y"},{"type":"file","modality":"image","file_id":"f1"},{"type":"uri","modality":"document","uri":"https://x/z"}]}]"""
        },
        {
            """[{"type":"reasoning","id":"r","summary":[{"type":"summary_text","text":"hm"}]},{"type":"message","id":"m","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Hi","annotations":[]}]},{"type":"function_call","id":"fc","call_id":"c1","name":"f","arguments":"{\"a\":1}"},{"type":"function_call_output","call_id":"c1","output":"21"}]""",
            """[{"role":"assistant","parts":[{"type":"reasoning","content":"hm"},{"type":"text","content":"Hi"},{"type":"tool_call","id":"c1","name":"f","arguments":{"a":1}}]},{"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":"21"}]}]"""
        },
        {
            """{"id":"resp_1","object":"response","instructions":null,"text":{"format":{}},"output":[{"type":"web_search_call","id":"w","status":"completed"},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Hi"},{"type":"refusal","refusal":"no"}]}]}""",
            """[{"role":"assistant","parts":[{"type":"web_search_call","id":"w","status":"completed"},{"type":"text","content":"Hi"},{"type":"refusal","content":"no"}]}]"""
        },
        {
            """{"model":"m","instructions":"Be kind.","input":"Hi"}""",
            """[{"role":"system","parts":[{"type":"text","content":"Be kind."}]},{"role":"user","parts":[{"type":"text","content":"Hi"}]}]"""
        },

        // Anthropic.
        {
            """{"model":"m","system":[{"type":"text","text":"Be kind.","cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":"Hi"}]}""",
            """[{"role":"system","parts":[{"type":"text","content":"Be kind."}]},{"role":"user","parts":[{"type":"text","content":"Hi"}]}]"""
        },
        {
            """[{"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"s"},{"type":"text","text":"Hi"},{"type":"tool_use","id":"t1","name":"f","input":{"a":1}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":[{"type":"text","text":"21"}]},{"type":"text","text":"And?"}]}]""",
            """[{"role":"assistant","parts":[{"type":"reasoning","content":"hm"},{"type":"text","content":"Hi"},{"type":"tool_call","id":"t1","name":"f","arguments":{"a":1}}]},{"role":"user","parts":[{"type":"tool_call_response","id":"t1","response":"21"},{"type":"text","content":"And?"}]}]"""
        },
        {
            """[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"QUJD"}},{"type":"image","source":{"type":"url","url":"https://x/y"}},{"type":"document","source":{"type":"file","file_id":"f1"}},{"type":"document","source":{"type":"text","media_type":"text/plain","data":"Once"}}]}]""",
            """[{"role":"user","parts":[{"type":"blob","modality":"image","mime_type":"image/png","content":"QUJD"},{"type":"uri","modality":"image","uri":"https://x/y"},{"type":"file","modality":"document","file_id":"f1"},{"type":"text","content":"Once"}]}]"""
        },
        {
            """{"id":"msg_1","type":"message","role":"assistant","content":[{"type":"text","text":"Hi"}],"stop_reason":"end_turn"}""",
            """[{"role":"assistant","parts":[{"type":"text","content":"Hi"}],"finish_reason":"end_turn"}]"""
        },

        // Gemini.
        {
            """{"systemInstruction":{"parts":[{"text":"Be kind."}]},"contents":[{"role":"user","parts":[{"text":"Hi"},{"inlineData":{"mimeType":"image/png","data":"QUJD"}},{"fileData":{"mimeType":"video/mp4","fileUri":"gs://x"}}]},{"role":"model","parts":[{"text":"hm","thought":true},{"functionCall":{"name":"f","args":{"a":1}}}]},{"role":"function","parts":[{"functionResponse":{"name":"f","response":{"temp":21}}}]}]}""",
            """[{"role":"system","parts":[{"type":"text","content":"Be kind."}]},{"role":"user","parts":[{"type":"text","content":"Hi"},{"type":"blob","modality":"image","mime_type":"image/png","content":"QUJD"},{"type":"uri","modality":"video","mime_type":"video/mp4","uri":"gs://x"}]},{"role":"assistant","parts":[{"type":"reasoning","content":"hm"},{"type":"tool_call","name":"f","arguments":{"a":1}}]},{"role":"tool","parts":[{"type":"tool_call_response","name":"f","response":{"temp":21}}]}]"""
        },
        {
            """{"candidates":[{"content":{"role":"model","parts":[{"text":"Hi","function_call":null}]},"finishReason":"STOP"}],"usageMetadata":{}}""",
            """[{"role":"assistant","parts":[{"type":"text","content":"Hi"}],"finish_reason":"STOP"}]"""
        },

        // Bedrock.
        {
            """{"output":{"message":{"role":"assistant","content":[{"reasoningContent":{"reasoningText":{"text":"hm"}}},{"text":"Hi"},{"toolUse":{"toolUseId":"t1","name":"f","input":{"a":1}}}]}},"stopReason":"tool_use"}""",
            """[{"role":"assistant","parts":[{"type":"reasoning","content":"hm"},{"type":"text","content":"Hi"},{"type":"tool_call","id":"t1","name":"f","arguments":{"a":1}}],"finish_reason":"tool_use"}]"""
        },
        {
            """[{"role":"user","content":[{"toolResult":{"toolUseId":"t1","content":[{"text":"21"}]}},{"image":{"format":"png","source":{"bytes":"QUJD"}}}]}]""",
            """[{"role":"user","parts":[{"type":"tool_call_response","id":"t1","response":"21"},{"type":"blob","modality":"image","content":"QUJD"}]}]"""
        },

        // AI SDK.
        {
            """{"system":"Be kind.","prompt":"Hi"}""",
            """[{"role":"system","parts":[{"type":"text","content":"Be kind."}]},{"role":"user","parts":[{"type":"text","content":"Hi"}]}]"""
        },
        {
            """[{"role":"assistant","content":[{"type":"reasoning","text":"hm"},{"type":"tool-call","toolCallId":"c1","toolName":"f","input":{"a":1}}]},{"role":"tool","content":[{"type":"tool-result","toolCallId":"c1","toolName":"f","output":{"type":"json","value":{"temp":21}}}]}]""",
            """[{"role":"assistant","parts":[{"type":"reasoning","content":"hm"},{"type":"tool_call","id":"c1","name":"f","arguments":{"a":1}}]},{"role":"tool","parts":[{"type":"tool_call_response","id":"c1","name":"f","response":{"temp":21}}]}]"""
        },
        {
            """[{"role":"tool","content":[{"type":"tool-result","toolCallId":"c1","toolName":"f","result":{"temp":21}}]},{"role":"user","content":[{"type":"image","image":"https://x/y"},{"type":"image","image":"QUJD","mimeType":"image/png"},{"type":"file","data":"QUJD","mediaType":"application/pdf"}]}]""",
            """[{"role":"tool","parts":[{"type":"tool_call_response","id":"c1","name":"f","response":{"temp":21}}]},{"role":"user","parts":[{"type":"uri","modality":"image","uri":"https://x/y"},{"type":"blob","modality":"image","mime_type":"image/png","content":"QUJD"},{"type":"blob","modality":"document","mime_type":"application/pdf","content":"QUJD"}]}]"""
        },
        {
            """[{"toolCallId":"c1","toolName":"f","input":"{\"a\":1}"},{"toolCallType":"function","toolCallId":"c2","toolName":"g","args":"{}"}]""",
            """[{"role":"user","parts":[{"type":"tool_call","id":"c1","name":"f","arguments":{"a":1}},{"type":"tool_call","id":"c2","name":"g","arguments":{}}]}]"""
        },
        {
            """{"text":"Hi","toolCalls":[{"toolCallId":"c1","toolName":"f","args":{"a":1}}],"finishReason":"stop"}""",
            """[{"role":"user","parts":[{"type":"text","content":"Hi"},{"type":"tool_call","id":"c1","name":"f","arguments":{"a":1}}],"finish_reason":"stop"}]"""
        },

        // LangChain.
        {
            """[{"type":"system","content":"Be kind."},{"type":"human","content":"Hi"},{"type":"ai","content":"","tool_calls":[{"name":"f","args":{"a":1},"id":"c1","type":"tool_call"}]},{"type":"tool","content":"21","tool_call_id":"c1"}]""",
            """[{"role":"system","parts":[{"type":"text","content":"Be kind."}]},{"role":"user","parts":[{"type":"text","content":"Hi"}]},{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"f","arguments":{"a":1}}]},{"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":"21"}]}]"""
        },
        {
            """{"messages":[[{"lc":1,"type":"constructor","id":["langchain","schema","messages","HumanMessage"],"kwargs":{"content":"Hi"}},{"lc":1,"type":"constructor","id":["langchain_core","messages","AIMessage"],"kwargs":{"content":"","additional_kwargs":{"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}]},"response_metadata":{"finish_reason":"tool_calls"}}}]]}""",
            """[{"role":"user","parts":[{"type":"text","content":"Hi"}]},{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"f","arguments":{}}],"finish_reason":"tool_calls"}]"""
        },
        {
            """[{"type":"ai","data":{"content":[{"type":"text","text":"Hi"},{"type":"tool_use","id":"t1","name":"f","input":{}}],"tool_calls":[{"name":"f","args":{},"id":"t1"}]}}]""",
            """[{"role":"assistant","parts":[{"type":"text","content":"Hi"},{"type":"tool_call","id":"t1","name":"f","arguments":{}}]}]"""
        },
        {
            """{"generations":[[{"text":"Hi","generation_info":{"finish_reason":"stop"},"type":"ChatGeneration","message":{"lc":1,"type":"constructor","id":["langchain","schema","messages","AIMessage"],"kwargs":{"content":"Hi"}}}]],"llm_output":{}}""",
            """[{"role":"assistant","parts":[{"type":"text","content":"Hi"}],"finish_reason":"stop"}]"""
        },
        {
            """[{"type":"human","content":[{"type":"image","source_type":"base64","data":"QUJD","mime_type":"image/png"},{"type":"image","source_type":"id","id":"f1"},{"type":"media","mime_type":"video/mp4","file_uri":"gs://x"}]}]""",
            """[{"role":"user","parts":[{"type":"blob","modality":"image","mime_type":"image/png","content":"QUJD"},{"type":"file","modality":"image","file_id":"f1"},{"type":"uri","modality":"video","mime_type":"video/mp4","uri":"gs://x"}]}]"""
        },

        // Events of the conventions before 1.37, as pydantic-ai and Semantic Kernel keep them.
        {
            """[{"event.name":"gen_ai.user.message","content":"Hi"},{"event.name":"gen_ai.choice","index":0,"finish_reason":"stop","message":{"role":"assistant","content":"Ho"}}]""",
            """[{"role":"user","parts":[{"type":"text","content":"Hi"}]},{"role":"assistant","parts":[{"type":"text","content":"Ho"}],"finish_reason":"stop"}]"""
        },
        {
            """{"role":{"Label":"Assistant"},"content":"Hi"}""",
            """[{"role":"assistant","parts":[{"type":"text","content":"Hi"}]}]"""
        },

        // Around messages.
        {
            """{"messages":[{"role":"user","content":"Hi"}],"temperature":1}""",
            """[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]"""
        },
        {
            """{"id":"x","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"},{"index":1,"message":{"role":"assistant","content":"Ho"},"finish_reason":"length"}]}""",
            """[{"role":"assistant","parts":[{"type":"text","content":"Hi"}],"finish_reason":"stop"},{"role":"assistant","parts":[{"type":"text","content":"Ho"}],"finish_reason":"length"}]"""
        },
        {
            """{"choices":[{"text":"Hi","index":0,"finish_reason":"length"}]}""",
            """[{"role":"assistant","parts":[{"type":"text","content":"Hi"}],"finish_reason":"length"}]"""
        },
        { """{"prompt":["a","b"]}""", """[{"role":"user","parts":[{"type":"text","content":"a"}]},{"role":"user","parts":[{"type":"text","content":"b"}]}]""" },
        { """{"content":"Hi"}""", """[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]""" },
        { """{"text":"Hi"}""", """[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]""" },
        { """{"system":"Be kind."}""", """[{"role":"system","parts":[{"type":"text","content":"Be kind."}]}]""" },

        // Texts.
        { "\"Hi \\u00e4\"", """[{"role":"user","parts":[{"type":"text","content":"Hi ä"}]}]""" },
        { "Hi", """[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]""" },
        { "[INST] Hi [/INST]", """[{"role":"user","parts":[{"type":"text","content":"[INST] Hi [/INST]"}]}]""" },
        { "\"Hi\" she said. \"Ho\"", """[{"role":"user","parts":[{"type":"text","content":"\"Hi\" she said. \"Ho\""}]}]""" },
        { "{'role': 'user'}", """[{"role":"user","parts":[{"type":"text","content":"{'role': 'user'}"}]}]""" },
        { "42", """[{"role":"user","parts":[{"type":"text","content":"42"}]}]""" },
        { """["a","b"]""", """[{"role":"user","parts":[{"type":"text","content":"a"}]},{"role":"user","parts":[{"type":"text","content":"b"}]}]""" },
        { """ "[{\"role\":\"user\",\"content\":\"Hi\"}]" """, """[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]""" },
        { """ "[{\"a\":1}]" """, """[{"role":"user","parts":[{"type":"text","content":"[{\"a\":1}]"}]}]""" },
        { "", "[]" },
        { "null", "[]" },
        { "[]", "[]" },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Known_shapes_become_one(string sent, string expected)
    {
        Normalized once = Normalized.Messages(sent);

        Assert.Equal(expected, once.Json);
        Assert.Equal((true, MessageFlaws.None), (once.Known, once.Flaws));
        Assert.Equal(once, Normalized.Messages(once.Json));
    }

    [Fact]
    public void The_default_role_is_the_callers()
    {
        Assert.Equal("""[{"role":"system","parts":[{"type":"text","content":"Be kind."}]}]""", Normalized.Messages("""[{"type":"text","content":"Be kind."}]""", "system").Json);
        Assert.Equal("""[{"role":"assistant","parts":[{"type":"text","content":"Hi"}]}]""", Normalized.Messages("Hi", "assistant").Json);
        Assert.Equal("""[{"role":"tool","parts":[{"type":"tool_call_response","id":"c","response":"1"}]}]""", Normalized.Messages("""{"tool_call_id":"c","content":"1"}""").Json);
    }

    [Fact]
    public void A_role_that_nobody_knows_stays() =>
        Assert.Equal("""[{"role":"Narrator ä","parts":[{"type":"text","content":"x"}]}]""", Normalized.Messages("""[{"role":"Narrator \u00e4","content":"x"}]""").Json);

    [Fact]
    public void Structured_values_are_taken_as_their_JSON()
    {
        Normalized messages = Normalized.Messages(Normalized.Any(new object[]
        {
            new (string, object)[] { ("role", "user"), ("parts", new object[] { new (string, object)[] { ("type", "text"), ("content", "Hi") } }) },
        }));

        Assert.Equal("""[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]""", messages.Json);
        Assert.Equal("""[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]""", Normalized.Messages(Normalized.Any("Hi")).Json);
    }
}
