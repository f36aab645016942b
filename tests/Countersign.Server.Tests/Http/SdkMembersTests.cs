using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Projects;
using Countersign.Server.Hosting;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Http;

/// <summary>
/// What two generations of published server SDKs read as required in answers, held against the raw JSON of this server: a strict language throws
/// when such a member is missing, a lenient one hands out an empty value.
/// </summary>
public abstract class SdkMembersTests(SdkAnswers answers)
{
    private const string None = "";

    /// <param name="Answer">The SDKs' own name of the answer, or of an entry of a list in one.</param>
    /// <param name="Of2025">What the generation of autumn 2025 requires; null where it has no such answer.</param>
    /// <param name="Of2026">What that of 2026 requires; null where it has no such answer.</param>
    /// <param name="Lists">Lists that neither requires and this server sends all the same, empty too.</param>
    private sealed record Row(string Answer, string? Of2025, string? Of2026, string Lists = None);

    private static readonly Row[] _rows =
    [
        new("FetchResult", null, "attributeId attributeValue issuerId"),
        new("GetBatchIdentityItem", None, None),
        new("Identity", null, "assuranceLevel reasons"),
        new("IdentityItem", "clientName identityId pcid", "clientName identityId pcid"),
        new("LinkedFrom", None, None, "scopes"),
        new("LinkedTo", None, None, "scopes"),
        new("LookupIdentityItem", "phoneNumber", "phoneNumber"),
        new("PostBatchResultItem", None, None),
        new("Result", null, None),
        new("V3ActivateIdentityResponse", "success", "success"),
        new("V3BatchEnrollIdentitiesResponse", None, None, "results"),
        new("V3BatchGetIdentitiesResponse", "results", "results"),
        new("V3ChallengeResponse", "next success", "next success"),
        new("V3CompleteResponse", "next success", "next success"),
        new("V3CrossDomainIdentityResponse", "count identites", "count identities"),
        new("V3DeactivateIdentityResponse", "success", "success"),
        new("V3DeviceRevokeResponse", null, "success"),
        new("V3DiscoverResponse", null, None, "results"),
        new("V3DisenrollIdentityResponse", "success", "success"),
        new("V3DomainConfirmLinkResponse", "success", "success"),
        new("V3DomainIDResponse", "name pcid", "issuerId name pcid"),
        new("V3DomainLinkResponse", "success", "success"),
        new("V3DomainLinkedResponse", None, None, "linkedFrom linkedTo requestsFrom requestsTo"),
        new("V3DomainUnlinkResponse", "success", "success"),
        new("V3EnrollIdentityResponse", "identityId success", "proveId success"),
        new("V3FetchResponse", null, "results"),
        new("V3GetIdentitiesByPhoneNumberResponse", None, None, "items"),
        new("V3GetIdentityResponse", "phoneNumber", "phoneNumber"),
        new("V3StartResponse", "authToken correlationId next", "authToken correlationId next"),
        new("V3TokenResponse", "access_token expires_in token_type", "access_token expires_in token_type"),
        new("V3UnifyBindResponse", "phoneNumber success", "success"),
        new("V3UnifyResponse", "correlationId success", "correlationId success"),
        new("V3UnifyStatusResponse", "phoneNumber success", "success"),
        new("V3ValidateResponse", "challengeMissing next success", "challengeMissing next success"),
        new("V3VerifyBatchResponse", null, "correlationId", "results"),
        // One path, two contracts: that of 2025 sends possessionType and gets the answer of two calls, that of 2026 verificationType and that of one.
        new("V3VerifyResponse in two calls", "correlationId possessionResult success verifyResult", null),
        new("V3VerifyResponse in one call", null, "correlationId phoneNumber success"),
        new("V3VerifyStatusResponse", "possessionResult success verifyResult", null),
        new("VerifyBatchResultItem", null, "assuranceLevel clientCustomerId phoneNumber success"),
    ];

    /// <summary>Answers that name an enrolled person: each by both names of the id, the same value.</summary>
    private static readonly string[] _enrolled =
        ["V3EnrollIdentityResponse", "PostBatchResultItem", "GetBatchIdentityItem", "V3GetIdentityResponse", "LookupIdentityItem"];

    public static TheoryData<string> Rows { get; } = [.. _rows.Select(row => row.Answer)];

    public static TheoryData<string> Enrolled { get; } = [.. _enrolled];

    [Theory]
    [MemberData(nameof(Rows))]
    public void What_either_generation_reads_as_required_is_there(string answer)
    {
        var row = _rows.Single(row => row.Answer == answer);

        var raw = answers.Of(answer);

        Assert.NotEmpty(raw);
        foreach (var name in $"{row.Of2025} {row.Of2026}".Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            Assert.All(raw, json => Assert.True(json[name] is not null, $"{answer} lacks {name}: {json.ToJsonString()}"));
        }
        Assert.All(row.Lists.Split(' ', StringSplitOptions.RemoveEmptyEntries), name => Assert.All(raw, json => Assert.IsType<JsonArray>(json[name])));
    }

    [Theory]
    [MemberData(nameof(Enrolled))]
    public void An_enrolled_person_is_named_by_both_names_of_the_id(string answer)
    {
        // An item of a batch that was refused has neither.
        var raw = answers.Of(answer).Where(json => json["error"] is null).ToList();

        Assert.NotEmpty(raw);
        Assert.All(raw, json => Assert.Equal((string)json["proveId"]!, (string?)json["identityId"]));
    }

    [Fact]
    public void Linked_identities_are_the_same_list_in_both_spellings()
    {
        var raw = answers.Of("V3CrossDomainIdentityResponse");

        Assert.Equal([0, 1], raw.Select(json => (int)json["count"]!).Order());
        Assert.All(raw, json => Assert.Equal(json["identities"]!.ToJsonString(), json["identites"]!.ToJsonString()));
        Assert.All(raw, json => Assert.Equal((int)json["count"]!, json["identities"]!.AsArray().Count));
    }

    [Theory]
    [InlineData("V3FetchResponse", "results")]
    [InlineData("V3DiscoverResponse", "results")]
    [InlineData("V3BatchGetIdentitiesResponse", "results")]
    [InlineData("V3GetIdentitiesByPhoneNumberResponse", "items")]
    [InlineData("V3DomainLinkedResponse", "linkedTo")]
    [InlineData("V3DomainLinkedResponse", "linkedFrom")]
    [InlineData("V3DomainLinkedResponse", "requestsTo")]
    [InlineData("V3DomainLinkedResponse", "requestsFrom")]
    public void A_list_was_looked_at_empty_and_not(string answer, string list)
    {
        var lengths = answers.Of(answer).Select(json => json[list]!.AsArray().Count).ToList();

        Assert.Contains(0, lengths);
        Assert.Contains(lengths, length => length > 0);
    }
}

public sealed class SdkMembersInSandbox(SandboxSdkAnswers answers) : SdkMembersTests(answers), IClassFixture<SandboxSdkAnswers>;

public sealed class SdkMembersInLive(LiveSdkAnswers answers) : SdkMembersTests(answers), IClassFixture<LiveSdkAnswers>;

/// <summary>Raw answers of every call that the SDKs know, in each of the shapes they come in, by the SDKs' names.</summary>
public abstract class SdkAnswers : IAsyncLifetime
{
    private readonly Dictionary<string, List<JsonNode>> _answers = new(StringComparer.Ordinal);
    private TestServer? _server;

    private protected abstract Setting Its { get; }

    public IReadOnlyList<JsonNode> Of(string answer) => _answers.GetValueOrDefault(answer) ?? [];

    public async ValueTask InitializeAsync()
    {
        var server = _server = await StartAsync();
        var shop = await server.AddProjectAsync("shop");
        var bank = await server.AddProjectAsync("bank");
        await TokenAsync(server, shop);
        await VerifyAsync(server, shop);
        await OneCallAsync(server, shop);
        await PreFillAsync(server, shop);
        await UnifyAsync(server, shop);
        await IdentitiesAsync(server, shop, bank);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    protected abstract Task<TestServer> StartAsync();

    /// <summary>The code of the text that was sent last.</summary>
    protected abstract string CodeOf(TestServer server);

    private async Task TokenAsync(TestServer server, Credentials shop)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials", ["client_id"] = shop.Id, ["client_secret"] = shop.Secret,
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/token") { Content = form };
        Keep("V3TokenResponse", await server.SendAsync(request));
    }

    private async Task VerifyAsync(TestServer server, Credentials shop)
    {
        const string began = "V3VerifyResponse in two calls";
        const string status = "V3VerifyStatusResponse";
        var right = await server.BeginAsync("mobile", Its.Person, Its.Name(), shop);
        var wrong = await server.BeginAsync("mobile", Its.Person, Its.Name(), shop);
        var desktop = await server.BeginAsync("desktop", Its.Person, Its.Name(), shop);
        var atOnce = await server.BeginAsync("none", Its.Person, Its.Name(), shop);
        var refused = await server.BeginAsync("none", Its.Stranger, Its.Name(), shop);
        Assert.Equal(("true", "false"), (atOnce.Reply.Text("success"), refused.Reply.Text("success")));
        foreach (var flow in (Begun[])[right, wrong, desktop, atOnce, refused])
        {
            Keep(began, flow.Reply);
            Keep(status, await server.StatusAsync(flow.Id, shop));
        }

        await EnterAsync(server, right, isRight: true);
        await EnterAsync(server, wrong, isRight: false);
        var outcomes = new[] { await server.StatusAsync(right.Id, shop), await server.StatusAsync(wrong.Id, shop) };
        Assert.Equal(["true", "false"], outcomes.Select(reply => reply.Text("success")));
        Array.ForEach(outcomes, reply => Keep(status, reply));
    }

    private async Task OneCallAsync(TestServer server, Credentials shop)
    {
        const string answer = "V3VerifyResponse in one call";
        string[] types = ["verifiedUser", "accountOpening", "humanAssurance", "prefill", "prefillForBiz", "identityResolution"];
        foreach (var number in (string[])[Its.Person, Its.Nobody])
        {
            foreach (var type in types)
            {
                var body = Its.Name();
                (body["verificationType"], body["phoneNumber"]) = (type, number);
                var reply = Keep(answer, await server.VerifyAsync(body.ToJsonString(), shop));
                Keep("Identity", reply["identity"]!);
                // Who asks for a list is sent it, empty too.
                Assert.Equal(type == "identityResolution", reply["additionalIdentities"] is JsonArray);
                Assert.Equal(type == "prefillForBiz", reply["businesses"] is JsonArray);
            }
        }

        var good = Its.Name();
        (good["verificationType"], good["phoneNumber"]) = ("verifiedUser", Its.Person);
        var none = Its.Name();
        (none["verificationType"], none["phoneNumber"]) = ("prefill", Its.Nobody);
        var batch = Keep("V3VerifyBatchResponse", await server.PostAsync(
            "/v3/verify/batch", new JsonObject { ["items"] = new JsonArray(good, none, new JsonObject(), 7) }.ToJsonString(), shop));
        foreach (var result in batch["results"]!.AsArray())
        {
            Keep("VerifyBatchResultItem", result!);
            if (result!["identity"] is { } identity)
            {
                Keep("Identity", identity);
            }
        }
    }

    private async Task PreFillAsync(TestServer server, Credentials shop)
    {
        const string validated = "V3ValidateResponse";
        var right = await server.BeginPreFillAsync(Its.Person, credentials: shop);
        var wrong = await server.BeginPreFillAsync(Its.Person, "desktop", credentials: shop);
        foreach (var flow in (Begun[])[right, wrong])
        {
            Keep("V3StartResponse", flow.Reply);
            Keep(validated, await server.ValidateAsync(flow.Id, shop));
        }
        await EnterAsync(server, right, isRight: true);
        await server.Browser(wrong.AuthToken!).Post("mobile/instantlink/error", """{"message":"the person gave up"}""");
        Keep(validated, await server.ValidateAsync(right.Id, shop));
        Keep(validated, await server.ValidateAsync(wrong.Id, shop));
        Keep("V3ChallengeResponse", await server.ChallengeAsync(right.Id, new() { ["dob"] = Its.BirthDate }, shop));
        Keep("V3CompleteResponse", await server.CompleteAsync(right.Id, Its.Name(), shop));

        var other = await server.BeginPreFillAsync(Its.Nobody, credentials: shop);
        await EnterAsync(server, other, isRight: true);
        await server.ValidateAsync(other.Id, shop);
        Keep("V3ChallengeResponse", await server.ChallengeAsync(other.Id, new() { ["dob"] = "1901-02-03" }, shop));
        Keep("V3CompleteResponse", await server.CompleteAsync(other.Id, new JsonObject { ["firstName"] = "Quite", ["lastName"] = "Another" }, shop));
    }

    private async Task UnifyAsync(TestServer server, Credentials shop)
    {
        const string status = "V3UnifyStatusResponse";
        using var key = new DeviceKey();
        var right = await server.BeginUnifyAsync("mobile", Its.Person, credentials: shop);
        var wrong = await server.BeginUnifyAsync("mobile", Its.Person, credentials: shop);
        var own = await server.BeginUnifyAsync("none", Its.Person, credentials: shop);
        foreach (var flow in (Begun[])[right, wrong, own])
        {
            Keep("V3UnifyResponse", flow.Reply);
            Keep(status, await server.UnifyStatusAsync(flow.Id, shop));
        }

        await key.RegisterAsync(server.Browser(right.AuthToken!));
        await EnterAsync(server, right, isRight: true);
        await EnterAsync(server, wrong, isRight: false);
        Keep("V3UnifyBindResponse", await server.UnifyBindAsync(own.Id, Its.Person, shop));
        var proven = Keep(status, await server.UnifyStatusAsync(right.Id, shop));
        var failed = Keep(status, await server.UnifyStatusAsync(wrong.Id, shop));
        Assert.Equal(("true", "false"), ((string?)proven["success"], (string?)failed["success"]));
        Keep("V3DeviceRevokeResponse", await server.RevokeDeviceAsync((string)proven["deviceId"]!, shop));
    }

    private async Task IdentitiesAsync(TestServer server, Credentials shop, Credentials bank)
    {
        const string identity = "/v3/identity";
        Task<Reply> Get(string path, Credentials? of = null) => server.CallAsync(HttpMethod.Get, path, of ?? shop);
        Task<Reply> Post(string path, JsonObject body, Credentials? of = null) => server.PostAsync(path, body.ToJsonString(), of ?? shop);

        Keep("V3BatchGetIdentitiesResponse", await Get(identity));
        Keep("V3GetIdentitiesByPhoneNumberResponse", await Get($"{identity}/{Its.Person}/lookup"));
        var attributes = new JsonArray(new JsonObject { ["attributeType"] = "tier", ["attributeValue"] = "gold" });
        var id = (string)Keep("V3EnrollIdentityResponse", await Post(
            identity, new JsonObject { ["phoneNumber"] = Its.Person, ["identityAttributes"] = attributes }))["proveId"]!;
        var batch = Keep("V3BatchEnrollIdentitiesResponse", await Post(
            identity + "/batch", new JsonObject { ["items"] = new JsonArray(new JsonObject { ["phoneNumber"] = Its.Nobody }, new JsonObject()) }));
        KeepAll("PostBatchResultItem", batch["results"]);
        KeepAll("GetBatchIdentityItem", Keep("V3BatchGetIdentitiesResponse", await Get(identity))["results"]);
        KeepAll("LookupIdentityItem", Keep("V3GetIdentitiesByPhoneNumberResponse", await Get($"{identity}/{Its.Person}/lookup"))["items"]);
        Keep("V3GetIdentityResponse", await Get($"{identity}/{id}"));
        Keep("V3DeactivateIdentityResponse", await Post($"{identity}/{id}/deactivate", []));
        Keep("V3ActivateIdentityResponse", await Post($"{identity}/{id}/activate", []));

        var bare = (string)batch["results"]![0]!["proveId"]!;
        Keep("V3DiscoverResponse", await Get($"/v3/discover?proveId={bare}"));
        var found = Keep("V3DiscoverResponse", await Get($"/v3/discover?proveId={id}"))["results"];
        KeepAll("Result", found);
        Keep("V3FetchResponse", await Get($"/v3/fetch?proveId={id}&attributeId={id}"));
        KeepAll("FetchResult", Keep("V3FetchResponse", await Get($"/v3/fetch?proveId={id}&attributeId={found![0]!["attributeId"]}"))["results"]);

        await DomainsAsync(server, shop, bank, id);
        Keep("V3DisenrollIdentityResponse", await server.CallAsync(HttpMethod.Delete, $"{identity}/{id}", shop));
    }

    private async Task DomainsAsync(TestServer server, Credentials shop, Credentials bank, string id)
    {
        const string linked = "/v3/domain/linked";
        var shopPcid = (string)Keep("V3DomainIDResponse", await server.CallAsync(HttpMethod.Get, "/v3/domain/id", shop))["pcid"]!;
        var bankPcid = (string)Keep("V3DomainIDResponse", await server.CallAsync(HttpMethod.Get, "/v3/domain/id", bank))["pcid"]!;
        var crossDomain = $"/v3/identity/{id}/cross-domain";
        await server.PostAsync("/v3/identity", new JsonObject { ["phoneNumber"] = Its.Person }.ToJsonString(), bank);
        Keep("V3CrossDomainIdentityResponse", await server.PostAsync(crossDomain, "{}", shop));
        Keep("V3DomainLinkedResponse", await server.CallAsync(HttpMethod.Get, linked, shop));

        var asked = new JsonObject { ["pcid"] = bankPcid, ["scopes"] = new JsonArray("identities") };
        Keep("V3DomainLinkResponse", await server.PostAsync("/v3/domain/link", asked.ToJsonString(), shop));
        foreach (var side in (Credentials[])[shop, bank])
        {
            Keep("V3DomainLinkedResponse", await server.CallAsync(HttpMethod.Get, linked, side));
        }
        Keep("V3DomainConfirmLinkResponse", await server.PostAsync(
            "/v3/domain/confirm-link", new JsonObject { ["pcid"] = shopPcid }.ToJsonString(), bank));
        KeepAll("LinkedTo", Keep("V3DomainLinkedResponse", await server.CallAsync(HttpMethod.Get, linked, shop))["linkedTo"]);
        KeepAll("LinkedFrom", Keep("V3DomainLinkedResponse", await server.CallAsync(HttpMethod.Get, linked, bank))["linkedFrom"]);
        KeepAll("IdentityItem", Keep("V3CrossDomainIdentityResponse", await server.PostAsync(crossDomain, "{}", shop))["identities"]);
        Keep("V3DomainUnlinkResponse", await server.PostAsync(
            "/v3/domain/unlink", new JsonObject { ["pcidFrom"] = shopPcid, ["pcidTo"] = bankPcid }.ToJsonString(), shop));
    }

    /// <summary>Brings a mobile flow to its end.</summary>
    private async Task EnterAsync(TestServer server, Begun flow, bool isRight)
    {
        var page = await server.AskForTextAsync(flow);
        var code = CodeOf(server);
        await page.Enter(isRight ? code : new string([.. code.Select(digit => digit == '9' ? '0' : (char)(digit + 1))]));
    }

    private JsonNode Keep(string answer, Reply reply)
    {
        Assert.True(reply.Status == 200, $"{answer} {reply}");
        return Keep(answer, reply.Json!);
    }

    private JsonNode Keep(string answer, JsonNode json)
    {
        (_answers.TryGetValue(answer, out var known) ? known : _answers[answer] = []).Add(json);
        return json;
    }

    private void KeepAll(string answer, JsonNode? list)
    {
        Assert.NotEmpty(list!.AsArray());
        foreach (var item in list.AsArray())
        {
            Keep(answer, item!);
        }
    }

    /// <summary>The persons of a server.</summary>
    /// <param name="Person">The number of a person on record.</param>
    /// <param name="Stranger">A number whose record, if there is one, has another name.</param>
    /// <param name="Nobody">A number of no record with that name, or of none.</param>
    private protected sealed record Setting(string Person, string Stranger, string Nobody, string BirthDate)
    {
        public JsonObject Name() => new() { ["firstName"] = "Lori", ["lastName"] = "Montgomery" };
    }
}

/// <summary>With load users, of whom every product knows everything.</summary>
public sealed class SandboxSdkAnswers : SdkAnswers
{
    private protected override Setting Its { get; } = new("2002930001", "2001004012", "2002930002", "1980-01-01");

    protected override Task<TestServer> StartAsync() => TestServer.StartAsync();

    protected override string CodeOf(TestServer server) => "1234";
}

/// <summary>With records of its own.</summary>
public sealed class LiveSdkAnswers : SdkAnswers
{
    private protected override Setting Its { get; } = new("+12025550142", "+12025550143", "+12025550144", "1980-05-06");

    protected override async Task<TestServer> StartAsync()
    {
        var server = await TestServer.StartAsync(settings: TestServer.Live);
        var begun = await server.AdminAsync(
            HttpMethod.Post, "/admin/records/imports", """{"source":"crm","format":"csv","columns":["phone","given_name","family_name","birthdate"]}""");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/admin/records/imports/{begun.Json!["id"]}/lines?firstLine=1")
        {
            Content = new StringContent($"{Its.Person},Lori,Montgomery,{Its.BirthDate}\n{Its.Stranger},Peter,Jones,1970-01-02\n"),
        };
        request.Headers.Authorization = new("Bearer", TestServer.AdminKey);
        Assert.Equal(200, (await server.SendAsync(request)).Status);
        await server.AdminAsync(HttpMethod.Post, $"/admin/records/imports/{begun.Json!["id"]}/commit");
        await server.Services.GetRequiredService<RecordUpkeep>().CatchUpAsync(default);
        return server;
    }

    protected override string CodeOf(TestServer server) => server.Gateway.Submissions[^1].Text.Proof.Reveal();
}
