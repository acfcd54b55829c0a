using Telemetry.Screening.Scan;

namespace Telemetry.Screening.Numbers;

/// <summary>
/// Telephone numbers: international ones behind + or 00 with a country's number of digits; national ones in the forms that countries write them in; others, and
/// unbroken ones, behind a word that tells. Numbers are close to much that is none (dates, orders, prices), so a form must fit exactly.
/// </summary>
internal sealed class PhoneRule : INumberRule
{
    private static readonly Context Words = new(
        "phone*", "tel", "tele*", "mobile", "mobil*", "cell", "call", "fax", "whatsapp", "sms", "text me", "handy*", "rufnummer", "teléfono", "móvil", "cellulare", "portable",
        "numéro", "celular", "numer telefonu", "телефон", "тел", "电话", "手机", "電話", "携帯", "फोन", "मोबाइल", "contact number", "reach me");

    /// <inheritdoc />
    public PiiKind Kind => PiiKind.Phone;

    /// <inheritdoc />
    public string Name => "phone";

    /// <inheritdoc />
    public int FewestDigits => 7;

    /// <inheritdoc />
    public Found Match(in NumberCandidate number)
    {
        if (number.Before == (byte)'+')
        {
            return Characters.IsWordAt(number.Text, number.Start - 2) ? Found.Nothing : Joined(number, number.Start - 1, CallingCodes.GroupsOf(number, 0));
        }

        if (number.Before is (byte)'/' or (byte)'#' or (byte)'$')
        {
            return Found.Nothing;
        }

        if (number.Digits is [0, 0, not 0, ..] && CallingCodes.GroupsOf(number, 2) is > 0 and int groups)
        {
            return Joined(number, number.Start, groups);
        }

        int national = NationalForms.GroupsOf(number, out bool standsAlone);
        standsAlone &= number.Before is not ((byte)'-' or (byte)'_' or (byte)'=');
        return national > 0 && (standsAlone || Words.IsBefore(number.Text, number.Start)) ? Joined(number, WithBracket(number), national) : Found.Nothing;
    }

    private static Found Joined(in NumberCandidate number, int start, int groups) => groups > 0 ? new Found(start, number.EndOf(groups - 1)) : Found.Nothing;

    private static int WithBracket(in NumberCandidate number) => number.Before == (byte)'(' ? number.Start - 1 : number.Start;
}
