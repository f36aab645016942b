using System.Globalization;

namespace Countersign.Core.Money;

/// <summary>
/// Amounts of money are decimals with at most six places, so that the price of a segment is exact; they are kept as whole millionths.
/// </summary>
public static class Amounts
{
    public const int MaxPlaces = 6;

    /// <summary>The largest that a price or a cap may be.</summary>
    public const decimal Max = 1_000_000_000m;

    private const decimal Millionths = 1_000_000m;

    /// <summary>It has no more places than are kept.</summary>
    public static bool IsExact(decimal amount) => decimal.Round(amount, MaxPlaces) == amount;

    public static bool IsCurrency(string? text) => text is { Length: 3 } && text.All(c => c is >= 'A' and <= 'Z');

    public static long ToMillionths(decimal amount) => (long)(amount * Millionths);

    public static decimal FromMillionths(long millionths) => millionths / Millionths;

    /// <summary>With two places at least.</summary>
    public static string InWords(decimal amount) => amount.ToString("0.00####", CultureInfo.InvariantCulture);
}
