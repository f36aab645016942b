using System.Globalization;
using Countersign.Core.Limits;

namespace Countersign.Core.Possession;

/// <summary>
/// How short codes may be. An entry of n digits is right by chance once in 10ⁿ times. A project says with what probability a code of a line
/// may be guessed in a day (<see cref="Projects.ProjectSettings.GuessProbability"/>); one flow may use up half of it.
/// </summary>
/// <param name="ofServer">For projects that say none; null where every length is permitted, as in the sandbox.</param>
public sealed class GuessBudget(PossessionOptions options, decimal? ofServer)
{
    /// <summary>The least that a project may say.</summary>
    public const decimal Min = 0.000001m;

    /// <summary>The most that a project may say: one in a hundred.</summary>
    public const decimal Max = 0.01m;

    // There are no longer codes, so this many digits are always enough.
    private const int MaxDigits = 6;

    /// <summary>Permits every length.</summary>
    public static GuessBudget None { get; } = new(new PossessionOptions(), ofServer: null);

    /// <summary>
    /// The probability that counts for a project; where nothing is limited, the one that would. At least what a flow with codes of six
    /// digits needs, for such flows are always permitted.
    /// </summary>
    /// <param name="probability">The project's; null for the server's.</param>
    public decimal Of(decimal? probability) =>
        decimal.Max(AsSet(probability), MinFor(MaxDigits, options.EntriesWithRetry));

    /// <summary>The same as it was set.</summary>
    public decimal AsSet(decimal? probability) => probability ?? ofServer ?? BudgetOptions.InLive.GuessProbability!.Value;

    /// <summary>The least probability that permits a flow with so many entries a code of so many digits.</summary>
    public static decimal MinFor(int digits, int entries) => 2 * entries * GuessLimits.ChanceOf(digits);

    /// <summary>Says why a code of so many digits is too short, or null. The reason names the setting that permits it.</summary>
    /// <param name="probability">The project's; null for the server's.</param>
    /// <param name="allowsRetry">Does the flow permit more than one entry?</param>
    public string? Problem(decimal? probability, int digits, bool allowsRetry) =>
        Permits(probability, digits, allowsRetry) ? null : string.Create(
        CultureInfo.InvariantCulture,
        $"a code of {digits} digits is too easy to guess: write {MinDigits(probability, digits, allowsRetry)} #, or set the "
            + $"project's GuessProbability to at least {InWords(MinFor(digits, Entries(allowsRetry)))}");

    /// <summary>As documents and settings have it: 0.0002. Settings and requests may have 2e-4, too.</summary>
    public static string InWords(decimal probability) => probability.ToString("0.############", CultureInfo.InvariantCulture);

    /// <summary>
    /// Digits of a code where no text says it: the server's setting, or more where the project's probability does not permit so few.
    /// </summary>
    public int DefaultDigits(decimal? probability, bool allowsRetry) => MinDigits(probability, options.CodeLength, allowsRetry);

    private int MinDigits(decimal? probability, int min, bool allowsRetry) =>
        Enumerable.Range(min, MaxDigits - min + 1).First(digits => Permits(probability, digits, allowsRetry));

    private bool Permits(decimal? probability, int digits, bool allowsRetry) =>
        ofServer is null || digits >= MaxDigits || MinFor(digits, Entries(allowsRetry)) <= (probability ?? ofServer);

    private int Entries(bool allowsRetry) => allowsRetry ? options.EntriesWithRetry : 1;
}
