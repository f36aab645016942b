using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using static Countersign.Cli.Attacks.Installation;

namespace Countersign.Cli.Attacks.Plays;

/// <summary>Attacks on credentials and on how calls are read.</summary>
internal static class ApiAttacks
{
    private const string Status = "/v3/verify-status";

    // What the contract refuses by (docs/errors.md).
    private const int NotAuthorized = 8002;
    private const int OtherBody = 8422;
    private const int TooManyRequests = 8429;

    // So many calls at once reach a rate of a few a second. They may stand in two windows of a second, or in three.
    private const int LeastAtOnce = 80;
    private const int MostAtOnce = 500;

    // Slower than this, or than the rate and a half, no rate is reached.
    private const int LeastPerSecond = 40;

    // Calls of others among those of a burst.
    private const int Others = 5;

    // What has ended opens nothing within a minute, on every node.
    private static readonly TimeSpan _statedFor = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _betweenAsking = TimeSpan.FromSeconds(5);
    private const int Nodes = 5;

    /// <summary>A01: secrets are tried; a secret in an address.</summary>
    public static async Task<Finding> SprayAsync(Installation on)
    {
        // The secret itself stands in no address: what stands there is kept in logs.
        var inAddress = await on.Target.CallAsync(
            () => new HttpRequestMessage(
                HttpMethod.Post, on.Target.At($"/token?grant_type=client_credentials&client_id={Uri.EscapeDataString(on.Client.Id)}"))
            {
                Content = new FormUrlEncodedContent([new("client_secret", on.Client.Secret)]),
            },
            on.Cancelled);
        var isRead = IsTaken(inAddress);
        var answers = await BurstAsync(on, inAddress.RateOf("address"), () => on.TokenRequest(on.Client.Id, Wrong()));
        var refused = answers.Count(IsOverRate);
        var given = answers.Count(answer => !IsOverRate(answer) && IsTaken(answer, 401, NotAuthorized));
        var right = await on.AskForTokenAsync(on.Client.Id, on.Client.Secret);
        Need(right.IsOk, $"The right secret afterwards was answered {right.Brief}: that the wrong ones were not taken says nothing.");
        return Finding.Of(
            given == 0 && refused > 0 && !isRead,
            $"Of {answers.Length} wrong secrets {given} opened, {refused} were refused for the rate (429) and the others as wrong (401). "
                + $"Credentials in the address: {inAddress.Brief}. The right secret afterwards: {right.Brief}.",
            "Set RequestsPerSecond, which also counts calls of /token by address (docs/configuration.md).");
    }

    /// <summary>A03: a token after it was given up.</summary>
    public static async Task<Finding> OutliveAsync(Installation on)
    {
        var token = (await on.AskForTokenAsync(on.Client.Id, on.Client.Secret)).Text("access_token");
        Need(token is not null, "No access token was given.");
        var before = await on.PostWithAsync(token, Status, Question(UnknownId));
        Need(Opens(before), "A new token was refused.");
        var revoked = await on.AskForTokenAsync(on.Client.Id, on.Client.Secret, "/revoke", token);
        Need(revoked.IsOk, $"To give a token up was answered {revoked.Brief}.");
        var waited = TimeSpan.Zero;
        while (await OpensSomewhereAsync(on, token!) && waited < _statedFor)
        {
            await on.Target.WaitAsync(_betweenAsking, on.Cancelled);
            waited += _betweenAsking;
        }
        var isTaken = await OpensSomewhereAsync(on, token!);
        var introspected = await on.AskForTokenAsync(on.Client.Id, on.Client.Secret, "/introspect", token);
        var isActive = introspected.Json?["active"]?.ToString() != "false";
        return Finding.Of(
            !isTaken && !isActive,
            $"A token before /revoke: {before.Brief}; {waited.TotalSeconds:0} seconds after it it "
                + $"{(isTaken ? "still opens" : "opens nothing")}, asked over {Nodes} connections; "
                + $"/introspect says {(isActive ? "active" : "not active")}.",
            "Tokens that were given up must be refused within a minute, on every node.");
    }

    /// <summary>Over connections of their own, which may lead to other nodes.</summary>
    private static async Task<bool> OpensSomewhereAsync(Installation on, string token)
    {
        var taken = 0;
        for (var node = 0; node < Nodes; node++)
        {
            var answer = await on.Target.CallAsync(
                () =>
                {
                    var request = on.Target.Post(Status, Question(UnknownId), token);
                    request.Headers.ConnectionClose = true;
                    return request;
                },
                on.Cancelled);
            taken += Opens(answer) ? 1 : 0;
        }
        return taken > 0;
    }

    /// <summary>A04: bodies that two parsers read differently.</summary>
    public static async Task<Finding> MalformAsync(Installation on)
    {
        var token = await on.TokenAsync();
        var right = await on.PostAsync(Status, Question(UnknownId));
        Need(IsAnswered(right), $"A right body was answered {right.Brief}.");
        var plain = Question(UnknownId).ToJsonString();
        (string What, byte[] Body, string Type)[] bodies =
        [
            ("a member twice", Encoding.UTF8.GetBytes($"{{\"correlationId\":\"x\",{plain[1..]}"), "application/json"),
            ("depth", Encoding.UTF8.GetBytes($"{plain[..^1]},\"x\":{new string('[', 64)}{new string(']', 64)}}}"), "application/json"),
            ("8 KB", Encoding.UTF8.GetBytes($"{plain[..^1]},\"x\":\"{new string('x', 8192)}\"}}"), "application/json"),
            ("another type", Encoding.UTF8.GetBytes(plain), "text/plain"), ("no UTF-8", [.. Encoding.UTF8.GetBytes(plain), 0xFF],
                "application/json"),
            ("UTF-16", Encoding.Unicode.GetBytes(plain), "application/json; charset=utf-16"),
            ("a tail", Encoding.UTF8.GetBytes(plain + "{}"), "application/json"), ("a list", Encoding.UTF8.GetBytes($"[{plain}]"),
                "application/json"),
            ("a number", Encoding.UTF8.GetBytes("{\"correlationId\":1}"), "application/json"),
        ];
        var taken = new List<string>();
        foreach (var (what, body, type) in bodies)
        {
            var answer = await on.Target.CallAsync(() => Raw(on, body, type, token), on.Cancelled);
            // What is answered about the flow was read.
            if (IsAnswered(answer) || IsTaken(answer))
            {
                taken.Add(what);
            }
        }
        return Finding.Of(
            taken.Count == 0,
            $"Of {bodies.Length} malformed bodies {taken.Count} were read{(taken.Count == 0 ? "" : $": {string.Join(", ", taken)}")}; a "
                + $"right one: {right.Brief}.",
            "Read bodies strictly, and refuse them as malformed (8001).");
    }

    /// <summary>A05: an idempotency key with another body, and by another client.</summary>
    public static async Task<Finding> RepeatAsync(Installation on)
    {
        var key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var body = on.Beginning("mobile", on.QuietNumber);
        Task<Heard> AskAsync(JsonObject asked, Client? by = null) =>
            on.PostAsync("/v3/verify", asked, by, request => request.Headers.TryAddWithoutValidation("Idempotency-Key", key));
        var (first, again) = (await AskAsync(body), await AskAsync(body));
        var other = (JsonObject)body.DeepClone();
        other["lastName"] = "Else";
        var changed = await AskAsync(other);
        var another = on.Other is { } client ? await AskAsync(body, client) : null;
        var theirs = another?.Text("correlationId");
        Need(
            first.Status == 200 && again.Status == 200 && another?.Status is null or 200,
            $"A flow did not begin: {first.Brief}, {again.Brief}{(another is null ? "" : $", {another.Brief}")}.");
        var isChanged = IsTaken(changed, 422, OtherBody);
        var others = on.Other is null ? ""
            : theirs == first.Text("correlationId") ? "; another client: the same" : "; another client: its own";
        return Finding.Of(
            first.Body == again.Body && !isChanged && theirs != first.Text("correlationId"),
            $"The same call again: {(first.Body == again.Body ? "the same answer" : "another flow")}; with another body: {changed.Brief}"
                + $"{others}.",
            "A key must stand for one body of one client.");
    }

    /// <summary>A06: calls in a storm.</summary>
    public static async Task<Finding> StormAsync(Installation on)
    {
        var (answers, _) = await CrowdAsync(on);
        var refused = answers.Where(IsOverRate).ToList();
        var later = await on.PostAsync(Status, Question(UnknownId));
        Need(IsAnswered(later), $"A moment after the storm a call was answered {later.Brief}: that says nothing.");
        var (waiting, failed) = (refused.Count(answer => answer.RetryAfter is not null), answers.Count(answer => answer.IsFailure));
        return Finding.Of(
            refused.Count > 0 && waiting == refused.Count && failed == 0,
            $"Of {answers.Length} calls at once {refused.Count} were refused for the rate (429), {waiting} of them with Retry-After, "
                + $"{failed} failed; a moment later: {later.Brief}.",
            "Set RequestsPerSecond (docs/configuration.md).");
    }

    /// <summary>A07: an id that climbs out of its path.</summary>
    public static async Task<Finding> ClimbAsync(Installation on)
    {
        var flow = await on.BeginAsync("mobile", on.QuietNumber);
        string[] ids =
        [
            "..%2f..%2fadmin%2fserver", "..%2f..%2fhealth", "%2e%2e%2f%2e%2e%2fhealth", "..\\..\\health", "....//....//health",
            // With something at their end that is there.
            $"../../{flow.Id}", $"..%2f..%2f{flow.Id}",
        ];
        var found = new List<string>();
        foreach (var id in ids)
        {
            (string What, Heard Answer)[] answers =
            [
                ("a member", await on.PostAsync(Status, Question(id))), ("a member", await on.PostAsync("/v3/unify", new JsonObject
                {
                    ["possessionType"] = "mobile", ["proveId"] = id,
                })),
                ("flows", await on.GetAsync($"/flows/{Escaped(id)}")), ("identity", await on.GetAsync($"/v3/identity/{Escaped(id)}")),
                ("a link", await on.GetAnonymouslyAsync($"/l/{Escaped(id)}")),
            ];
            found.AddRange(answers.Where(one => one.Answer.IsOk || one.Answer.IsFailure).Select(one => $"{one.What} {one.Answer.Brief}"));
        }
        return Finding.Of(
            found.Count == 0,
            $"Of {ids.Length * 5} ids that climb {found.Count} were answered with success or failure"
                + $"{(found.Count == 0 ? "" : $": {string.Join(", ", found.Distinct(StringComparer.Ordinal))}")}.",
            "Hold ids to their form before anything is built of them.");
    }

    /// <summary>F06: many cheap calls stop those that matter.</summary>
    public static async Task<Finding> CrowdOutAsync(Installation on)
    {
        var theirs = on.Other is { } other ? await on.TokenAsync(other) : null;
        var meanwhile = new List<Func<HttpRequestMessage>> { () => on.TokenRequest(on.Client.Id, on.Client.Secret) };
        if (theirs is not null)
        {
            meanwhile.Add(() => on.Target.Post(Status, Question(UnknownId), theirs));
        }
        var (answers, others) = await CrowdAsync(on, [.. meanwhile]);
        var (refused, late) = (answers.Count(IsOverRate), others.Count(IsOverRate));
        Need(
            others.All(answer => IsAnswered(answer) || IsOverRate(answer)),
            "Calls of others meanwhile were answered by something else than the server's rate: "
                + $"{string.Join(", ", others.Select(answer => answer.Brief).Distinct(StringComparer.Ordinal))}.");
        return Finding.Of(
            refused > 0 && late == 0,
            $"Of {answers.Length} questions at once {refused} were refused for the rate (429); of {others.Length} calls meanwhile, of "
                + $"/token{(theirs is null ? "" : " and of another client")}, {late} were.",
            "Set RequestsPerSecond (docs/configuration.md).");
    }

    /// <summary>Cheap calls of one client at once, and among them a few of others.</summary>
    private static async Task<(Heard[] Answers, Heard[] Others)> CrowdAsync(
        Installation on, params Func<HttpRequestMessage>[] others)
    {
        var token = await on.TokenAsync();
        var first = await on.PostAsync(Status, Question(UnknownId));
        var all = await BurstAsync(on, first.RateOf("client"), () => on.Target.Post(Status, Question(UnknownId), token), others);
        var meanwhile = others.Length * Others;
        var answers = all[meanwhile..];
        Need(
            answers.All(answer => IsAnswered(answer) || IsOverRate(answer) || answer.IsFailure),
            "Of calls at once some were refused by something else than the server's rate: "
                + $"{string.Join(", ", answers.Select(answer => answer.Brief).Distinct(StringComparer.Ordinal))}.");
        return (answers, all[..meanwhile]);
    }

    /// <summary>So many calls at once that the rate which the server tells is passed, in whichever second they arrive.</summary>
    /// <param name="rate">Calls a second; null where none is told.</param>
    /// <param name="others">What is called a few times among them.</param>
    /// <returns>First the answers to others.</returns>
    private static async Task<Heard[]> BurstAsync(
        Installation on, int? rate, Func<HttpRequestMessage> request, params Func<HttpRequestMessage>[] others)
    {
        var calls = Math.Max(LeastAtOnce, 3 * (rate ?? 0) + Others);
        Need(
            calls <= MostAtOnce,
            $"{rate} calls a second are permitted: to pass that takes {calls} at once, and {MostAtOnce} are made at most.");
        var began = on.Target.Elapsed;
        var (own, meanwhile) = (new List<Task<Heard>>(), new List<Task<Heard>>());
        for (var n = 0; n < calls; n++)
        {
            own.Add(on.Target.CallOnceAsync(request(), on.Cancelled));
            if (n % (calls / Others) == calls / Others - 1)
            {
                meanwhile.AddRange(others.Select(other => on.Target.CallOnceAsync(other(), on.Cancelled)));
            }
        }
        var answers = await Task.WhenAll(own);
        var took = on.Target.Elapsed - began;
        Need(
            answers.Any(IsOverRate) || calls / Math.Max(took.TotalSeconds, 0.001) >= Math.Max(LeastPerSecond, 1.5 * (rate ?? 0)),
            $"The connection is too slow to reach a rate: {calls} calls took {took.TotalSeconds:0} seconds.");
        return [.. await Task.WhenAll(meanwhile), .. answers];
    }

    /// <summary>As a call that was read and let in: about a flow of nobody's.</summary>
    private static bool IsAnswered(Heard answer) => answer.IsOk || answer.Is(400, UnknownFlow);

    /// <summary>By the server's own rate, and not by that of something in front of it.</summary>
    private static bool IsOverRate(Heard answer) => answer.Is(429, TooManyRequests) && answer.IsRate;

    private static HttpRequestMessage Raw(Installation on, byte[] body, string type, string token)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, on.Target.At(Status)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return request;
    }

    private static string Wrong() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));

    // A backslash is no part of an address.
    private static string Escaped(string id) => id.Replace("\\", "%5c", StringComparison.Ordinal);
}
