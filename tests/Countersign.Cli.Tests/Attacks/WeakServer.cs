using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Countersign.Cli.Attacks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Countersign.Cli.Tests.Attacks;

/// <summary>
/// What a server would be that speaks the contract and has none of the guards: it believes tokens and browsers, counts nothing, tells
/// codes, confirms what is opened, and stops nobody but the person.
/// </summary>
internal sealed partial class WeakServer : IAsyncDisposable
{
    /// <summary>On record; whatever name is asked for is said to be theirs.</summary>
    public const string Person = "+12025550142";

    private readonly Dictionary<string, Flow> _flows = new(StringComparer.Ordinal);
    private readonly List<(string To, JsonObject Text)> _texts = [];
    private readonly Lock _lock = new();
    private readonly WebApplication _app;
    private readonly string _outbox;
    private int _made;
    private int _calls;
    private int _usesLeft = int.MaxValue;

    private WeakServer(WebApplication app, string outbox) => (_app, _outbox) = (app, outbox);

    public string Origin { get; private set; } = "";

    public int Calls => _calls;

    /// <summary>Where every answer leads instead; null for nowhere.</summary>
    public string? RedirectTo { get; set; }

    /// <summary>The origin of its links; null for what the request says.</summary>
    public string? LinksTo { get; set; }

    /// <summary>It takes whatever number; else it looks for a test user.</summary>
    public bool SaysItIsLive { get; set; }

    /// <summary>Who is looked for is a person of the project already.</summary>
    public bool KnowsEverybody { get; set; }

    /// <summary>From so many calls on, what it answers has not the shape of an answer.</summary>
    public int? GarblesAfter { get; set; }

    /// <summary>So many wrong codes end a flow; null for no end.</summary>
    public int? Entries { get; set; }

    /// <summary>So many texts a project may have sent to a number; null for no limit.</summary>
    public int? TextsOfProject { get; set; }

    /// <summary>Something in front of it refuses whatever has to do with administration.</summary>
    public bool HidesAdmin { get; set; }

    /// <summary>Something in front of it refuses whatever has this word, in its path or its body.</summary>
    public string? RefusedInFront { get; set; }

    /// <summary>So many calls more are made with a token that was given up; null for no end.</summary>
    public int? UsesAfterRevoking { get; set; }

    /// <summary>The rate of calls that it tells and does not keep; null for none.</summary>
    public int? TellsRate { get; set; }

    /// <summary>What was done to persons: POST and DELETE, with the path.</summary>
    public List<string> OfPersons { get; } = [];

    /// <summary>Three wrong codes stop a number, also for links, and the person with it.</summary>
    public bool LocksOut { get; set; }

    /// <summary>What its events call the reason for which no flow sends a second text to a number; null where all are sent.</summary>
    public string? StopsTextsBy { get; set; }

    /// <summary>The message of a refusal (429) of every flow; null where flows begin.</summary>
    public string? Refuses { get; set; }

    /// <param name="outbox">A file that its texts are written to as well.</param>
    public static async Task<WeakServer> StartAsync(string outbox)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var server = new WeakServer(app, outbox);
        app.Run(server.AnswerAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        server.Origin = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return server;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _calls);
        using var reader = new StreamReader(context.Request.Body, Encoding.Latin1);
        var text = await reader.ReadToEndAsync();
        if (RedirectTo is not null)
        {
            context.Response.Redirect(RedirectTo);
            return;
        }
        var path = context.Request.Path.Value!;
        if (HidesAdmin && path.Contains("admin", StringComparison.OrdinalIgnoreCase))
        {
            context.Response.StatusCode = 403;
            return;
        }
        if (RefusedInFront is not null && $"{path} {text}".Contains(RefusedInFront, StringComparison.Ordinal))
        {
            context.Response.StatusCode = 403;
            return;
        }
        if (TellsRate is { } rate)
        {
            context.Response.Headers["RateLimit-Policy"] = string.Create(CultureInfo.InvariantCulture, $"\"client\";q={rate};w=1");
        }
        JsonNode? answer;
        lock (_lock)
        {
            answer = path.StartsWith("/l/", StringComparison.Ordinal) ? null
                : path.StartsWith("/v1/client/", StringComparison.Ordinal) ? Step(context, path["/v1/client/".Length..], Read(text))
                : Call(context, path, Read(text), text);
        }
        if (_calls > GarblesAfter)
        {
            context.Response.ContentType = "application/json; charset=x-none";
            await context.Response.WriteAsync(
                """
                {"data":"x","error":1,"evaluation":"x","code":"x","items":1,"events":"x","keys":[{"x":"?"}],"correlationId":"x",
                "authToken":"x.eyJleHAiOjEuNX0.x"}
                """);
            return;
        }
        if (answer is null)
        {
            await ShowLinkAsync(context, path, text);
            return;
        }
        if (answer is JsonObject refusal && refusal["message"] is not null && refusal["code"] is not null && !path.StartsWith("/v1",
            StringComparison.Ordinal))
        {
            context.Response.StatusCode = (int)refusal["code"]! switch { 8002 => 401, 8011 => 404, 8429 => 429, _ => 400 };
        }
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.ToJsonString());
    }

    private JsonNode Call(HttpContext context, string path, JsonObject body, string text) => path switch
    {
        "/health" => new JsonObject { ["status"] = "healthy" },
        "/sandbox/users" => new JsonArray(new JsonObject { ["phoneNumber"] = "1" }),
        "/token" => new JsonObject { ["access_token"] = TokenOf(ClientId().Match(text).Value), ["token_type"] = "Bearer" },
        "/revoke" => Revoke(),
        "/v3/verify-status" when _usesLeft-- <= 0 => Refusal(8002, "not authorized"),
        "/introspect" => new JsonObject { ["active"] = _usesLeft > 0 },
        "/sandbox/messages" => new JsonArray(
            [.. _texts.Where(sent => sent.To.EndsWith(context.Request.Query["to"].ToString(), StringComparison.Ordinal)).Select(sent =>
                (JsonNode)sent.Text.DeepClone())]),
        "/.well-known/jwks.json" => new JsonObject { ["keys"] = new JsonArray() },
        "/v3/verify" or "/v3/start" or "/v3/unify" => Begin(body, context.Request.Headers.Authorization.ToString()),
        "/events" => new JsonObject
        {
            ["events"] = new JsonArray(
                new JsonObject { ["type"] = "budget.spent", ["data"] = new JsonObject { ["reason"] = StopsTextsBy } }),
        },
        _ when path.EndsWith("/lookup", StringComparison.Ordinal) => new JsonObject
        {
            ["items"] = KnowsEverybody ? new JsonArray(new JsonObject()) : [],
        },
        _ when path.StartsWith("/v3/identity", StringComparison.Ordinal) => OfPerson(context.Request.Method, path),
        "/v3/verify-status" => Result(body, text),
        _ when path.Contains("nothing", StringComparison.OrdinalIgnoreCase) => Refusal(8011, "not found"),
        _ => new JsonObject(),
    };

    private JsonObject Revoke()
    {
        _usesLeft = UsesAfterRevoking ?? int.MaxValue;
        return [];
    }

    private JsonObject OfPerson(string method, string path)
    {
        OfPersons.Add($"{method} {path}");
        return new JsonObject { ["proveId"] = path == "/v3/identity" ? $"person-{++_made}" : "" };
    }

    private JsonObject Begin(JsonObject body, string by)
    {
        var number = TextOf(body, "phoneNumber");
        if (number == "2000000000" && !SaysItIsLive)
        {
            return Refusal(8007, "no test user found matching the phone number");
        }
        if (TextOf(body, "possessionType") == "none")
        {
            return new JsonObject { ["success"] = "true", ["verifyResult"] = number == Person ? "success" : "failed" };
        }
        if (Refuses is not null || (LocksOut && _flows.Values.Any(flow => flow.Number == number && flow.Wrong > 2)))
        {
            return Refusal(8429, Refuses ?? "too many requests: the limit 'guesses.line' is reached for this phone number");
        }
        var id = TextOf(body, "correlationId") is { Length: > 0 } chosen ? chosen
            : string.Create(CultureInfo.InvariantCulture, $"00000000-0000-7000-8000-{++_made:D12}");
        if (_flows.Values.Where(flow => flow.By == by && flow.Number == number).Sum(flow => flow.Texts) >= TextsOfProject)
        {
            return Refusal(8429, "too many requests: the limit 'texts.project.hour' is reached for this phone number");
        }
        _flows[id] = new Flow(id, number, by);
        return new JsonObject { ["correlationId"] = id, ["authToken"] = TokenOf(id), ["code"] = Flow.Code };
    }

    private JsonObject Result(JsonObject body, string text)
    {
        // A body that is no JSON is searched for what is meant.
        var id = Id().Match(text.Replace("\0", "", StringComparison.Ordinal)) is { Success: true } found ? found.Value : TextOf(body,
            "correlationId");
        if (!_flows.TryGetValue(id, out var flow))
        {
            return text.Contains("..", StringComparison.Ordinal) ? [] : Refusal(8008, $"unknown id {id}");
        }
        flow.IsProven |= TextOf(body, "possessionResult") == "success";
        return new JsonObject { ["possessionResult"] = flow.IsProven ? "success" : flow.Wrong >= Entries ? "failed" : "pending" };
    }

    private JsonObject Step(HttpContext context, string step, JsonObject body)
    {
        var flow = FlowOf(context.Request.Headers.Authorization.ToString());
        if (flow is null)
        {
            return new JsonObject { ["next"] = "done" };
        }
        switch (step)
        {
            case "mobile/otp/start" when StopsTextsBy is not null
                && _texts.Any(text => text.To.EndsWith(flow.Number, StringComparison.Ordinal)):
                return new JsonObject { ["next"] = "done", ["error"] = new JsonObject { ["code"] = 10005 } };
            case "mobile/otp/start":
                flow.Texts++;
                Send(TextOf(body, "mobileNumber") is { Length: > 0 } other ? other : flow.Number, "otp", "code", Flow.Code);
                return new JsonObject { ["next"] = "" };
            case "mobile/instantlink/start":
                flow.Link = (++_made).ToString(CultureInfo.InvariantCulture);
                Send(flow.Number, "link", "link", $"{LinksTo ?? OriginOf(context.Request)}/l/{flow.Link}");
                return new JsonObject { ["next"] = "", ["matchCode"] = "482915" };
            case "mobile/otp/finish" when flow.Wrong >= Entries:
                return new JsonObject { ["next"] = "done" };
            case "mobile/otp/finish":
                flow.IsProven |= TextOf(body, "possessionResult") == "success"
                    || body["otp"]?.ToJsonString().Contains(Flow.Code, StringComparison.Ordinal) == true;
                flow.Wrong += flow.IsProven ? 0 : 1;
                return new JsonObject { ["next"] = flow.IsProven || flow.Wrong >= Entries ? "done" : "mobile/otp" };
            default:
                return new JsonObject { ["next"] = "mobile/otp" };
        }
    }

    private async Task ShowLinkAsync(HttpContext context, string path, string form)
    {
        var flow = _flows.Values.FirstOrDefault(one => one.Link == path["/l/".Length..]);
        foreach (var one in _flows.Values.Where(one => one.Number == flow?.Number))
        {
            one.IsProven = true;
        }
        if (HttpMethods.IsPost(context.Request.Method) && form.Contains("confirm", StringComparison.Ordinal))
        {
            context.Response.Redirect("https://shop.example/verified");
            context.Response.StatusCode = 303;
            return;
        }
        context.Response.ContentType = "text/html";
        await context.Response.WriteAsync($"<script>confirm()</script><p>{flow?.Number} {Installation.LastName}<button>Yes</button>");
    }

    private static string OriginOf(HttpRequest request) => "http://"
        + (request.Headers["X-Forwarded-Host"].ToString() is { Length: > 0 } forwarded ? forwarded : request.Host.Value);

    private void Send(string to, string kind, string name, string proof)
    {
        var all = to.StartsWith('+') ? to : $"+{to}";
        _texts.Add((all, new JsonObject { ["to"] = all, ["kind"] = kind, [name] = proof }));
        File.AppendAllText(_outbox, new JsonObject { ["to"] = all, ["kind"] = kind, ["proof"] = proof }.ToJsonString() + "\n");
    }

    private Flow? FlowOf(string authorization) =>
        authorization.Split('.') is [_, var payload, ..]
            && JsonNode.Parse(Convert.FromBase64String(payload.PadRight((payload.Length + 3) / 4 * 4, '='))) is JsonObject claims
            ? _flows.GetValueOrDefault(TextOf(claims, "sub")) : null;

    // Nobody checks it, and it lives for a day.
    private static string TokenOf(string subject)
    {
        static string Part(JsonObject part) => Convert.ToBase64String(Encoding.UTF8.GetBytes(part.ToJsonString())).TrimEnd('=');
        return $"{Part(new JsonObject { ["alg"] = "ES256" })}.{Part(new JsonObject { ["sub"] = subject, ["iat"] = 0, ["exp"] = 86400 })}.x";
    }

    private static JsonObject Refusal(int code, string message) => new() { ["code"] = code, ["message"] = message };

    private static string TextOf(JsonObject body, string name) =>
        body[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    private static JsonObject Read(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private sealed class Flow(string id, string number, string by)
    {
        public const string Code = "123456";

        public string Id => id;

        public string Number => number;

        /// <summary>What its client calls with.</summary>
        public string By => by;

        public int Texts { get; set; }

        public string? Link { get; set; }

        public bool IsProven { get; set; }

        public int Wrong { get; set; }
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Id();

    [GeneratedRegex("(?<=client_id=)[a-z]+")]
    private static partial Regex ClientId();
}
