using Countersign.Client.Tests.Support;

namespace Countersign.Client.Tests;

public sealed class IdempotencyKeyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_call_gets_a_random_key_of_its_own()
    {
        var server = new StubServer();
        using var client = Some.Client(server);

        await client.VerifyAsync(Some.VerifyRequest, cancellationToken: Cancellation);
        await client.VerifyAsync(Some.VerifyRequest, cancellationToken: Cancellation);

        var keys = server.To(StubServer.Verify).Select(request => request.IdempotencyKey).ToArray();
        Assert.All(keys, key => Assert.Matches("^[0-9A-F]{32}$", key));
        Assert.NotEqual(keys[0], keys[1]);
    }

    [Fact]
    public async Task A_given_key_is_sent_as_it_is()
    {
        var server = new StubServer();
        using var client = Some.Client(server);

        await client.VerifyAsync(Some.VerifyRequest, new RequestOptions { IdempotencyKey = "order:42/\"a\"" }, Cancellation);

        Assert.Equal("order:42/\"a\"", server.To(StubServer.Verify)[0].IdempotencyKey);
    }

    [Fact]
    public async Task No_key_is_sent_when_none_is_wanted()
    {
        var server = new StubServer();
        using var client = Some.Client(server);

        await client.VerifyAsync(Some.VerifyRequest, Some.NoKey, Cancellation);

        Assert.Null(server.To(StubServer.Verify)[0].IdempotencyKey);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("line\nbreak")]
    [InlineData("schlüssel")]
    public async Task A_key_that_is_not_visible_ASCII_is_refused_before_anything_is_sent(string key)
    {
        var server = new StubServer();
        using var client = Some.Client(server);

        await Assert.ThrowsAsync<ArgumentException>(
            () => client.VerifyAsync(Some.VerifyRequest, new RequestOptions { IdempotencyKey = key }, Cancellation));

        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData(255, true)]
    [InlineData(256, false)]
    public async Task A_key_has_at_most_255_characters(int length, bool isAccepted)
    {
        using var client = Some.Client(new StubServer());
        var options = new RequestOptions { IdempotencyKey = new string('k', length) };

        var exception = await Record.ExceptionAsync(() => client.VerifyAsync(Some.VerifyRequest, options, Cancellation));

        Assert.Equal(isAccepted, exception is null);
    }
}
