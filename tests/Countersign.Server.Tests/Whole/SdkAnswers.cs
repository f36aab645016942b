using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Whole;

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
        var shop = await server.AddProjectAsync("shop", TestServer.Permissive);
        var bank = await server.AddProjectAsync("bank", TestServer.Permissive);
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
        // Two by two, since a batch takes a number once.
        foreach (var pair in questions.Chunk(2))
        {
            var items = new JsonArray([.. pair, new JsonObject(), 7]);
            var batch = Keep("V3VerifyBatchResponse", await server.PostAsync(
                path, new JsonObject { ["clientRequestId"] = "request-1", ["items"] = items }.ToJsonString(), shop));
            KeepAll("VerifyBatchResultItem", batch["results"]);
            Assert.All(batch["results"]!.AsArray(), result => KeepPersons(result!));
        }
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
