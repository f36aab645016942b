namespace Countersign.Core.Tests.Fakes;

/// <summary>A world of one numbering plan: ten digits behind a 1, with or without it.</summary>
internal sealed class TenDigits : INumberPlan
{
    public PhoneNumber? Read(string text) => text.TrimStart('+') is var digits && digits.All(char.IsAsciiDigit)
        ? digits.Length switch
        {
            10 => PhoneNumber.Parse("+1" + digits),
            11 when digits[0] == '1' => PhoneNumber.Parse("+" + digits),
            _ => null,
        }
        : null;

    public PhoneNumber FormOf(PhoneNumber number) => number;

    public IReadOnlyList<PhoneNumber> FormerFormsOf(PhoneNumber number) => [];

    public string? CountryOf(PhoneNumber number) => "US";
}
