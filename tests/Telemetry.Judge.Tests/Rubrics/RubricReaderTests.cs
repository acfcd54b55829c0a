using Telemetry.Judge.Rubrics;
using Telemetry.TestKit;

namespace Telemetry.Judge.Tests.Rubrics;

public sealed class RubricReaderTests
{
    [Fact]
    public void The_shipped_rubrics_are_read()
    {
        IReadOnlyDictionary<string, Rubric> rubrics = RubricReader.Read(RubricReader.ShippedDirectory);
        Assert.Equal(
            ["coherence", "faithfulness", "helpfulness", "preference", "relevance", "safety", "task_completion"], rubrics.Keys.Order(StringComparer.Ordinal));
        Assert.True(rubrics["faithfulness"].NeedsContext);
        Assert.Equal(RubricKind.Pairwise, rubrics["preference"].Kind);
        Assert.Equal([0, 0.25, 0.5, 0.75, 1], rubrics["relevance"].Levels.Select(l => rubrics["relevance"].Normalize(l.Score)));
    }

    [Fact]
    public void An_own_rubric_takes_the_place_of_a_shipped_one_and_others_are_added()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(Path.Combine(directory.Path, "safety.yaml"), Text("safety", "2"));
        File.WriteAllText(Path.Combine(directory.Path, "tone.yaml"), Text("tone", "1"));
        IReadOnlyDictionary<string, Rubric> rubrics = RubricReader.Read(RubricReader.ShippedDirectory, directory.Path);
        Assert.Equal("2", rubrics["safety"].Version);
        Assert.Equal("1", rubrics["tone"].Version);
    }

    [Theory]
    [InlineData("version: \"1\"", "version: 1 2", "version = \"1 2\"; allowed: 1 to 20 letters")]
    [InlineData("kind: score", "kind: guess", "kind = \"guess\"; allowed: score, pairwise")]
    [InlineData("score: 0", "score: -1", "score = \"-1\"; allowed: a whole number from 0 to 100")]
    [InlineData("score: 0", "score: 1", "levels: allowed: 2 to 11, each with a score of its own")]
    [InlineData("question: Q", "quest: Q", "question is missing")]
    [InlineData("name: tone", "name: Tone!", "name = \"Tone!\"")]
    public void What_is_wrong_is_told_with_its_place(string right, string wrong, string message)
    {
        using var directory = new TemporaryDirectory();
        string path = Path.Combine(directory.Path, "tone.yaml");
        File.WriteAllText(path, Text("tone", "1").Replace(right, wrong, StringComparison.Ordinal));
        RuleFileException e = Assert.Throws<RuleFileException>(() => RubricReader.Read(directory.Path));
        Assert.Contains(e.Errors, x => x.StartsWith(path + ":", StringComparison.Ordinal) && x.Contains(message, StringComparison.Ordinal));
    }

    private static string Text(string name, string version) =>
        $$"""
        name: {{name}}
        version: "{{version}}"
        kind: score
        question: Q
        levels:
          - { score: 0, label: bad, meaning: Bad. }
          - { score: 1, label: good, meaning: Good. }
        """;
}
