using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Countersign.Core;
using Countersign.Core.Projects;
using Countersign.Core.Texts;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Whole;

/// <summary>
/// Everything the server does is done once with names, numbers and codes that occur nowhere else, and then every place is searched for
/// them.
/// </summary>
public abstract class LeakTests(ServerFixture fixture)
{
    private const string Given = "Quillfeather";
    private const string Family = "Marrowstone";
    private const string Number = "2002735186";
    private const string OtherNumber = "2002846297";
    private const string RecordedNumber = "2001009421";
    private const string OneCallRecordedSsn = "900550407";
    private const string UnknownNumber = "2009735182";
    private const string Code = "730951";
    private const string WrongCode = "618402";
    private const string Ssn = "731946582";
    private const string BirthDate = "1957-11-23";
    private const string Street = "4 Thistlewick Parade";
    private const string City = "Ebonhollow";
    private const string PostalCode = "59317-6428";
    private const string EmailAddress = "zephyrine@brackenfold.example";

    // Of the record that a load number gets.
    private const string RecordedSsn = "900550000";
    private const string RecordedEmailAddress = "lee.loadman@example.com";

    [Fact]
    [Trait("attack", "S06")]
    [Trait("attack", "D03")]
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
        string[] markers =
        [
            Given, Family, Number, OtherNumber, RecordedNumber, UnknownNumber, Code, WrongCode,
            Ssn, BirthDate, Street, City, PostalCode, EmailAddress, RecordedSsn, OneCallRecordedSsn, RecordedEmailAddress,
        ];
        string[] places = [.. sinks.Seen, .. server.Logs.All.Select(line => line.ToString()), store];
        var leaks = from marker in markers
                    from place in places
                    where place.Contains(marker, StringComparison.OrdinalIgnoreCase)
                    select $"{marker} in {place[..Math.Min(place.Length, 300)]}";
        // Six digits by chance stand in many an id and in the hexadecimal of what is sealed; a leak stands by itself.
        var leakedDigits = from marker in digits
                           from place in places
                           where Regex.IsMatch(
                               place, $"(?<![0-9A-Za-z]){marker}(?![0-9A-Za-z])", RegexOptions.None, TimeSpan.FromSeconds(10))
                           select $"{marker} in {place[..Math.Min(place.Length, 300)]}";
        Assert.Empty(leaks.Concat(leakedDigits));
    }

    private static async Task DoEverythingAsync(TestServer server, List<string> digits)
    {
        var matching = await server.AddProjectAsync(
            "matching", new ProjectSettings { LinkConfirmation = LinkConfirmation.Match, WebOtpHost = "shop.example" });

        await CodesAsync(server);
        await LinksAsync(server);
        await MatchedLinksAsync(server, matching, digits);
        await PreFillAsync(server);
        await OneCallAsync(server);
        await UnifyAsync(server);
        await IdentitiesAsync(server, matching);
        await RefusalsAsync(server);
    }

    private static async Task CodesAsync(TestServer server)
    {
        foreach (string[] entries in (string[][])[[Code], [WrongCode, WrongCode, WrongCode], [WrongCode, Code], []])
        {
            var flow = await server.BeginAsync(
                "mobile", Number, Person(new() { ["allowOTPRetry"] = true, ["smsMessage"] = $"{Given}, your code: ######" }));
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

    private static async Task PreFillAsync(TestServer server)
    {
        var secrets = new JsonObject { ["dob"] = BirthDate, ["ssn"] = Ssn, ["emailAddress"] = EmailAddress };
        var individual = new JsonObject
        {
            ["firstName"] = Given, ["lastName"] = Family, ["dob"] = BirthDate, ["ssn"] = Ssn,
            ["emailAddresses"] = new JsonArray(EmailAddress),
            ["addresses"] = new JsonArray(
                new JsonObject { ["address"] = Street, ["extendedAddress"] = City, ["city"] = City, ["region"] = City,
                    ["postalCode"] = PostalCode }),
        };

        // A flow for each place in which a birth date and an SSN may lie when its life ends, and a test user for each answer.
        var begun = await server.PostAsync("/v3/start", PreFillSteps.StartBody(Number, more: secrets), idempotencyKey: "two");
        await server.PostAsync("/v3/start", PreFillSteps.StartBody(Number, more: secrets), idempotencyKey: "two");
        await server.ValidateAsync(begun.Text("correlationId"));
        await server.ReadyAsync(Number, secrets, Code[..4]);
        foreach (var number in (string[])
            [Number, PreFillSteps.Milo, PreFillSteps.Martina, "2001009104", "2001009105", "2001009106", "2001009107", "2001009108",
                "2001009109"])
        {
            var id = await server.ReadyAsync(number, secrets, Code[..4]);
            var challenged = await server.ChallengeAsync(id, new() { ["dob"] = BirthDate, ["ssn"] = Ssn });
            Assert.Equal(number == Number, challenged.Body.Contains(RecordedSsn, StringComparison.Ordinal));
            await server.CompleteAsync(id, individual);
            await server.CompleteAsync(id, individual);
            await server.Client.GetAsync("/sandbox/flows/" + id, TestContext.Current.CancellationToken);
        }

        // Refused, and refused with the very values in places where they do not belong.
        await server.PostAsync("/v3/start", PreFillSteps.StartBody(UnknownNumber, more: secrets));
        await server.PostAsync(
            "/v3/start",
            PreFillSteps.StartBody(
                Number, more: new() { ["dob"] = Ssn, ["ssn"] = BirthDate, ["ipAddress"] = Street, ["flowType"] = City }));
        await server.PostAsync("/v3/start", $$"""{"{{Ssn}}":1,"{{Ssn}}":2,"{{BirthDate}}":{"{{City}}":1,"{{City}}":2}""");
        await server.ChallengeAsync(Ssn, new() { ["dob"] = $"{BirthDate}T", ["ssn"] = $"{Ssn}0", ["last4SSN"] = Ssn });
        await server.CompleteAsync(Ssn, new()
        {
            ["firstName"] = $"{Given}\0", ["dob"] = Ssn, ["ssn"] = BirthDate, ["emailAddresses"] = new JsonArray(Street),
            ["addresses"] = new JsonArray(new JsonObject { ["postalCode"] = $"{PostalCode}0", ["city"] = $"{City}\n" }, Street),
        });
        await server.PostAsync("/v3/complete", $$"""{"individual":"{{Ssn}}","correlationId":["{{BirthDate}}"]}""");
    }

    private static async Task OneCallAsync(TestServer server)
    {
        foreach (var (type, number) in (((string, string)[])[("verifiedUser", Number), ("prefill", RecordedNumber),
            ("identityResolution", UnknownNumber)]))
        {
            var person = Person(
                new() { ["verificationType"] = type, ["phoneNumber"] = number, ["userAgent"] = Given, ["clientHumanId"] = Family });
            await server.VerifyAsync(person.ToJsonString());
            await server.VerifyAsync(person.ToJsonString(), idempotencyKey: type);
            person["firstName"] = $"{Given}\n";
            await server.PostAsync(
                "/v3/verify/batch", new JsonObject { ["items"] = new JsonArray(person.DeepClone(), Given, person) }.ToJsonString());
        }
    }

    private static async Task UnifyAsync(TestServer server)
    {
        var person = new JsonObject
        {
            ["clientHumanId"] = Given, ["clientCustomerId"] = Family, ["deviceId"] = Given, ["emailAddress"] = $"{Given}@{Family}.example",
            ["allowOTPRetry"] = true,
        };
        foreach (var type in (string[])["mobile", "desktop"])
        {
            var flow = await server.BeginUnifyAsync(type, Number, person);
            var page = server.Browser(flow.AuthToken!);
            var step = type == "mobile" ? "mobile/otp/start" : "mobile/instantlink/start";
            foreach (var number in (string[])[Number, UnknownNumber, Given, OtherNumber])
            {
                await page.Post(step, new JsonObject { ["mobileNumber"] = number }.ToJsonString());
            }
            await page.Enter(WrongCode);
            await page.Enter(Code[..4]);
            await server.UnifyStatusAsync(flow.Id);
        }

        var own = await server.BeginUnifyAsync("none", Number, person);
        await server.UnifyBindAsync(own.Id, OtherNumber);
        var bound = await server.UnifyBindAsync(own.Id, Number);
        await server.UnifyBindAsync(own.Id, Number);
        await server.BeginUnifyAsync("mobile", null, new() { ["proveId"] = bound.Text("proveId") });
        await server.UnifyAsync(UnifyCalls.UnifyBody("mobile", OtherNumber, new() { ["proveId"] = bound.Text("proveId") }));
        await server.RevokeDeviceAsync(Given);
    }

    private static async Task IdentitiesAsync(TestServer server, Credentials other)
    {
        var person = Person(new()
        {
            ["phoneNumber"] = Number, ["clientHumanId"] = Given, ["deviceId"] = Family,
            ["identityAttributes"] = new JsonArray(new JsonObject { ["attributeType"] = Given, ["attributeValue"] = Family }),
        });
        var id = (await server.PostAsync("/v3/identity", person.ToJsonString())).Text("proveId");
        await server.PostAsync("/v3/identity", person.ToJsonString(), other);
        var (own, others) = (await PcidAsync(server), await PcidAsync(server, other));
        await server.PostAsync(
            "/v3/domain/link", $$"""{"pcid":"{{others}}","scopes":["identities","attributes"],"clientRequestId":"{{Given}}"}""");
        await server.PostAsync("/v3/domain/confirm-link", $$"""{"pcid":"{{own}}"}""", other);
        await server.PostAsync(
            "/v3/identity/batch",
            new JsonObject { ["items"] = new JsonArray(
                person.DeepClone(), new JsonObject { ["phoneNumber"] = OtherNumber }) }.ToJsonString());
        foreach (var number in (string[])[Number, "%2B1" + Number, OtherNumber, UnknownNumber, $"{Number}-{Given}",
            $"{Number}{Given}{Family}{Number}{Number}"])
        {
            await server.CallAsync(HttpMethod.Get, $"/v3/identity/{number}/lookup");
            await server.CallAsync(HttpMethod.Post, $"/v3/identity/{number}/lookup");
        }
        foreach (var path in (string[])["", $"/{id}"])
        {
            await server.CallAsync(HttpMethod.Get, "/v3/identity" + path);
        }
        foreach (var step in (string[])["cross-domain", "deactivate", "activate"])
        {
            await server.PostAsync($"/v3/identity/{id}/{step}", $$"""{"clientRequestId":"{{Given}}"}""");
        }
        foreach (var attribute in (await server.CallAsync(HttpMethod.Get, $"/v3/discover?proveId={id}")).Json!["results"]!.AsArray())
        {
            await server.CallAsync(HttpMethod.Get, $"/v3/fetch?proveId={id}&attributeId={attribute!["attributeId"]}");
        }
        await server.StatusAsync((await server.BeginAsync("none", Number, Person())).Id);
        await server.CallAsync(HttpMethod.Delete, $"/v3/identity/{id}");
        await server.PostAsync("/v3/domain/unlink", $$"""{"pcidFrom":"{{own}}","pcidTo":"{{others}}"}""");
    }

    private static async Task<string> PcidAsync(TestServer server, Credentials? credentials = null) =>
        (await server.CallAsync(HttpMethod.Get, "/v3/domain/id", credentials)).Text("pcid");

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
            ["firstName"] = Given, ["lastName"] = Family, ["emailAddress"] = $"{Given}@{Family}.example", ["clientCustomerId"] = Given,
            ["clientRequestId"] = Family,
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
