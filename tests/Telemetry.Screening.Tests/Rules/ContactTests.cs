using static Telemetry.Screening.Tests.Support.Looking;

namespace Telemetry.Screening.Tests.Rules;

public sealed class ContactTests
{
    [Theory]
    [InlineData("ana.maria+news@mail.example.co.uk", "Write to ana.maria+news@mail.example.co.uk.")]
    [InlineData("john42@example.com", "<john42@example.com>")]
    [InlineData("zhang@example.cn", "请联系zhang@example.cn谢谢")]
    [InlineData("jörg.müller@example.de", "an jörg.müller@example.de")]
    [InlineData("a_b-c@sub.example.museum", "\"a_b-c@sub.example.museum\"")]
    [InlineData("john%40example.com", "?user=john%40example.com&x=1")]
    public void Finds_addresses(string expected, string text) => Finds("email", expected, text);

    [Theory]
    [InlineData("follow @alice on x")]
    [InlineData("logo@2x.png")]
    [InlineData("npm i @scope/pkg@1.2.3")]
    [InlineData("git clone git@github.com:owner/repo.git")]
    [InlineData("@app.route('/')")]
    [InlineData("a@b")]
    [InlineData("user@localhost")]
    [InlineData("x @ y.com")]
    public void Finds_no_address_in_near_misses(string text) => FindsNothing(text, PiiKinds.Email);

    [Theory]
    [InlineData("+1 415 555 2671")]
    [InlineData("+14155552671")]
    [InlineData("+1 (415) 555-2671")]
    [InlineData("(415) 555-2671")]
    [InlineData("415-555-2671")]
    [InlineData("415.555.2671")]
    [InlineData("1-800-555-0199")]
    [InlineData("+44 20 7946 0958")]
    [InlineData("020 7946 0958")]
    [InlineData("07700 900123")]
    [InlineData("+49 30 901820")]
    [InlineData("030/90182000")]
    [InlineData("0171 1234567")]
    [InlineData("0049 171 1234567")]
    [InlineData("+33 6 12 34 56 78")]
    [InlineData("06 12 34 56 78")]
    [InlineData("06.12.34.56.78")]
    [InlineData("+34 612 345 678")]
    [InlineData("+91 98765 43210")]
    [InlineData("98765 43210")]
    [InlineData("090-1234-5678")]
    [InlineData("138 0013 8000")]
    [InlineData("+86 138 0013 8000")]
    [InlineData("(11) 91234-5678")]
    [InlineData("+55 11 91234-5678")]
    [InlineData("0412 345 678")]
    public void Finds_telephone_numbers(string number)
    {
        Finds("phone", number, $"you can reach him under {number} or write");
        Finds("phone", number, $"{number}.");
    }

    [Theory]
    [InlineData("4155552671", "phone: 4155552671")]
    [InlineData("13800138000", "电话13800138000")]
    [InlineData("612 345 678", "mi móvil es 612 345 678")]
    [InlineData("4155552671", "\"phone_number\": \"4155552671\"")]
    public void Finds_telephone_numbers_behind_a_word(string expected, string text) => Finds("phone", expected, text);

    [Theory]
    [InlineData("order 4155552671")]
    [InlineData("1700000000")]
    [InlineData("called at 1700000000")]
    [InlineData("2026-11-21 12:31:19")]
    [InlineData("01-02-2024 10:00")]
    [InlineData("21/11/2026 08:30")]
    [InlineData("it costs 1 234 567 in all")]
    [InlineData("$415-555-2671")]
    [InlineData("550e8400-e29b-41d4-a716-446655440000")]
    [InlineData("ISBN 978-3-16-148410-0")]
    [InlineData("3.14159265358979")]
    [InlineData("192.168.0.1")]
    [InlineData("v2.10.4-2024")]
    [InlineData("lines 100-200-3000")]
    [InlineData("+0200")]
    [InlineData("1+14155552671")]
    [InlineData("SKU 0012-3345-12")]
    [InlineData("the hotel has 234567890 rooms")]
    [InlineData("since 912 345 678 people")]
    public void Finds_no_telephone_number_in_near_misses(string text) => FindsNothing(text, PiiKinds.Phone);

    [Theory]
    [InlineData("ipv4", "203.0.113.7", "from 203.0.113.7:443")]
    [InlineData("ipv4", "10.1.2.3", "host 10.1.2.3.")]
    [InlineData("ipv6", "2001:db8::8a2e:370:7334", "at 2001:db8::8a2e:370:7334 now")]
    [InlineData("ipv6", "2001:0db8:85a3:0000:0000:8a2e:0370:7334", "[2001:0db8:85a3:0000:0000:8a2e:0370:7334]:80")]
    [InlineData("ipv6", "fe80::1ff:fe23:4567:890a", "fe80::1ff:fe23:4567:890a%eth2")]
    public void Finds_ip_addresses(string rule, string expected, string text) => Finds(rule, expected, text);

    [Theory]
    [InlineData("version 1.2.3.4")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("300.1.2.3")]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("12:34:56")]
    [InlineData("00:1a:2b:3c:4d:5e")]
    [InlineData("std::vector")]
    [InlineData("dead::beef")]
    [InlineData("a1b2c3d4:5")]
    [InlineData("Chrome/120.0.6099.130")]
    public void Finds_no_ip_address_in_near_misses(string text) => FindsNothing(text, PiiKinds.IpAddress);
}
