namespace Countersign.Core.Texts;

/// <summary>What a text may say that it comes from.</summary>
public static class SenderId
{
    // 3GPP TS 23.040: an alphanumeric address holds 11 characters of seven bits.
    private const int MaxCharacters = 11;
    private const int MinDigits = 3;
    private const int MaxDigits = 15;

    /// <summary>The rule in words, to stand behind the name of what breaks it.</summary>
    public const string Rule =
        "must be a name of 1 to 11 characters of A-Z a-z 0-9 space - _ & . with at least one letter, or a number of 3 to 15 digits with "
            + "or without + before it.";

    public static bool IsValid(string sender)
    {
        var digits = sender.StartsWith('+') ? sender.AsSpan(1) : sender;
        if (!digits.ContainsAnyExceptInRange('0', '9'))
        {
            return digits.Length is >= MinDigits and <= MaxDigits;
        }
        return sender.Length <= MaxCharacters
            && sender == sender.Trim()
            && sender.All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '-' or '_' or '&' or '.')
            && sender.Any(char.IsAsciiLetter);
    }

    /// <summary>The same sender in the one spelling that is kept: without +, and names in capital letters.</summary>
    public static string Normalize(string sender) => sender.Trim().TrimStart('+').ToUpperInvariant();

    /// <summary>
    /// Whether both name the same sender: providers write names in any case, and numbers as <see cref="WrittenNumber"/> says. Of a number
    /// that can be read in two ways one is enough, since nobody owns two senders that differ in that alone.
    /// </summary>
    public static bool AreOne(string one, string other, INumberPlan plan) =>
        Normalize(one) == Normalize(other) || LinesOf(one, plan).Intersect(LinesOf(other, plan)).Any();

    private static IEnumerable<PhoneNumber> LinesOf(string sender, INumberPlan plan) =>
        WrittenNumber.ReadingsOf(sender).Select(plan.FormOf);
}
