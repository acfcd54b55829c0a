using Telemetry.CommandLine.Prices.Import;

namespace Telemetry.CommandLine.Tests.Prices;

public class JavaScriptLiteralTests
{
    [Theory]
    [InlineData("[]", "[]")]
    [InlineData("{a:1,\"b-c\":.15,d:1e3,e:-2.50,}", """{"a":1,"b-c":0.15,"d":1000,"e":-2.50}""")]
    [InlineData("[!0,!1,true,false,null]", "[true,false,true,false,null]")]
    [InlineData("""[ "a\"b" , 'it\'s' , `x\n` , "\u00e9" ]""", """["a\u0022b","it\u0027s","x\n","\u00E9"]""")]
    [InlineData("{a:{b:[{c:1}]}} rest of the script", """{"a":{"b":[{"c":1}]}}""")]
    public void It_reads_data_as_bundlers_write_it(string script, string json) =>
        Assert.Equal(json, JavaScriptLiteral.Read(script, 0)!.ToJsonString());

    [Theory]
    [InlineData("", "ends within a literal")]
    [InlineData("{a:1", "ends within a literal")]
    [InlineData("[f(1)]", "\"f\" is no literal")]
    [InlineData("[new X]", "\"new\" is no literal")]
    [InlineData("[1 2]", "',' or ']' is expected")]
    [InlineData("[...a]", "is no literal")]
    [InlineData("\"\\u00g0\"", "four hexadecimal digits")]
    public void Anything_that_would_have_to_be_executed_is_an_error_with_its_place(string script, string error)
    {
        var refused = Assert.Throws<InvalidDataException>(() => JavaScriptLiteral.Read(script, 0));
        Assert.Matches(@"^character \d+: ", refused.Message);
        Assert.Contains(error, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_has_a_limit() =>
        Assert.Throws<InvalidDataException>(() => JavaScriptLiteral.Read(new string('[', 100_000), 0));
}
