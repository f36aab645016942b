using Countersign.Core;
using Countersign.Core.Numbers;
using Countersign.Providers.Numbers;
using PhoneNumbers;
using PhoneNumber = Countersign.Core.PhoneNumber;

namespace Countersign.Providers.Live;

/// <summary>
/// Admits numbers that exist, of the countries that were named, of kinds that a person holds in the hand. Attack: texts to premium numbers
/// and to countries nobody does business in, at the server's cost (artificially inflated traffic); so what is not named is refused.
/// </summary>
/// <param name="countries">Whose numbers are admitted (ISO 3166, two letters).</param>
/// <param name="hasOperator">Whether some mobile operator may be asked about a number.</param>
internal sealed class LiveNumberAdmission(IReadOnlyList<string> countries, Func<PhoneNumber, bool> hasOperator) : INumberAdmission
{
    private const string NoNumber = "is no telephone number: write + and the country code, or ten digits for North America";
    private const string FixedLine = "is a fixed line, where no text arrives";

    public Task<Admission> AdmitAsync(string text, NumberUse use, CancellationToken cancellationToken) => Task.FromResult(Admit(text));

    private Admission Admit(string text)
    {
        if (PhoneNumber.WithPlus(text) is not { } international)
        {
            return new Admission.Refused(NoNumber);
        }
        if (NumberPlan.Find(international) is not { } line)
        {
            return new Admission.Refused(
                PhoneNumber.TryParse(text, out _) ? "no such number can exist in its country's numbering plan" : NoNumber);
        }
        if (line.Country is not { } country)
        {
            return new Admission.Refused("is a satellite or international service number, of no country");
        }
        var isServed = countries.Contains(country, StringComparer.Ordinal);
        Guards.Drop("F03", ref isServed, () => true);
        if (!isServed)
        {
            return new Admission.Refused($"numbers of {country} are not enabled on this server");
        }
        return WordOf(line.Type) is { } word
            ? new Admission.Refused($"is a {word} number, which no person is proven by")
            : new Admission.Admitted(line.Number, Country: country, NoText: WhyNoText(line), HasOperator: hasOperator(line.Number));
    }

    /// <summary>
    /// North America is left out: some of its plans tell fixed lines from mobile ones, but numbers are carried from one to the other there.
    /// </summary>
    private static string? WhyNoText(PlannedNumber line) =>
        line.Type != PhoneNumberType.FIXED_LINE || line.Number.E164.StartsWith("+1", StringComparison.Ordinal) ? null
        : line.Country == "AR" ? $"{FixedLine}; in Argentina a mobile number has a 9 after +54"
        : FixedLine;

    /// <summary>
    /// What a refused kind of line is called; null for kinds that are admitted. North America cannot tell fixed lines from mobile ones.
    /// </summary>
    private static string? WordOf(PhoneNumberType type) => type switch
    {
        PhoneNumberType.PREMIUM_RATE => "premium rate",
        PhoneNumberType.TOLL_FREE => "toll-free",
        PhoneNumberType.SHARED_COST => "shared cost",
        PhoneNumberType.VOIP => "VoIP",
        PhoneNumberType.PAGER => "pager",
        PhoneNumberType.UAN => "company (UAN)",
        PhoneNumberType.VOICEMAIL => "voicemail",
        // British 070 and its kin forward to anywhere at a premium.
        PhoneNumberType.PERSONAL_NUMBER => "personal (forwarding)",
        _ => null,
    };
}
