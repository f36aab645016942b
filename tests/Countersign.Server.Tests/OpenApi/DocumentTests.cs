using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Countersign.Core;
using Countersign.Server.Endpoints.Admin;
using Countersign.Server.Endpoints.Browser;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Endpoints.RelyingParty.Domains;
using Countersign.Server.Endpoints.RelyingParty.History;
using Countersign.Server.Endpoints.RelyingParty.Identities;
using Countersign.Server.Endpoints.RelyingParty.OAuth;
using Countersign.Server.Endpoints.RelyingParty.OneCall;
using Countersign.Server.Endpoints.RelyingParty.PreFill;
using Countersign.Server.Endpoints.RelyingParty.Receipts;
using Countersign.Server.Endpoints.RelyingParty.Unification;
using Countersign.Server.Endpoints.RelyingParty.VerifiedUsers;
using Countersign.Server.Endpoints.Sandbox;
using Countersign.Server.OpenApi;
using Countersign.Server.Tests.Fixtures;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.OpenApi;

/// <summary>The documents themselves: committed as they are served, whole, and without what generators of clients stumble over.</summary>
public sealed class DocumentTests(OnSqlite fixture) : IClassFixture<OnSqlite>
{
    /// <summary>Set by <c>./eng/openapi</c>: the committed documents are written instead of compared.</summary>
    private const string WriteSwitch = "COUNTERSIGN_WRITE_OPENAPI";

    private readonly TestServer _server = fixture.Server;

    [Theory]
    [InlineData("v3")]
    [InlineData("relying-party")]
    [InlineData("browser")]
    [InlineData("sandbox")]
    [InlineData("admin")]
    public async Task The_committed_document_is_the_one_that_is_served(string name)
    {
        var file = Path.Combine(Repository.Root, "openapi", $"{name}.json");

        var served = await _server.Client.GetStringAsync($"/openapi/{name}.json", TestContext.Current.CancellationToken);

        if (Environment.GetEnvironmentVariable(WriteSwitch) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, served, TestContext.Current.CancellationToken);
        }
        Assert.True(File.Exists(file) && await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken) == served,
            $"openapi/{name}.json is not what the server serves. Run ./eng/openapi and look at the difference.");
    }

    [Theory]
    [InlineData("/token", "200 400 401 429 500 503")]
    [InlineData("/revoke", "200 400 401 429 500 503")]
    [InlineData("/introspect", "200 400 401 429 500 503")]
    [InlineData("/events", "200 400 401 429 500 503", "get")]
    [InlineData("/v3/verify", "200 400 401 403 409 422 429 500 503")]
    [InlineData("/v3/verify-status", "200 400 401 403 429 500 503")]
    [InlineData("/v3/verify/batch", "200 400 401 403 429 500 503")]
    [InlineData("/v3/unify", "200 400 401 403 404 409 422 429 500 503")]
    [InlineData("/v3/unify-status", "200 400 401 403 429 500 503")]
    [InlineData("/v3/unify-bind", "200 400 401 403 429 500 503")]
    [InlineData("/v3/device/revoke", "200 400 401 403 404 429 500 503")]
    [InlineData("/v3/start", "200 400 401 403 409 422 429 500 503")]
    [InlineData("/v3/validate", "200 400 401 403 429 500 503")]
    [InlineData("/v3/challenge", "200 400 401 403 429 500 503")]
    [InlineData("/v3/complete", "200 400 401 403 429 500 503")]
    [InlineData("/v3/identity", "200 400 401 403 429 500 503")]
    [InlineData("/v3/identity", "200 400 401 403 429 500 503", "get")]
    [InlineData("/v3/identity/batch", "200 400 401 403 429 500 503")]
    [InlineData("/v3/identity/{mobileNumber}/lookup", "200 400 401 403 429 500 503", "get")]
    [InlineData("/v3/identity/{proveId}", "200 400 401 403 404 429 500 503", "get")]
    [InlineData("/v3/identity/{proveId}", "200 400 401 403 404 429 500 503", "delete")]
    [InlineData("/v3/identity/{proveId}/activate", "200 400 401 403 404 429 500 503")]
    [InlineData("/v3/identity/{proveId}/deactivate", "200 400 401 403 404 429 500 503")]
    [InlineData("/v3/identity/{identityId}/cross-domain", "200 400 401 403 404 429 500 503")]
    [InlineData("/v3/discover", "200 400 401 403 404 429 500 503", "get")]
    [InlineData("/v3/fetch", "200 400 401 403 404 429 500 503", "get")]
    [InlineData("/v3/domain/link", "200 400 401 403 404 429 500 503")]
    [InlineData("/v3/domain/confirm-link", "200 400 401 403 404 429 500 503")]
    [InlineData("/v3/domain/unlink", "200 400 401 403 404 429 500 503")]
    [InlineData("/v3/domain/id", "200 400 401 403 429 500 503", "get")]
    [InlineData("/v3/domain/linked", "200 400 401 403 429 500 503", "get")]
    [InlineData("/flows", "200 400 401 429 500 503", "get")]
    [InlineData("/flows/search", "200 400 401 429 500 503")]
    [InlineData("/flows/{correlationId}", "200 400 401 404 429 500 503", "get")]
    [InlineData("/statistics", "200 400 401 429 500 503", "get")]
    [InlineData("/flows/{correlationId}/cancel", "200 400 401 404 409 429 500 503")]
    [InlineData("/flows/{correlationId}/receipt", "200 400 401 403 404 429 500 503", "get")]
    public async Task Every_status_that_can_occur_is_listed(string path, string statuses, string method = "post")
    {
        var isPublished = path == "/token" || path.StartsWith("/v3/", StringComparison.Ordinal);
        var contract = await Contract.ReadAsync(_server, isPublished ? "v3" : "relying-party");

        var operation = contract.Operations.Single(operation => operation.Path == path && operation.Method == method);

        Assert.Equal(statuses, string.Join(' ', operation.Statuses));
    }

    [Fact]
    public async Task V3_holds_nothing_but_token_and_v3()
    {
        var contract = await Contract.ReadAsync(_server, "v3");

        Assert.All(contract.Operations, operation => Assert.True(operation.Path == "/token" || operation.Path.StartsWith("/v3/",
            StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_endpoint_of_a_document_says_what_it_promises()
    {
        var endpoints = _server.Services.GetRequiredService<EndpointDataSource>();

        var silent = from document in Documents.Of(Mode.Sandbox, hasAdmin: true)
                     from pair in document.Operations(endpoints)
                     where pair.Operation is null
                     select Document.PathOf(pair.Endpoint);

        Assert.Empty(silent);
    }

    [Fact]
    public void Live_has_no_sandbox_document() => Assert.Equal(
        ["v3", "relying-party", "browser"], Documents.Of(Mode.Live).Select(document => document.Name));

    [Theory]
    [InlineData("v3")]
    [InlineData("relying-party")]
    [InlineData("browser")]
    [InlineData("sandbox")]
    [InlineData("admin")]
    public async Task Every_operation_is_whole(string name)
    {
        var contract = await Contract.ReadAsync(_server, name);
        var tags = contract.Json["tags"]!.AsArray().Select(tag => (string)tag!["name"]!).ToHashSet(StringComparer.Ordinal);

        Assert.Equal(contract.Operations.Count(), contract.Operations.Select(operation =>
            operation.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.All(contract.Operations, operation =>
        {
            Assert.NotEmpty((string)operation.Json["summary"]!);
            Assert.NotEmpty((string)operation.Json["description"]!);
            Assert.Contains((string)operation.Json["tags"]![0]!, tags);
            Assert.Contains("500", operation.Statuses);
            var needsToken = operation.Json["security"]!.AsArray().Count > 0;
            Assert.True(!needsToken || operation.Statuses.Contains("401"), $"{operation} lacks 401");
            Assert.All(operation.Json["responses"]!.AsObject(), response =>
            {
                Assert.NotEmpty((string)response.Value!["description"]!);
                Assert.True(response.Key[0] < '4' || response.Value["content"]!.AsObject().Single().Value!["schema"] is not null);
            });
        });
        Assert.Equal(name == "v3" ? ["/token"] : [], contract.Operations.Where(o =>
            name == "v3" && o.Json["security"]!.AsArray().Count == 0).Select(o => o.Path));
    }

    [Theory]
    [InlineData("v3")]
    [InlineData("relying-party")]
    [InlineData("browser")]
    [InlineData("sandbox")]
    [InlineData("admin")]
    public async Task Every_example_keeps_to_its_schema(string name)
    {
        var contract = await Contract.ReadAsync(_server, name);

        foreach (var operation in contract.Operations)
        {
            var contents = operation.Json["responses"]!.AsObject().Select(response =>
                response.Value!["content"]).Append(operation.Json["requestBody"]?["content"]);
            foreach (var media in contents.SelectMany(content => content?.AsObject() ?? []).Select(pair => pair.Value!))
            {
                var examples = media["examples"]?.AsObject().Select(example => example.Value!["value"]) ?? [media["example"]];
                Assert.All(examples, example => Assert.Empty(contract.Schema.Problems(media["schema"]!, example)));
            }
            Assert.All(operation.Json["requestBody"]?["content"]!.AsObject() ?? [], media =>
                Assert.True(media.Value!["example"] is not null && media.Value["examples"] is null, $"{operation} has not one example"));
            Assert.All(operation.Json["parameters"]?.AsArray() ?? [], parameter =>
                Assert.Empty(contract.Schema.Problems(parameter!["schema"]!, parameter["example"])));
        }
    }

    [Theory]
    [InlineData("v3")]
    [InlineData("relying-party")]
    [InlineData("browser")]
    [InlineData("sandbox")]
    [InlineData("admin")]
    public async Task No_schema_is_a_riddle(string name)
    {
        var contract = await Contract.ReadAsync(_server, name);
        var references = Nodes(contract.Json).Where(node => node.ContainsKey("$ref")).ToList();

        Assert.All(Nodes(contract.Json), node => Assert.False(node.ContainsKey("oneOf") || node.ContainsKey("allOf"), node.GetPath()));
        // Two contracts on one path: nothing stands beside the two.
        Assert.All(Nodes(contract.Json).Where(node => node.ContainsKey("anyOf")), node => Assert.Single(node));
        Assert.Equal(
            name == "v3" ? ["$.paths['/v3/verify'].post.requestBody"] : [],
            Nodes(contract.Json).Where(node => node.ContainsKey("anyOf")).Select(node => node.GetPath().Split(".content")[0]));
        Assert.All(references, reference => Assert.NotNull(contract.Schema.Resolve(reference)));
        Assert.Equal(contract.Json["components"]!["schemas"]!.AsObject().Count, references.Select(reference =>
            (string)reference["$ref"]!).Distinct(StringComparer.Ordinal).Count());
        foreach (var member in Nodes(contract.Json["components"]!["schemas"]!).SelectMany(schema =>
            schema["properties"] as JsonObject ?? []))
        {
            Assert.NotEmpty($"{member.Value!["type"]}");
            Assert.NotEmpty((string?)member.Value["description"] ?? "");
        }
    }

    [Fact]
    public async Task Every_text_of_a_v3_request_has_bounds()
    {
        var contract = await Contract.ReadAsync(_server, "v3");

        var unbounded = from schema in contract.Json["components"]!["schemas"]!.AsObject()
                        where schema.Key.EndsWith("Request", StringComparison.Ordinal) && schema.Key != "TokenRequest"
                        from inner in Nodes(schema.Value).Select(node => node["properties"]).OfType<JsonObject>()
                        from member in inner
                        where (string?)member.Value!["type"] == "string" && member.Value["enum"] is null && member.Value["pattern"] is null
                        select member.Key;

        Assert.Empty(unbounded);
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task An_answer_is_documented_member_by_member(string document, string name, string type)
    {
        var contract = await Contract.ReadAsync(_server, document);
        var schema = contract.Component(name);
        var sent = TypeOf(type).Properties.Where(property => property.Get is not null).ToList();

        Assert.Equal(sent.Select(property => property.Name).Order(StringComparer.Ordinal), schema["properties"]!.AsObject().Select(member =>
            member.Key).Order(StringComparer.Ordinal));
        Assert.Equal(
            sent.Where(property => !property.IsGetNullable).Select(property => property.Name).Order(StringComparer.Ordinal),
            (schema["required"]?.AsArray() ?? []).Select(member => (string)member!).Order(StringComparer.Ordinal));
        Assert.False((bool)schema["additionalProperties"]!);
    }

    [Fact]
    public async Task The_answer_of_verify_has_the_members_of_both_contracts_and_requires_those_that_both_always_send()
    {
        var schema = (await Contract.ReadAsync(_server, "v3")).Component("VerifyResponse");
        var contracts = new[] { nameof(VerifyResponse), nameof(OneCallResponse) }
            .Select(type => TypeOf(type).Properties.Where(property => property.Get is not null).ToList()).ToList();

        var all = contracts.SelectMany(properties => properties.Select(property => property.Name)).Distinct(StringComparer.Ordinal);
        var always = contracts
            .Select(properties => properties.Where(property => !property.IsGetNullable).Select(property => property.Name))
            .Aggregate((one, other) => one.Intersect(other, StringComparer.Ordinal));

        Assert.Equal(
            all.Order(StringComparer.Ordinal), schema["properties"]!.AsObject().Select(member => member.Key).Order(StringComparer.Ordinal));
        Assert.Equal(always.Order(StringComparer.Ordinal),
            schema["required"]!.AsArray().Select(name => (string)name!).Order(StringComparer.Ordinal));
        Assert.Equal(["correlationId", "success"], always.Order(StringComparer.Ordinal));
    }

    public static TheoryData<string, string, string> Answers => new()
    {
        { "v3", "Error", nameof(ErrorBody) },
        { "v3", "TokenError", nameof(TokenError) },
        { "v3", "TokenResponse", nameof(TokenResponse) },
        { "v3", "VerifyStatusResponse", nameof(VerifyStatusResponse) },
        { "v3", "VerifyBatchResponse", nameof(VerifyBatchResponse) },
        { "v3", "UnifyResponse", nameof(UnifyResponse) },
        { "v3", "UnifyStatusResponse", nameof(UnifyStatusResponse) },
        { "v3", "DeviceRevokeResponse", nameof(DeviceRevokeResponse) },
        { "v3", "StartResponse", nameof(StartResponse) },
        { "v3", "ValidateResponse", nameof(ValidateResponse) },
        { "v3", "ChallengeResponse", nameof(ChallengeResponse) },
        { "v3", "CompleteResponse", nameof(CompleteResponse) },
        { "v3", "EnrolResponse", nameof(EnrolResponse) },
        { "v3", "EnrolBatchResponse", nameof(EnrolBatchResponse) },
        { "v3", "IdentityListResponse", nameof(IdentityListResponse) },
        { "v3", "IdentityLookupResponse", nameof(IdentityLookupResponse) },
        { "v3", "IdentityResponse", nameof(IdentityResponse) },
        { "v3", "IdentityChangeResponse", nameof(IdentityChangeResponse) },
        { "v3", "CrossDomainResponse", nameof(CrossDomainResponse) },
        { "v3", "DiscoverResponse", nameof(DiscoverResponse) },
        { "v3", "FetchResponse", nameof(FetchResponse) },
        { "v3", "DomainResponse", nameof(DomainResponse) },
        { "v3", "DomainChangeResponse", nameof(DomainChangeResponse) },
        { "v3", "LinkedDomainsResponse", nameof(LinkedDomainsResponse) },
        { "relying-party", "OAuthError", nameof(TokenError) },
        { "relying-party", "IntrospectResponse", nameof(IntrospectResponse) },
        { "relying-party", "Problem", nameof(ProblemBody) },
        { "relying-party", "FlowList", nameof(FlowList) },
        { "relying-party", "StatisticsResponse", nameof(StatisticsResponse) },
        { "admin", "StatisticsResponse", nameof(StatisticsResponse) },
        { "relying-party", "Flow", nameof(FlowDetails) },
        { "relying-party", "ReceiptResponse", nameof(ReceiptResponse) },
        { "browser", "StepAnswer", nameof(StepAnswer) },
        { "browser", "DeviceChallengeAnswer", nameof(DeviceChallengeAnswer) },
        { "admin", "ServerResponse", nameof(ServerResponse) },
        { "admin", "ProjectResponse", nameof(ProjectResponse) },
        { "admin", "ProjectListResponse", nameof(ProjectListResponse) },
        { "admin", "ClientListResponse", nameof(ClientListResponse) },
        { "admin", "ClientSecretResponse", nameof(ClientSecretResponse) },
        { "admin", "FlowResponse", nameof(FlowResponse) },
        { "admin", "AdminKeyListResponse", nameof(AdminKeyListResponse) },
        { "admin", "AdminKeySecretResponse", nameof(AdminKeySecretResponse) },
        { "admin", "EncryptionKeyListResponse", nameof(EncryptionKeyListResponse) },
        { "admin", "EncryptionKeyMadeResponse", nameof(EncryptionKeyMadeResponse) },
        { "admin", "AuditListResponse", nameof(AuditListResponse) },
        { "admin", "AuditEntriesResponse", nameof(AuditEntriesResponse) },
        { "admin", "AuditCheckpointsResponse", nameof(AuditCheckpointsResponse) },
        { "sandbox", "VerifyResponse", nameof(VerifyResponse) },
        { "sandbox", "SandboxMessage", nameof(SandboxMessage) },
        { "sandbox", "SandboxUser", nameof(SandboxUser) },
        { "sandbox", "FlowView", nameof(FlowView) },
        { "sandbox", "SandboxUser", nameof(SandboxUser) },
    };

    [Fact]
    public void Every_refusal_is_in_the_list()
    {
        var faults = typeof(Fault).GetProperties().Where(property => property.PropertyType == typeof(Fault)).Select(property =>
            (Fault)property.GetValue(null)!);

        Assert.All(faults, fault => Assert.NotEmpty(Errors.WhenOf(fault)));
    }

    [Fact]
    public async Task The_page_of_errors_lists_every_refusal()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "errors.md"), TestContext.Current.CancellationToken);

        Assert.All(Errors.All, row => Assert.Contains($"| {row.Fault.Code} | {row.Fault.Status} |", page, StringComparison.Ordinal));
    }

    private static JsonTypeInfo TypeOf(string name)
    {
        var type = typeof(HttpJson).Assembly.GetTypes().Single(type => type.Name == name);
        JsonSerializerContext[] groups =
        [
            HttpJson.Answers, OAuthJson.Answers, VerifiedUsersJson.Answers, OneCallJson.Answers, UnifyJson.Answers, PreFillJson.Answers,
            IdentityJson.Answers, DomainJson.Answers, BrowserJson.Answers, AdminJson.Answers, SandboxJson.Answers, FlowJson.Answers,
            ReceiptsJson.Answers, AuditJson.Answers,
        ];
        return groups.Select(group => group.GetTypeInfo(type)).FirstOrDefault(info => info is not null)
            ?? throw new InvalidOperationException($"{name} is never sent.");
    }

    private static IEnumerable<JsonObject> Nodes(JsonNode? node) => node switch
    {
        JsonObject o => o.SelectMany(member => Nodes(member.Value)).Prepend(o),
        JsonArray array => array.SelectMany(Nodes),
        _ => [],
    };
}
