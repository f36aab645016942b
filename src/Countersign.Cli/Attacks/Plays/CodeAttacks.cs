using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Countersign.Core.Limits;
using static Countersign.Cli.Attacks.Installation;

namespace Countersign.Cli.Attacks.Plays;

/// <summary>Attacks on codes of texts.</summary>
internal static partial class CodeAttacks
{
    // Ten codes of six digits a day are one chance in a hundred thousand, which is promised.
    private const int MostGuesses = 10;
    private const int Flows = 8;

    // What the contract refuses a step by that is not the flow's next (docs/errors.md).
    private const int NotOfThisFlow = 10003;

    // Possession:EntriesWithRetry is 10 at most.
    private const int MostEntries = 10;
    private const int Parallel = 12;

    // A second text comes 30 seconds after the first, unless Possession:ResendInterval says otherwise.
    private static readonly TimeSpan _betweenTexts = TimeSpan.FromSeconds(31);

    /// <summary>S01: guess in flow after flow.</summary>
    public static async Task<Finding> GuessAsync(Installation on)
    {
        var number = on.NextNumber();
        var early = await on.BeginAsync("mobile", number);
        var code = await early.CodeAsync();
        var (compared, refused, byGuesses) = (0, 0, 0);
        for (var n = 0; n < Flows; n++)
        {
            var by = n % 2 == 0 ? on.Client : on.Other ?? on.Client;
            var begun = await on.PostAsync("/v3/verify", on.Beginning("mobile", number), by);
            if (begun.Rule is { } rule)
            {
                (refused, byGuesses) = (refused + 1, byGuesses + (IsOfGuesses(rule) ? 1 : 0));
                continue;
            }
            var flow = PlayedFlow.Of(on, number, begun, by);
            if (PlayedFlow.IsRefusal(await flow.AskForCodeAsync()))
            {
                var stopped = await flow.StoppedByAsync();
                Need(stopped is not null, "A text was refused by no limit that is known.");
                (refused, byGuesses) = (refused + 1, byGuesses + (IsOfGuesses(stopped!) ? 1 : 0));
                continue;
            }
            var entered = await SpendEntriesAsync(flow);
            compared += entered - (IsStopped(await flow.ResultAsync()) ? 1 : 0);
        }
        await early.EnterAsync(code);
        var end = await early.ResultAsync();
        var late = end.Word("possessionResult");
        Need(
            compared > MostGuesses || late != "success" || byGuesses > 0,
            $"{compared} wrong codes were compared before another limit refused, which is too few to reach one of guesses.");
        Need(
            compared > MostGuesses || late == "success" || IsStopped(end),
            $"{compared} wrong codes were compared, and the right one in a flow from before was not taken, by no limit that is known.");
        return Finding.Of(
            compared <= MostGuesses && late != "success",
            $"{compared} wrong codes of six digits were compared in {Flows} flows, {refused} flows were refused; the right code in a flow "
                + $"from before then came to: {late}.",
            "Set Budget:GuessProbability (docs/limits.md); a sandbox has no limits unless they are set.");
    }

    /// <summary>S02: a code that is sent again is not a new set of entries.</summary>
    public static async Task<Finding> ResendAsync(Installation on)
    {
        var entries = await CountEntriesAsync(on);
        if (entries == 1)
        {
            return Finding.NotHere("There is one entry alone (Possession:EntriesWithRetry), so that none can be won back.");
        }
        var flow = await on.BeginAsync("mobile");
        var code = await flow.CodeAsync();
        for (var entry = 1; entry < entries; entry++)
        {
            await flow.EnterAsync(PlayedFlow.WrongFor(code));
        }
        var between = await flow.PossessionAsync();
        Need(between == "pending", $"After {entries - 1} wrong entries of {entries} the flow was {between}.");
        var again = await flow.TryResendAsync();
        if (again is null)
        {
            // What is asked for earlier is answered as done, and nothing is sent.
            await on.Target.WaitAsync(_betweenTexts, on.Cancelled);
            again = await flow.TryResendAsync();
        }
        Need(again is not null, $"The code was not sent again, {_betweenTexts.TotalSeconds:0} seconds after the first time either.");
        await flow.EnterAsync(PlayedFlow.WrongFor(again!));
        await flow.EnterAsync(again);
        var end = await flow.PossessionAsync();
        NeedEnd(end);
        return Finding.Of(
            end != "success",
            $"After {entries - 1} wrong entries of {entries} the code was sent again, a text came, and one more was wrong; the right one "
                + $"then came to: {end}.",
            "Entries must count over a flow, whatever is sent again.");
    }

    /// <summary>S03: more entries at once than there are.</summary>
    public static async Task<Finding> RaceAsync(Installation on)
    {
        var entries = await CountEntriesAsync(on);
        var flow = await on.BeginAsync("mobile");
        var code = await flow.CodeAsync();
        var wrong = new JsonObject { ["otp"] = PlayedFlow.WrongFor(code) };
        var answers = await Task.WhenAll(Enumerable.Range(0, Parallel).Select(_ =>
            on.Target.CallOnceAsync(flow.Step("mobile/otp/finish", wrong), on.Cancelled)));
        Need(answers.All(answer => answer.IsOk), "Of entries at once some were not answered as entries are: they did not all arrive.");
        await flow.EnterAsync(code);
        var (invited, end) = (answers.Count(answer => answer.Text("next") == "mobile/otp"), await flow.PossessionAsync());
        NeedEnd(end);
        return Finding.Of(
            invited < entries && end != "success",
            $"Of {Parallel} wrong entries at once {invited} were answered with another try; the right code afterwards came to: {end}.",
            "Each entry must be counted before it is compared, and in one place.");
    }

    /// <summary>S05: a code that was used, or is another flow's.</summary>
    public static async Task<Finding> ReplayAsync(Installation on)
    {
        var number = on.NextNumber();
        var first = await on.BeginAsync("mobile", number);
        var used = await first.CodeAsync();
        await first.EnterAsync(used);
        Need(await first.PossessionAsync() == "success", "The right code of a flow was not taken.");
        var tried = new List<(string Where, string End)>();
        foreach (var by in new[] { on.Client, on.Other }.OfType<Client>())
        {
            var early = await on.BeginAsync("mobile", number, by);
            await early.StepAsync("mobile/instant/start");
            var isTaken = PlayedFlow.IsTaken(await early.EnterAsync(used), NotOfThisFlow);
            var where = by == on.Client ? "before one was sent there" : "and of another project";
            tried.Add((where, isTaken ? "success" : await early.PossessionAsync()));
        }
        // Where the code that is right is the same each time, as in a sandbox, that it is taken says nothing.
        var later = await on.BeginAsync("mobile", number);
        var isAlike = await later.CodeAsync() == used;
        if (!isAlike)
        {
            await later.EnterAsync(used);
            tried.Add(("and where another was sent", await later.PossessionAsync()));
        }
        return Finding.Of(
            tried.TrueForAll(one => one.End != "success"),
            $"The used code in another flow of the number, {string.Join(", ", tried.Select(one => $"{one.Where}: {one.End}"))}"
                + $"{(isAlike ? "; where another was sent it is not played, since here each is the same" : "")}.",
            "A code must belong to its flow and be good once.");
    }

    /// <summary>S06: the code, or the link, told to somebody else than the phone.</summary>
    public static async Task<Finding> TellAsync(Installation on)
    {
        var mobile = await on.BeginAsync("mobile");
        var code = await mobile.CodeAsync();
        await mobile.EnterAsync(PlayedFlow.WrongFor(code));
        mobile.Answers.Add(await mobile.ResultAsync());
        var told = mobile.Answers.Count(answer => Tells(answer, code));
        var answers = mobile.Answers.Count;
        if (on.TargetUrl is not null)
        {
            var desktop = await on.BeginAsync("desktop");
            var link = await desktop.LinkAsync();
            desktop.Answers.Add(await desktop.ResultAsync());
            var token = link.Address.AbsolutePath.Split('/')[^1];
            told += desktop.Answers.Count(answer => Parts(answer).Any(part => part.Contains(token, StringComparison.Ordinal)));
            answers += desktop.Answers.Count;
        }
        return Finding.Of(
            told == 0, $"{told} of {answers} answers to browser and relying party held what was sent to the phone.",
            "What is sent to the phone must stand in no answer.");
    }

    /// <summary>S10: the person is locked out by who guesses.</summary>
    public static async Task<Finding> LockOutAsync(Installation on)
    {
        var number = on.NextNumber();
        on.NeedTargetUrl();
        on.NeedTexts();
        var rule = (string?)null;
        for (var n = 0; n < 4 && rule is null; n++)
        {
            rule = await SpendAsync(on, number);
        }
        if (rule is null || !IsOfGuesses(rule))
        {
            throw new CannotPlay(
                rule is null ? "Twelve wrong codes reached no limit of guesses, so they lock nobody out. Whether there is one says S01."
                    : $"Before the guesses were spent another limit refused: {rule}.",
                isBroken: rule is not null);
        }
        var desktop = await on.PostAsync("/v3/verify", on.Beginning("desktop", number));
        Need(desktop.Status == 200 || (desktop.Rule is { } by && IsOfGuesses(by)), $"A flow by link was answered {desktop.Brief}.");
        var end = "not begun";
        if (desktop.Status == 200)
        {
            var persons = PlayedFlow.Of(on, number, desktop, by: null);
            var link = await persons.TryLinkAsync();
            var why = link is null ? await persons.StoppedByAsync() : null;
            Need(
                link is not null || (why is not null && IsOfGuesses(why)),
                $"No link came, and no limit of guesses refused it{(why is null ? "" : $" but {why}")}.");
            await (link is null ? Task.CompletedTask : persons.PressAsync(link, "confirm", link.Digits));
            end = await persons.PossessionAsync();
        }
        return Finding.Of(
            end == "success", $"Once {rule} had refused a code, a flow by link was answered {desktop.Brief} and came to: {end}.",
            "Guesses must stop codes, and nothing else that proves.");
    }

    /// <returns>The limit that has stopped wrong codes, or the flow for them; null when none has.</returns>
    private static async Task<string?> SpendAsync(Installation on, string number)
    {
        var begun = await on.PostAsync("/v3/verify", on.Beginning("mobile", number));
        if (begun.Rule is { } rule)
        {
            return rule;
        }
        var flow = PlayedFlow.Of(on, number, begun, by: null);
        await flow.AskForCodeAsync();
        await SpendEntriesAsync(flow);
        return IsStopped(await flow.ResultAsync()) ? await flow.StoppedByAsync() : null;
    }

    /// <summary>S12: a code that is no text.</summary>
    public static async Task<Finding> ConfuseAsync(Installation on)
    {
        var flow = await on.BeginAsync("mobile");
        var code = await flow.CodeAsync();
        JsonNode?[] entries =
        [
            new JsonArray(code), new JsonArray("000000", code), new JsonObject { ["$ne"] = "" }, new JsonArray(new JsonArray(code)),
            JsonValue.Create(long.Parse(code, CultureInfo.InvariantCulture)), JsonValue.Create(true), null,
                JsonValue.Create(new string('1', 5000)),
        ];
        var taken = 0;
        foreach (var entry in entries)
        {
            var answer = await flow.EnterAsync(entry);
            taken += IsTaken(answer) ? 1 : 0;
        }
        var between = await flow.PossessionAsync();
        await flow.EnterAsync(code);
        var end = await flow.PossessionAsync();
        return Finding.Of(
            taken == 0 && between == "pending" && end == "success",
            $"Of {entries.Length} entries of a wrong kind {taken} were not refused with 400; then the flow was {between}, and "
                + $"after the right code {end}.",
            "Take a text alone as an entry, and count nothing else.");
    }

    /// <summary>How many entries a flow has, by what it answers to wrong ones; one more than there can be where they have no end.</summary>
    private static async Task<int> CountEntriesAsync(Installation on)
    {
        var flow = await on.BeginAsync("mobile");
        await flow.CodeAsync();
        var entries = await SpendEntriesAsync(flow);
        Need(!IsStopped(await flow.ResultAsync()), "A limit stopped wrong codes before the entries of a flow were counted.");
        return entries;
    }

    /// <summary>Enters wrong codes until there is no other try.</summary>
    /// <returns>How many were answered as entries.</returns>
    private static async Task<int> SpendEntriesAsync(PlayedFlow flow)
    {
        for (var entry = 1; entry <= MostEntries; entry++)
        {
            if ((await flow.EnterAsync("000000")).Text("next") != "mobile/otp")
            {
                return entry;
            }
        }
        return MostEntries + 1;
    }

    private static bool IsOfGuesses(string rule) => rule is LimitRule.GuessesOfProject or LimitRule.GuessesOfLine;

    /// <summary>Entries were compared, and came to an end.</summary>
    private static void NeedEnd(string possession) => Need(
        possession is "success" or "failed", $"After all entries the flow was {possession}: whether they were compared nobody can say.");

    /// <summary>A limit stood in the way (docs/errors.md).</summary>
    private static bool IsStopped(Heard result) =>
        StrictJson.Within(result.Json, "evaluation", "authentication", "failureReasons") is JsonObject reasons
            && reasons.ContainsKey("9916");

    private static bool Tells(Heard answer, string code) =>
        Parts(answer).Any(part => DigitRuns().Matches(part).Any(run => run.Value == code));

    /// <summary>All that an answer says, and what its tokens say.</summary>
    private static IEnumerable<string> Parts(Heard answer) =>
        [answer.Body, .. answer.Headers.Values, .. Payloads().Matches(answer.Body).Select(token => Decoded(token.Groups["payload"].Value))];

    private static string Decoded(string payload)
    {
        var text = payload.TrimEnd('=').Replace('+', '-').Replace('/', '_');
        return Base64Url.IsValid(text) ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)) : "";
    }

    [GeneratedRegex("[0-9]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DigitRuns();

    [GeneratedRegex(
        @"[\w\-]+\.(?<payload>[\w\-+/=]+)\.[\w\-]*", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Payloads();
}
