using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Projects;
using Countersign.Core.Texts;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Http;

/// <summary>
/// Everything the server does is done once with names, numbers and codes that occur nowhere else, and then every place is searched for them.
/// </summary>
public abstract class LeakTests(ServerFixture fixture)
{
    private const string Given = "Quillfeather";
    private const string Family = "Marrowstone";
    private const string Number = "2002735186";
    private const string OtherNumber = "2002846297";
    private const string UnknownNumber = "2009735182";
    private const string Code = "730951";
    private const string WrongCode = "618402";

    [Fact]
    public async Task No_marker_is_found_in_logs_traces_metrics_exceptions_addresses_or_the_store()
    {
        using var sinks = new Sinks();
        await using var server = await fixture.StartAsync(
            new Dictionary<string, string?> { ["Logging:LogLevel:Default"] = "Trace", ["Logging:LogLevel:Microsoft.AspNetCore"] = "Trace" },
            builder =>
            {
                sinks.Tap(builder);
                builder.Services.AddSingleton<ICodeGenerator>(new MarkedCodes());
            });
        var digits = new List<string>();

        await DoEverythingAsync(server, digits);
        await server.AdvanceAsync(TimeSpan.FromMinutes(20));
        var store = await Sinks.ReadStoreAsync(server.Store);
        await server.StopAsync();

        Assert.Contains(sinks.Seen, line => line.StartsWith("trace", StringComparison.Ordinal));
        Assert.Contains(sinks.Seen, line => line.StartsWith("address /v3/verify", StringComparison.Ordinal));
        Assert.NotEmpty(store);
        string[] markers = [Given, Family, Number, OtherNumber, UnknownNumber, Code, WrongCode, .. digits];
        string[] places = [.. sinks.Seen, .. server.Logs.All.Select(line => line.ToString()), store];
        var leaks = from marker in markers
                    from place in places
                    where place.Contains(marker, StringComparison.OrdinalIgnoreCase)
                    select $"{marker} in {place[..Math.Min(place.Length, 300)]}";
        Assert.Empty(leaks);
    }

    private static async Task DoEverythingAsync(TestServer server, List<string> digits)
    {
        var matching = await server.AddProjectAsync("matching", new ProjectSettings { LinkConfirmation = LinkConfirmation.Match, WebOtpHost = "shop.example" });

        await CodesAsync(server);
        await LinksAsync(server);
        await MatchedLinksAsync(server, matching, digits);
        await RefusalsAsync(server);
    }

    private static async Task CodesAsync(TestServer server)
    {
        foreach (string[] entries in (string[][])[[Code], [WrongCode, WrongCode, WrongCode], [WrongCode, Code], []])
        {
            var flow = await server.BeginAsync("mobile", Number, Person(new() { ["allowOTPRetry"] = true, ["smsMessage"] = $"{Given}, your code: ######" }));
            var page = server.Browser(flow.AuthToken!);
            await page.Post("mobile/instant/start");
            await page.Post("mobile/otp/start");
            await page.Post("mobile/otp/start");
            await page.SendAsync("mobile/otp/start", $$"""{"mobileNumber":"{{OtherNumber}}"}""");
            foreach (var entry in entries)
            {
                await page.Enter(entry);
            }
            await page.SendAsync("mobile/otp/error", $$"""{"message":"{{Given}} gave up {{Code}}"}""");
            await page.Enter(Code);
            await server.StatusAsync(flow.Id);
        }

        // The network's word, and a test user for each thing that can go wrong.
        foreach (var number in (string[])["2001009001", "2001009003", "2001009005", "2001009006", "2001009007", "2001009008"])
        {
            var flow = await server.BeginAsync("mobile", number, Person());
            var page = server.Browser(flow.AuthToken!);
            var start = await page.Post("mobile/instant/start");
            if (((string?)start["data"]?["redirectUrl"])?.Split("testVfp=") is [_, var proof])
            {
                await page.Post("mobile/instant/finish", new JsonObject { ["vfp"] = proof }.ToJsonString());
            }
            await page.Post("mobile/otp/start");
            await page.Enter(Code);
            await server.StatusAsync(flow.Id);
        }
        await server.VerifyAsync(TestServer.VerifyBody("none", Number, Person()), idempotencyKey: "one");
        await server.VerifyAsync(TestServer.VerifyBody("none", Number, Person()), idempotencyKey: "one");
    }

    private static async Task LinksAsync(TestServer server)
    {
        foreach (var action in (string[])["confirm", "decline", "wait"])
        {
            var flow = await server.BeginAsync("desktop", Number, Person());
            var page = server.Browser(flow.AuthToken!);
            await using var socket = await page.ConnectSocketAsync();
            await page.Post("mobile/instantlink/start");
            await page.Post("mobile/instantlink/start", """{"mobileNumber":""}""");
            var link = new Uri((await server.LastMessageAsync(Number)).Link!).AbsolutePath;
            await server.Client.GetAsync(link, TestContext.Current.CancellationToken);
            if (action == "wait")
            {
                await server.AdvanceAsync(TimeSpan.FromMinutes(4));
            }
            using var form = new FormUrlEncodedContent([new("action", action)]);
            await server.Client.PostAsync(link, form, TestContext.Current.CancellationToken);
            await server.Client.GetAsync(link, TestContext.Current.CancellationToken);
            await page.Post("mobile/instantlink/error", $$"""{"message":"{{Given}} status code 1006"}""");
            await server.Client.GetAsync("/sandbox/flows/" + flow.Id, TestContext.Current.CancellationToken);
        }
    }

    private static async Task MatchedLinksAsync(TestServer server, Credentials matching, List<string> digits)
    {
        foreach (var isRight in (bool[])[true, false])
        {
            var flow = await server.BeginAsync("desktop", Number, Person(), matching);
            var begun = await server.Browser(flow.AuthToken!).Post("mobile/instantlink/start");
            var shown = (string)begun["matchCode"]!;
            digits.Add(shown);
            var link = (await server.LastMessageAsync(Number)).Link!;
            for (var entry = 0; entry < 3; entry++)
            {
                await server.ConfirmLinkAsync(link, isRight && entry == 1 ? shown : WrongCode);
            }
        }
        var otp = await server.BeginAsync("mobile", Number, Person(), matching);
        await server.Browser(otp.AuthToken!).Post("mobile/otp/start");
    }

    private static async Task RefusalsAsync(TestServer server)
    {
        await server.VerifyAsync(TestServer.VerifyBody("mobile", UnknownNumber, Person()));
        await server.VerifyAsync($$"""{"phoneNumber":"{{Number}}-{{Given}}","firstName":["{{Given}}"],"{{Family}}":1,"{{Family}}":2}""");
        await server.VerifyAsync($$"""{"firstName":"{{Given}} \ud800","lastName":"{{Family}}""");
        await server.StatusAsync(Given);
        await server.PostAsync("/v3/nothing", $$"""{"x":"{{Given}}"}""");
        await server.PostAsync("/sandbox/clock", $$"""{"advanceSeconds":"{{Given}}"}""");
        await server.PostAsync("/sandbox/flows", TestServer.VerifyBody("mobile", Number, Person()));
        await server.Client.GetAsync("/sandbox/messages?to=" + Number, TestContext.Current.CancellationToken);
        await server.Client.GetAsync("/sandbox/users", TestContext.Current.CancellationToken);
    }

    private static JsonObject Person(JsonObject? more = null)
    {
        var person = new JsonObject
        {
            ["firstName"] = Given, ["lastName"] = Family, ["emailAddress"] = $"{Given}@{Family}.example", ["clientCustomerId"] = Given, ["clientRequestId"] = Family,
            ["smsMessage"] = null,
        };
        foreach (var (name, value) in more ?? [])
        {
            person[name] = value?.DeepClone();
        }
        return person;
    }

    /// <summary>Codes that occur nowhere else, of whatever length the text asks for.</summary>
    private sealed class MarkedCodes : ICodeGenerator
    {
        public OneTimeCode NewCode(PhoneNumber to, int length) => new(new Secret(Code[..length]));
    }
}

public sealed class LeaksOnSqlite(OnSqlite fixture) : LeakTests(fixture), IClassFixture<OnSqlite>;

public sealed class LeaksOnPostgres(OnPostgres fixture) : LeakTests(fixture), IClassFixture<OnPostgres>;
