using System.Text.Json.Nodes;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.Logging;

namespace Countersign.Server.Tests.Whole;

/// <summary>What people and relying parties give away is not to be found where nobody looks for it.</summary>
public abstract class PrivacyTests(ServerFixture fixture)
{
    [Fact]
    [Trait("attack", "D03")]
    public async Task No_log_line_holds_a_number_a_name_a_code_a_link_a_token_or_a_clients_text()
    {
        await using var server = await fixture.StartAsync(new Dictionary<string, string?>
        {
            ["Logging:LogLevel:Countersign"] = "Trace",
            ["Countersign:RequestsPerSecond"] = "1000",
        });
        var more = new JsonObject
        {
            ["firstName"] = "Wilhelmina", ["lastName"] = "Featherstonehaugh", ["clientCustomerId"] = "customer-4711",
            ["clientRequestId"] = "request-0815",
            ["emailAddress"] = "mina@mail.example", ["smsMessage"] = "Kittiwake ####",
        };
        var mobile = await server.BeginAsync("mobile", "2002000501", more);
        var page = server.Browser(mobile.AuthToken!);
        await page.Post("mobile/instant/start");
        await page.Post("mobile/otp/start");
        await page.SendAsync("mobile/otp/start", """{"mobileNumber":"2002000502"}""");
        await page.Enter("9876");
        var desktop = await server.BeginAsync("desktop", "2002000501", more);
        var waiting = server.Browser(desktop.AuthToken!);
        await using var socket = await waiting.ConnectSocketAsync();
        await waiting.Post("mobile/instantlink/start");
        var link = (await server.LastMessageAsync("2002000501")).Link!;
        await server.ConfirmLinkAsync(link);
        await waiting.Post("mobile/instantlink/error", """{"message":"Osprey"}""");
        await server.VerifyAsync("""{"firstName":"Wilhelmina","phoneNumber":"Sandpiper"}""", idempotencyKey: "key-with-Wilhelmina");
        await server.VerifyAsync(TestServer.VerifyBody("mobile", "2009999999", more));
        await Assert.ThrowsAsync<InvalidOperationException>(() => server.GetTokenAsync(new Credentials("test-client", "Goldcrest")));

        var lines = string.Join('\n', server.Logs.All);

        Assert.Contains(mobile.Id, lines, StringComparison.Ordinal);
        string[] never =
        [
            "2002000501", "2002000502", "2009999999", "Wilhelmina", "Featherstonehaugh", "customer-4711", "request-0815", "mail.example",
            "Kittiwake", "Osprey", "Sandpiper", "Goldcrest", "9876", link[(link.LastIndexOf('/') + 1)..], mobile.AuthToken!,
            desktop.AuthToken!, await server.GetTokenAsync(), "test-secret",
        ];
        Assert.All(never, text => Assert.DoesNotContain(text, lines, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Expected_refusals_are_neither_warnings_nor_errors()
    {
        await using var server = await fixture.StartAsync();
        await server.VerifyAsync("{");
        await server.VerifyAsync(TestServer.VerifyBody("mobile", "2009999999"));
        await server.StatusAsync("0199d5a4-1b2c-7d3e-8f40-5a6b7c8d9e0f");
        await server.PostAsync("/v3/nothing", "{}");
        await server.Browser("a.b.c").SendAsync("mobile/otp/start");
        using var large = new ByteArrayContent(new byte[200_000]);
        await server.Client.PostAsync("/sandbox/clock", large, TestContext.Current.CancellationToken);

        // Of a machine that is busy with something else Kestrel warns by itself.
        Assert.DoesNotContain(server.Logs.All, line => line.Level >= LogLevel.Warning
            && !line.Text.Contains("the heartbeat has been running", StringComparison.Ordinal));
    }
}

public sealed class PrivacyOnSqlite(OnSqlite fixture) : PrivacyTests(fixture), IClassFixture<OnSqlite>;

public sealed class PrivacyOnPostgres(OnPostgres fixture) : PrivacyTests(fixture), IClassFixture<OnPostgres>;
