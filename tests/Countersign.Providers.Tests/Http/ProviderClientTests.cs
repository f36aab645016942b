using System.Net;
using Countersign.Providers.Http;

namespace Countersign.Providers.Tests.Http;

/// <summary>What is the same for whoever is asked over HTTP. What a socket does is in the contracts of the adapters.</summary>
public sealed class ProviderClientTests
{
    private static readonly ProviderConnection _connection = new() { ConnectTimeout = TimeSpan.FromSeconds(1), MaxBytes = 10_000 };

    [Theory]
    [InlineData(0)]
    [InlineData(4096)]
    [InlineData(10_000)]
    public async Task An_answer_that_is_not_too_long_is_there_whole(int bytes)
    {
        var answer = await AskAsync(new ByteArrayContent(new byte[bytes]));

        Assert.Equal((202, bytes, false), (answer.Status, answer.Body.Length, answer.IsTooLong));
    }

    [Fact]
    public async Task Of_an_answer_that_is_too_long_the_status_is_left()
    {
        var answer = await AskAsync(new ByteArrayContent(new byte[10_001]));

        Assert.Equal((202, 0, true), (answer.Status, answer.Body.Length, answer.IsTooLong));
    }

    private static async Task<ProviderAnswer> AskAsync(HttpContent content)
    {
        using var client = new ProviderClient(_connection, TimeProvider.System, new Answering(content));
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/");
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private sealed class Answering(HttpContent content) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.Accepted) { Content = content });
    }
}
