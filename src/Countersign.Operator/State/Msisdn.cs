using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Countersign.Operator.State;

/// <summary>A phone number in E.164 form with its plus sign. Prints masked.</summary>
internal sealed partial record Msisdn
{
    private Msisdn(string value) => Value = value;

    /// <summary>The number in clear: <c>+12025550142</c>.</summary>
    public string Value { get; }

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Msisdn? number)
    {
        number = text is not null && Shape().IsMatch(text) ? new Msisdn(text) : null;
        return number is not null;
    }

    /// <summary>
    /// As <see cref="TryParse"/>, and forgives a plus sign that an address has lost: <c>?msisdn=+1202…</c> arrives with a space.
    /// </summary>
    public static bool TryParseFromAddress([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Msisdn? number) =>
        TryParse(text is null ? null : "+" + text.TrimStart(' ', '+'), out number);

    /// <summary>The number masked: <c>+1202*****42</c>.</summary>
    public override string ToString() => Value.Length < 9 ? "+****" : $"{Value[..5]}{new string('*', Value.Length - 7)}{Value[^2..]}";

    // CAMARA Commonalities, schema PhoneNumber.
    [GeneratedRegex(@"^\+[1-9][0-9]{4,14}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Shape();
}
