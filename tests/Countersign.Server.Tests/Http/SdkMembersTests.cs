using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Projects;
using Countersign.Server.Hosting;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Http;

/// <summary>
/// What two generations of published server SDKs read as required in answers, held against the raw JSON of this server: a strict language
/// throws when such a member is missing or of another type, a lenient one hands out an empty value.
/// </summary>
public abstract class SdkMembersTests(SdkAnswers answers)
{
    private const string None = "";

    private const string Text = "string";
    private const string Whole = "integer";
    private const string YesOrNo = "boolean";
    private const string Members = "object";
    private const string ListOfTexts = "array of strings";
    private const string ListOfMembers = "array of objects";

    private const string Kept = "active carrier clientCustomerId countryCode createdAt creationString deviceId identityId lineType proveId";
    private const string Bound = "clientHumanId clientRequestId deviceId evaluation phoneNumber proveId";

    /// <param name="Answer">The SDKs' own name of the answer, or of an entry of a list in one.</param>
    /// <param name="Of2025">What the generation of autumn 2025 requires; null where it has no such answer.</param>
    /// <param name="Of2026">What that of 2026 requires; null where it has no such answer.</param>
    /// <param name="Optional">What either reads where it is there, and the other does not require.</param>
    /// <param name="Lists">Those of the optional that are lists and that this server sends always, empty too.</param>
    private sealed record Row(string Answer, string? Of2025, string? Of2026, string Optional = None, string Lists = None)
    {
        public IEnumerable<string> Required => NamesIn($"{Of2025} {Of2026} {Lists}");

        public IEnumerable<string> All => Required.Union(NamesIn(Optional));

        private static IEnumerable<string> NamesIn(string names) => names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct();
    }

    private static readonly Row[] _rows =
    [
        new("FetchResult", null, "attributeId attributeValue issuerId"),
        new("GetBatchIdentityItem", None, None, "identityId proveId"),
        new("Identity", null, "assuranceLevel reasons", "addresses dateOfBirth emails firstName lastName maxAge minAge nationalId"),
        new("IdentityItem", "clientName identityId pcid", "clientName identityId pcid"),
        // Of the answer to a challenge.
        new("Individual", None, None, "addresses dob emailAddresses firstName lastName ssn", "addresses emailAddresses"),
        new("LinkedFrom", None, None, "acceptedAt acceptedString name pcid scopes", "scopes"),
        new("LinkedTo", None, None, "acceptedAt acceptedString name pcid scopes", "scopes"),
        new("LookupIdentityItem", "phoneNumber", "phoneNumber", Kept),
        new("PostBatchResultItem", None, None, "error identityId proveId"),
        new("Result", null, None, "attributeId issuerId"),
        new("V3ActivateIdentityResponse", "success", "success"),
        new("V3BatchEnrollIdentitiesResponse", None, None, "results", "results"),
        new("V3BatchGetIdentitiesResponse", "results", "results", "lastKey"),
        new("V3ChallengeResponse", "next success", "next success", "evaluation individual"),
        new("V3CompleteResponse", "next success", "next success", "evaluation idv kyc"),
        new("V3CrossDomainIdentityResponse", "count identites", "count identities"),
        new("V3DeactivateIdentityResponse", "success", "success"),
        new("V3DeviceRevokeResponse", null, "success"),
        new("V3DiscoverResponse", null, None, "results", "results"),
        new("V3DisenrollIdentityResponse", "success", "success"),
        new("V3DomainConfirmLinkResponse", "success", "success"),
        new("V3DomainIDResponse", "name pcid", "issuerId name pcid"),
        new("V3DomainLinkResponse", "success", "success"),
        new("V3DomainLinkedResponse", None, None, "linkedFrom linkedTo requestsFrom requestsTo",
            "linkedFrom linkedTo requestsFrom requestsTo"),
        new("V3DomainUnlinkResponse", "success", "success"),
        new("V3EnrollIdentityResponse", "identityId success", "proveId success"),
        new("V3FetchResponse", null, "results"),
        new("V3GetIdentitiesByPhoneNumberResponse", None, None, "items", "items"),
        new("V3GetIdentityResponse", "phoneNumber", "phoneNumber", Kept),
        new("V3StartResponse", "authToken correlationId next", "authToken correlationId next"),
        new("V3TokenResponse", "access_token expires_in token_type", "access_token expires_in token_type",
            "refresh_expires_in refresh_token"),
        new("V3UnifyBindResponse", "phoneNumber success", "success", Bound),
        new("V3UnifyResponse", "correlationId success", "correlationId success", "authToken"),
        new("V3UnifyStatusResponse", "phoneNumber success", "success", Bound),
        new("V3ValidateResponse", "challengeMissing next success", "challengeMissing next success", "evaluation phoneNumber"),
        new("V3VerifyBatchResponse", null, "correlationId", "clientRequestId results", "results"),
        // One path, two contracts: that of 2025 sends possessionType and gets the answer of two calls, that of 2026 verificationType and
        // that of one.
        new("V3VerifyResponse in two calls", "correlationId possessionResult success verifyResult", null, "authToken evaluation"),
        new("V3VerifyResponse in one call", null, "correlationId phoneNumber success",
            "additionalIdentities authToken businesses clientCustomerId clientHumanId clientRequestId evaluation identity isEnrolled "
                + "proveId provePhoneAlias"),
        new("V3VerifyStatusResponse", "possessionResult success verifyResult", null, "evaluation identityId"),
        new("VerifyBatchResultItem", null, "assuranceLevel clientCustomerId phoneNumber success",
            "additionalIdentities clientHumanId error evaluation identity proveId provePhoneAlias"),
    ];

    /// <summary>A name has one type wherever it stands, but for success.</summary>
    private static readonly Dictionary<string, string> _types = new (string Type, string Names)[]
    {
        (Text, """
            access_token acceptedString assuranceLevel attributeId attributeValue authToken carrier clientCustomerId clientHumanId clientName clientRequestId
            correlationId countryCode creationString dateOfBirth deviceId dob error firstName identityId issuerId lastKey lastName lineType name nationalId pcid
            phoneNumber possessionResult proveId provePhoneAlias refresh_token ssn token_type verifyResult
            """),
        (Whole, "acceptedAt count createdAt expires_in maxAge minAge refresh_expires_in"),
        (YesOrNo, "active challengeMissing isEnrolled"),
        (Members, "evaluation identity idv individual kyc next"),
        (ListOfTexts, "emailAddresses emails reasons scopes"),
        (ListOfMembers,
            "additionalIdentities addresses businesses identites identities items linkedFrom linkedTo requestsFrom requestsTo results"),
    }.SelectMany(type => type.Names.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), (type, name) => (type.Type, name))
        .ToDictionary(pair => pair.name, pair => pair.Type, StringComparer.Ordinal);

    /// <summary>Answers whose success may be pending, and so is a word.</summary>
    private static readonly string[] _ofWords =
    [
        "V3UnifyBindResponse", "V3UnifyResponse", "V3UnifyStatusResponse", "V3VerifyResponse in two calls", "V3VerifyResponse in one call",
        "V3VerifyStatusResponse", "VerifyBatchResultItem",
    ];

    /// <summary>Optional members that this server does not know, or sends in what is not played here.</summary>
    private static readonly string[] _unseen =
    [
        "LookupIdentityItem carrier", "LookupIdentityItem countryCode", "LookupIdentityItem lineType",
        "V3GetIdentityResponse carrier", "V3GetIdentityResponse countryCode", "V3GetIdentityResponse lineType",
        "V3TokenResponse refresh_expires_in", "V3TokenResponse refresh_token",
        "V3UnifyBindResponse deviceId", "V3UnifyBindResponse evaluation", "V3VerifyResponse in one call authToken",
    ];

    /// <summary>Lists that are never empty: a batch of nothing is refused, a link has a scope, a level its reason.</summary>
    private static readonly string[] _neverEmpty =
        ["Identity reasons", "LinkedFrom scopes", "LinkedTo scopes", "V3BatchEnrollIdentitiesResponse results",
            "V3VerifyBatchResponse results"];

    /// <summary>Answers that name an enrolled person: each by both names of the id, the same value.</summary>
    private static readonly string[] _enrolled =
        ["V3EnrollIdentityResponse", "PostBatchResultItem", "GetBatchIdentityItem", "V3GetIdentityResponse", "LookupIdentityItem"];

    public static TheoryData<string> Rows { get; } = [.. _rows.Select(row => row.Answer)];

    public static TheoryData<string, string> Lists { get; } =
        [.. _rows.SelectMany(row => row.All, (row, name) => (row.Answer, name))
            .Where(member => TypeOf(member.Answer, member.name) is ListOfTexts or ListOfMembers)];

    public static TheoryData<string> Enrolled { get; } = [.. _enrolled];

    [Theory]
    [MemberData(nameof(Rows))]
    public void What_either_generation_reads_as_required_is_there(string answer)
    {
        var row = _rows.Single(row => row.Answer == answer);

        var raw = answers.Of(answer);

        Assert.NotEmpty(raw);
        Assert.All(raw, json => Assert.All(row.Required, name => Assert.True(
            Is(json[name], TypeOf(answer, name)), $"{name} of {answer} must be there, {TypeOf(answer, name)}: {json.ToJsonString()}")));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void What_either_generation_reads_has_its_type_where_it_is_there(string answer)
    {
        var row = _rows.Single(row => row.Answer == answer);

        var raw = answers.Of(answer);

        Assert.All(raw, json => Assert.All(row.All.Where(name => json.AsObject().ContainsKey(name)), name => Assert.True(
            Is(json[name], TypeOf(answer, name)), $"{name} of {answer} must be {TypeOf(answer, name)}: {json.ToJsonString()}")));
        Assert.Equal(
            _unseen.Concat(answers.Unseen).Where(member => member.StartsWith(answer + " ", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
            row.All.Where(name => raw.All(json => json[name] is null)).Select(name => $"{answer} {name}").Order(StringComparer.Ordinal));
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
    [MemberData(nameof(Lists))]
    public void A_list_was_looked_at_empty_and_not(string answer, string list)
    {
        var lengths = answers.Of(answer).Select(json => json[list]).OfType<JsonArray>().Select(array => array.Count).ToList();

        Assert.Equal(
            (!_neverEmpty.Concat(answers.NeverEmpty).Contains($"{answer} {list}"), !answers.NeverFilled.Contains($"{answer} {list}")),
            (lengths.Contains(0), lengths.Exists(length => length > 0)));
    }

    private static string TypeOf(string answer, string name) =>
        name != "success" ? _types[name] : _ofWords.Contains(answer) ? Text : YesOrNo;

    private static bool Is(JsonNode? node, string type) => (type, node?.GetValueKind()) switch
    {
        (Text, JsonValueKind.String) or (Members, JsonValueKind.Object) or (YesOrNo, JsonValueKind.True or JsonValueKind.False) => true,
        (Whole, JsonValueKind.Number) =>
            long.TryParse(node!.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        (ListOfTexts, JsonValueKind.Array) => node!.AsArray().All(entry => Is(entry, Text)),
        (ListOfMembers, JsonValueKind.Array) => node!.AsArray().All(entry => Is(entry, Members)),
        _ => false,
    };
}

public sealed class SdkMembersInSandbox(SandboxSdkAnswers answers) : SdkMembersTests(answers), IClassFixture<SandboxSdkAnswers>;

public sealed class SdkMembersInLive(LiveSdkAnswers answers) : SdkMembersTests(answers), IClassFixture<LiveSdkAnswers>;

/// <summary>Raw answers of every call that the SDKs know, in each of the shapes they come in, by the SDKs' names.</summary>
public abstract class SdkAnswers : IAsyncLifetime
{
    private readonly Dictionary<string, List<JsonNode>> _answers = new(StringComparer.Ordinal);
    private TestServer? _server;

    private protected abstract Setting Its { get; }

    /// <summary>Optional members that this mode does not send, each behind its answer's name.</summary>
    public virtual IReadOnlyList<string> Unseen => [];

    /// <summary>Lists that nobody's record leaves empty in this mode, each behind its answer's name.</summary>
    public virtual IReadOnlyList<string> NeverEmpty => [];

    /// <summary>Lists that are always empty in this mode, each behind its answer's name.</summary>
    public virtual IReadOnlyList<string> NeverFilled => [];

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
        JsonObject Question(string type, string number, string? family = null)
        {
            var body = Its.Name();
            (body["verificationType"], body["phoneNumber"], body["clientHumanId"], body["clientCustomerId"]) = (type, number, "human-1",
                "customer-1");
            if (family is not null)
            {
                (body["firstName"], body["lastName"]) = ("Peter", family);
            }
            return body;
        }
        JsonObject[] questions =
        [
            .. types.SelectMany(type => (JsonObject[])[Question(type, Its.Person), Question(type, Its.Nobody)]),
            Question("identityResolution", Its.Family), Question("prefillForBiz", Its.Firm), Question("prefill", Its.Jones, "Jones"),
        ];

        foreach (var question in questions)
        {
            var type = (string)question["verificationType"]!;
            var body = question.DeepClone();
            body["clientRequestId"] = "request-1";
            var reply = Keep(answer, await server.VerifyAsync(body.ToJsonString(), shop));
            KeepPersons(reply);
            // Who asks for a list is sent it, empty too.
            Assert.Equal(type == "identityResolution", reply["additionalIdentities"] is JsonArray);
            Assert.Equal(type == "prefillForBiz", reply["businesses"] is JsonArray);
        }

        const string path = "/v3/verify/batch";
        var items = new JsonArray([.. questions, new JsonObject(), 7]);
        var batch = Keep("V3VerifyBatchResponse", await server.PostAsync(
            path, new JsonObject { ["clientRequestId"] = "request-1", ["items"] = items }.ToJsonString(), shop));
        KeepAll("VerifyBatchResultItem", batch["results"]);
        Assert.All(batch["results"]!.AsArray(), result => KeepPersons(result!));
        Keep("V3VerifyBatchResponse", await server.PostAsync(path, """{"items":[{}]}""", shop));
        Assert.Equal(400, (await server.PostAsync(path, """{"items":[]}""", shop)).Status);
    }

    private void KeepPersons(JsonNode answer)
    {
        foreach (var person in answer["additionalIdentities"]?.AsArray().Prepend(answer["identity"]) ?? [answer["identity"]])
        {
            if (person is not null)
            {
                Keep("Identity", person);
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
        var found = Keep("V3ChallengeResponse", await server.ChallengeAsync(right.Id, new() { ["dob"] = Its.BirthDate }, shop));
        Keep("Individual", found["individual"]!);
        var described = Its.Name();
        (described["dob"], described["ssn"]) = (Its.BirthDate, Setting.Ssn);
        Keep("V3CompleteResponse", await server.CompleteAsync(right.Id, described, shop));

        var bare = await server.BeginPreFillAsync(Its.Bare, credentials: shop);
        await EnterAsync(server, bare, isRight: true);
        await server.ValidateAsync(bare.Id, shop);
        found = Keep("V3ChallengeResponse", await server.ChallengeAsync(bare.Id, new() { ["dob"] = "1970-01-02" }, shop));
        Keep("Individual", found["individual"]!);

        foreach (var number in Its.Unlike)
        {
            var other = await server.BeginPreFillAsync(number, credentials: shop);
            await EnterAsync(server, other, isRight: true);
            await server.ValidateAsync(other.Id, shop);
            Keep("V3ChallengeResponse", await server.ChallengeAsync(other.Id, new() { ["dob"] = "1901-02-03" }, shop));
            Keep("V3CompleteResponse",
                await server.CompleteAsync(other.Id, new JsonObject { ["firstName"] = "Quite", ["lastName"] = "Another" }, shop));
        }
    }

    private async Task UnifyAsync(TestServer server, Credentials shop)
    {
        const string status = "V3UnifyStatusResponse";
        using var key = new DeviceKey();
        var human = new JsonObject { ["clientHumanId"] = "human-1" };
        var right = await server.BeginUnifyAsync("mobile", Its.Person, human, shop);
        var wrong = await server.BeginUnifyAsync("mobile", Its.Person, credentials: shop);
        var own = await server.BeginUnifyAsync("none", Its.Person, human, shop);
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
        // Who is known by their id need not be named by their number.
        var known = await server.BeginUnifyAsync("none", number: null, new() { ["proveId"] = (string)proven["proveId"]! }, shop);
        Keep("V3UnifyResponse", known.Reply);
        Keep(status, await server.UnifyStatusAsync(known.Id, shop));
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
        var details = new JsonObject
        {
            ["phoneNumber"] = Its.Person, ["clientCustomerId"] = "customer-1", ["deviceId"] = Guid.Empty.ToString(),
            ["identityAttributes"] = attributes,
        };
        var id = (string)Keep("V3EnrollIdentityResponse", await Post(identity, details))["proveId"]!;
        var batch = Keep("V3BatchEnrollIdentitiesResponse", await Post(
            identity + "/batch",
            new JsonObject { ["items"] = new JsonArray(new JsonObject { ["phoneNumber"] = Its.Nobody }, new JsonObject()) }));
        KeepAll("PostBatchResultItem", batch["results"]);
        Assert.Equal(400, (await Post(identity + "/batch", new JsonObject { ["items"] = new JsonArray() })).Status);
        KeepAll("GetBatchIdentityItem", Keep("V3BatchGetIdentitiesResponse", await Get(identity))["results"]);
        Keep("V3BatchGetIdentitiesResponse", await Get(identity + "?limit=1"));
        KeepAll("LookupIdentityItem", Keep("V3GetIdentitiesByPhoneNumberResponse", await Get($"{identity}/{Its.Person}/lookup"))["items"]);
        Keep("V3GetIdentityResponse", await Get($"{identity}/{id}"));
        Keep("V3VerifyStatusResponse", await server.StatusAsync((await server.BeginAsync("none", Its.Person, Its.Name(), shop)).Id, shop));
        Keep("V3DeactivateIdentityResponse", await Post($"{identity}/{id}/deactivate", []));
        Keep("V3ActivateIdentityResponse", await Post($"{identity}/{id}/activate", []));

        var bare = (string)batch["results"]![0]!["proveId"]!;
        Keep("V3DiscoverResponse", await Get($"/v3/discover?proveId={bare}"));
        var found = Keep("V3DiscoverResponse", await Get($"/v3/discover?proveId={id}"))["results"];
        KeepAll("Result", found);
        Keep("V3FetchResponse", await Get($"/v3/fetch?proveId={id}&attributeId={id}"));
        KeepAll("FetchResult",
            Keep("V3FetchResponse", await Get($"/v3/fetch?proveId={id}&attributeId={found![0]!["attributeId"]}"))["results"]);

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
    /// <param name="Bare">The number of a record without e-mail addresses; in Live without postal ones, too.</param>
    /// <param name="Jones">The number of whom one call is asked by the name Peter Jones; in Live a record without addresses.</param>
    /// <param name="Family">A number of several persons.</param>
    /// <param name="Firm">The number of a person with a business, where there are any.</param>
    /// <param name="Nobody">A number of no record with that name, or of none.</param>
    /// <param name="Unlike">Numbers of which one's challenge and one's description of themselves do not agree.</param>
    private protected sealed record Setting(
        string Person, string Stranger, string Bare, string Jones, string Family, string Firm, string Nobody, string[] Unlike,
        string BirthDate)
    {
        public const string Ssn = "900550000";

        public JsonObject Name() => new() { ["firstName"] = "Lori", ["lastName"] = "Montgomery" };
    }
}

/// <summary>With load users, of whom every product knows everything.</summary>
public sealed class SandboxSdkAnswers : SdkAnswers
{
    private protected override Setting Its { get; } = new(
        Person: "2002930001", Stranger: "2001004012", Bare: "5555555555", Jones: "2002930003", Family: "2001009441", Firm: "2001009431",
        Nobody: "2002930002", Unlike: ["2001009105", "2001009106"], BirthDate: "1980-01-01");

    public override IReadOnlyList<string> NeverEmpty => ["Individual addresses"];

    protected override Task<TestServer> StartAsync() => TestServer.StartAsync();

    protected override string CodeOf(TestServer server) => "1234";
}

/// <summary>With records of its own.</summary>
public sealed class LiveSdkAnswers : SdkAnswers
{
    private protected override Setting Its { get; } = new(
        Person: "+12025550142", Stranger: "+12025550143", Bare: "+12025550143", Jones: "+12025550143", Family: "+12025550142",
        Firm: "+12025550142", Nobody: "+12025550144", Unlike: ["+12025550144"], BirthDate: "1980-05-06");

    // Records are searched in no watch list and know no businesses.
    public override IReadOnlyList<string> Unseen => ["V3CompleteResponse kyc"];

    public override IReadOnlyList<string> NeverFilled => ["V3VerifyResponse in one call businesses"];

    protected override async Task<TestServer> StartAsync()
    {
        var server = await TestServer.StartAsync(settings: TestServer.Live);
        var begun = await server.AdminAsync(
            HttpMethod.Post,
            "/admin/records/imports",
            """{"source":"crm","format":"csv","columns":["phone","given_name","family_name","birthdate","ssn","email","street","city","region","postal_code"]}""");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/admin/records/imports/{begun.Json!["id"]}/lines?firstLine=1")
        {
            Content = new StringContent(
                $"""
                {Its.Person},Lori,Montgomery,{Its.BirthDate},{Setting.Ssn},lori@example.com,1 Example Street,Springfield,IL,62701
                {Its.Family},Edmund,Harrow,1982-07-08,,,,,,
                {Its.Stranger},Peter,Jones,1970-01-02,,,,,,

                """),
        };
        request.Headers.Authorization = new("Bearer", TestServer.AdminKey);
        Assert.Equal(200, (await server.SendAsync(request)).Status);
        await server.AdminAsync(HttpMethod.Post, $"/admin/records/imports/{begun.Json!["id"]}/commit");
        await server.Services.GetRequiredService<RecordUpkeep>().CatchUpAsync(default);
        return server;
    }

    protected override string CodeOf(TestServer server) => server.Gateway.Submissions[^1].Text.Proof.Reveal();
}
