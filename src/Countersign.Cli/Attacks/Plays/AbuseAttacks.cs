using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Limits;
using static Countersign.Cli.Attacks.Installation;

namespace Countersign.Cli.Attacks.Plays;

/// <summary>Attacks that cost money, or tire a person.</summary>
internal static class AbuseAttacks
{
    private const string Limits = "Set TextLimits (docs/limits.md); a sandbox has no limits unless they are set.";

    // What the contract says of a number that is no test user's (docs/errors.md).
    private const int NoTestUser = 8007;

    // Trunk prefixes (ITU-T Operational Bulletin, "Dialling procedures"), by country code.
    private static readonly (string Prefix, string Codes)[] _trunks =
    [
        ("0", "20 27 31 32 33 40 41 43 44 46 49 51 55 60 61 62 63 64 66 81 82 84 86 90 91 92 94 95 98 212 233 234 254 255 256 353 358 359 "
            + "380 385 386 421 880 886 961 962 964 966 971 972 977 995"),
        ("1", "52"), ("06", "36"), ("8", "7"),
    ];

    private static readonly string[] _ofProject = [LimitRule.TextsOfProjectInHour, LimitRule.TextsOfProjectInDay];
    private static readonly string[] _ofLine = [LimitRule.TextsOfLineInHour, LimitRule.TextsOfLineInDay];

    /// <summary>F02: one line in several spellings.</summary>
    public static async Task<Finding> RespellAsync(Installation on)
    {
        var hidden = 0;
        foreach (var spelling in (string[])["{0}\u200B", " {0}", "{0} ext 1", "{0};x"])
        {
            var body = on.Beginning("mobile", on.QuietNumber);
            body["phoneNumber"] = spelling.Replace("{0}", (string)body["phoneNumber"]!, StringComparison.Ordinal);
            var answer = await on.PostAsync("/v3/verify", body);
            // A sandbox that looks for its user has read a number.
            hidden += answer.Is(400, NoTestUser) || IsTaken(answer) ? 1 : 0;
        }
        var number = on.NextNumber();
        var (same, sent) = await FindSameAsync(on, number);
        string[] written = [.. SpellingsOf(number), .. same];
        if (written.Length == 1)
        {
            throw new CannotPlay("Without its plus the number would be another line's, so it has one spelling alone.", isBroken: false);
        }
        var flood = await FloodAsync(
            on, written, [on.Client], 13, $"of one project to one line in {written.Length} spellings were taken",
            [.. _ofProject, .. _ofLine], sent);
        return flood.Verdict != Verdict.Defended || hidden == 0 ? flood
            : Finding.Open($"{hidden} spellings with characters that are none of a number were taken.", "Refuse them.");
    }

    /// <summary>F03: numbers that cost more, or are nobody's telephone.</summary>
    public static async Task<Finding> DialAsync(Installation on)
    {
        if (!on.IsLive)
        {
            return Finding.NotHere("A sandbox refuses each number that is no test user's, so that a refusal says nothing of its range.");
        }
        // Jamaica behind +1, premium rate behind +1, Kazakhstan behind +7, satellites, universal and shared cost, an island, toll-free.
        string[] dear =
        [
            "+18765550100", "+19005550100", "+77015550100", "+881612345678", "+88213123456", "+80012345678", "+80812345678", "+2471234",
            "+18005550100",
        ];
        var taken = 0;
        foreach (var number in dear)
        {
            // A flow that begins sends nothing yet: nobody's telephone rings.
            taken += IsTaken(await on.PostAsync("/v3/verify", on.Beginning("mobile", number))) ? 1 : 0;
        }
        Need((await on.PostAsync("/v3/verify", on.Beginning("mobile", on.QuietNumber))).Status == 200, "The tester's own number was "
            + "refused.");
        return Finding.Of(
            taken == 0,
            $"Of {dear.Length} numbers of dear ranges (behind +1 and +7, satellites, premium, shared cost) {taken} were admitted, and "
                + "the tester's own was.",
            "Name in Countries those alone whose numbers you serve; where Jamaica, Kazakhstan or Ascension is one of them, that is no "
                + "fault.");
    }

    /// <summary>F04: one phone, by several projects.</summary>
    /// <remarks>When two projects have reached their own limits, the line's is reached too: it takes three to see it alone.</remarks>
    public static Task<Finding> BombAsync(Installation on) => FloodAsync(
        on, [on.NextNumber()], [on.Client, on.NeedOther(), on.NeedThird()], 40, "of three projects in turn to one number were taken",
        _ofLine);

    /// <summary>F07: a captcha's answer that was used before.</summary>
    public static async Task<Finding> ReuseCaptchaAsync(Installation on)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        JsonObject Asked()
        {
            var body = on.Beginning("mobile", on.QuietNumber);
            body["challenge"] = new JsonObject { ["id"] = id, ["passed"] = true };
            return body;
        }
        var (first, second) = (await on.PostAsync("/v3/verify", Asked()), await on.PostAsync("/v3/verify", Asked()));
        Need(first.Status == 200, $"A flow with a passed test did not begin: {first.Brief}.");
        return Finding.Of(
            !IsTaken(second), $"The answer of a test for persons once: {first.Brief}, a second time: {second.Brief}.", "Each must "
                + "count once.");
    }

    /// <summary>L06: text after text of one project to one phone. What all projects may send is more, and is F04's.</summary>
    public static Task<Finding> TireAsync(Installation on) =>
        FloodAsync(on, [on.NextNumber()], [on.Client], 13, "of one project to one number were taken", _ofProject);

    /// <summary>Asks for text after text to one line, by each client in turn, until each was refused by a limit of the line.</summary>
    /// <param name="written">The line's number, in one or more spellings.</param>
    /// <param name="what">What was counted: the rest of the sentence.</param>
    /// <param name="guards">The limits that are promised: one of them must have refused.</param>
    /// <param name="sent">Texts that the line has had before.</param>
    private static async Task<Finding> FloodAsync(
        Installation on, string[] written, Client[] clients, int most, string what, string[] guards, int sent = 0)
    {
        var (taken, refused, rules) = (sent, 0, new SortedSet<string>(StringComparer.Ordinal));
        for (var n = 0; n < most && refused < clients.Length; n++)
        {
            var rule = await AskForTextAsync(on, written[n % written.Length], clients[n % clients.Length]);
            Need(
                rule is null || _ofProject.Contains(rule) || _ofLine.Contains(rule),
                $"After {taken} texts another limit than the number's refused: {rule}.");
            Need(rule is null || taken > 0, $"No text was taken before the limit {rule} refused: the number's are spent for today.");
            (taken, refused) = rule is null ? (taken + 1, 0) : (taken, refused + 1);
            _ = rule is not null && rules.Add(rule);
        }
        var isGuarded = refused == clients.Length && rules.Overlaps(guards);
        var end = refused < clients.Length ? ", and none was refused"
            : $"; then it was refused ({string.Join(", ", rules)}{(isGuarded ? "" : ", which is not the limit that is promised")})";
        return Finding.Of(isGuarded, $"{taken} texts {what}{end}.", Limits);
    }

    /// <returns>The limit that has refused it; null when it was taken.</returns>
    /// <exception cref="CannotPlay">Something else has refused it.</exception>
    private static async Task<string?> AskForTextAsync(Installation on, string number, Client by)
    {
        var begun = await on.PostAsync("/v3/verify", on.Beginning("mobile", number), by);
        if (begun.Rule is { } rule)
        {
            return rule;
        }
        // Where something else than a text may prove, the flow begins, and the text is refused within it.
        var flow = PlayedFlow.Of(on, number, begun, by);
        var asked = await flow.AskForCodeAsync();
        return !PlayedFlow.IsRefusal(asked) ? null : await flow.StoppedByAsync()
            ?? throw new CannotPlay($"A text was refused by no limit that is known: {asked.Brief}{PlayedFlow.Error(asked)}.");
    }

    /// <summary>
    /// Spellings as they are dialled in the number's country, of those that the server reads as the same line. A flow whose number is fixed
    /// takes no other line's, so that asking sends nothing to anybody else.
    /// </summary>
    /// <returns>With how many texts that took.</returns>
    private static async Task<(List<string> Same, int Sent)> FindSameAsync(Installation on, string number)
    {
        var same = new List<string>();
        foreach (var spelling in DialledAs(PhoneNumber.Parse(number).E164))
        {
            var flow = await on.BeginAsync("mobile", number);
            await flow.StepAsync("mobile/instant/start");
            if (!PlayedFlow.IsRefusal(await flow.StepAsync("mobile/otp/start", new JsonObject { ["mobileNumber"] = spelling })))
            {
                same.Add(spelling);
            }
        }
        return (same, same.Count);
    }

    /// <summary>With what is dialled before a number within its country: no other line begins so, as in Italy one may.</summary>
    private static IEnumerable<string> DialledAs(string e164) => _trunks
        .SelectMany(trunk => trunk.Codes.Split(' ').Where(code => e164.StartsWith($"+{code}", StringComparison.Ordinal))
            .Select(code => $"+{code}{trunk.Prefix}{e164[(code.Length + 1)..]}"))
        .SelectMany(spelling => (string[])[spelling, spelling[1..]]);

    /// <summary>Spellings of one line, by the server's own rule: some are another's without the plus.</summary>
    private static string[] SpellingsOf(string number)
    {
        var line = PhoneNumber.Parse(number);
        var digits = line.E164[1..];
        return
        [
            .. ((string[])[line.E164, digits, digits[1..]])
                .Where(spelling => PhoneNumber.TryParse(spelling, out var read) && read == line),
        ];
    }
}
