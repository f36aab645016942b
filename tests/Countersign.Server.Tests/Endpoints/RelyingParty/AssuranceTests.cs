using System.Text.Json.Nodes;
using Countersign.Core.Projects;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Endpoints.RelyingParty;

/// <summary>Who asks for it is told how a flow's answer came about; who does not is told what they always were.</summary>
public sealed class AssuranceTests(OnSqlite fixture, LiveServer live) : IClassFixture<OnSqlite>, IClassFixture<LiveServer>
{
    private const string Number = "2001009002";

    private static readonly JsonObject _asked = new() { ["assurance"] = true };

    private TestServer Server => fixture.Server;

    [Fact]
    [Trait("attack", "S11")]
    public async Task A_code_is_no_proof_against_phishing_and_says_so()
    {
        var flow = await Server.BeginAsync("mobile", Number, _asked);
        var page = await Server.AskForTextAsync(flow);
        var before = await Server.StatusAsync(flow.Id);
        await page.Enter("1234");

        var after = await Server.StatusAsync(flow.Id);

        Assert.Null(before.Json!["assurance"]);
        Assert.Equal(
            """{"method":"otp","channel":"text","binding":"code","phishingResistant":false,"simSwap":"unknown","line":"unknown"}""",
            Told(after));
    }

    // Whoever talks the person into it gets the link confirmed, and the digits typed.
    [Theory]
    [Trait("attack", "L05")]
    [InlineData(LinkConfirmation.Tap, "tap")]
    [InlineData(LinkConfirmation.Match, "digits")]
    public async Task A_link_is_none_either_with_digits_or_without(LinkConfirmation confirmation, string binding)
    {
        var shop = await Server.AddProjectAsync($"shop-{binding}", new ProjectSettings { LinkConfirmation = confirmation });
        var flow = await Server.BeginAsync("desktop", Number, _asked, shop);
        var begun = await Server.Browser(flow.AuthToken!).Post("mobile/instantlink/start");
        await Server.ConfirmLinkAsync(
            (await Server.LastMessageAsync(Number)).Link!, confirmation == LinkConfirmation.Match ? Digits(flow, begun) : null);

        var reply = await Server.StatusAsync(flow.Id, shop);

        Assert.Equal("success", reply.Text("possessionResult"));
        Assert.Equal(
            ("instant-link", "text", binding, false),
            (Word(reply, "method"), Word(reply, "channel"), Word(reply, "binding"), (bool)reply.Json!["assurance"]!["phishingResistant"]!));
    }

    [Fact]
    public async Task A_key_of_the_browser_is_proof_against_phishing()
    {
        using var key = new DeviceKey();
        var first = await Server.BeginUnifyAsync("mobile", "2001004014");
        await key.RegisterAsync(Server.Browser(first.AuthToken!));
        await Server.ProveByCodeAsync(first);
        var second = await Server.BeginUnifyAsync("mobile", "2001004014", _asked);
        await key.ProveAsync(Server.Browser(second.AuthToken!));

        var (asked, unasked) = (await Server.UnifyStatusAsync(second.Id), await Server.UnifyStatusAsync(first.Id));

        Assert.Equal("true", asked.Text("success"));
        Assert.Equal(
            ("device-key", "browser", "key", true),
            (Word(asked, "method"), Word(asked, "channel"), Word(asked, "binding"), (bool)asked.Json!["assurance"]!["phishingResistant"]!));
        Assert.Null(unasked.Json!["assurance"]);
    }

    [Fact]
    public async Task A_pre_fill_tells_it_when_possession_is_proven()
    {
        var flow = await Server.BeginPreFillAsync("2001004009", more: _asked);
        var pending = await Server.ValidateAsync(flow.Id);
        await (await Server.AskForTextAsync(flow)).Enter("1234");

        var proven = await Server.ValidateAsync(flow.Id);

        Assert.Null(pending.Json!["assurance"]);
        Assert.Equal(("otp", "code"), (Word(proven, "method"), Word(proven, "binding")));
    }

    [Fact]
    public async Task Without_a_possession_check_no_method_is_told_and_the_rest_is_in_the_answer_at_once()
    {
        var asked = await Server.BeginAsync("none", Number, _asked);
        var unasked = await Server.BeginAsync("none", Number, new JsonObject { ["assurance"] = false });
        var wrong = await Server.VerifyAsync(TestServer.VerifyBody("none", Number, new JsonObject { ["assurance"] = "yes" }));

        Assert.Equal("""{"simSwap":"unknown","line":"unknown"}""", Told(asked.Reply));
        Assert.Null(unasked.Reply.Json!["assurance"]);
        Assert.Equal("400 8001 field 'assurance' is invalid: must be true or false", wrong.Fault);
    }

    // What the plan knows to be a service on the internet begins no flow; what it cannot tell is flagged.
    [Fact]
    [Trait("attack", "I06")]
    public async Task In_Live_a_range_of_internet_services_is_refused_and_a_kind_that_is_not_known_is_flagged()
    {
        var voip = await live.Server.VerifyAsync(TestServer.VerifyBody("none", "+445612345678", _asked), live.Shop);
        var unknown = await live.Server.VerifyAsync(TestServer.VerifyBody("none", "+12025550142", _asked), live.Shop);
        var mobile = await live.Server.VerifyAsync(TestServer.VerifyBody("none", "+447400123456", _asked), live.Shop);

        Assert.StartsWith("400 8001 field 'phoneNumber' is invalid: is a VoIP number", voip.Fault, StringComparison.Ordinal);
        Assert.Equal(("fixed-or-mobile", "mobile"), (Word(unknown, "line"), Word(mobile, "line")));
    }

    private static string Digits(Begun flow, JsonNode begun) =>
        (string?)begun["data"]?["matchCode"] ?? (string)Base64Url.Read(flow.AuthToken!.Split('.')[1])["matchCode"]!;

    private static string? Told(Reply reply) => reply.Json!["assurance"]?.ToJsonString();

    private static string? Word(Reply reply, string name) => (string?)reply.Json!["assurance"]![name];
}
