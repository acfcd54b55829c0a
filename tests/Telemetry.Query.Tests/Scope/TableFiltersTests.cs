using FsCheck;
using FsCheck.Fluent;
using Telemetry.Query.Scope;

namespace Telemetry.Query.Tests.Scope;

public sealed class TableFiltersTests
{
    [Fact]
    public void Who_may_see_everything_has_no_filter() => Assert.Null(TableFilters.Of(AccessScope.All, "telemetry"));

    [Fact]
    public void Who_may_see_no_tenant_sees_no_row_of_any_table()
    {
        string filters = TableFilters.Of(new AccessScope([], true, true), "telemetry")!;

        Assert.All(TableFilters.Tables, t => Assert.Contains($"'telemetry.{t}': '0'", filters, StringComparison.Ordinal));
    }

    [Fact]
    public void Content_that_may_not_be_seen_has_a_filter_of_its_own() => Assert.Equal("{'telemetry.llm_content': '0', 'telemetry.dead_letters': '0', 'telemetry.llm_eval_results': '0'}", TableFilters.Of(new AccessScope(null, false, true), "telemetry"));

    [Fact]
    public void A_literal_ends_where_the_text_ends_whatever_is_in_it() => Prop.ForAll<NonNull<string>>(text =>
    {
        string literal = TableFilters.Quote(text.Get);

        // Read as ClickHouse reads it: a backslash takes the next character as it is, a quote ends.
        var read = new System.Text.StringBuilder();
        int i = 1;
        for (; literal[i] != '\''; i++)
        {
            i += literal[i] == '\\' ? 1 : 0;
            read.Append(literal[i]);
        }

        Assert.Equal(literal.Length - 1, i);
        Assert.Equal(text.Get, read.ToString());
    }).QuickCheckThrowOnFailure();
}
