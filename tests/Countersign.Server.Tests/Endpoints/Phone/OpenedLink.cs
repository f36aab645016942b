using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Endpoints.Phone;

/// <summary>A link that was sent, seen by the phone that received it.</summary>
public sealed class OpenedLink(TestServer server, Page desktop, string flowId, string url, string? digits)
{
    public const string Number = "2001009002";

    /// <summary>Begins a desktop flow and waits for its text.</summary>
    /// <param name="target">The flow's <c>finalTargetUrl</c>.</param>
    public static async Task<OpenedLink> SendAsync(TestServer server, string target = "https://shop.example/done")
    {
        var begun = await server.BeginAsync("desktop", Number, new() { ["finalTargetUrl"] = target, ["allowOTPRetry"] = true });
        var desktop = server.Browser(begun.AuthToken!);
        var answer = await desktop.Post("mobile/instantlink/start");
        var link = (await server.LastMessageAsync(Number)).Link!;
        return new OpenedLink(server, desktop, begun.Id, link, (string?)answer["matchCode"]);
    }

    public string Url { get; } = url;

    public string FlowId { get; } = flowId;

    /// <summary>What the desktop shows, when links are matched.</summary>
    public string Digits => digits!;

    /// <summary>Six digits that are not those of the desktop.</summary>
    public string WrongDigits => digits == "000000" ? "000001" : "000000";

    public async Task<Reply> GetAsync(string? language = null, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, Url);
        if (language is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept-Language", language);
        }
        return await server.SendAsync(request);
    }

    /// <summary>Presses a button, as the page's form sends it.</summary>
    public Task<Reply> PressAsync(string action, string? typed = null)
    {
        var fields = new Dictionary<string, string> { ["action"] = action };
        if (typed is not null)
        {
            fields["digits"] = typed;
        }
        return PostAsync(new FormUrlEncodedContent(fields));
    }

    public async Task<Reply> PostAsync(HttpContent? body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Url) { Content = body };
        return await server.SendAsync(request);
    }

    /// <summary>The desktop asks for another text. Returns the new link.</summary>
    public async Task<OpenedLink> ResendAsync()
    {
        await desktop.Post("mobile/instantlink/start", """{"mobileNumber":""}""");
        return new OpenedLink(server, desktop, FlowId, (await server.LastMessageAsync(Number)).Link!, digits);
    }

    /// <summary>The desktop stops.</summary>
    public Task GiveUpAsync() => desktop.Post("mobile/instantlink/error", """{"message":"the page was closed"}""");

    /// <summary>The three words of verify-status.</summary>
    public async Task<string> OutcomeAsync() => (await server.StatusAsync(FlowId)).Outcome;

    /// <summary>Everything the sandbox knows of the flow but the time.</summary>
    public async Task<string> StateAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/sandbox/flows/" + FlowId);
        var view = (await server.SendAsync(request)).Json!.AsObject();
        view.Remove("now");
        return view.ToJsonString();
    }
}
