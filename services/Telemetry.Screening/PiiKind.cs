namespace Telemetry.Screening;

/// <summary>What kind of personal or secret data a piece of text is.</summary>
public enum PiiKind : byte
{
    /// <summary>E-mail address.</summary>
    Email,

    /// <summary>Telephone number.</summary>
    Phone,

    /// <summary>Number of a payment card.</summary>
    PaymentCard,

    /// <summary>International bank account number.</summary>
    Iban,

    /// <summary>A number that a state gives to a person: social security, tax, identity card.</summary>
    NationalId,

    /// <summary>IP address, version 4 or 6.</summary>
    IpAddress,

    /// <summary>API key, token, private key or password.</summary>
    Secret,
}

/// <summary>A set of kinds.</summary>
[Flags]
public enum PiiKinds : byte
{
    /// <summary>No kind.</summary>
    None = 0,

    /// <summary><see cref="PiiKind.Email"/>.</summary>
    Email = 1 << PiiKind.Email,

    /// <summary><see cref="PiiKind.Phone"/>.</summary>
    Phone = 1 << PiiKind.Phone,

    /// <summary><see cref="PiiKind.PaymentCard"/>.</summary>
    PaymentCard = 1 << PiiKind.PaymentCard,

    /// <summary><see cref="PiiKind.Iban"/>.</summary>
    Iban = 1 << PiiKind.Iban,

    /// <summary><see cref="PiiKind.NationalId"/>.</summary>
    NationalId = 1 << PiiKind.NationalId,

    /// <summary><see cref="PiiKind.IpAddress"/>.</summary>
    IpAddress = 1 << PiiKind.IpAddress,

    /// <summary><see cref="PiiKind.Secret"/>.</summary>
    Secret = 1 << PiiKind.Secret,

    /// <summary>Every kind.</summary>
    All = Email | Phone | PaymentCard | Iban | NationalId | IpAddress | Secret,
}
