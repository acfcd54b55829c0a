using System.Text.Json;

namespace Telemetry.Processor.Normalize.Messages;

/// <summary>Images, sounds, films and documents: by address (<c>uri</c>), in place (<c>blob</c>) or by the provider's id (<c>file</c>).</summary>
internal static class MediaParts
{
    private const int LongestMimeType = 96;

    /// <summary>Writes a part of some modality; false when it has neither address nor data nor id.</summary>
    public static bool TryWrite(MessageSink sink, JsonElement part, string modality)
    {
        if (IsConvention(part))
        {
            return false;
        }

        JsonElement body = Body(part);
        if (body.Text("type"u8) is { } kind && kind.ValueEquals("text"u8) && body.Text("data"u8) is { } plain)
        {
            // Anthropic's document in plain text.
            sink.ContentPart("text"u8, plain);
            return true;
        }

        JsonElement? mimeType = MimeType(body) ?? MimeType(part);
        if (FileId(body) is { } fileId)
        {
            WriteFile(sink, fileId, mimeType, modality);
            return true;
        }

        if (Location(body) is not { } location)
        {
            return false;
        }

        WriteLocation(sink, location, new Medium(modality, mimeType, body.Text("format"u8)));
        return true;
    }

    // A part that has a modality is the conventions' own and stays as it is.
    private static bool IsConvention(JsonElement part) => part.Get("modality"u8) is not null;

    private static JsonElement Body(JsonElement part)
    {
        JsonElement body = part.Get("source"u8) ?? part.Get("image_url"u8) ?? part.Get("video_url"u8) ?? part.Get("audio_url"u8) ?? part.Get("input_audio"u8)
            ?? part.Get("image"u8) ?? part.Get("audio"u8) ?? part.Object("file"u8) ?? part;
        return body.Object("image"u8) ?? body.Object("audio"u8) ?? body.Object("source"u8) ?? body.Object("s3Location"u8) ?? body;
    }

    private static JsonElement? FileId(JsonElement body) =>
        body.Text("file_id"u8) ?? (body.Text("source_type"u8) is { } source && source.ValueEquals("id"u8) ? body.Text("id"u8) : null);

    private static JsonElement? Location(JsonElement body) =>
        body.ValueKind == JsonValueKind.String
            ? body
            : body.Text("url"u8) ?? body.Text("uri"u8) ?? body.Text("fileUri"u8) ?? body.Text("file_uri"u8) ?? body.Text("file_url"u8)
            ?? body.Text("data"u8) ?? body.Text("base64"u8) ?? body.Text("file_data"u8) ?? body.Text("bytes"u8) ?? body.Text("content"u8);

    private static JsonElement? MimeType(JsonElement body) =>
        body.Text("media_type"u8) ?? body.Text("mime_type"u8) ?? body.Text("mediaType"u8) ?? body.Text("mimeType"u8);

    private static void WriteFile(MessageSink sink, JsonElement fileId, JsonElement? mimeType, string modality)
    {
        if (sink.TryStartPart("file"u8))
        {
            new Medium(modality, mimeType, null).Write(sink.Output);
            sink.Output.WriteText("file_id"u8, fileId);
            sink.EndPart();
        }
    }

    private static void WriteLocation(MessageSink sink, JsonElement location, Medium medium)
    {
        using var text = new UnescapedText(location);
        if (DataUri.TryRead(text.Span, out DataUri data))
        {
            WriteBlob(sink, data, medium);
        }
        else if (sink.TryStartPart(IsAddress(text.Span) ? "uri"u8 : "blob"u8))
        {
            medium.Write(sink.Output);
            sink.Output.WriteText(IsAddress(text.Span) ? "uri"u8 : "content"u8, location);
            sink.EndPart();
        }
    }

    private static void WriteBlob(MessageSink sink, DataUri data, Medium medium)
    {
        if (sink.TryStartPart("blob"u8))
        {
            medium.Write(sink.Output, data.MimeType);
            sink.Output.WriteString("content"u8, data.Content);
            sink.EndPart();
        }
    }

    // Base64 has no colon.
    private static bool IsAddress(ReadOnlySpan<byte> text)
    {
        const int LongestScheme = 16;
        return text[..Math.Min(text.Length, LongestScheme)].Contains((byte)':');
    }

    private readonly ref struct DataUri
    {
        public ReadOnlySpan<byte> MimeType { get; private init; }

        public ReadOnlySpan<byte> Content { get; private init; }

        public static bool TryRead(ReadOnlySpan<byte> text, out DataUri data)
        {
            data = default;
            int comma = text.StartsWith("data:"u8) ? text.IndexOf((byte)',') : -1;
            if (comma < 0)
            {
                return false;
            }

            ReadOnlySpan<byte> mimeType = text["data:".Length..comma];
            int parameters = mimeType.IndexOf((byte)';');
            data = new DataUri { MimeType = parameters < 0 ? mimeType : mimeType[..parameters], Content = text[(comma + 1)..] };
            return true;
        }
    }

    // What is known of a medium. The MIME type, where there is one, tells the modality.
    private readonly struct Medium(string modality, JsonElement? mimeType, JsonElement? format)
    {
        public void Write(Utf8JsonWriter output, ReadOnlySpan<byte> otherMimeType = default)
        {
            Span<char> buffer = stackalloc char[LongestMimeType];
            if (mimeType is not null)
            {
                output.WriteString("modality"u8, Modality(mimeType.Name(buffer)));
                output.WriteText("mime_type"u8, mimeType);
            }
            else if (!otherMimeType.IsEmpty)
            {
                _ = System.Text.Encoding.UTF8.TryGetChars(otherMimeType, buffer, out int written);
                output.WriteString("modality"u8, Modality(buffer[..written]));
                output.WriteString("mime_type"u8, otherMimeType);
            }
            else
            {
                output.WriteString("modality"u8, modality);
                WriteFormat(output);
            }
        }

        private void WriteFormat(Utf8JsonWriter output)
        {
            if (format is { } known)
            {
                output.WriteString("mime_type"u8, $"{(modality == "document" ? "application" : modality)}/{known.GetString()}");
            }
        }

        private string Modality(ReadOnlySpan<char> mime) =>
            mime.StartsWith("image/") ? "image" : mime.StartsWith("audio/") ? "audio" : mime.StartsWith("video/") ? "video" : modality;
    }
}
