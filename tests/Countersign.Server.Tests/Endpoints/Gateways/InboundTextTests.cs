using System.Text;
using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Texts;
using Countersign.Providers.Sms;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Endpoints.Gateways;

/// <summary>
/// What persons write to a server with a gateway for each of two countries, as the gateways' own signed requests bring it.
/// </summary>
public sealed class InboundTextTests : IAsyncLifetime
{
    private const string American = "+12025550142";
    private const string British = "+447400123456";
    private const string Sender = "12345";

    private readonly Dictionary<string, string> _secrets = new()
    {
        ["us"] = "us-secret-0123456789abcdef0123456789abcdef",
        ["spare"] = "spare-secret-0123456789abcdef0123456789abc",
        ["no"] = "no-secret-0123456789abcdef0123456789abcdef",
        ["gb"] = "gb-secret-0123456789abcdef0123456789abcdef",
    };

    private TestServer _server = null!;

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var settings = new Dictionary<string, string?>(TestServer.Live)
        {
            ["Countersign:Countries"] = "US,GB,NO",
            ["Countersign:TextRoutes:0:Countries:0"] = "US",
            ["Countersign:TextRoutes:0:Gateways:0"] = "us",
            ["Countersign:TextRoutes:0:Gateways:1"] = "spare",
            ["Countersign:TextRoutes:0:Sender"] = Sender,
            ["Countersign:TextRoutes:1:Countries:0"] = "GB",
            ["Countersign:TextRoutes:1:Gateways:0"] = "gb",
            ["Countersign:TextRoutes:3:Countries:0"] = "NO",
            ["Countersign:TextRoutes:3:Gateways:0"] = "no",
            ["Countersign:TextRoutes:2:Countries:0"] = "CA",
            ["Countersign:TextRoutes:2:Gateways:0"] = "us",
            ["Countersign:Gateways:us:Sender"] = "+12025550100",
            ["Countersign:Gateways:gb:Sender"] = "447400999888",
        };
        foreach (var (name, secret) in _secrets)
        {
            settings[$"Countersign:Gateways:{name}:Type"] = "webhook";
            settings[$"Countersign:Gateways:{name}:Url"] = "http://127.0.0.1:9/send";
            settings[$"Countersign:Gateways:{name}:Secret"] = secret;
        }
        _server = await TestServer.StartAsync(settings: settings);
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("us", American, true)]
    [InlineData("spare", American, true)]
    [InlineData("gb", American, false)]
    [InlineData("gb", British, true)]
    [InlineData("us", British, false)]
    // France has no route, so no text goes there.
    [InlineData("us", "+33612345678", false)]
    public async Task A_word_is_taken_from_the_gateways_of_the_numbers_own_route_alone(string gateway, string from, bool isTaken)
    {
        Assert.Equal(204, (await WriteAsync(gateway, from, "STOPALL")).Status);
        Assert.Equal(isTaken, await IsSilentAsync(from));

        // START lifts by the same rule.
        await _server.Services.GetRequiredService<ISuppressionList>().SuppressAsync(PhoneNumber.Parse(from), Sender, Now, Test);
        Assert.Equal(204, (await WriteAsync(gateway, from, "START")).Status);
        Assert.Equal(!isTaken, await IsSilentAsync(from));
        Assert.Equal(isTaken ? 0 : 2, _server.Logs.All.Count(line => line.Event.Id == 1740));
    }

    [Fact]
    public async Task Where_the_provider_does_not_say_what_was_written_to_it_is_the_routes_sender()
    {
        await WriteAsync("us", American, "STOP", to: null);

        Assert.True(await IsSilentAsync(American));
        Assert.False(await IsSilentAsync(American, "OtherBrand"));
    }

    public static TheoryData<string> NoSenders =>
        ["", "+", " ", "++", "\t", "\u00A0", " + ", "*", "12", "Straße", "+4474001234567890", new string('x', 300)];

    [Theory]
    [MemberData(nameof(NoSenders))]
    public async Task What_can_be_no_sender_was_not_written_to(string to)
    {
        var list = _server.Services.GetRequiredService<ISuppressionList>();
        await WriteAsync("us", American, "STOP", to);
        var (own, other) = (await IsSilentAsync(American), await IsSilentAsync(American, "OtherBrand"));
        await list.SuppressAsync(PhoneNumber.Parse(American), "OtherBrand", Now, Test);

        await WriteAsync("us", American, "START", to);

        Assert.Equal((true, false), (own, other));
        Assert.Equal(["+1********42 OTHERBRAND"], Rows(await ListAsync("{}")));
    }

    [Fact]
    public async Task A_sender_is_read_with_space_around_it()
    {
        await WriteAsync("us", American, "STOP", " OtherBrand\n");

        Assert.Equal(["+1********42 OTHERBRAND"], Rows(await ListAsync("{}")));
    }

    public static TheoryData<string, string, string, string> LongNumbers => new()
    {
        { "us", "+14165550142", "2025550100", "12025550100" },
        { "us", "+14165550142", "0012025550100", "12025550100" },
        { "us", "+14165550142", "12025550100", "12025550100" },
        { "us", "+14165550142", " +12025550100", "12025550100" },
        { "gb", British, "00447400999888", "447400999888" },
        { "gb", British, "+447400999888", "447400999888" },
    };

    [Theory]
    [MemberData(nameof(LongNumbers))]
    public async Task What_is_said_to_a_number_is_for_the_sender_that_texts_come_from(string gateway, string from, string to, string own)
    {
        await WriteAsync(gateway, from, "STOP", to);
        var (rows, isSilent, another) = (Rows(await ListAsync("{}")), await IsSilentAsync(from, own),
            await IsSilentAsync(from, "OtherBrand"));
        // Kept before senders were compared by their number.
        await _server.Services.GetRequiredService<ISuppressionList>().SuppressAsync(PhoneNumber.Parse(from), to.Trim(), Now, Test);

        await WriteAsync(gateway, from, "START", to);

        Assert.EndsWith(own, Assert.Single(rows), StringComparison.Ordinal);
        Assert.Equal((true, false), (isSilent, another));
        Assert.Empty(Rows(await ListAsync("{}")));
    }

    [Theory]
    [InlineData("2025550100")]
    [InlineData("0012025550100")]
    [InlineData("+12025550100")]
    public async Task What_was_said_to_a_number_is_lifted_however_it_is_written(string sender)
    {
        await WriteAsync("us", "+14165550142", "STOP", "0012025550100");
        await _server.Services.GetRequiredService<ISuppressionList>()
            .SuppressAsync(PhoneNumber.Parse("+14165550142"), "2025550100", Now, Test);

        var lifted = await LiftAsync($$"""{"phoneNumber":"+14165550142","sender":"{{sender}}"}""");

        Assert.Equal((2, 0), (lifted.Json!["lifted"]!.AsArray().Count, lifted.Json["remaining"]!.AsArray().Count));
    }

    [Theory]
    [InlineData("2025550142")]
    [InlineData("12025550142")]
    [InlineData("0012025550142")]
    public async Task A_North_American_number_is_heard_however_the_provider_writes_it(string from)
    {
        Assert.Equal(204, (await WriteAsync("us", from, "STOP")).Status);

        Assert.True(await IsSilentAsync(American));
        Assert.Equal(["+1********42 12345"], Rows(await ListAsync("{}")));
    }

    public static TheoryData<string, string, string> TenDigits => new()
    {
        // New York's 646 and New Zealand, Arkansas' 479 and Norway, Montreal's 514 and Peru, and so on.
        { "US,GB", "6465550142", "+16465550142" },
        { "US", "4797555123", "+14797555123" },
        { "CA", "5142345678", "+15142345678" },
        { "CA", "6045550142", "+16045550142" },
        { "US", "4582345678", "+14582345678" },
        { "US", "2052345678", "+12052345678" },
        { "NZ", "6465550142", "+6465550142" },
        { "NO,GB", "4797555123", "+4797555123" },
        { "PE", "5142345678", "+5142345678" },
        { "US,NO", "4797555123", "+4797555123" },
        { "GB", "4797555123", "+4797555123" },
        // No line of Peru's yet, where as many digits are usual.
        { "CA,PE", "5195550142", "+15195550142" },
        { "PE", "5195550142", "+5195550142" },
    };

    [Theory]
    [MemberData(nameof(TenDigits))]
    public async Task Ten_digits_are_the_line_that_this_server_texts_to(string countries, string from, string expected)
    {
        await using var server = await TestServer.StartAsync(
            settings: new Dictionary<string, string?>(TestServer.Live) { ["Countersign:Countries"] = countries });
        var suppressions = server.Services.GetRequiredService<ISuppressions>();
        var other = expected == "+" + from ? "+1" + from : "+" + from;

        foreach (var (text, isSilent) in (IReadOnlyList<(string, bool)>)[("STOP", true), ("START", false)])
        {
            await server.Services.GetRequiredService<InboundTexts>().TakeAsync(
                server.Gateway.Name, (CallbackReading.Inbound)PersonsText.Read(from, "12345", text, signed: null));

            Assert.Equal(isSilent, await suppressions.IsSuppressedAsync(PhoneNumber.Parse(expected), "12345", Test));
            Assert.False(await suppressions.IsSuppressedAsync(PhoneNumber.Parse(other), "12345", Test));
        }
    }

    [Theory]
    // Both countries have a route, and each gateway its own.
    [InlineData("us", "4797555123", "+14797555123")]
    [InlineData("no", "4797555123", "+4797555123")]
    [InlineData("us", "+4797555123", null)]
    [InlineData("gb", "4797555123", null)]
    public async Task Ten_digits_are_a_line_of_the_gateway_that_brings_them(string gateway, string from, string? expected)
    {
        Assert.Equal(204, (await WriteAsync(gateway, from, "STOP")).Status);

        foreach (var one in (string[])["+4797555123", "+14797555123"])
        {
            Assert.Equal(one == expected, await IsSilentAsync(one));
        }
        Assert.Equal(expected is null ? 1 : 0, _server.Logs.All.Count(line => line.Event.Id == 1740));
    }

    [Fact]
    public async Task Ten_digits_that_nobody_can_have_are_kept_for_nobody_and_in_the_log()
    {
        var reply = await WriteAsync("us", "9995550142", "STOP");

        Assert.Equal(400, reply.Status);
        Assert.Empty(Rows(await ListAsync("{}")));
        var line = Assert.Single(_server.Logs.All, line => line.Event.Id == 1521);
        Assert.Contains("no number that can exist", line.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("5550142", line.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signed_request_is_not_taken_twice()
    {
        var stop = Signed("us", American, "STOP");
        await SendAsync("us", stop);
        await _server.AdvanceAsync(TimeSpan.FromMinutes(1));
        await WriteAsync("us", American, "START");

        var again = await SendAsync("us", stop);

        Assert.Equal((204, false), (again.Status, await IsSilentAsync(American)));
        Assert.Single(_server.Logs.All, line => line.Event.Id == 1741);
    }

    [Fact]
    public async Task The_same_at_the_same_time_from_two_gateways_is_two_requests()
    {
        await WriteAsync("us", American, "STOP");
        await _server.Services.GetRequiredService<ISuppressionList>().LiftAsync(PhoneNumber.Parse(American), null, Test);

        await WriteAsync("spare", American, "STOP");

        Assert.True(await IsSilentAsync(American));
        Assert.DoesNotContain(_server.Logs.All, line => line.Event.Id == 1741);
    }

    [Fact]
    public async Task A_request_is_the_same_whatever_signatures_it_bears()
    {
        var (body, header) = Signed("us", American, "STOP");
        await SendAsync("us", (body, header));
        await _server.Services.GetRequiredService<ISuppressionList>().LiftAsync(PhoneNumber.Parse(American), null, Test);

        await SendAsync("us", (body, header + ",v1=" + new string('0', 64)));

        Assert.False(await IsSilentAsync(American));
        // The same words at another time are another request.
        await _server.AdvanceAsync(TimeSpan.FromSeconds(1));
        await WriteAsync("us", American, "STOP");
        Assert.True(await IsSilentAsync(American));
    }

    [Fact]
    public async Task Who_wants_no_texts_is_listed_masked()
    {
        await WriteAsync("us", American, "STOP");
        await _server.AdvanceAsync(TimeSpan.FromMinutes(1));
        await WriteAsync("gb", British, "revoke", "MyBrand");

        var all = await ListAsync("{}");
        var first = await ListAsync("""{"limit":1}""");
        var one = await ListAsync($$"""{"phoneNumber":"{{American}}"}""");
        var none = await ListAsync("""{"phoneNumber":"+12025550199"}""");
        var without = await _server.AdminAsync(HttpMethod.Post, "/admin/suppressions/list");

        Assert.Equal(["+4*********56 MYBRAND", "+1********42 12345"], Rows(all));
        Assert.Equal((1, false, true), (Rows(first).Count, (bool)first.Json!["isComplete"]!, (bool)all.Json!["isComplete"]!));
        Assert.Equal(["+1********42 12345"], Rows(one));
        Assert.Empty(Rows(none));
        Assert.Equal(all.Body, without.Body);
        Assert.Contains(_server.Logs.All, line => line.Event.Id == 1742);
        Assert.DoesNotContain(_server.Logs.All, line => line.ToString().Contains("2025550142", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_said_is_lifted_for_one_sender_or_for_all()
    {
        var list = _server.Services.GetRequiredService<ISuppressionList>();
        foreach (var sender in (string?[])[Sender, "MyBrand", "Third", null])
        {
            await list.SuppressAsync(PhoneNumber.Parse(American), sender, Now, Test);
        }

        var one = await LiftAsync($$"""{"phoneNumber":"{{American}}","sender":"mybrand"}""");
        var (others, brand) = (await IsSilentAsync(American), await IsSilentAsync(American, "MyBrand"));
        var all = await LiftAsync($$"""{"phoneNumber":"{{American}}"}""");
        var again = await LiftAsync($$"""{"phoneNumber":"{{American}}"}""");

        Assert.Equal((2, 2), (one.Json!["lifted"]!.AsArray().Count, one.Json["remaining"]!.AsArray().Count));
        Assert.Equal((true, false), (others, brand));
        Assert.Equal((2, 0), (all.Json!["lifted"]!.AsArray().Count, all.Json["remaining"]!.AsArray().Count));
        Assert.Equal("""{"lifted":[],"remaining":[]}""", again.Body);
        Assert.False(await IsSilentAsync(American));
        Assert.Equal(["2", "2", "0"],
            _server.Logs.All.Where(line => line.Event.Id == 1743).Select(line => line.Text.Split(" lifted ")[1].Split(' ')[0]));
        Assert.DoesNotContain(_server.Logs.All, line => line.ToString().Contains("2025550142", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("list", """{"limit":0}""", "field 'limit' is invalid: must be a whole number from 1 to 1000")]
    [InlineData("list", """{"phoneNumber":"Lori"}""", "field 'phoneNumber' is invalid: must be a number with its country code")]
    [InlineData("lift", """{"sender":"MyBrand"}""", "field 'phoneNumber' is missing")]
    [InlineData("lift", """{"phoneNumber":"+12025550142","sender":"much too long a name"}""",
        "field 'sender' is invalid: must be a name of 1 to 11 characters of A-Z a-z 0-9 space - _ & . with at least one letter, or a "
            + "number of 3 to 15 digits with or without + before it")]
    public async Task Every_bad_field_is_named(string what, string body, string message)
    {
        var reply = await _server.AdminAsync(HttpMethod.Post, $"/admin/suppressions/{what}", body);

        Assert.Equal($"400 8001 {message}", reply.Fault);
    }

    private DateTimeOffset Now => _server.Services.GetRequiredService<TimeProvider>().GetUtcNow();

    private Task<bool> IsSilentAsync(string number, string sender = Sender) =>
        _server.Services.GetRequiredService<ISuppressions>().IsSuppressedAsync(PhoneNumber.Parse(number), sender, Test);

    private Task<Reply> WriteAsync(string gateway, string from, string text, string? to = Sender) =>
        SendAsync(gateway, Signed(gateway, from, text, to));

    private (string Body, string Header) Signed(string gateway, string from, string text, string? to = Sender)
    {
        var body = new JsonObject { ["from"] = from, ["to"] = to, ["text"] = text }.ToJsonString();
        return (body, Signature.Sign(
            new SignedPlace("inbound", $"/gateways/{gateway}/inbound"), Encoding.UTF8.GetBytes(body), Now, [1], [_secrets[gateway]]));
    }

    private async Task<Reply> SendAsync(string gateway, (string Body, string Header) signed)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, $"/gateways/{gateway}/inbound") { Content = TestServer.Json(signed.Body) };
        request.Headers.TryAddWithoutValidation(Signature.Header, signed.Header);
        return await _server.SendAsync(request);
    }

    private Task<Reply> ListAsync(string body) => _server.AdminAsync(HttpMethod.Post, "/admin/suppressions/list", body);

    private Task<Reply> LiftAsync(string body) => _server.AdminAsync(HttpMethod.Post, "/admin/suppressions/lift", body);

    private static List<string> Rows(Reply reply) =>
        [.. reply.Json!["suppressions"]!.AsArray().Select(row => $"{row!["phoneNumber"]} {row["sender"]}")];
}
