using System.Text.Json.Nodes;
using Countersign.EndToEnd.Tests.Fixtures;

namespace Countersign.EndToEnd.Tests.Attacks;

/// <summary>Nobody has the server send what a phone would make a link, a call or a scheme of.</summary>
public abstract class WordingTests(ConfiguredServer server)
{
    private const string Link = "contains a link of its own";
    private const string Hidden = "contains control characters";
    private const string Call = "contains a telephone number";

    public static TheoryData<string, string> Refused => new()
    {
        { "evil.com/login", Link }, { "evil.com", Link }, { "evil.xn--p1ai/login", Link }, { "пример.рф/в", Link },
        { "10.1.2.3/x", Link },
        { "10.1.2.3", Link }, { "[2001:db8::1]/x", Link }, { "evil.com?x=1", Link }, { "evil.com:8080", Link }, { "evil.example/x", Link },
        { "evil\u3002com/x", Link }, { "evil\uFF0Ecom", Link }, { "evil\uFF61com", Link }, { "\uFF45\uFF56\uFF49\uFF4C.com/x", Link },
        { "evil.com\u200D/x", Link }, { "ev\u00ADil.com", Hidden }, { "evil.c\u200Bom", Hidden }, { "whatsapp:send", Link },
        { "javascript:alert", Link }, { "tel:911", Link }, { "http://x", Link }, { "hxxps://evil.com", Link }, { "WWW.evil", Link },
        { "help@evil.de", Link }, { "intranet.corp:8443", Link }, { "\U0001F600.com", Link },
        { "Call +1 900 555 0142", Call }, { "Call 1 (900) 555-0142", Call },
        { "\u0661\u0669\u0660\u0660\u0665\u0665\u0665\u0660\u0661\u0664\u0662", Call },
        { "9 0 0 5 5 5 0 1 4 2", Call }, { "900[555]~0142", Call },
    };

    public static TheoryData<string> Accepted =>
    [
        "{0} is your code.", "Your Shop code is {0}. Never read it to anyone.", "Code: {0}", "Shop 2026: {0} until 14:30",
        "Go to shop.example: {0}",
        "Dr. Smith sends {0}",
    ];

    [Theory, MemberData(nameof(Refused))]
    [Trait("attack", "L13")]
    public async Task A_call_brings_no_link_and_no_number_to_call(string text, string reason)
    {
        var shop = await server.ClientAsync("shop");
        foreach (var (path, type, placeholder) in (
            (string, string, string)[])
            [("/v3/verify", "mobile", "######"), ("/v3/start", "desktop", "####"), ("/v3/unify", "mobile", "######")])
        {
            var number = server.NextNumber();

            var refused = await shop.PostAsync(path, Body(type, number, $"{placeholder} {text}"));
            var alsoBefore = await shop.PostAsync(path, Body(type, number, $"{text} {placeholder}"));

            Assert.Equal($"400 8001 field 'smsMessage' is invalid: {reason}", refused.Fault);
            Assert.Equal(refused.Fault, alsoBefore.Fault);
        }
    }

    [Fact]
    [Trait("attack", "L13")]
    public async Task Nor_does_a_project()
    {
        var project = await server.ProjectAsync();

        foreach (var (text, _) in Refused.Select(row => row.Data))
        {
            foreach (var (setting, wording) in ((string, string)[])[("otpText", $"{text} ######"), ("linkText", $"{text} ####")])
            {
                var refused = await server.AdminAsync(
                    HttpMethod.Patch, $"/admin/projects/{project.Project}", new JsonObject { [setting] = wording });
                Assert.True(refused.Status == 400, $"{setting} {wording}: {refused}");
                Assert.Contains(setting, refused.Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory, MemberData(nameof(Accepted))]
    public async Task What_people_write_is_sent_as_it_is(string format)
    {
        var (shop, number) = (await server.ClientAsync("shop"), server.NextNumber());
        using var flow = await shop.BeginAsync(
            "/v3/verify", Body("mobile", number, format.Replace("{0}", "######", StringComparison.Ordinal)));

        await flow.AskForCodeAsync();

        var text = Assert.Single(server.Texts(number));
        Assert.Equal(format.Replace("{0}", (string)text["proof"]!, StringComparison.Ordinal), (string?)text["text"]);
    }

    [Theory]
    [InlineData("mobile")]
    [InlineData("desktop")]
    public async Task A_text_without_a_wording_of_its_own_says_who_asks(string flowType)
    {
        var (project, number) = (await server.ProjectAsync(), server.NextNumber());
        using var flow = await project.BeginAsync("/v3/start", new
        {
            flowType, phoneNumber = number, finalTargetUrl = flowType == "desktop" ? ConfiguredServer.Target : null,
        });

        await flow.PostAsync("mobile/instant/start");
        await flow.PostAsync(flowType == "desktop" ? "mobile/instantlink/start" : "mobile/otp/start");

        Assert.Contains(project.Project, (string?)Assert.Single(server.Texts(number))["text"], StringComparison.Ordinal);
    }

    private static JsonObject Body(string type, string number, string text) => new()
    {
        ["flowType"] = type, ["phoneNumber"] = number, ["firstName"] = "Lori", ["lastName"] = "Montgomery", ["smsMessage"] = text,
        ["finalTargetUrl"] = type == "desktop" ? ConfiguredServer.Target : null,
    };
}

[Collection<OnConfiguredSqlite>]
public sealed class WordingOnSqlite(ConfiguredSqlite server) : WordingTests(server);

[Collection<OnConfiguredPostgres>]
[Trait("tier", "long")]
public sealed class WordingOnPostgres(ConfiguredPostgres server) : WordingTests(server);
