using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Countersign.Cli.Attacks;

/// <summary>An API client that attacks may use.</summary>
internal sealed class Client(string id, string secret)
{
    public string Id => id;

    public string Secret => secret;

    /// <summary>Its access token, once it has one.</summary>
    public string? Token { get; set; }

    public override string ToString() => "a client";
}

/// <summary>The numbers that attacks begin flows with, one after the other.</summary>
/// <param name="first">With + and country code in Live; ten digits of a load user in the sandbox.</param>
internal sealed class Numbers(string first)
{
    /// <summary>How many there are: that many from the first on must be the tester's.</summary>
    public const int Most = 100;

    private int _used;

    public int Used => _used;

    public string Next() => _used < Most ? At(_used++) : throw new CannotPlay($"All {Most} numbers were used.");

    private string At(int n)
    {
        var plus = first.StartsWith('+') ? "+" : "";
        return plus + (long.Parse(first.AsSpan(plus.Length), CultureInfo.InvariantCulture) + n).ToString(CultureInfo.InvariantCulture);
    }
}

/// <summary>A person on record.</summary>
internal sealed record OnRecord(string Number, string First, string Last)
{
    public override string ToString() => "a person";
}

/// <summary>What is attacked, and what there is to attack it with.</summary>
internal sealed class Installation(Target target, Client client, Numbers numbers, CancellationToken cancellationToken)
{
    /// <summary>The code for a flow that is none of the project's.</summary>
    public const int UnknownFlow = 8008;

    /// <summary>An id that no flow has.</summary>
    public const string UnknownId = "01a228e7-0000-7000-8000-000000000000";

    /// <summary>Whoever a flow is begun for. No page and no project has these words by itself: where they are told, a person is.</summary>
    public const string FirstName = "Adelgunde";

    public const string LastName = "Quivermoss";

    private string? _quiet;

    public Target Target => target;

    public Client Client => client;

    /// <summary>Of another project; null where there is none.</summary>
    public Client? Other { get; init; }

    /// <summary>Of a third project; null where there is none.</summary>
    public Client? Third { get; init; }

    /// <summary>It sends texts to phones; else it is a sandbox.</summary>
    public bool IsLive { get; init; }

    /// <summary>Null where texts cannot be read.</summary>
    public SentTexts? Texts { get; init; }

    /// <summary>Where phones are sent after a link was confirmed; null where none is known that the project permits.</summary>
    public string? TargetUrl { get; init; }

    /// <summary>Persons on record for the client's project, as the tester knows them.</summary>
    public IReadOnlyList<OnRecord> Persons { get; init; } = [];

    public CancellationToken Cancelled => cancellationToken;

    public string NextNumber() => numbers.Next();

    /// <summary>For flows to which nothing is sent: they cost their line nothing.</summary>
    public string QuietNumber => _quiet ??= numbers.Next();

    /// <summary>The client of another project.</summary>
    /// <exception cref="CannotPlay">There is none.</exception>
    public Client NeedOther() => Other ?? throw new CannotPlay(
        "It needs a client of another project: COUNTERSIGN_OTHER_CLIENT_ID and its secret.", isBroken: false);

    /// <summary>The client of a third project.</summary>
    /// <exception cref="CannotPlay">There is none.</exception>
    public Client NeedThird() => Third ?? throw new CannotPlay(
        "It needs a client of a third project: COUNTERSIGN_THIRD_CLIENT_ID and its secret.", isBroken: false);

    public async Task<string> TokenAsync(Client? of = null)
    {
        var asks = of ?? client;
        return asks.Token ??= (await AskForTokenAsync(asks.Id, asks.Secret)).Text("access_token")
            ?? throw new CannotPlay("No access token was given for the client's id and secret.");
    }

    /// <param name="path">Of /token, or of what takes the same credentials.</param>
    public Task<Heard> AskForTokenAsync(string id, string secret, string path = "/token", string? token = null) =>
        target.CallAsync(() => TokenRequest(id, secret, path, token), cancellationToken);

    public HttpRequestMessage TokenRequest(string id, string secret, string path = "/token", string? token = null) =>
        new(HttpMethod.Post, target.At(path))
        {
            Content = new FormUrlEncodedContent(
            [
                new("grant_type", "client_credentials"), new("client_id", id), new("client_secret", secret),
                .. token is null ? [] : new KeyValuePair<string, string>[] { new("token", token) },
            ]),
        };

    /// <summary>A call of the relying party.</summary>
    public async Task<Heard> PostAsync(string path, JsonObject body, Client? by = null, Action<HttpRequestMessage>? with = null)
    {
        var token = await TokenAsync(by);
        return await target.CallAsync(
            () =>
            {
                var request = target.Post(path, body, token);
                with?.Invoke(request);
                return request;
            },
            cancellationToken);
    }

    public Task<Heard> GetAsync(string path, Client? by = null) => AskAsync(HttpMethod.Get, path, by);

    /// <summary>A call of the relying party that has no body.</summary>
    public async Task<Heard> AskAsync(HttpMethod method, string path, Client? by)
    {
        var token = await TokenAsync(by);
        return await target.CallAsync(
            () =>
            {
                var request = new HttpRequestMessage(method, target.At(path));
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
                return request;
            },
            cancellationToken);
    }

    /// <summary>A call without credentials.</summary>
    public Task<Heard> GetAnonymouslyAsync(string path) =>
        target.CallAsync(() => new HttpRequestMessage(HttpMethod.Get, target.At(path)), cancellationToken);

    /// <summary>A call with a token of the attacker's choice.</summary>
    public Task<Heard> PostWithAsync(string? token, string path, JsonObject body) =>
        target.CallAsync(() => target.Post(path, body, token), cancellationToken);

    /// <summary>How the relying party asks for what became of a flow.</summary>
    public static JsonObject Question(string id) => new() { ["correlationId"] = id };

    /// <summary>What begins a flow of <c>/v3/verify</c>, with three entries of six digits.</summary>
    public JsonObject Beginning(string type, string number) => type == "desktop"
        ? new()
        {
            ["flowType"] = type, ["phoneNumber"] = number, ["firstName"] = FirstName, ["lastName"] = LastName,
            ["finalTargetUrl"] = NeedTargetUrl(),
        }
        : new()
        {
            ["flowType"] = type, ["phoneNumber"] = number, ["firstName"] = FirstName, ["lastName"] = LastName,
            ["allowOTPRetry"] = true, ["smsMessage"] = "###### is your code.",
        };

    public string NeedTargetUrl() => TargetUrl ?? throw new CannotPlay(
        "It needs an address that the project sends phones to: --target-url.", isBroken: false);

    /// <summary>What is sent can be read.</summary>
    /// <exception cref="CannotPlay">It cannot.</exception>
    public SentTexts NeedTexts() => Texts ?? throw new CannotPlay("It needs to read what is sent: --outbox.", isBroken: false);

    /// <summary>Begins a flow that is expected to begin.</summary>
    public async Task<PlayedFlow> BeginAsync(string type, string? number = null, Client? by = null)
    {
        var line = number ?? NextNumber();
        return PlayedFlow.Of(this, line, await PostAsync("/v3/verify", Beginning(type, line), by), by);
    }

    /// <summary>Whether something was taken that should be refused: as malformed, or as docs/errors.md states it.</summary>
    /// <exception cref="CannotPlay">It was refused by something else, which says nothing.</exception>
    public static bool IsTaken(Heard answer, int status = 400, int code = 8001) => answer.IsOk || answer.IsFailure
        || (answer.Is(status, code) ? false
            : throw new CannotPlay($"What should be refused ({status}/{code}) was answered {answer.Brief}: that says nothing."));

    /// <summary>Whether a token was taken; what it asks for there may be nobody's.</summary>
    /// <exception cref="CannotPlay">It was refused by something else than for the token (401), which says nothing.</exception>
    public static bool Opens(Heard answer) => answer.Is(400, UnknownFlow) || IsTaken(answer, 401, 8002);

    /// <summary>Something without which an attack would say nothing.</summary>
    public static void Need(bool isSo, string what)
    {
        if (!isSo)
        {
            throw new CannotPlay(what);
        }
    }
}
