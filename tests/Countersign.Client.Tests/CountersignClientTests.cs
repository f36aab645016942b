using Countersign.Client.Tests.Support;

namespace Countersign.Client.Tests;

public sealed class CountersignClientTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("https://countersign.test", "/v3/verify-status")]
    [InlineData("https://countersign.test/", "/v3/verify-status")]
    [InlineData("https://countersign.test/identity", "/identity/v3/verify-status")]
    [InlineData("https://countersign.test/identity/", "/identity/v3/verify-status")]
    public async Task Paths_are_added_to_the_base_address_and_its_prefix(string baseUrl, string path)
    {
        var server = new StubServer();
        server.On(
            path.Replace("/v3/verify-status", StubServer.Token),
            () => StubServer.Json(200, """{"access_token":"t","token_type":"Bearer","expires_in":3600}"""));
        server.On(path, () => StubServer.Json(200, Fixture.Read("verify-status-true.json")));
        var options = Some.Options();
        options.BaseUrl = new Uri(baseUrl);
        using var client = new CountersignClient(new HttpClient(server), options);

        await client.GetStatusAsync(Some.CorrelationId, Cancellation);

        Assert.Single(server.To(path));
    }

    [Fact]
    public async Task Later_changes_of_the_options_have_no_effect()
    {
        var server = new StubServer();
        var options = Some.Options();
        using var client = new CountersignClient(new HttpClient(server), options);

        options.BaseUrl = new Uri("https://elsewhere.test");
        options.ClientSecret = "other";
        await client.GetStatusAsync(Some.CorrelationId, Cancellation);

        Assert.All(server.Requests, request => Assert.Equal("https://countersign.test", request.Origin));
        Assert.Contains(Some.Secret, server.To(StubServer.Token)[0].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_given_transport_outlives_the_client()
    {
        using var http = new HttpClient(new StubServer());
        new CountersignClient(http, Some.Options()).Dispose();
        using var second = new CountersignClient(http, Some.Options());

        var response = await second.GetStatusAsync(Some.CorrelationId, Cancellation);

        Assert.Equal(VerificationOutcome.True, response.Outcome);
    }

    [Fact]
    public async Task A_disposed_client_makes_no_calls()
    {
        var server = new StubServer();
        var client = new CountersignClient(new HttpClient(server), Some.Options());
        client.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.GetStatusAsync(Some.CorrelationId, Cancellation));

        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_factory_of_transports_is_asked_before_each_request_while_the_token_stays()
    {
        var server = new StubServer();
        var made = 0;
        using var client = new CountersignClient(
            () =>
            {
                made++;
                return new HttpClient(server, disposeHandler: false);
            },
            Some.Options());

        await client.GetStatusAsync(Some.CorrelationId, Cancellation);
        await client.GetStatusAsync(Some.CorrelationId, Cancellation);

        Assert.Equal(3, made);
        Assert.Single(server.To(StubServer.Token));
    }

    [Fact]
    public async Task A_null_request_is_refused()
    {
        using var client = Some.Client(new StubServer());

        await Assert.ThrowsAsync<ArgumentNullException>(() => client.VerifyAsync(null!, cancellationToken: Cancellation));
    }

    [Fact]
    public void Nulls_are_refused_at_construction()
    {
        Assert.Throws<ArgumentNullException>(() => new CountersignClient((CountersignClientOptions)null!));
        Assert.Throws<ArgumentNullException>(() => new CountersignClient((HttpClient)null!, Some.Options()));
        Assert.Throws<ArgumentNullException>(() => new CountersignClient((Func<HttpClient>)null!, Some.Options()));
    }
}
