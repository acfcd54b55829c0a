namespace Telemetry.Access.Audit;

/// <summary>Names of what is noted; values of the column <c>action</c> of <c>access_audit</c>.</summary>
public static class AuditActions
{
    /// <summary>Messages or answers were read.</summary>
    public const string ReadContent = "content.read";

    /// <summary>A statement was run that somebody wrote.</summary>
    public const string RunSql = "sql.run";

    /// <summary>Something was changed; the subject says what.</summary>
    public const string Change = "change";

    /// <summary>Somebody signed in.</summary>
    public const string SignIn = "sign_in";

    /// <summary>Somebody could not sign in.</summary>
    public const string SignInFailed = "sign_in.failed";

    /// <summary>Somebody has to wait before the next attempt.</summary>
    public const string SignInThrottled = "sign_in.throttled";

    /// <summary>Somebody signed out.</summary>
    public const string SignOut = "sign_out";
}
