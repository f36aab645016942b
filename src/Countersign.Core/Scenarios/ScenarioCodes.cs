using System.Text.RegularExpressions;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Names;

namespace Countersign.Core.Scenarios;

/// <summary>
/// Lets codes into a scenario and no words: an adapter of somebody else's, an identity source and an operator may say anything.
/// </summary>
internal static partial class ScenarioCodes
{
    private static readonly HashSet<string> _rules =
    [
        .. MatchRule.All.Select(rule => rule.Name), IdentityAnswer.NotToldRule, "asked-initial", "other-operator", "operator-has-no-name",
        "id-document-required",
    ];

    private static readonly string[] _fields = ["given-", "family-"];

    /// <summary>Codes of reasons or rules, with commas between them; null for none.</summary>
    public static string? Of(string? codes) =>
        codes is null ? null : string.Join(',', codes.Split(',').Select(code => IsKnown(code) ? code : ScenarioWords.Other));

    /// <summary>An operator's word for why a text did not arrive; null for none.</summary>
    public static string? OfOperator(string? word) =>
        word is null ? null : NumberOrStatus().IsMatch(word) ? word : ScenarioWords.Other;

    private static bool IsKnown(string code) =>
        FlowReason.All.Contains(code, StringComparer.Ordinal) || _rules.Contains(code)
        || _fields.Any(field => code.StartsWith(field, StringComparison.Ordinal) && _rules.Contains(code[field.Length..]));

    // Codes of operators have few digits, a status of SMPP has eight.
    [GeneratedRegex("^([0-9]{1,5}|0x[0-9A-Fa-f]{8})$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 100)]
    private static partial Regex NumberOrStatus();
}
