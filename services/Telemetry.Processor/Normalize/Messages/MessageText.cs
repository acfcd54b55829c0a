using System.Text.Json;

namespace Telemetry.Processor.Normalize.Messages;

/// <summary>Walks messages in the shape that <see cref="MessageJson"/> writes, without allocation for each message.</summary>
internal static class MessageText
{
    /// <summary>
    /// Shows every message and part to the visitor. Relies on role and name standing before the parts. False when the JSON is broken; the visitor has
    /// then seen what stands before the damage.
    /// </summary>
    public static bool Visit<TVisitor>(ReadOnlySpan<byte> json, ref TVisitor visitor)
        where TVisitor : IMessageVisitor, allows ref struct
    {
        var walk = new Walk(json);
        try
        {
            return walk.Messages(ref visitor);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a text that is no Unicode; the normaliser writes none.
            return false;
        }
    }

    private ref struct Walk(ReadOnlySpan<byte> json)
    {
        private readonly ReadOnlySpan<byte> _json = json;
        private Utf8JsonReader _reader = new(json, new JsonReaderOptions { MaxDepth = 1000 });

        public bool Messages<TVisitor>(ref TVisitor visitor)
            where TVisitor : IMessageVisitor, allows ref struct
        {
            if (!_reader.Read() || _reader.TokenType != JsonTokenType.StartArray)
            {
                return false;
            }

            while (_reader.Read() && _reader.TokenType == JsonTokenType.StartObject)
            {
                Message(ref visitor);
            }

            return _reader.TokenType == JsonTokenType.EndArray && !_reader.Read();
        }

        private void Message<TVisitor>(ref TVisitor visitor)
            where TVisitor : IMessageVisitor, allows ref struct
        {
            ReadOnlySpan<byte> role = default;
            ReadOnlySpan<byte> name = default;
            while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
            {
                if (_reader.ValueTextEquals("role"u8))
                {
                    role = Value();
                }
                else if (_reader.ValueTextEquals("name"u8))
                {
                    name = Value();
                }
                else if (_reader.ValueTextEquals("parts"u8))
                {
                    ShowMessage(role, name, ref visitor);
                    Parts(ref visitor);
                }
                else
                {
                    Value();
                }
            }
        }

        private void Parts<TVisitor>(ref TVisitor visitor)
            where TVisitor : IMessageVisitor, allows ref struct
        {
            _reader.Read();
            if (_reader.TokenType != JsonTokenType.StartArray)
            {
                throw new JsonException("parts is not an array");
            }

            while (_reader.Read() && _reader.TokenType == JsonTokenType.StartObject)
            {
                Part(ref visitor);
            }
        }

        private void Part<TVisitor>(ref TVisitor visitor)
            where TVisitor : IMessageVisitor, allows ref struct
        {
            var part = new RawPart();
            while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
            {
                if (_reader.ValueTextEquals("type"u8))
                {
                    part.Type = Value();
                }
                else if (_reader.ValueTextEquals("content"u8) || _reader.ValueTextEquals("arguments"u8) || _reader.ValueTextEquals("response"u8))
                {
                    part.Content = Value();
                }
                else if (_reader.ValueTextEquals("name"u8) || _reader.ValueTextEquals("modality"u8))
                {
                    part.Name = Value();
                }
                else
                {
                    Value();
                }
            }

            part.Show(ref visitor);
        }

        // The value that follows, as it stands in the JSON; the reader stays on its last token.
        private ReadOnlySpan<byte> Value()
        {
            _reader.Read();
            int start = (int)_reader.TokenStartIndex;
            _reader.Skip();
            return _json[start..(int)_reader.BytesConsumed];
        }

        private static void ShowMessage<TVisitor>(ReadOnlySpan<byte> role, ReadOnlySpan<byte> name, ref TVisitor visitor)
            where TVisitor : IMessageVisitor, allows ref struct
        {
            using UnescapedText roleText = TextOf(role);
            using UnescapedText nameText = TextOf(name);
            visitor.Message(roleText.Span, nameText.Span);
        }
    }

    // Values as JSON; which of them there are depends on the type.
    private ref struct RawPart
    {
        public ReadOnlySpan<byte> Type { get; set; }

        public ReadOnlySpan<byte> Content { get; set; }

        public ReadOnlySpan<byte> Name { get; set; }

        public readonly void Show<TVisitor>(ref TVisitor visitor)
            where TVisitor : IMessageVisitor, allows ref struct
        {
            using UnescapedText type = TextOf(Type);
            using UnescapedText name = TextOf(Name);
            if (type.Span.SequenceEqual("text"u8) || type.Span.SequenceEqual("reasoning"u8) || type.Span.SequenceEqual("refusal"u8))
            {
                using UnescapedText content = TextOf(Content);
                visitor.Text(type.Span, content.Span);
            }
            else if (type.Span.SequenceEqual("tool_call"u8))
            {
                using UnescapedText content = TextOf(Content);
                visitor.ToolCall(name.Span, content.Span);
            }
            else if (type.Span.SequenceEqual("tool_call_response"u8))
            {
                using UnescapedText content = TextOf(Content);
                visitor.ToolResponse(content.Span);
            }
            else
            {
                visitor.Other(type.Span, name.Span);
            }
        }
    }

    private static UnescapedText TextOf(ReadOnlySpan<byte> json) => json.IsEmpty || json.SequenceEqual("null"u8) ? default : UnescapedText.OfJson(json);
}
