using System.Text.Json.Nodes;
using Countersign.EndToEnd.Tests.Fixtures;

namespace Countersign.EndToEnd.Tests.Attacks;

/// <summary>Nobody is locked out by a STOP that did not come by the gateways of their number, or that comes again.</summary>
public abstract class StopTests(ConnectedServer server)
{
    [Theory]
    [InlineData("STOP")]
    [InlineData("STOPALL")]
    [InlineData("opt-out please")]
    public async Task A_gateway_speaks_for_no_number_of_another_country(string word)
    {
        var (american, british) = (server.NextNumber(), server.NextBritishNumber());

        foreach (var number in (string[])[american, american[1..], american[2..], british])
        {
            Assert.Equal(204, (await PassOnAsync(ConnectedServer.Written(number, word))).Status);
        }

        // The American is texted as before, in every project; the British one has stopped it.
        Assert.Equal((1, 1), (await SendAsync("shop", american), await SendAsync("bank", american) - 1));
        Assert.Equal(0, await SendAsync("shop", british));
    }

    [Fact]
    public async Task A_stop_is_listed_and_lifted_and_the_same_request_does_not_bring_it_back()
    {
        var number = server.NextBritishNumber();
        var body = ConnectedServer.Written(number, "STOP");
        var signature = ConnectedServer.Signature("inbound", ConnectedServer.InboundPath, body);
        await server.PassOnAsync(body, signature);
        var stopped = await SendAsync("shop", number);

        var listed = await server.AdminAsync(HttpMethod.Post, "/admin/suppressions/list", new { phoneNumber = number });
        await server.AdminAsync(HttpMethod.Post, "/admin/suppressions/lift", new { phoneNumber = number });
        var again = await server.PassOnAsync(body, signature);

        Assert.Equal((0, 204), (stopped, again.Status));
        Assert.Equal(ConnectedServer.Sender, (string?)listed.Json!["suppressions"]![0]!["sender"]);
        Assert.DoesNotContain(number, listed.Body, StringComparison.Ordinal);
        Assert.Equal(1, await SendAsync("shop", number));
    }

    [Theory]
    [InlineData("receipt", "/gateways/british/inbound", 0)]
    [InlineData("text", "/gateways/british/inbound", 0)]
    [InlineData("inbound", "/send", 0)]
    [InlineData("inbound", "/gateways/outbox/inbound", 0)]
    [InlineData("inbound", "/gateways/british/inbound", 6)]
    [InlineData("inbound", "/gateways/british/inbound", -6)]
    public async Task A_signature_is_good_for_one_kind_of_request_at_one_place_and_time(string kind, string path, int minutesAgo)
    {
        var number = server.NextBritishNumber();
        var body = ConnectedServer.Written(number, "STOP");

        var refused = await server.PassOnAsync(
            body, ConnectedServer.Signature(kind, path, body, TimeSpan.FromMinutes(minutesAgo)));
        var unsigned = await server.PassOnAsync(body, "");
        var another = ConnectedServer.Written(number, "HELP");
        var altered = await server.PassOnAsync(body, ConnectedServer.Signature("inbound", ConnectedServer.InboundPath, another));

        Assert.Equal([403, 403, 403], new[] { refused, unsigned, altered }.Select(answer => answer.Status));
        Assert.Equal(1, await SendAsync("shop", number));
    }

    private Task<Reply> PassOnAsync(string body) =>
        server.PassOnAsync(body, ConnectedServer.Signature("inbound", ConnectedServer.InboundPath, body));

    /// <summary>Has a code sent; returns how many texts to the number were taken by gateways so far.</summary>
    private async Task<int> SendAsync(string project, string number)
    {
        using var flow = await (await server.ClientAsync(project)).VerifyAsync(number);
        await flow.AskForCodeAsync();
        return server.Texts(number).Count + server.BritishTexts(number).Count;
    }
}

[Collection<OnConnectedSqlite>]
public sealed class StopsOnSqlite(ConnectedSqlite server) : StopTests(server);

[Collection<OnConnectedPostgres>]
[Trait("tier", "long")]
public sealed class StopsOnPostgres(ConnectedPostgres server) : StopTests(server);
