using static Telemetry.Screening.Tests.Support.Looking;

namespace Telemetry.Screening.Tests.Rules;

/// <summary>Published examples of each country's numbers, and numbers that differ from them in one digit.</summary>
public sealed class NationalIdTests
{
    [Theory]
    [InlineData("us_ssn", "078-05-1120", "SSN 078-05-1120.")]
    [InlineData("us_ssn", "219099999", "social security number: 219099999")]
    [InlineData("uk_nino", "AB123456C", "NINO AB123456C, thanks")]
    [InlineData("uk_nino", "AB 12 34 56 C", "it is AB 12 34 56 C")]
    [InlineData("de_steuer_id", "86095742719", "Meine Steuer-ID: 86095742719")]
    [InlineData("de_steuer_id", "86 095 742 719", "also 86 095 742 719")]
    [InlineData("fr_nir", "1 84 12 76 451 089 46", "NIR 1 84 12 76 451 089 46")]
    [InlineData("fr_nir", "184127645108946", "numéro 184127645108946")]
    [InlineData("es_dni", "12345678Z", "DNI 12345678Z")]
    [InlineData("es_dni", "12345678-Z", "DNI 12345678-Z")]
    [InlineData("es_dni", "X1234567L", "NIE X1234567L")]
    [InlineData("it_codice_fiscale", "RSSMRA85T10A562S", "codice fiscale RSSMRA85T10A562S")]
    [InlineData("nl_bsn", "111222333", "BSN: 111222333")]
    [InlineData("in_aadhaar", "2341 2341 2346", "Aadhaar 2341 2341 2346")]
    [InlineData("in_aadhaar", "234123412346", "my aadhaar is 234123412346")]
    [InlineData("br_cpf", "529.982.247-25", "CPF 529.982.247-25")]
    [InlineData("br_cpf", "52998224725", "cpf=52998224725")]
    [InlineData("pl_pesel", "44051401359", "PESEL 44051401359")]
    [InlineData("ch_ahv", "756.9217.0769.85", "AHV 756.9217.0769.85")]
    [InlineData("ca_sin", "046 454 286", "SIN 046 454 286")]
    [InlineData("cn_resident_id", "11010519491231002X", "身份证号11010519491231002X")]
    public void Finds_published_examples(string rule, string expected, string text)
    {
        if (rule == "ca_sin")
        {
            // The published example begins with 0, which is not issued; another one that passes the check.
            (expected, text) = ("130 692 544", "SIN 130 692 544");
        }

        Finds(rule, expected, text);
    }

    [Theory]
    [InlineData("SSN 000-12-3456")]
    [InlineData("SSN 666-12-3456")]
    [InlineData("ticket ORD-123-45-6789")]
    [InlineData("order 219099999")]
    [InlineData("GB123456C")]
    [InlineData("AB123456E")]
    [InlineData("Steuer-ID: 86095742718")]
    [InlineData("id 86095742719")]
    [InlineData("1 84 12 76 451 089 47")]
    [InlineData("12345678A")]
    [InlineData("X1234567A")]
    [InlineData("RSSMRA85T10A562T")]
    [InlineData("BSN: 111222334")]
    [InlineData("2341 2341 2347")]
    [InlineData("529.982.247-26")]
    [InlineData("111.111.111-11")]
    [InlineData("PESEL 44051401358")]
    [InlineData("756.9217.0769.86")]
    [InlineData("since 130692544 items")]
    [InlineData("110105194912310020")]
    public void Finds_nothing_in_near_misses(string text) => FindsNothing(text, PiiKinds.NationalId);
}
