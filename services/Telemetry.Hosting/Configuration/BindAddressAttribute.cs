using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Telemetry.Hosting.Configuration;

/// <summary>The value is an IP address to listen on, or <c>*</c> for every address of the machine.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BindAddressAttribute : ValidationAttribute
{
    /// <summary>Creates the check.</summary>
    public BindAddressAttribute()
        : base("allowed: an IP address such as 127.0.0.1 or ::1, or * for every address")
    {
    }

    /// <inheritdoc />
    public override bool IsValid(object? value) => value is string text && (text == "*" || IPAddress.TryParse(text, out _));

    /// <summary>The address of a valid value; <c>*</c> is the IPv6 any address, which also takes IPv4.</summary>
    public static IPAddress Parse(string value) => value == "*" ? IPAddress.IPv6Any : IPAddress.Parse(value);
}
