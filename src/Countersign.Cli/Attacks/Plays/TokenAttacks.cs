using System.Text.Json.Nodes;
using static Countersign.Cli.Attacks.Installation;

namespace Countersign.Cli.Attacks.Plays;

/// <summary>Attacks on tokens and on the order of steps.</summary>
internal static class TokenAttacks
{
    private const string Status = "/v3/verify-status";

    // FlowLife is an hour at most.
    private const int LifeOfFlow = 3600;

    // What the contract refuses by (docs/errors.md).
    private const int StepNotAllowed = 8003;
    private const int NotOfThisFlow = 10003;
    private const int NumberIsFixed = 10002;

    /// <summary>T01: tokens that nobody has signed, or somebody else.</summary>
    public static async Task<Finding> ForgeAsync(Installation on)
    {
        var keys = await on.GetAnonymouslyAsync("/.well-known/jwks.json");
        var flow = await on.BeginAsync("mobile");
        var real = await on.PostAsync(Status, Question(UnknownId));
        Need(real.Is(400, UnknownFlow), $"With the server's own token a flow of nobody's was answered {real.Brief}.");
        var (tried, taken) = (0, 0);
        foreach (var token in Forgeries.Of(await on.TokenAsync(), keys.Json, on.Target.Origin))
        {
            (tried, taken) = (tried + 1, taken + (Opens(await on.PostWithAsync(token, Status, Question(UnknownId))) ? 1 : 0));
        }
        foreach (var token in Forgeries.Of(flow.AuthToken, keys.Json, on.Target.Origin))
        {
            (tried, taken) = (tried + 1, taken + (Opens(await on.PostWithAsync(token, "/v1/client/mobile/instant/start", [])) ? 1 : 0));
        }
        return Finding.Of(
            taken == 0,
            $"Of {tried} forged tokens (no algorithm, a public key as a secret, keys of the attacker's, a changed claim) {taken} were "
                + "taken.",
            "Check tokens with the server's own keys and one algorithm.");
    }

    /// <summary>T02: the browser's token after its flow was decided, and how long it lives.</summary>
    public static async Task<Finding> ReplayAsync(Installation on)
    {
        var flow = await on.BeginAsync("mobile");
        await flow.EnterAsync(await flow.CodeAsync());
        Need(await flow.PossessionAsync() == "success", "The right code of a flow was not taken.");
        await flow.AskForCodeAsync();
        var sent = await flow.CountNewTextsAsync();
        await flow.EnterAsync("000000");
        var claims = Forgeries.ClaimsOf(flow.AuthToken);
        var life = claims?["exp"]?.GetValueKind() == System.Text.Json.JsonValueKind.Number
            && claims["iat"]?.GetValueKind() == System.Text.Json.JsonValueKind.Number
            ? (long)claims["exp"]! - (long)claims["iat"]! : long.MaxValue;
        var isOwn = Heard.TextOf(claims, "sub") == flow.Id;
        var end = await flow.PossessionAsync();
        return Finding.Of(
            sent == 0 && end == "success" && life <= LifeOfFlow && isOwn,
            $"After the end {sent} texts were sent with it, and the result stayed {end}; it lives "
                + $"{(life == long.MaxValue ? "without an end" : $"{life} seconds")} and {(isOwn ? "names its flow" : "names no flow")}.",
            "The browser's token must be of one flow, for an hour at most, and do nothing after its end.");
    }

    /// <summary>T03: each kind of token in the place of the other.</summary>
    public static async Task<Finding> SwapAsync(Installation on)
    {
        var flow = await on.BeginAsync("mobile");
        var asAccess = await on.PostWithAsync(flow.AuthToken, Status, Question(flow.Id));
        var asAuth = await on.PostWithAsync(await on.TokenAsync(), "/v1/client/mobile/otp/start", []);
        return Finding.Of(
            !Opens(asAccess) && !Opens(asAuth),
            $"The browser's token at {Status}: {asAccess.Brief}. The relying party's at the browser's steps: {asAuth.Brief}.",
            "The two kinds must differ in type and audience.");
    }

    /// <summary>T04: another project's flow.</summary>
    public static async Task<Finding> AskForOthersAsync(Installation on)
    {
        var other = on.NeedOther();
        var flow = await on.BeginAsync("mobile");
        var (theirs, unknown) = (await on.PostAsync(Status, Question(flow.Id), other), await on.PostAsync(Status, Question(UnknownId),
            other));
        var malformed = await on.PostAsync(Status, Question("' or 1=1 --"));
        var own = await on.PostAsync(Status, Question(flow.Id));
        Need(
            own.IsOk && unknown.Is(400, UnknownFlow) && (theirs.IsOk || theirs.Code is not null),
            $"The project itself was answered {own.Brief}, another {theirs.Brief}, and of a flow that does not exist {unknown.Brief}: that "
                + "says nothing.");
        return Finding.Of(
            theirs.Status == unknown.Status && theirs.Body == unknown.Body && !IsTaken(malformed),
            $"Another project's flow: {theirs.Brief}; one that does not exist: {unknown.Brief}; "
                + $"{(theirs.Body == unknown.Body ? "the same bytes" : "not the same bytes")}; an id of another form: {malformed.Brief}.",
            "Look flows up by id and project together.");
    }

    /// <summary>T05: steps in another order.</summary>
    public static async Task<Finding> SkipAsync(Installation on)
    {
        var flow = await on.BeginAsync("mobile");
        var start = await on.PostAsync("/v3/start", new JsonObject { ["flowType"] = "mobile", ["phoneNumber"] = on.NextNumber() });
        Need(start.Text("correlationId") is not null, $"/v3/start was answered {start.Brief}.");
        var id = start.Text("correlationId")!;
        Heard[] steps = [await flow.EnterAsync("123456"), await flow.StepAsync("mobile/instantlink/start")];
        Heard[] calls =
        [
            await on.PostAsync("/v3/challenge", new JsonObject { ["correlationId"] = id, ["dob"] = "1980-01-01" }),
            await on.PostAsync(
                "/v3/complete",
                new JsonObject
                {
                    ["correlationId"] = id, ["individual"] = new JsonObject { ["firstName"] = FirstName, ["lastName"] = LastName },
                }),
        ];
        var taken = steps.Count(step => PlayedFlow.IsTaken(step, NotOfThisFlow)) + calls.Count(call => IsTaken(call, 403, StepNotAllowed));
        var between = await flow.PossessionAsync();
        await flow.EnterAsync(await flow.CodeAsync());
        var end = await flow.PossessionAsync();
        return Finding.Of(
            taken == 0 && between == "pending" && end == "success",
            $"Of four steps too early {taken} were taken, and the others refused as not allowed now; the flow was {between}, and in the "
                + $"right order {end}.",
            "A step must be refused until the one before it is done.");
    }

    /// <summary>T06: the browser says that it has proven.</summary>
    public static async Task<Finding> ClaimAsync(Installation on)
    {
        var flow = await on.BeginAsync("mobile");
        await flow.AskForCodeAsync();
        JsonObject Lie(string name, string value) => new()
        {
            [name] = value, ["success"] = "true", ["possessionResult"] = "success", ["verifyResult"] = "success", ["next"] = "done",
        };
        await flow.StepAsync("mobile/instant/finish", Lie("vfp", new string('a', 32)));
        await flow.StepAsync("mobile/otp/finish", Lie("otp", ""));
        await on.PostAsync(Status, new JsonObject { ["correlationId"] = flow.Id, ["possessionResult"] = "success" });
        var end = await flow.PossessionAsync();
        return Finding.Of(
            end is "pending" or "failed",
            $"After three calls that say that possession has succeeded it is {end}.",
            "Read no result from a request.");
    }

    /// <summary>T07: an id that the attacker knows before.</summary>
    public static async Task<Finding> FixateAsync(Installation on)
    {
        var chosen = on.Beginning("mobile", on.QuietNumber);
        chosen["correlationId"] = UnknownId;
        chosen["authId"] = UnknownId;
        var begun = await on.PostAsync("/v3/verify", chosen);
        var (first, second) = (begun.Text("correlationId"), (await on.BeginAsync("mobile")).Id);
        Need(first is { Length: 36 }, $"A flow did not begin: {begun.Brief}.");
        var without = await on.PostWithAsync(token: null, Status, Question(first!));
        // Of a version 7 UUID the last 16 digits are chance.
        var alike = first!.Zip(second).Skip(20).Count(pair => pair.First == pair.Second && pair.First != '-');
        return Finding.Of(
            first != UnknownId && !Opens(without) && alike < 12,
            $"The id that was asked for was {(first == UnknownId ? "taken" : "not taken")}; of 16 digits of chance two ids share "
                + $"{alike}; with "
                + $"the id alone: {without.Brief}.",
            "Ids must be the server's, of chance, and no credential.");
    }

    /// <summary>T08: another number between the call and the code.</summary>
    public static async Task<Finding> ChangeNumberAsync(Installation on)
    {
        var (flow, other) = (await on.BeginAsync("mobile"), on.NextNumber());
        await flow.StepAsync("mobile/instant/start");
        var changed = await flow.StepAsync("mobile/otp/start", new JsonObject { ["mobileNumber"] = other });
        var sent = on.Texts is { } texts ? (await texts.ReadAsync(other, on.Cancelled)).Count : (int?)null;
        var isTaken = PlayedFlow.IsTaken(changed, NumberIsFixed);
        return Finding.Of(
            !isTaken && (sent ?? 0) == 0,
            $"Another number in a verify flow was {(isTaken ? "taken" : "refused as fixed")}"
                + (sent is null ? "; texts could not be read." : $", and {sent} texts went to it."),
            "In verify number and name belong together and are fixed at the start.");
    }
}
