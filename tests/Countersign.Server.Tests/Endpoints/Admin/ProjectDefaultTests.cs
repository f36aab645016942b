using System.Text.Json.Nodes;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Endpoints.Admin;

/// <summary>What null means in a change of a project, member by member, on the sandbox and in Live.</summary>
public sealed class ProjectDefaultTests(ProjectDefaultTests.Servers servers) : IClassFixture<ProjectDefaultTests.Servers>
{
    private static readonly (string Member, string Value)[] _members =
    [
        ("name", "\"Shop\""), ("errorCodes", "\"legacy\""), ("linkConfirmation", "\"match\""), ("startShape", "\"identity\""),
        ("passkeys", "\"required\""), ("webOtpHost", "\"shop.example\""), ("webOrigins", """["https://shop.example"]"""),
        ("targetUrls", """["https://shop.example/done"]"""), ("otpText", "\"Code ######\""), ("linkText", "\"Link ####\""),
        ("allowedWords", """["shop.com"]"""), ("countries", """["US"]"""), ("namePolicy", "\"strict\""),
        ("identityReasons", "\"full\""), ("oneCall", """["prefill"]"""), ("disclosesSsn", "true"), ("numberChange", "\"on\""),
        ("deviceNotice", "\"off\""), ("guessProbability", "0.0002"), ("caps", """{"perDay":50,"currency":"USD"}"""),
        ("risk", """{"simSwap":"refuse","refusesUnknown":true}"""),
    ];

    public static TheoryData<bool, string, string> Members
    {
        get
        {
            var rows = new TheoryData<bool, string, string>();
            foreach (var (member, value) in _members)
            {
                rows.Add(true, member, value);
                // The sandbox's texts have no prices.
                if (member != "caps")
                {
                    rows.Add(false, member, value);
                }
            }
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Members))]
    public async Task Null_gives_a_member_what_a_new_project_has(bool isLive, string member, string value)
    {
        var server = isLive ? servers.Live : servers.Sandbox;
        var id = $"d-{Guid.NewGuid():N}";
        var made = await server.AdminAsync(HttpMethod.Post, "/admin/projects", $$"""{"id":"{{id}}","linkConfirmation":"tap"}""");

        var set = await ChangeAsync($$"""{"{{member}}":{{value}}}""");
        var unset = await ChangeAsync($$"""{"{{member}}":null}""");

        Assert.Equal((201, 200), (made.Status, set.Status));
        Assert.NotEqual(made.Body, set.Body);
        if (isLive && member == "linkConfirmation")
        {
            Assert.StartsWith("400 8001 field 'linkConfirmation' is missing: tap (", unset.Fault, StringComparison.Ordinal);
            Assert.Equal(set.Body, (await server.AdminAsync(HttpMethod.Get, $"/admin/projects/{id}")).Body);
            return;
        }
        Assert.Equal(made.Body, unset.Body);
        if (member == "name")
        {
            Assert.Equal(id, unset.Text("name"));
        }

        Task<Reply> ChangeAsync(string body) => server.AdminAsync(HttpMethod.Patch, $"/admin/projects/{id}", body);
    }

    [Theory]
    [InlineData("""{"risk":{"simSwap":null}}""", """{"simSwap":"report","recycled":"refuse","refusesUnknown":true}""")]
    [InlineData("""{"risk":{"refusesUnknown":null}}""", """{"simSwap":"refuse","recycled":"refuse","refusesUnknown":false}""")]
    [InlineData("""{"risk":{"simSwap":null,"recycled":null,"refusesUnknown":null}}""",
        """{"simSwap":"report","recycled":"report","refusesUnknown":false}""")]
    [InlineData("""{"caps":{"perDay":null,"perMonth":7,"currency":"USD"}}""", """{"perMonth":7,"currency":"USD"}""")]
    [InlineData("""{"caps":{"perDay":7,"currency":"USD"}}""", """{"perDay":7,"currency":"USD"}""")]
    public async Task Null_within_a_member_gives_that_part_its_default(string change, string expected)
    {
        var id = $"p-{Guid.NewGuid():N}";
        await servers.Live.AdminAsync(
            HttpMethod.Post, "/admin/projects",
            $$$"""
            {"id":"{{{id}}}","linkConfirmation":"tap","risk":{"simSwap":"refuse","recycled":"refuse","refusesUnknown":true},
             "caps":{"perDay":5,"perMonth":50,"currency":"USD"}}
            """);

        var reply = await servers.Live.AdminAsync(HttpMethod.Patch, $"/admin/projects/{id}", change);

        var parts = JsonNode.Parse(expected)!.AsObject();
        var shown = reply.Json![JsonNode.Parse(change)!.AsObject().First().Key]!.AsObject();
        Assert.Equal(
            expected,
            new JsonObject(shown.Where(part => parts.ContainsKey(part.Key) || part.Key.StartsWith("per", StringComparison.Ordinal))
                .Select(part => KeyValuePair.Create(part.Key, part.Value?.DeepClone()))).ToJsonString());
    }

    [Fact]
    public async Task Null_where_nothing_can_be_its_default_is_refused_by_name()
    {
        var reply = await servers.Sandbox.AdminAsync(
            HttpMethod.Patch, "/admin/projects/sandbox/clients/x", """{"jwks":null}""");
        var caps = await servers.Sandbox.AdminAsync(
            HttpMethod.Patch, "/admin/projects/sandbox", """{"caps":{"perDay":5,"currency":null}}""");

        Assert.Equal("400 8001 field 'jwks' is missing", reply.Fault);
        Assert.Equal("400 8001 field 'caps.currency' is missing", caps.Fault);
    }

    [Fact]
    public async Task An_empty_text_takes_an_own_wording_away_as_null_does()
    {
        await servers.Sandbox.AdminAsync(
            HttpMethod.Post, "/admin/projects",
            """{"id":"emptied","otpText":"Code ######","linkText":"Link ####","webOtpHost":"shop.example"}""");

        var reply = await servers.Sandbox.AdminAsync(
            HttpMethod.Patch, "/admin/projects/emptied", """{"otpText":"","linkText":"","webOtpHost":""}""");

        Assert.Equal(
            (200, null, null, null),
            (reply.Status, reply.TextOrNull("otpText"), reply.TextOrNull("linkText"), reply.TextOrNull("webOtpHost")));
    }

    [Fact]
    public async Task The_document_has_every_member_with_null_and_its_default()
    {
        var document = (await Reply.ReadAsync(await servers.Sandbox.Client.GetAsync(
            "/openapi/admin.json", TestContext.Current.CancellationToken))).Json!;

        var members = document["components"]!["schemas"]!["ChangeProjectRequest"]!["properties"]!.AsObject();

        Assert.Equal(_members.Select(row => row.Member), members.Select(member => member.Key));
        Assert.All(members, member =>
        {
            Assert.Contains("null", member.Value!["type"]!.AsArray().Select(type => (string?)type));
            Assert.Matches("`null`: .+\\.$", (string)member.Value["description"]!);
        });
    }

    /// <summary>A sandbox, and a server in Live with a price list.</summary>
    public sealed class Servers : IAsyncLifetime
    {
        private readonly TemporaryFolder _folder = new();

        public TestServer Sandbox { get; private set; } = null!;

        public TestServer Live { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            var prices = _folder.File("prices.csv");
            await File.WriteAllTextAsync(
                prices, "gateway,country,price,currency\ntest,US,0.01,USD\n", TestContext.Current.CancellationToken);
            Sandbox = await TestServer.StartAsync();
            Live = await TestServer.StartAsync(
                settings: new Dictionary<string, string?>(TestServer.Live) { ["Countersign:Prices"] = prices });
        }

        public async ValueTask DisposeAsync()
        {
            await Sandbox.DisposeAsync();
            await Live.DisposeAsync();
            _folder.Dispose();
        }
    }
}
