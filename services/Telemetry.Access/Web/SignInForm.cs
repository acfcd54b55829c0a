namespace Telemetry.Access.Web;

/// <summary>What somebody typed.</summary>
internal sealed record SignInForm(string Name, string Password, string Next);
