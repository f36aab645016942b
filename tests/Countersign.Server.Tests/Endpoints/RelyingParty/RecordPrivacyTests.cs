using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Core.Projects;
using Countersign.Server.Hosting;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Endpoints.RelyingParty;

/// <summary>In Live nobody learns who is on record without having shown that they hold the phone.</summary>
public abstract class RecordPrivacyTests(ServerFixture fixture) : IAsyncLifetime
{
    private const string OnRecord = "+12025550142";
    private const string NotOnRecord = "+12025550143";

    private TestServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await fixture.StartAsync(new Dictionary<string, string?>(TestServer.Live) { ["Countersign:Countries"] = "US" });
        await _server.AddProjectAsync("shop");
        await _server.AdminAsync(HttpMethod.Post, "/admin/records/imports",
            """{"source":"crm","format":"csv","columns":["phone","given_name","family_name"]}""");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/admin/records/imports/1/lines?firstLine=1")
        {
            Content = new StringContent($"{OnRecord},Lori,Montgomery\n", Encoding.UTF8, "text/csv"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestServer.AdminKey);
        Assert.Equal(200, (await _server.SendAsync(request)).Status);
        await _server.AdminAsync(HttpMethod.Post, "/admin/records/imports/1/commit");
        await _server.Services.GetRequiredService<RecordUpkeep>().CatchUpAsync(default);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Assurance_names_the_rule_and_its_version_of_a_match_and_does_not_tell_who_is_on_record()
    {
        var project = await _server.AddProjectAsync("shop");
        var asked = new JsonObject { ["assurance"] = true };

        var right = await _server.VerifyAsync(TestServer.VerifyBody("none", OnRecord, asked), project);
        asked["firstName"] = "Anna";
        var another = await _server.VerifyAsync(TestServer.VerifyBody("none", OnRecord, asked), project);
        var nobody = await _server.VerifyAsync(TestServer.VerifyBody("none", NotOnRecord, asked), project);

        Assert.Equal("""{"rule":"exact","score":100,"matcher":2}""", right.Json!["assurance"]!["names"]!.ToJsonString());
        Assert.Equal(another.Json!["assurance"]!.ToJsonString(), nobody.Json!["assurance"]!.ToJsonString());
        Assert.Equal("""{"rule":"no-record-or-other-name"}""", nobody.Json!["assurance"]!["names"]!.ToJsonString());
    }

    [Theory]
    [Trait("attack", "D04")]
    [InlineData("Anna", "Montgomery")]
    [InlineData("Lori", "Smith")]
    [InlineData("L", "Montgomery")]
    [InlineData("राजेश", "Montgomery")]
    [InlineData("L*", "Montgomery")]
    public async Task Another_name_and_no_record_are_one_answer(string given, string family)
    {
        var project = await _server.AddProjectAsync("shop");

        var (another, none) = (await VerifyAsync(OnRecord, given, family, project), await VerifyAsync(NotOnRecord, given, family, project));

        Assert.Equal(
            """{"identification":{"result":"fail","failureReasons":{"9014":"name mismatch"}}}""", another["evaluation"]!.ToJsonString());
        Assert.Equal(Without(another), Without(none));
        var statuses = (await StatusAsync(another, project), await StatusAsync(none, project));
        Assert.Equal(Without(statuses.Item1), Without(statuses.Item2));
        Assert.Equal(another["evaluation"]!.ToJsonString(), statuses.Item1["evaluation"]!.ToJsonString());
    }

    [Theory]
    [InlineData("verifiedUser")]
    [InlineData("accountOpening")]
    public async Task They_are_in_one_call_too_and_in_batches(string type)
    {
        var project = await _server.AddProjectAsync("shop", TestServer.Permissive);

        var (another, none) = (await OneCallAsync(type, OnRecord, "Anna", project), await OneCallAsync(type, NotOnRecord, "Anna", project));
        var batch = await _server.PostAsync(
            "/v3/verify/batch", $$"""{"items":[{{Item(type, OnRecord, "Anna")}},{{Item(type, NotOnRecord, "Anna")}}]}""", project);

        Assert.Equal(
            ("AL0", """["AL0a"]"""),
            ((string?)another["assuranceLevel"] ?? (string?)another["identity"]!["assuranceLevel"],
                another["identity"]!["reasons"]!.ToJsonString()));
        Assert.Equal(
            """{"identification":{"result":"fail","failureReasons":{"9014":"name mismatch"}}}""", another["evaluation"]!.ToJsonString());
        Assert.Equal(Without(another), Without(none));
        Assert.False(another.ContainsKey("proveId") || another.ContainsKey("isEnrolled"));
        Assert.Equal(Without(batch.Json!["results"]![0]!.AsObject()), Without(batch.Json["results"]![1]!.AsObject()));
    }

    [Fact]
    public async Task A_project_that_has_chosen_so_is_told_the_reasons()
    {
        var project = await _server.AddProjectAsync("shop", TestServer.Permissive with { IdentityReasons = IdentityReasons.Full });

        Assert.Contains("9014", (await VerifyAsync(OnRecord, "Anna", "Montgomery", project)).ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("9003", (await VerifyAsync(NotOnRecord, "Anna", "Montgomery", project)).ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("AL0b", (await OneCallAsync("verifiedUser", OnRecord, "Anna", project)).ToJsonString(), StringComparison.Ordinal);
        Assert.Contains(
            "9003", (await OneCallAsync("verifiedUser", NotOnRecord, "Anna", project)).ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(OnRecord, "9014")]
    [InlineData(NotOnRecord, "9003")]
    public async Task After_possession_the_reasons_are_told(string number, string reason)
    {
        var project = await _server.AddProjectAsync("shop");
        var begun = await _server.BeginAsync(
            "mobile", number, new JsonObject { ["firstName"] = "Anna", ["lastName"] = "Montgomery" }, project);
        var browser = _server.Browser(begun.AuthToken!);
        await browser.Post("mobile/instant/start");
        await browser.Post("mobile/otp/start");
        var code = string.Concat(_server.Gateway.Submissions[^1].Text.Text.Reveal().TakeWhile(char.IsAsciiDigit));

        await browser.Post("mobile/otp/finish", $$"""{"otp":"{{code}}"}""");

        var status = await _server.StatusAsync(begun.Id, project);
        Assert.Equal("false success failed", status.Outcome);
        Assert.Contains(reason, status.Json!["evaluation"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(NamePolicy.Standard, "Lori", "true")]
    [InlineData(NamePolicy.Standard, "L", "false")]
    [InlineData(NamePolicy.Lenient, "L", "false")]
    [InlineData(NamePolicy.Lenient, "L.", "false")]
    [InlineData(NamePolicy.Lenient, "\uFF2C", "false")]
    [InlineData(NamePolicy.Strict, "L", "false")]
    public async Task One_letter_is_no_name_where_no_phone_was_shown(NamePolicy policy, string given, string success)
    {
        var project = await _server.AddProjectAsync("shop", TestServer.Permissive with { NamePolicy = policy });

        Assert.Equal(success, (string?)(await VerifyAsync(OnRecord, given, "Montgomery", project))["success"]);
        Assert.Equal(success, (string?)(await OneCallAsync("verifiedUser", OnRecord, given, project))["success"]);
    }

    private async Task<JsonObject> VerifyAsync(string number, string given, string family, Credentials project) =>
        (await _server.BeginAsync(
            "none", number, new JsonObject { ["firstName"] = given, ["lastName"] = family }, project)).Reply.Json!.AsObject();

    private async Task<JsonObject> StatusAsync(JsonObject verified, Credentials project) =>
        (await _server.StatusAsync((string)verified["correlationId"]!, project)).Json!.AsObject();

    private async Task<JsonObject> OneCallAsync(string type, string number, string given, Credentials project) =>
        (await _server.VerifyAsync(Item(type, number, given), project)).Json!.AsObject();

    private static string Item(string type, string number, string given) =>
        $$"""{"verificationType":"{{type}}","phoneNumber":"{{number}}","firstName":"{{given}}","lastName":"Montgomery"}""";

    /// <summary>An answer without what names it or its number.</summary>
    private static string Without(JsonObject answer)
    {
        var copy = answer.DeepClone().AsObject();
        foreach (var name in (string[])["correlationId", "phoneNumber", "provePhoneAlias"])
        {
            copy.Remove(name);
        }
        return copy.ToJsonString();
    }
}

public sealed class RecordPrivacyOnSqlite(OnSqlite fixture) : RecordPrivacyTests(fixture), IClassFixture<OnSqlite>;

[Trait("tier", "long")]
public sealed class RecordPrivacyOnPostgres(OnPostgres fixture) : RecordPrivacyTests(fixture), IClassFixture<OnPostgres>;
