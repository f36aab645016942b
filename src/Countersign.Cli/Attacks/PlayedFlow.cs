using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Core.Limits;

namespace Countersign.Cli.Attacks;

/// <summary>A flow that an attack has begun, with the browser and the phone that belong to it.</summary>
internal sealed class PlayedFlow
{
    public const string Browser =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
    public const string Phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile Safari/604.1";

    private readonly Installation _on;
    private readonly Client? _by;
    private int _textsBefore;

    private PlayedFlow(Installation on, string number, string id, string authToken, Client? by) =>
        (_on, Number, Id, AuthToken, _by) = (on, number, id, authToken, by);

    public string Number { get; }

    public string Id { get; }

    public string AuthToken { get; }

    /// <summary>What the browser was answered so far, and how the flow began.</summary>
    public List<Heard> Answers { get; } = [];

    public static PlayedFlow Of(Installation on, string number, Heard begun, Client? by)
    {
        Installation.Need(
            begun.Status == 200 && begun.Text("correlationId") is not null && begun.Text("authToken") is not null,
            $"A flow did not begin: {begun.Brief}{(begun.Rule is { } rule ? $", {rule}" : "")}.");
        return new PlayedFlow(on, number, begun.Text("correlationId")!, begun.Text("authToken")!, by) { Answers = { begun } };
    }

    /// <summary>A step of the browser.</summary>
    public async Task<Heard> StepAsync(string step, JsonObject? body = null, Action<HttpRequestMessage>? with = null)
    {
        var heard = await _on.Target.CallAsync(() => Step(step, body, with), _on.Cancelled);
        Answers.Add(heard);
        return heard;
    }

    public HttpRequestMessage Step(string step, JsonObject? body = null, Action<HttpRequestMessage>? with = null)
    {
        var request = _on.Target.Post($"/v1/client/{step}", body ?? [], AuthToken);
        request.Headers.TryAddWithoutValidation("User-Agent", Browser);
        with?.Invoke(request);
        return request;
    }

    /// <summary>Has a code sent: there is no mobile network.</summary>
    public async Task<Heard> AskForCodeAsync()
    {
        await LookAsync();
        await StepAsync("mobile/instant/start");
        return await StepAsync("mobile/otp/start");
    }

    /// <summary>Has a code sent, and reads it.</summary>
    public async Task<string> CodeAsync()
    {
        _on.NeedTexts();
        var asked = await AskForCodeAsync();
        var text = await _on.Texts!.NewestAsync(Number, _textsBefore, _on.Cancelled);
        return text?.Proof ?? throw new CannotPlay($"No code has come to the phone: {asked.Brief}{Error(asked)}.");
    }

    public Task<Heard> EnterAsync(JsonNode? otp) => StepAsync("mobile/otp/finish", new JsonObject { ["otp"] = otp?.DeepClone() });

    /// <summary>Has a link sent.</summary>
    public async Task<Heard> AskForLinkAsync(Action<HttpRequestMessage>? with = null)
    {
        await LookAsync();
        return await StepAsync("mobile/instantlink/start", with: with);
    }

    /// <summary>Has a link sent, and reads it.</summary>
    public async Task<LinkSent> LinkAsync() =>
        await TryLinkAsync() ?? throw new CannotPlay($"No link has come to the phone: {Answers[^1].Brief}{Error(Answers[^1])}.");

    /// <summary>Has the code sent again, and reads it; null where none has come.</summary>
    public async Task<string?> TryResendAsync()
    {
        _on.NeedTexts();
        await LookAsync();
        await StepAsync("mobile/otp/start");
        return (await _on.Texts!.NewestAsync(Number, _textsBefore, _on.Cancelled))?.Proof;
    }

    /// <summary>Has a link sent, and reads it; null where none has come.</summary>
    public async Task<LinkSent?> TryLinkAsync(Action<HttpRequestMessage>? with = null)
    {
        _on.NeedTexts();
        var asked = await AskForLinkAsync(with);
        // What was refused has sent nothing.
        var text = asked.IsOk ? await _on.Texts!.NewestAsync(Number, _textsBefore, _on.Cancelled) : null;
        return text is not null && Uri.TryCreate(text.Proof, UriKind.Absolute, out var link)
            ? new LinkSent(link, asked.Text("matchCode")) : null;
    }

    /// <summary>Opens a link, at the server that is attacked, whatever host it has.</summary>
    public Task<Heard> OpenAsync(LinkSent link, HttpMethod? method = null, string agent = Phone) =>
        _on.Target.CallAsync(() => Press(link.Address.AbsolutePath, method ?? HttpMethod.Get, agent, form: null, null), _on.Cancelled);

    /// <summary>Presses a button of the link's page.</summary>
    /// <param name="digits">Null for none.</param>
    public Task<Heard> PressAsync(
        LinkSent link, string action, string? digits, string agent = Phone, Action<HttpRequestMessage>? with = null) =>
        _on.Target.CallAsync(
            () => Press(
                link.Address.AbsolutePath, HttpMethod.Post, agent, digits is null ? $"action={action}" : $"action={action}&digits={digits}",
                with),
            _on.Cancelled);

    /// <summary>What the relying party is told of possession: pending, success or failed.</summary>
    public async Task<string> PossessionAsync() => (await ResultAsync()).Word("possessionResult");

    /// <summary>The rule of a limit that has stopped something in the flow; null where none has, or none that is known.</summary>
    public async Task<string?> StoppedByAsync()
    {
        var told = await _on.GetAsync($"/events?flow={Id}", _by);
        return (told.Json?["events"] as JsonArray)?.Where(one => Heard.TextOf(one, "type") == "budget.spent")
            .Select(one => Heard.TextOf(one?["data"], "reason")).FirstOrDefault(LimitRule.All.Contains);
    }

    public Task<Heard> ResultAsync() => _on.PostAsync("/v3/verify-status", Installation.Question(Id), _by);

    /// <summary>Texts with a code or link to the number, since the last was asked for.</summary>
    public async Task<int> CountNewTextsAsync() =>
        (await _on.Texts!.ReadAsync(Number, _on.Cancelled)).Count - _textsBefore;

    /// <summary>A code that is not the one.</summary>
    public static string WrongFor(string code) => code == "000000" ? "000001" : "000000";

    /// <summary>The browser's error of an answer; it has 200 all the same.</summary>
    public static int? ErrorOf(Heard heard) =>
        heard.Json?["error"] is JsonObject error && error["code"] is JsonValue value && value.TryGetValue<int>(out var code) ? code : null;

    /// <summary>Refused, as calls and as steps of browsers are.</summary>
    public static bool IsRefusal(Heard heard) => !heard.IsOk || RefusalOf(heard) is not null;

    /// <summary>Whether a step was taken that should be refused.</summary>
    /// <param name="code">By what (docs/errors.md, "In a browser").</param>
    /// <exception cref="CannotPlay">It was refused by something else, which says nothing.</exception>
    public static bool IsTaken(Heard step, int code) => !IsRefusal(step) || (step.IsOk && RefusalOf(step) == code ? false
        : throw new CannotPlay($"A step that should be refused ({code}) was answered {step.Brief}{Error(step)}: that says nothing."));

    private async Task LookAsync()
    {
        if (_on.Texts is { } texts)
        {
            _textsBefore = (await texts.ReadAsync(Number, _on.Cancelled)).Count;
        }
    }

    private HttpRequestMessage Press(string path, HttpMethod method, string agent, string? form, Action<HttpRequestMessage>? with)
    {
        var request = new HttpRequestMessage(method, _on.Target.At(path));
        request.Headers.TryAddWithoutValidation("User-Agent", agent);
        if (form is not null)
        {
            request.Content = new StringContent(form, Encoding.UTF8, new MediaTypeHeaderValue("application/x-www-form-urlencoded"));
        }
        with?.Invoke(request);
        return request;
    }

    public static string Error(Heard heard) => RefusalOf(heard) is { } code ? $", error {code}" : "";

    private static int? RefusalOf(Heard heard) => ErrorOf(heard)
        ?? (StrictJson.Within(heard.Json, "data", "code") is JsonValue value && value.TryGetValue<int>(out var code)
            ? code : null);
}

/// <summary>A link that came to a phone.</summary>
/// <param name="Digits">Those that the desktop shows; null where a press is enough.</param>
internal sealed record LinkSent(Uri Address, string? Digits)
{
    public override string ToString() => "a link";
}
