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
    private const int Tries = 120;
    private const int Burst = 80;

    // Slower than this no rate is reached.
    private const int LeastPerSecond = 40;

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
        var began = on.Target.Elapsed;
        var answers = await Task.WhenAll(Enumerable.Range(0, Tries).Select(_ =>
            on.Target.CallOnceAsync(on.TokenRequest(on.Client.Id, Wrong()), on.Cancelled)));
        var refused = answers.Count(answer => answer.Status == 429);
        NeedSpeed(refused, Tries, on.Target.Elapsed - began);
        var given = answers.Count(answer => answer.Text("access_token") is not null) + (inAddress.Text("access_token") is null ? 0 : 1);
        var right = await on.AskForTokenAsync(on.Client.Id, on.Client.Secret);
        return Finding.Of(
            given == 0 && refused > 0 && inAddress.Status is 400 or 401 && right.Status == 200,
            $"Of {Tries} wrong secrets {answers.Count(answer => answer.Status == 401)} were refused with 401 and {refused} with 429; "
                + $"{given} opened. "
                + $"Credentials in the address: {inAddress.Brief}. The right secret afterwards: {right.Brief}.",
            "Set RequestsPerSecond, which also counts calls of /token by address (docs/configuration.md).");
    }

    /// <summary>A03: a token after it was given up.</summary>
    public static async Task<Finding> OutliveAsync(Installation on)
    {
        var token = (await on.AskForTokenAsync(on.Client.Id, on.Client.Secret)).Text("access_token");
        Need(token is not null, "No access token was given.");
        var before = await on.PostWithAsync(token, Status, Question(UnknownId));
        Need(before.Status != 401, "A new token was refused.");
        await on.AskForTokenAsync(on.Client.Id, on.Client.Secret, "/revoke", token);
        var after = await on.PostWithAsync(token, Status, Question(UnknownId));
        var introspected = await on.AskForTokenAsync(on.Client.Id, on.Client.Secret, "/introspect", token);
        var isActive = introspected.Json?["active"]?.ToString() != "false";
        return Finding.Of(
            after.Status == 401 && !isActive,
            $"A token before /revoke: {before.Brief}, after it: {after.Brief}; /introspect says {(isActive ? "active" : "not active")}.",
            "Tokens that were given up must be refused on every node.");
    }

    /// <summary>A04: bodies that two parsers read differently.</summary>
    public static async Task<Finding> MalformAsync(Installation on)
    {
        var token = await on.TokenAsync();
        var right = await on.PostAsync(Status, Question(UnknownId));
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
            if (answer.Status is not (400 or 413 or 415) || answer.Code == right.Code)
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
        var theirs = on.Other is { } client ? (await AskAsync(body, client)).Text("correlationId") : null;
        Need(first.Status == 200, $"A flow did not begin: {first.Brief}.");
        var others = on.Other is null ? ""
            : theirs == first.Text("correlationId") ? "; another client: the same" : "; another client: its own";
        return Finding.Of(
            first.Body == again.Body && changed.Status == 422 && theirs != first.Text("correlationId"),
            $"The same call again: {(first.Body == again.Body ? "the same answer" : "another flow")}; with another body: {changed.Brief}"
                + $"{others}.",
            "A key must stand for one body of one client.");
    }

    /// <summary>A06: calls in a storm.</summary>
    public static async Task<Finding> StormAsync(Installation on)
    {
        var answers = await BurstAsync(on);
        var refused = answers.Where(answer => answer.Status == 429).ToList();
        var later = await on.PostAsync(Status, Question(UnknownId));
        return Finding.Of(
            refused.Count > 0 && refused.All(answer => answer.Header("Retry-After") is not null) && !answers.Any(answer => answer.IsFailure)
                && later.Status == 400,
            $"Of {Burst} calls at once {refused.Count} were refused with 429, "
                + $"{refused.Count(answer => answer.Header("Retry-After") is not null)} of "
                + $"them with Retry-After, {answers.Count(answer => answer.IsFailure)} failed; a moment later: {later.Brief}.",
            "Set RequestsPerSecond (docs/configuration.md).");
    }

    /// <summary>A07: an id that climbs out of its path.</summary>
    public static async Task<Finding> ClimbAsync(Installation on)
    {
        string[] ids = ["..%2f..%2fadmin%2fserver", "..%2f..%2fhealth", "%2e%2e%2f%2e%2e%2fhealth", "..\\..\\health", "....//....//health"];
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
        var answers = await BurstAsync(on);
        var token = await on.Target.CallOnceAsync(on.TokenRequest(on.Client.Id, on.Client.Secret), on.Cancelled);
        var refused = answers.Count(answer => answer.Status == 429);
        return Finding.Of(
            refused > 0 && token.Status == 200,
            $"Of {Burst} questions at once {refused} were refused with 429; /token then answered {token.Brief}.",
            "Set RequestsPerSecond (docs/configuration.md).");
    }

    private static async Task<Heard[]> BurstAsync(Installation on)
    {
        var token = await on.TokenAsync();
        var began = on.Target.Elapsed;
        var answers = await Task.WhenAll(Enumerable.Range(0, Burst).Select(_ =>
            on.Target.CallOnceAsync(on.Target.Post(Status, Question(UnknownId), token), on.Cancelled)));
        NeedSpeed(answers.Count(answer => answer.Status == 429), Burst, on.Target.Elapsed - began);
        return answers;
    }

    private static void NeedSpeed(int refused, int calls, TimeSpan took) => Need(
        refused > 0 || calls / Math.Max(took.TotalSeconds, 0.001) >= LeastPerSecond,
        $"The connection is too slow to reach a rate: {calls} calls took {took.TotalSeconds:0} seconds.");

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
