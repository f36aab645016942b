using System.Globalization;

namespace Countersign.Providers.Numbers;

/// <summary>How numbers may begin. Plans are known as patterns of whole numbers, so what begins so is found by trying.</summary>
internal static class Beginnings
{
    // Of E.164.
    private const int MaxDigits = 15;

    // What is behind a prefix at least.
    private const int LastDigits = 4;

    /// <summary>Null when a line's one form may begin so, with four digits or more behind.</summary>
    public static string? ProblemOf(string beginning)
    {
        var digits = beginning.Length - 1;
        var tries = Enumerable.Range(0, Math.Max(0, MaxDigits - digits + 1))
            .SelectMany(more => "0123456789".Select(digit => (More: more, Text: beginning + new string(digit, more)))).ToList();
        var whole = tries.FindAll(one => one.More >= LastDigits);
        var lines = whole.ConvertAll(one => NumberPlan.Find(one.Text)?.Number.E164);
        if (lines.Exists(BeginsSo))
        {
            return null;
        }
        if (lines.Exists(line => line is not null))
        {
            return "is not how its numbers are kept; write the country code without a trunk zero behind it";
        }
        // Plans grow: of what is in none yet the length tells.
        var possible = tries.FindAll(one => BeginsSo(NumberPlan.PossibleFormOf(one.Text))).ConvertAll(one => digits + one.More);
        var max = possible.Count == 0 ? 0 : possible.Max();
        return max == 0 ? "begins no number of any country"
            : max >= digits + LastDigits ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"must have at most {max - LastDigits} digits: its numbers have {max} at most, and the last four are left out");

        bool BeginsSo(string? line) => line?.StartsWith(beginning, StringComparison.Ordinal) == true;
    }
}
