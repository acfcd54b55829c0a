using System.Buffers.Text;

namespace Telemetry.Processor.Normalize.Messages;

/// <summary>What part of a message a flat key is about.</summary>
internal enum FlatGroup : byte
{
    /// <summary>The message itself.</summary>
    Message,

    /// <summary>One of the parts of its content.</summary>
    Content,

    /// <summary>One of its tool calls.</summary>
    ToolCall,
}

/// <summary>What a flat key tells.</summary>
internal enum FlatField : byte
{
    /// <summary>Something that we do not read.</summary>
    None,

    /// <summary>Role.</summary>
    Role,

    /// <summary>Content or text.</summary>
    Content,

    /// <summary>Name of the speaker, or of a function.</summary>
    Name,

    /// <summary>Why the model stopped.</summary>
    FinishReason,

    /// <summary>The call that the message answers.</summary>
    ToolCallId,

    /// <summary>Id of a part or call.</summary>
    Id,

    /// <summary>Arguments of a call.</summary>
    Arguments,

    /// <summary>Name of the function called, before there were tool calls.</summary>
    FunctionName,

    /// <summary>Its arguments.</summary>
    FunctionArguments,

    /// <summary>Type of a part.</summary>
    Type,

    /// <summary>Address or data URI of a medium.</summary>
    Url,

    /// <summary>MIME type of a medium.</summary>
    MimeType,

    /// <summary>What the model refused.</summary>
    Refusal,

    /// <summary>What the model thought.</summary>
    Reasoning,
}

/// <summary>
/// A key such as <c>gen_ai.prompt.3.tool_calls.0.name</c> or <c>llm.input_messages.3.message.tool_calls.0.tool_call.function.name</c>, taken apart.
/// </summary>
internal readonly record struct FlatKey(long Message, FlatGroup Group, long Item, FlatField Field)
{
    /// <summary>Takes a key apart; false when it does not begin with the prefix (which ends in a dot) and a number, or tells nothing we read.</summary>
    public static bool TryParse(ReadOnlySpan<byte> key, ReadOnlySpan<byte> prefix, out FlatKey parsed)
    {
        parsed = default;
        if (!key.StartsWith(prefix))
        {
            return false;
        }

        key = key[prefix.Length..];
        if (!TryTakeIndex(ref key, out long message))
        {
            return false;
        }

        _ = TryTake(ref key, "message."u8) || TryTake(ref key, "prompt."u8) || TryTake(ref key, "completion."u8);
        FlatGroup group = FlatGroup.Message;
        long item = 0;
        if (TryTake(ref key, "tool_calls."u8))
        {
            group = FlatGroup.ToolCall;
        }
        else if (TryTake(ref key, "contents."u8))
        {
            group = FlatGroup.Content;
        }

        if (group != FlatGroup.Message && !TryTakeIndex(ref key, out item))
        {
            return false;
        }

        parsed = new FlatKey(message, group, item, FieldOf(group, key));
        return parsed.Field != FlatField.None;
    }

    private static FlatField FieldOf(FlatGroup group, ReadOnlySpan<byte> name) => group switch
    {
        FlatGroup.ToolCall => ToolCallField(name),
        FlatGroup.Content => ContentField(name),
        _ => MessageField(name),
    };

    private static FlatField MessageField(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("role"u8) ? FlatField.Role
        : name.SequenceEqual("content"u8) || name.SequenceEqual("text"u8) ? FlatField.Content
        : name.SequenceEqual("name"u8) ? FlatField.Name
        : name.SequenceEqual("finish_reason"u8) ? FlatField.FinishReason
        : name.SequenceEqual("tool_call_id"u8) ? FlatField.ToolCallId
        : name.SequenceEqual("function_call_name"u8) || name.SequenceEqual("function_call.name"u8) ? FlatField.FunctionName
        : name.SequenceEqual("function_call_arguments_json"u8) || name.SequenceEqual("function_call.arguments"u8) ? FlatField.FunctionArguments
        : name.SequenceEqual("refusal"u8) ? FlatField.Refusal
        : name.SequenceEqual("reasoning"u8) || name.SequenceEqual("reasoning_content"u8) ? FlatField.Reasoning
        : FlatField.None;

    private static FlatField ToolCallField(ReadOnlySpan<byte> name)
    {
        _ = TryTake(ref name, "tool_call."u8);
        _ = TryTake(ref name, "function."u8);
        return name.SequenceEqual("id"u8) ? FlatField.Id
            : name.SequenceEqual("name"u8) ? FlatField.Name
            : name.SequenceEqual("arguments"u8) ? FlatField.Arguments
            : FlatField.None;
    }

    private static FlatField ContentField(ReadOnlySpan<byte> name)
    {
        _ = TryTake(ref name, "message_content."u8);
        return name.SequenceEqual("type"u8) ? FlatField.Type
            : name.SequenceEqual("text"u8) ? FlatField.Content
            : name.SequenceEqual("id"u8) ? FlatField.Id
            : name.EndsWith(".url"u8) || name.SequenceEqual("url"u8) ? FlatField.Url
            : name.EndsWith(".mime_type"u8) || name.SequenceEqual("mime_type"u8) ? FlatField.MimeType
            : FlatField.None;
    }

    private static bool TryTake(ref ReadOnlySpan<byte> key, ReadOnlySpan<byte> prefix)
    {
        if (!key.StartsWith(prefix))
        {
            return false;
        }

        key = key[prefix.Length..];
        return true;
    }

    private static bool TryTakeIndex(ref ReadOnlySpan<byte> key, out long index)
    {
        index = 0;
        if (key.IsEmpty || !char.IsAsciiDigit((char)key[0]) || !Utf8Parser.TryParse(key, out index, out int used) || used >= key.Length || key[used] != (byte)'.')
        {
            return false;
        }

        key = key[(used + 1)..];
        return true;
    }
}
