using System.Net.WebSockets;
using Countersign.EndToEnd.Tests.Fixtures;

namespace Countersign.EndToEnd.Tests.Attacks;

/// <summary>Whoever has one auth token takes no more of the server than a browser needs.</summary>
public abstract class BrowserLoadTests(ConfiguredServer server)
{
    [Fact]
    public async Task The_fifth_socket_of_a_flow_closes_its_oldest_and_those_of_others_stay()
    {
        var shop = await server.ClientAsync("shop");
        using var other = await BeginDesktopAsync(shop);
        using var theirs = await other.ConnectAsync();
        using var flow = await BeginDesktopAsync(shop);
        var sockets = new List<ClientWebSocket>();
        for (var n = 0; n < 6; n++)
        {
            sockets.Add(await flow.ConnectAsync());
        }

        foreach (var (index, socket) in sockets.Index())
        {
            if (index >= 2)
            {
                Assert.Equal("pong", await PingAsync(socket));
                continue;
            }
            var closed = await socket.ReceiveAsync(new byte[1024].AsMemory(), TestContext.Current.CancellationToken);
            Assert.Equal((WebSocketMessageType.Close, WebSocketCloseStatus.PolicyViolation), (closed.MessageType, socket.CloseStatus));
        }
        Assert.Equal("pong", await PingAsync(theirs));
        sockets.ForEach(socket => socket.Dispose());
    }

    [Theory]
    [Trait("attack", "F06")]
    [InlineData("mobile/instant/start")]
    [InlineData("mobile/otp/start")]
    [InlineData("mobile/otp/finish")]
    [InlineData("device/passive/register")]
    public async Task A_flood_of_one_flow_is_slowed_and_refused_while_others_are_answered(string step)
    {
        var shop = await server.ClientAsync("shop");
        using var flow = await shop.VerifyAsync(server.NextNumber());
        using var neighbour = await shop.VerifyAsync(server.NextNumber());

        var calls = Enumerable.Range(0, 200).Select(_ => flow.PostAsync(step, new { otp = "000000" })).ToList();
        var meanwhile = await neighbour.PostAsync("mobile/instant/start");
        var answers = await Task.WhenAll(calls);

        Assert.Equal(200, meanwhile.Status);
        // Nobody finds the database without a connection left.
        Assert.All(answers, answer => Assert.True(answer.Status is 200 or 400 or 429, answer.ToString()));
        var refused = answers.Where(answer => answer.Status == 429).ToList();
        // Ten at once are answered, and ten more in each second that this machine takes to send them.
        Assert.InRange(refused.Count, 1, calls.Count - 10);
        Assert.All(refused, answer => Assert.Equal((8429, "1"), (answer.Code, answer.Header("Retry-After"))));
    }

    [Fact]
    [Trait("attack", "S03")]
    public async Task Of_many_wrong_codes_at_once_no_more_are_compared_than_the_flow_has_entries()
    {
        var (shop, number) = (await server.ClientAsync("shop"), server.NextNumber());
        using var flow = await shop.VerifyAsync(number);
        await flow.AskForCodeAsync();
        var wrong = PersonsBrowser.WrongFor(server.LastProof(number));

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => flow.EnterAsync(wrong)));

        Assert.Equal(2, answers.Count(answer => (int?)answer.Json!["data"]?["code"] == 10001));
        Assert.All(answers, answer => Assert.True(answer.Status is 200 or 429, answer.ToString()));
        Assert.Equal("false", (await flow.ResultAsync()).Text("success"));
    }

    [Fact]
    public async Task Many_first_texts_at_once_are_one()
    {
        var (shop, number) = (await server.ClientAsync("shop"), server.NextNumber());
        using var flow = await shop.VerifyAsync(number);
        await flow.PostAsync("mobile/instant/start");

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => flow.PostAsync("mobile/otp/start")));

        Assert.All(answers, answer => Assert.True(answer.Status is 200 or 429, answer.ToString()));
        Assert.Single(server.Texts(number));
    }

    private async Task<PersonsBrowser> BeginDesktopAsync(BackEnd shop) =>
        await shop.BeginAsync(
            "/v3/unify", new { possessionType = "desktop", phoneNumber = server.NextNumber(), finalTargetUrl = ConfiguredServer.Target });

    private static async Task<string> PingAsync(ClientWebSocket socket)
    {
        await socket.SendAsync("ping"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);
        var buffer = new byte[64];
        var heard = await socket.ReceiveAsync(buffer.AsMemory(), TestContext.Current.CancellationToken);
        return System.Text.Encoding.UTF8.GetString(buffer, 0, heard.Count);
    }
}

[Collection<OnConfiguredSqlite>]
public sealed class BrowserLoadOnSqlite(ConfiguredSqlite server) : BrowserLoadTests(server);

[Collection<OnConfiguredPostgres>]
[Trait("tier", "long")]
public sealed class BrowserLoadOnPostgres(ConfiguredPostgres server) : BrowserLoadTests(server);
