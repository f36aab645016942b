using Countersign.Core;

namespace Countersign.Server.Providers.Sms;

/// <summary>Numbers as providers write them: international, with <c>+</c>, with <c>00</c> or with neither.</summary>
internal static class ProviderNumber
{
    public static bool TryParse(string? text, out PhoneNumber number)
    {
        var digits = (text ?? "").Trim();
        digits = digits.StartsWith('+') ? digits[1..] : digits.StartsWith("00", StringComparison.Ordinal) ? digits[2..] : digits;
        // The plus keeps ten digits from being read as a North American number.
        return PhoneNumber.TryParse("+" + digits, out number);
    }

    /// <summary>E.164 without the plus.</summary>
    public static string Bare(PhoneNumber number) => number.E164[1..];
}
