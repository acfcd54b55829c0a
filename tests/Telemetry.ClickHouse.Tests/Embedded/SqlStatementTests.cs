using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Telemetry.ClickHouse.Embedded.Sql;
using Telemetry.ClickHouse.Migrations;

namespace Telemetry.ClickHouse.Tests.Embedded;

public sealed class SqlStatementTests
{
    [Theory]
    [InlineData("SELECT 1 FORMAT JSON", "JSON")]
    [InlineData("SELECT 'FORMAT X' -- FORMAT Y\n", null)]
    [InlineData("SELECT format('{}', 1) format CSV SETTINGS max_threads = 1", "CSV")]
    [InlineData("SELECT $$ FORMAT TSV $$", null)]
    [InlineData("SELECT (SELECT 1 /* FORMAT */) AS \"FORMAT\"", null)]
    public void The_format_of_a_query_is_found(string sql, string? format) => Assert.Equal(format, SqlStatement.Parse(Encoding.UTF8.GetBytes(sql)).Format);

    [Theory]
    [InlineData("INSERT INTO t FORMAT CSV\n1,2", "INSERT INTO t ", "CSV", "1,2")]
    [InlineData("insert into t (a, `values`) values (1)", "insert into t (a, `values`) ", "Values", " (1)")]
    [InlineData("INSERT INTO format FORMAT TSV 1", "INSERT INTO format ", "TSV", "1")]
    [InlineData("INSERT INTO db.values VALUES (1)", "INSERT INTO db.values ", "Values", " (1)")]
    [InlineData("INSERT INTO t FORMAT Native", "INSERT INTO t ", "Native", "")]
    [InlineData("INSERT INTO t", "INSERT INTO t", null, "")]
    public void The_data_of_an_insert_is_found(string sql, string head, string? format, string data)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(sql);
        SqlStatement statement = SqlStatement.Parse(utf8);
        Assert.Equal(head, Encoding.UTF8.GetString(statement.InsertHead!));
        Assert.Equal(format, statement.Format);
        Assert.Equal(data, Encoding.UTF8.GetString(utf8[statement.DataStart..]));
    }

    [Theory]
    [InlineData("INSERT INTO t SELECT 1")]
    [InlineData("INSERT INTO t (a) WITH 1 AS x SELECT x")]
    [InlineData("SELECT 1")]
    public void A_statement_without_data_has_none(string sql) => Assert.Null(SqlStatement.Parse(Encoding.UTF8.GetBytes(sql)).InsertHead);

    [Fact]
    public void A_script_is_split_outside_strings_comments_and_names() => Assert.Equal(
        ["SELECT ';' -- ;\n , `a;b`, \"c;d\"", "SELECT $$;$$ /* ; */ , 'it''s;' , '\\';'", "SELECT 3"],
        SqlScript.Split("-- first; comment\nSELECT ';' -- ;\n , `a;b`, \"c;d\" ;; /* ; */ SELECT $$;$$ /* ; */ , 'it''s;' , '\\';' ;\nSELECT 3"));

    [Fact]
    public void No_text_breaks_the_scanner() => Prop.ForAll<byte[]>(bytes => SqlStatement.Parse(bytes) is not null).QuickCheckThrowOnFailure();
}
