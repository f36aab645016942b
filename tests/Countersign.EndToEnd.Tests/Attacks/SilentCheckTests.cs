using Countersign.EndToEnd.Tests.Fixtures;

namespace Countersign.EndToEnd.Tests.Attacks;

/// <summary>A page that a person visits on mobile data does not prove that person's number in a flow of somebody else's.</summary>
public abstract class SilentCheckTests(ConnectedServer server)
{
    private const string Elsewhere = "127.0.0.1";

    [Fact]
    public async Task A_visit_does_not_prove_the_visitors_number_in_an_attackers_flow_and_a_code_follows()
    {
        var (victim, address) = await server.NextPhoneAsync();
        var shop = await server.ClientAsync("shop");
        using var flow = await BeginAsync(shop, victim, from: Elsewhere);
        var begun = await flow.PostAsync("mobile/instant/start", new { implementation = "fetch" });

        var handed = await ConnectedServer.VisitAsync(begun, address);
        var answer = await flow.PostAsync("mobile/instant/finish", new { vfp = handed });

        Assert.Equal("mobile/otp", answer.Text("next"));
        Assert.Equal("pending", (await flow.ResultAsync()).Text("success"));
        await flow.PostAsync("mobile/otp/start");
        await flow.EnterAsync(server.LastProof(victim));
        Assert.Equal("true", (await flow.ResultAsync()).Text("success"));
    }

    [Fact]
    public async Task What_a_visit_brings_is_worth_nothing_in_another_flow_even_of_the_visitors_own_address()
    {
        var (victim, address) = await server.NextPhoneAsync();
        var shop = await server.ClientAsync("shop");
        using var theirs = await BeginAsync(shop, victim, from: address);
        using var other = await BeginAsync(shop, victim, from: address);
        var begun = await theirs.PostAsync("mobile/instant/start", new { implementation = "fetch" });
        await other.PostAsync("mobile/instant/start", new { implementation = "fetch" });

        var answer = await other.PostAsync("mobile/instant/finish", new { vfp = await ConnectedServer.VisitAsync(begun, address) });

        Assert.Equal("mobile/otp", answer.Text("next"));
        Assert.Equal("pending", (await other.ResultAsync()).Text("success"));
    }

    [Fact]
    public async Task From_its_own_address_a_phone_proves_its_number_and_ties_no_device()
    {
        var (number, address) = await server.NextPhoneAsync();
        var shop = await server.ClientAsync("shop");
        using var key = new BrowserKey();
        using var flow = await BeginAsync(shop, number, from: address);
        await key.RegisterAsync(flow);
        var begun = await flow.PostAsync("mobile/instant/start", new { implementation = "fetch" });

        var answer = await flow.PostAsync("mobile/instant/finish", new { vfp = await ConnectedServer.VisitAsync(begun, address) });

        Assert.Equal("done", answer.Text("next"));
        var result = await flow.ResultAsync();
        Assert.Equal(("true", null), (result.Text("success"), result.TextOrNull("deviceId")));
        using var next = await BeginAsync(shop, number, from: Elsewhere);
        Assert.Equal("mobile/instant", (await key.ProveAsync(next)).Text("next"));
    }

    [Fact]
    public async Task Nor_does_the_visit_of_a_person_with_another_number()
    {
        var (number, _) = await server.NextPhoneAsync();
        var (_, otherAddress) = await server.NextPhoneAsync();
        using var flow = await BeginAsync(await server.ClientAsync("shop"), number, from: otherAddress);
        var begun = await flow.PostAsync("mobile/instant/start", new { implementation = "fetch" });

        var answer = await flow.PostAsync("mobile/instant/finish", new { vfp = await ConnectedServer.VisitAsync(begun, otherAddress) });

        Assert.Equal("mobile/otp", answer.Text("next"));
        Assert.Equal("pending", (await flow.ResultAsync()).Text("success"));
    }

    private static Task<PersonsBrowser> BeginAsync(BackEnd shop, string phoneNumber, string from) =>
        shop.BeginAsync("/v3/unify", new { possessionType = "mobile", phoneNumber }, from);
}

[Collection<OnConnectedSqlite>]
public sealed class SilentChecksOnSqlite(ConnectedSqlite server) : SilentCheckTests(server);

[Collection<OnConnectedPostgres>]
[Trait("tier", "long")]
public sealed class SilentChecksOnPostgres(ConnectedPostgres server) : SilentCheckTests(server);
