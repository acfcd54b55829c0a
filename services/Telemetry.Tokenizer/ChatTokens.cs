namespace Telemetry.Tokenizer;

/// <summary>
/// The tokens of one chat request, as OpenAI documents them: 3 for each message besides its role, name and content, 1 more for a name, and 3 that open the
/// answer. From <see cref="TokenCounter.StartChat"/>; a mutable value, not for several threads.
/// </summary>
public struct ChatTokens
{
    private const int EachMessage = 3;
    private const int EachName = 1;
    private const int Answer = 3;
    private readonly TokenCounter _counter;
    private int _tokens;

    internal ChatTokens(TokenCounter counter) => _counter = counter;

    /// <summary>The tokens of the request as it stands.</summary>
    public readonly int Total => _tokens + Answer;

    /// <summary>Adds a message; all texts are UTF-8.</summary>
    /// <param name="role">For example <c>user</c>.</param>
    /// <param name="name">The participant's name; empty where there is none.</param>
    /// <param name="content">The text.</param>
    /// <returns>The tokens of this message.</returns>
    public int Add(ReadOnlySpan<byte> role, ReadOnlySpan<byte> name, ReadOnlySpan<byte> content)
    {
        int tokens = EachMessage + _counter.Count(role) + _counter.Count(content) + (name.IsEmpty ? 0 : EachName + _counter.Count(name));
        _tokens = checked(_tokens + tokens);
        return tokens;
    }
}
