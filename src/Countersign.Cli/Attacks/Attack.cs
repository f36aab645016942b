using System.Text.RegularExpressions;

namespace Countersign.Cli.Attacks;

/// <summary>A known attack, and how it is played here.</summary>
/// <param name="Clauses">Where standards ask for what is promised.</param>
internal sealed partial record Attack(KnownAttack Known, IReadOnlyList<string> Clauses)
{
    public string Id => Known.Id;

    /// <summary>Plays it against an installation; null where nobody can from outside.</summary>
    public Func<Installation, Task<Finding>>? Play { get; init; }

    /// <summary>It uses up the rate of calls, so it is played after the others.</summary>
    public bool IsLoud { get; init; }

    /// <summary>What is said where it cannot be played from outside: who plays it, or where the limit is stated.</summary>
    public Finding? Elsewhere { get; init; }

    /// <summary>What was written for a page of the documentation, without its marks.</summary>
    public static string Plain(string markdown) => Links().Replace(markdown, "${text}").Replace("`", "", StringComparison.Ordinal);

    [GeneratedRegex(@"\[(?<text>[^\]]*)\]\([^)]*\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Links();
}

internal enum Verdict
{
    /// <summary>It was played, and did not come through.</summary>
    Defended,

    /// <summary>It was played, and came through.</summary>
    Open,

    /// <summary>No guard can hold it off whole, and a page says so.</summary>
    LimitStated,

    /// <summary>It has no place here, or nobody asked for it.</summary>
    NotApplicable,

    /// <summary>It was begun, or should have been, and nothing can be said.</summary>
    NotPlayed,
}

/// <summary>What came of an attack.</summary>
/// <param name="Evidence">Codes and counts; never a token, a code of a text, a number or a name.</param>
internal sealed record Finding(Verdict Verdict, string Evidence)
{
    /// <summary>What is to be done.</summary>
    public string? Next { get; init; }

    /// <summary>Nobody asked for it.</summary>
    public static Finding LeftOut { get; } = NotHere("Left out by --only.");

    public static Finding Defended(string evidence) => new(Verdict.Defended, evidence);

    public static Finding Open(string evidence, string next) => new(Verdict.Open, evidence) { Next = next };

    /// <param name="page">The page of the documentation that states it.</param>
    public static Finding Limit(string why, string page) => new(Verdict.LimitStated, why) { Next = $"See {page}." };

    /// <param name="test">The test that plays it where it can be played.</param>
    public static Finding Inside(string why, string test) =>
        new(Verdict.NotApplicable, why) { Next = $"Played by the test {test}." };

    public static Finding NotHere(string why) => new(Verdict.NotApplicable, why);

    public static Finding NotPlayed(string why) => new(Verdict.NotPlayed, why);

    /// <param name="whatHolds">True when the guard is there.</param>
    public static Finding Of(bool whatHolds, string evidence, string next) => whatHolds ? Defended(evidence) : Open(evidence, next);
}

/// <summary>Ends an attack of which nothing can be said here.</summary>
/// <param name="why">A sentence.</param>
/// <param name="isBroken">False where it has no place here, which is nobody's fault.</param>
internal sealed class CannotPlay(string why, bool isBroken = true) : Exception(why)
{
    public bool IsBroken => isBroken;
}
