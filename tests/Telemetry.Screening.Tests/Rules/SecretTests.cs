using static Telemetry.Screening.Tests.Support.Looking;

namespace Telemetry.Screening.Tests.Rules;

/// <summary>Keys here are made up in the form of their issuers; they are put together so that no scanner of repositories takes them for real ones.</summary>
public sealed class SecretTests
{
    private const string Random40 = "a8Kd03LmQz71XbWpR5tYc92HvEjN64sGfU0oIiTq";

    [Theory]
    [InlineData("openai_key", "sk-proj-")]
    [InlineData("openai_key", "sk-")]
    [InlineData("anthropic_key", "sk-ant-api03-")]
    [InlineData("github_token", "ghp_")]
    [InlineData("github_token", "github_pat_")]
    [InlineData("stripe_key", "sk_live_")]
    [InlineData("google_key", "AIza")]
    [InlineData("slack_token", "xoxb-123456789012-")]
    [InlineData("huggingface_token", "hf_")]
    [InlineData("gitlab_token", "glpat-")]
    public void Finds_keys_by_their_beginning(string rule, string prefix)
    {
        Finds(rule, prefix + Random40, $"use {prefix}{Random40} please");
        Finds(rule, prefix + Random40, $"KEY='{prefix}{Random40}'");
    }

    [Theory]
    [InlineData("tk_")]
    [InlineData("ta_")]
    public void Finds_our_own_keys_and_tokens(string prefix)
    {
        string key = prefix + "abcdefgh23" + "_" + "abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrstuvwxyz2";
        Finds("telemetry_key", key, $"use {key} please");
        Finds("assigned_secret", key, $"x-api-key={key}\n");
    }

    [Fact]
    public void Finds_aws_keys_with_and_without_digits()
    {
        Finds("aws_access_key", "AKIA" + "IOSFODNN7EXAMPLE", "id " + "AKIA" + "IOSFODNN7EXAMPLE.");
        Finds("aws_access_key", "AKIA" + "IOSFODNNQEXAMPLE", "id " + "AKIA" + "IOSFODNNQEXAMPLE.");
        Finds("aws_access_key", "ASIA" + "IOSFODNN7EXAMPLE", "id " + "ASIA" + "IOSFODNN7EXAMPLE.");
    }

    [Fact]
    public void Finds_web_tokens_whole()
    {
        const string Token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U";
        Finds("jwt", Token, $"cookie {Token}.");
    }

    [Fact]
    public void Finds_private_keys_whole_and_cut_off()
    {
        const string Key = "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA7bq\nAAAA\n-----END RSA PRIVATE KEY-----";
        Finds("private_key", Key, $"here:\n{Key}\nthat is it");
        Finds("private_key", Key[..60], Key[..60]);
        FindsNothing("-----BEGIN CERTIFICATE-----\nMIIEowIBAAKCAQEA7bq\n-----END CERTIFICATE-----", PiiKinds.Secret);
    }

    [Theory]
    [InlineData("hunter2!", "password=hunter2!")]
    [InlineData("S3cretPass", "\"password\": \"S3cretPass\"")]
    [InlineData("p%40ss", "postgres://app:p%40ss@db.internal:5432/x")]
    [InlineData("abcDEF123", "Server=db;User=sa;Pwd=abcDEF123;")]
    [InlineData("Zm9vYmFyMTIzNDU2Nzg5MA==", "api_key: Zm9vYmFyMTIzNDU2Nzg5MA==")]
    [InlineData("9f86d081884c7d659a2feaa0c55ad015", "X-Api-Key: 9f86d081884c7d659a2feaa0c55ad015")]
    [InlineData("9f86d081884c7d659a2feaa0c55ad015", "Authorization: Bearer 9f86d081884c7d659a2feaa0c55ad015")]
    public void Finds_what_is_assigned_to_a_secret_name(string expected, string text) =>
        Assert.Contains(expected, Matches(text, PiiKinds.Secret).Select(m => m.Text));

    [Theory]
    [InlineData("password: required")]
    [InlineData("The password: Please choose one.")]
    [InlineData("password=$DB_PASSWORD")]
    [InlineData("password = os.environ['X1']")]
    [InlineData("api_key=<your-api-key-here-123>")]
    [InlineData("api_key: process.env.OPENAI_KEY_2")]
    [InlineData("max_tokens: 4096")]
    [InlineData("token: abc")]
    [InlineData("total_tokens=12345678901234567890")]
    [InlineData("class=\"sk-button-primary-large-rounded-2\"")]
    [InlineData("https://example.com:8080/a@b")]
    [InlineData("getToken(secret1)")]
    [InlineData("commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b")]
    [InlineData("AKIAxyz AKIA")]
    public void Finds_no_secret_in_near_misses(string text) => FindsNothing(text, PiiKinds.Secret);
}
