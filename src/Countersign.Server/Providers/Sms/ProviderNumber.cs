using Countersign.Core;
using Countersign.Server.Providers.Live;

namespace Countersign.Server.Providers.Sms;

/// <summary>Numbers as providers write them: international, with <c>+</c>, with <c>00</c> or with neither; in North America also without the 1.</summary>
internal static class ProviderNumber
{
    /// <summary>
    /// False when it is no number. Ten digits alone may be meant in two ways, so a numbering plan has to know them: they are international where that
    /// line exists as it stands, else North American.
    /// </summary>
    public static bool TryParse(string? text, out PhoneNumber number)
    {
        var written = (text ?? "").Trim();
        var isMarked = written.StartsWith('+') || written.StartsWith("00", StringComparison.Ordinal);
        var digits = written.StartsWith('+') ? written[1..] : isMarked ? written[2..] : written;
        // The plus keeps ten digits from being read as a North American number.
        if (isMarked || digits.Length != 10)
        {
            return PhoneNumber.TryParse("+" + digits, out number);
        }
        return (PhoneNumber.TryParse("+" + digits, out number) && NumberPlan.Find(number.E164)?.Number == number)
            || (PhoneNumber.TryParse(digits, out number) && NumberPlan.Find(number.E164) is not null);
    }

    /// <summary>E.164 without the plus.</summary>
    public static string Bare(PhoneNumber number) => number.E164[1..];
}
