using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace Countersign.EndToEnd.Tests.Fixtures;

/// <summary>The back end of a relying party: an API client with its secret and an access token.</summary>
internal sealed class BackEnd
{
    private readonly ConfiguredServer _server;
    private readonly HttpClient _http;

    private BackEnd(ConfiguredServer server, string id, string secret)
    {
        (_server, Id, Secret) = (server, id, secret);
        // Each from an address of its own: what is asked for at /token counts by address.
        _http = server.NextHttp();
    }

    public string Id { get; }

    public string Secret { get; }

    /// <summary>The project's id: clients are named by their project and a number.</summary>
    public required string Project { get; init; }

    public string Token { get; private set; } = "";

    public static async Task<BackEnd> OpenAsync(ConfiguredServer server, string id, string secret)
    {
        var client = new BackEnd(server, id, secret) { Project = id[..id.LastIndexOf('-')] };
        client.Token = (await client.AskForTokenAsync()).Text("access_token");
        return client;
    }

    /// <param name="path">Of /token, or of what takes the same credentials.</param>
    public async Task<Reply> AskForTokenAsync(string path = "/token", params (string Name, string Value)[] members)
    {
        using var form = new FormUrlEncodedContent(
        [
            new("grant_type", "client_credentials"), new("client_id", Id), new("client_secret", Secret),
            .. members.Select(member => KeyValuePair.Create(member.Name, member.Value)),
        ]);
        return await Reply.ReadAsync(await _http.PostAsync(path, form, TestContext.Current.CancellationToken));
    }

    /// <param name="idempotencyKey">Null for none.</param>
    public async Task<Reply> PostAsync(string path, object body, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey is null ? [] : [idempotencyKey]);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        return await Reply.ReadAsync(await _http.SendAsync(request, TestContext.Current.CancellationToken));
    }

    public async Task<Reply> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        return await Reply.ReadAsync(await _http.SendAsync(request, TestContext.Current.CancellationToken));
    }

    /// <summary>Begins a flow that is expected to begin.</summary>
    /// <param name="from">The address that its browser calls from.</param>
    public async Task<PersonsBrowser> BeginAsync(string path, object body, string from = "127.0.0.1") =>
        Browser(path, await PostAsync(path, body), from);

    /// <summary>The browser of a flow that has begun.</summary>
    public PersonsBrowser Browser(string path, Reply begun, string from = "127.0.0.1")
    {
        Assert.True(begun.Status == 200, $"{path}: {begun}");
        return new PersonsBrowser(_server, this, path, begun.Text("correlationId"), begun.TextOrNull("authToken") ?? "", from);
    }

    /// <summary>Asks for verify on a phone, with three entries.</summary>
    public Task<Reply> AskToVerifyAsync(string number) =>
        PostAsync("/v3/verify", new
        {
            flowType = "mobile", phoneNumber = number, firstName = "Lori", lastName = "Montgomery", allowOTPRetry = true,
        });

    /// <summary>Begins verify on a phone, with three entries.</summary>
    public async Task<PersonsBrowser> VerifyAsync(string number) => Browser("/v3/verify", await AskToVerifyAsync(number));

    /// <summary>Asks whether a name belongs to a number, without the phone.</summary>
    public Task<Reply> AskForNameAsync(string number, string firstName, string lastName = "Montgomery") =>
        PostAsync("/v3/verify", new { possessionType = "none", phoneNumber = number, firstName, lastName });
}
