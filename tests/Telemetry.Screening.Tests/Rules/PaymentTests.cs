using static Telemetry.Screening.Tests.Support.Looking;

namespace Telemetry.Screening.Tests.Rules;

public sealed class PaymentTests
{
    [Theory]
    [InlineData("4111111111111111")]
    [InlineData("4111 1111 1111 1111")]
    [InlineData("4111-1111-1111-1111")]
    [InlineData("5555555555554444")]
    [InlineData("2223003122003222")]
    [InlineData("378282246310005")]
    [InlineData("3782 822463 10005")]
    [InlineData("30569309025904")]
    [InlineData("6011111111111117")]
    [InlineData("3530111333300000")]
    [InlineData("6200000000000005")]
    [InlineData("6759649826438453")]
    public void Finds_the_issuers_test_cards(string card)
    {
        Finds("payment_card", card, $"Please charge {card}, thank you");
        Finds("payment_card", card, $"id,{card},2027-01");
        Finds("payment_card", card, $"卡号{card}。");
    }

    [Theory]
    [InlineData("4111111111111112")]
    [InlineData("4111 1111 1111 1112")]
    [InlineData("1795000000000000000")]
    [InlineData("1795000000000")]
    [InlineData("0.4111111111111111")]
    [InlineData("/orders/4111111111111111")]
    [InlineData("a4111111111111111")]
    [InlineData("4111111111111111f")]
    [InlineData("41111111111111110000000000")]
    [InlineData("4242-4242 4242-4242")]
    public void Finds_no_card_in_near_misses(string text) => FindsNothing(text, PiiKinds.PaymentCard);

    [Theory]
    [InlineData("DE89370400440532013000")]
    [InlineData("DE89 3704 0044 0532 0130 00")]
    [InlineData("GB29 NWBK 6016 1331 9268 19")]
    [InlineData("FR1420041010050500013M02606")]
    [InlineData("NO93 8601 1117 947")]
    [InlineData("MT84MALT011000012345MTLCAST001S")]
    [InlineData("ES91 2100 0418 4502 0005 1332")]
    public void Finds_the_registrys_account_numbers(string iban) => Finds("iban", iban, $"IBAN: {iban}.");

    [Theory]
    [InlineData("DE88370400440532013000")]
    [InlineData("DE8937040044053201300")]
    [InlineData("DE89 3704 0044 0532 0130 0")]
    [InlineData("XX89370400440532013000")]
    [InlineData("ID12345678901234567890")]
    public void Finds_no_account_in_near_misses(string text) => FindsNothing(text, PiiKinds.Iban);
}
