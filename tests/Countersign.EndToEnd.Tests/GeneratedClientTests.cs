using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Countersign.EndToEnd.Tests.Fixtures;
using Countersign.EndToEnd.Tests.Generated;
using Countersign.EndToEnd.Tests.Generated.Models;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Http.HttpClientLibrary;
using GeneratedError = Countersign.EndToEnd.Tests.Generated.Models.Error;

namespace Countersign.EndToEnd.Tests;

/// <summary>
/// A client that was generated from openapi/v3.json by Kiota, used as it comes, against a server in a process of its own.
/// </summary>
public sealed class GeneratedClientTests : IAsyncLifetime
{
    private const string LoadUser = "2002000077";

    private readonly string _folder = Directory.CreateTempSubdirectory("countersign-kiota-").FullName;
    private ServerProcess _server = null!;
    private HttpClientRequestAdapter _adapter = null!;
    private VerifyClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await ServerProcess.StartAsync($"Data Source={Path.Combine(_folder, "countersign.db")}");
        using var anonymous = Adapter(new AnonymousAuthenticationProvider());
        var token = await new VerifyClient(anonymous).Token.PostAsync(
            new() { ClientId = ServerProcess.ClientId, ClientSecret = ServerProcess.ClientSecret,
                GrantType = TokenRequest_grant_type.Client_credentials },
            cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(3600, token!.ExpiresIn);
        _adapter = Adapter(new BaseBearerTokenAuthenticationProvider(new KnownToken(token.AccessToken!)));
        _client = new VerifyClient(_adapter);
    }

    public async ValueTask DisposeAsync()
    {
        _adapter?.Dispose();
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task It_begins_a_flow_and_reads_its_result()
    {
        var begun = await VerifyAsync(new() { VerifyRequest = Person(VerifyRequest_possessionType.Mobile) });
        var pending = await StatusAsync(begun.CorrelationId);
        await ProveAsync(begun.AuthToken!);
        var done = await StatusAsync(begun.CorrelationId);

        Assert.Equal(
            (VerifyResponse_success.Pending, VerifyResponse_possessionResult.Pending, VerifyResponse_verifyResult.Pending),
            (begun.Success!.Value, begun.PossessionResult!.Value, begun.VerifyResult!.Value));
        Assert.Equal(VerifyStatusResponse_success.Pending, pending.Success!.Value);
        Assert.Equal(
            (begun.CorrelationId, VerifyStatusResponse_success.True, VerifyStatusResponse_possessionResult.Success,
                VerifyStatusResponse_verifyResult.Success),
            (done.CorrelationId, done.Success!.Value, done.PossessionResult!.Value, done.VerifyResult!.Value));
    }

    [Fact]
    public async Task It_reads_the_result_of_a_flow_without_a_possession_check()
    {
        var done = await VerifyAsync(new() { VerifyRequest = Person(VerifyRequest_possessionType.None) });

        Assert.Equal(
            (VerifyResponse_success.True, VerifyResponse_possessionResult.Not_applicable),
            (done.Success!.Value, done.PossessionResult!.Value));
        Assert.Null(done.AuthToken);
        Assert.NotEmpty(done.CorrelationId!);
    }

    [Fact]
    public async Task It_asks_in_one_call()
    {
        var answer = await VerifyAsync(new()
        {
            OneCallRequest = new() { VerificationType = OneCallRequest_verificationType.Prefill, PhoneNumber = LoadUser },
        });

        Assert.Equal((VerifyResponse_success.True, LoadUser), (answer.Success!.Value, answer.PhoneNumber));
        Assert.NotEmpty(answer.CorrelationId!);
        Assert.Equal("Loadman", answer.Identity!.LastName);
        Assert.Null(answer.PossessionResult);
    }

    [Fact]
    public async Task It_reads_a_refusal()
    {
        var refusal = await Assert.ThrowsAsync<GeneratedError>(() =>
            VerifyAsync(new() { VerifyRequest = new() { PhoneNumber = LoadUser } }));

        Assert.Equal((400, 8001), (refusal.ResponseStatusCode, refusal.Code));
        Assert.Contains("field 'flowType' is missing", refusal.MessageEscaped, StringComparison.Ordinal);
    }

    private static VerifyRequest Person(VerifyRequest_possessionType type) =>
        new() { PossessionType = type, PhoneNumber = LoadUser, FirstName = "Lee", LastName = "Loadman" };

    private HttpClientRequestAdapter Adapter(IAuthenticationProvider authentication) =>
        new(authentication) { BaseUrl = _server.Http.BaseAddress!.ToString().TrimEnd('/') };

    private async Task<VerifyResponse> VerifyAsync(Generated.V3.Verify.VerifyRequestBuilder.VerifyPostRequestBody body) =>
        (await _client.V3.Verify.PostAsync(body, cancellationToken: TestContext.Current.CancellationToken))!;

    private async Task<VerifyStatusResponse> StatusAsync(string? correlationId) => (await _client.V3.VerifyStatus.PostAsync(
        new() { CorrelationId = correlationId }, cancellationToken: TestContext.Current.CancellationToken))!;

    /// <summary>What the person's browser does.</summary>
    private async Task ProveAsync(string authToken)
    {
        await StepAsync(authToken, "mobile/otp/start", new { });
        var done = await StepAsync(authToken, "mobile/otp/finish", new { otp = "1234" });
        Assert.Equal("done", (string?)done["next"]);
    }

    private async Task<JsonObject> StepAsync(string authToken, string step, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/client/" + step) { Content = JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", authToken);
        using var response = await _server.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return (await response.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!;
    }

    private sealed class KnownToken(string token) : IAccessTokenProvider
    {
        public AllowedHostsValidator AllowedHostsValidator { get; } = new();

        public Task<string> GetAuthorizationTokenAsync(
            Uri uri, Dictionary<string, object>? additionalAuthenticationContext = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(token);
    }
}
