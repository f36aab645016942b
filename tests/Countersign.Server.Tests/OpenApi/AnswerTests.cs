using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Numbers;
using Countersign.Core.Projects;
using Countersign.Server.Endpoints.RelyingParty.OneCall;
using Countersign.Server.Endpoints.RelyingParty.VerifiedUsers;
using Countersign.Server.Contract;
using Countersign.Server.OpenApi;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Reply = Countersign.Testing.Reply;

namespace Countersign.Server.Tests.OpenApi;

/// <summary>
/// The server held to openapi/v3.json: its examples work as they stand, and every answer is one that the document describes.
/// </summary>
public sealed class AnswerTests(OnSqlite fixture) : IClassFixture<OnSqlite>
{
    private const string Verify = "/v3/verify";
    private const string Status = "/v3/verify-status";
    private const string Batch = "/v3/verify/batch";
    private const string SomeId = "019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a";

    private readonly TestServer _server = fixture.Server;

    [Fact]
    public async Task Every_example_is_answered_with_success_by_a_fresh_sandbox()
    {
        var placeholders = new Credentials("client-id", "client-secret");
        await using var server = await fixture.StartAsync(new Dictionary<string, string?>
        {
            ["Countersign:Sandbox:ClientId"] = placeholders.Id,
            ["Countersign:Sandbox:ClientSecret"] = placeholders.Secret,
        });
        var contract = await Contract.ReadAsync(server, "v3");
        var examples = contract.Operations.Where(operation => operation.Example is not null)
            .ToDictionary(operation => operation.Path, operation => operation.Example!, StringComparer.Ordinal);

        using var form = new FormUrlEncodedContent(examples["/token"].AsObject().ToDictionary(field => field.Key, field =>
            (string)field.Value!));
        var byForm = await Reply.ReadAsync(await server.Client.PostAsync("/token", form, TestContext.Current.CancellationToken));
        var byJson = await Reply.ReadAsync(await server.Client.PostAsync("/token", TestServer.Json(examples["/token"].ToJsonString()),
            TestContext.Current.CancellationToken));
        var begun = await server.PostAsync(Verify, examples[Verify].ToJsonString(), placeholders);
        examples[Status]["correlationId"] = begun.Text("correlationId");
        var result = await server.PostAsync(Status, examples[Status].ToJsonString(), placeholders);
        var batch = await server.PostAsync(Batch, examples[Batch].ToJsonString(), placeholders);

        Assert.Equal(200, contract.MustHold("/token", byForm).Status);
        Assert.Equal(200, contract.MustHold("/token", byJson).Status);
        Assert.Equal("pending pending pending", contract.MustHold(Verify, begun).Outcome);
        Assert.Equal("true success success", contract.MustHold(Status, result).Outcome);
        Assert.Equal(
            ["true", "false"], contract.MustHold(Batch, batch).Json!["results"]!.AsArray().Select(found => (string)found!["success"]!));
    }

    [Theory]
    [InlineData("mobile", "2001004011", "pending pending pending", "true success success")]
    [InlineData("none", "2001004011", "true not_applicable success", "true not_applicable success")]
    [InlineData("none", "2001004012", "false not_applicable failed", "false not_applicable failed")]
    [InlineData("none", "2001004013", "false not_applicable failed", "false not_applicable failed")]
    public async Task Every_outcome_is_as_described(string type, string number, string first, string last)
    {
        var contract = await Contract.ReadAsync(_server, "v3");

        var begun = await _server.BeginAsync(type, number);
        var result = await _server.StatusAsync(begun.Id);

        Assert.Equal(first, contract.MustHold(Verify, begun.Reply).Outcome);
        Assert.Equal(last, contract.MustHold(Status, result).Outcome);
    }

    [Theory]
    [InlineData("verifiedUser", "2001004053")]
    [InlineData("verifiedUser", "2001004054")]
    [InlineData("verifiedUser", "2001009401")]
    [InlineData("verifiedUser", "2001009402")]
    [InlineData("verifiedUser", "2001009403")]
    [InlineData("accountOpening", "2001004049")]
    [InlineData("accountOpening", "2001009411")]
    [InlineData("accountOpening", "2001009412")]
    [InlineData("humanAssurance", "2001004051")]
    [InlineData("humanAssurance", "2001004052")]
    [InlineData("humanAssurance", "2001009413")]
    [InlineData("humanAssurance", "2001009414")]
    [InlineData("prefill", "2001009421")]
    [InlineData("prefill", "2001009422")]
    [InlineData("prefillForBiz", "2001009431")]
    [InlineData("prefillForBiz", "2001009432")]
    [InlineData("identityResolution", "2001009441")]
    [InlineData("identityResolution", "2001009442")]
    public async Task Every_answer_of_the_one_call_contract_is_as_described_alone_and_in_a_batch(string type, string number)
    {
        var contract = await Contract.ReadAsync(_server, "v3");
        var question = new JsonObject
        {
            ["verificationType"] = type, ["phoneNumber"] = number, ["firstName"] = "Lori", ["lastName"] = "Montgomery",
            ["clientCustomerId"] = "customer", ["clientHumanId"] = "human", ["clientRequestId"] = "request",
        };

        var reply = contract.MustHold(Verify, await _server.VerifyAsync(question.ToJsonString()));
        var batch = contract.MustHold(Batch, await _server.PostAsync(
            Batch, new JsonObject { ["items"] = new JsonArray(question, new JsonObject(), JsonValue.Create(1)),
                ["clientRequestId"] = "many" }.ToJsonString()));

        Assert.Equal((200, 200), (reply.Status, batch.Status));
        // Its own contract's members, and none of the other's.
        Assert.Equal(
            ["correlationId", "evaluation", "identity", "phoneNumber", "provePhoneAlias", "success"], Of(OneCallSchemas.Response, reply));
        Assert.Equal(["correlationId", "success"], Of(VerifyOperation.Response, reply));
        Assert.Equal(reply.Text("success"), (string)batch.Json!["results"]![0]!["success"]!);
    }

    [Fact]
    public async Task A_flow_is_answered_by_its_own_contract_and_not_by_the_other()
    {
        var reply = await _server.VerifyAsync(TestServer.VerifyBody("mobile", "2001004011"));

        Assert.Equal(["correlationId", "possessionResult", "success", "verifyResult"], Of(VerifyOperation.Response, reply));
        Assert.Equal(["correlationId", "success"], Of(OneCallSchemas.Response, reply));
    }

    /// <summary>The members that a contract requires and an answer has.</summary>
    private static IEnumerable<string> Of(ObjectSchema contract, Reply reply) =>
        contract.Members.Where(member => member.IsRequired && reply.Json![member.Name] is not null).Select(member => member.Name)
            .Order(StringComparer.Ordinal);

    [Theory]
    [InlineData("2001009006", "1234", "false success failed", "identification", "9900")]
    [InlineData("2001009008", "1234", "true success success", "risk", "9135")]
    [InlineData("2001004012", "1234", "false success failed", "identification", "9014")]
    [InlineData("2001004013", "1234", "false success failed", "identification", "9003")]
    [InlineData("2001009002", "0000", "false failed failed", "authentication", "9100 9910")]
    public async Task Every_reason_is_as_described(string number, string code, string outcome, string key, string reason)
    {
        var contract = await Contract.ReadAsync(_server, "v3");
        var begun = await _server.BeginAsync("mobile", number);
        var page = _server.Browser(begun.AuthToken!);
        await page.Post("mobile/instant/error");
        await page.Post("mobile/otp/start");
        await page.Enter(code);

        var result = contract.MustHold(Status, await _server.StatusAsync(begun.Id));

        Assert.Equal(outcome, result.Outcome);
        Assert.Equal(reason.Split(' '), result.Json!["evaluation"]![key]!["failureReasons"]!.AsObject().Select(found => found.Key));
    }

    [Theory]
    [InlineData(Verify, "{}", 400, 8001)]
    [InlineData(Verify, "{", 400, 8001)]
    [InlineData(Verify, """{"flowType":"mobile","phoneNumber":"2001000000","firstName":"A","lastName":"B"}""", 400, 8007)]
    [InlineData(Verify, """{"flowType":"mobile","phoneNumber":"2001001695","firstName":"A","lastName":"B"}""", 403, 8009)]
    [InlineData(Verify, """{"verificationType":"prefill"}""", 400, 8001)]
    [InlineData(Verify, """{"verificationType":"prefill","flowType":"none","phoneNumber":"2001009421"}""", 400, 8001)]
    [InlineData(Verify, """{"verificationType":"prefill","phoneNumber":"2001000000"}""", 400, 8007)]
    [InlineData(Verify, """{"verificationType":"prefill","phoneNumber":"2001004011"}""", 403, 8009)]
    [InlineData(Batch, "{}", 400, 8001)]
    [InlineData(Batch, """{"items":[]}""", 400, 8001)]
    [InlineData(Status, "{}", 400, 8001)]
    [InlineData(Status, "[]", 400, 8001)]
    [InlineData(Status, $$"""{"correlationId":"{{SomeId}}"}""", 400, 8008)]
    public async Task Every_refusal_of_a_body_is_as_described(string path, string body, int status, int code)
    {
        var contract = await Contract.ReadAsync(_server, "v3");

        var reply = contract.MustHold(path, await _server.PostAsync(path, body));

        Assert.Equal((status, code), (reply.Status, reply.Code));
    }

    [Theory]
    [InlineData(Verify)]
    [InlineData(Batch)]
    [InlineData(Status)]
    public async Task A_call_without_a_token_or_by_another_method_is_refused_as_described(string path)
    {
        var contract = await Contract.ReadAsync(_server, "v3");
        using var put = new HttpRequestMessage(HttpMethod.Put, path);
        put.Headers.Authorization = new("Bearer", await _server.GetTokenAsync());

        var withoutToken = contract.MustHold(path, await Reply.ReadAsync(await _server.Client.PostAsync(path, TestServer.Json("{}"),
            TestContext.Current.CancellationToken)));
        var byPut = contract.MustHold(path, await Reply.ReadAsync(await _server.Client.SendAsync(put,
            TestContext.Current.CancellationToken)));

        Assert.Equal((401, 8002), (withoutToken.Status, withoutToken.Code));
        Assert.Equal((403, 8003), (byPut.Status, byPut.Code));
    }

    [Theory]
    [InlineData("""{}""", 400, "invalid_request")]
    [InlineData("""{"client_id":"test-client","client_secret":"test-secret","grant_type":"password"}""", 400, "unsupported_grant_type")]
    [InlineData("""{"client_id":"test-client","client_secret":"wrong","grant_type":"client_credentials"}""", 401, "invalid_client")]
    [InlineData("""{"client_id":"nobody","client_secret":"wrong","grant_type":"client_credentials"}""", 401, "invalid_client")]
    public async Task Every_refusal_of_a_token_is_as_described(string body, int status, string error)
    {
        var contract = await Contract.ReadAsync(_server, "v3");

        var reply = contract.MustHold("/token", await Reply.ReadAsync(await _server.Client.PostAsync("/token", TestServer.Json(body),
            TestContext.Current.CancellationToken)));

        Assert.Equal((status, error), (reply.Status, reply.Text("error")));
    }

    [Fact]
    public async Task Another_body_under_the_same_idempotency_key_is_refused_as_described()
    {
        var contract = await Contract.ReadAsync(_server, "v3");
        await _server.VerifyAsync(TestServer.VerifyBody("mobile", "2001004011"), idempotencyKey: "openapi-422");

        var reply = contract.MustHold(Verify, await _server.VerifyAsync(TestServer.VerifyBody("desktop", "2001004011"),
            idempotencyKey: "openapi-422"));

        Assert.Equal((422, 8422), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task A_second_call_while_the_first_runs_is_refused_as_described()
    {
        var admission = new SlowAdmission();
        await using var server = await fixture.StartAsync(substitute: builder =>
            builder.Services.AddSingleton<INumberAdmission>(admission));
        var contract = await Contract.ReadAsync(server, "v3");
        var body = TestServer.VerifyBody("mobile", "2001004011");

        var first = server.VerifyAsync(body, idempotencyKey: "openapi-409");
        await admission.Entered.Task.WaitAsync(Socket.Timeout, TestContext.Current.CancellationToken);
        var second = contract.MustHold(Verify, await server.VerifyAsync(body, idempotencyKey: "openapi-409"));
        admission.Goes.SetResult();

        Assert.Equal((409, 8409), (second.Status, second.Code));
        Assert.Equal(8007, (await first).Code);
    }

    [Fact]
    public async Task Too_many_requests_are_refused_as_described()
    {
        await using var server = await fixture.StartAsync(new Dictionary<string, string?> { ["Countersign:RequestsPerSecond"] = "1" });
        var contract = await Contract.ReadAsync(server, "v3");
        await server.GetTokenAsync();

        var token = await UntilTooManyAsync(async () => await Reply.ReadAsync(await server.Client.PostAsync("/token",
            TestServer.Json("{}"))));
        var verify = await UntilTooManyAsync(() => server.VerifyAsync("{}"));
        var status = await UntilTooManyAsync(() => server.StatusAsync(SomeId));
        var batch = await UntilTooManyAsync(() => server.PostAsync(Batch, "{}"));

        Assert.Equal(8429, contract.MustHold("/token", token).Code);
        Assert.Equal(8429, contract.MustHold(Verify, verify).Code);
        Assert.Equal(8429, contract.MustHold(Status, status).Code);
        Assert.Equal(8429, contract.MustHold(Batch, batch).Code);
    }

    [Fact]
    public async Task A_failure_of_the_server_is_answered_as_described()
    {
        await using var server = await fixture.StartAsync(substitute: builder =>
            builder.Services.AddSingleton<INumberAdmission>(new BrokenAdmission()));
        var contract = await Contract.ReadAsync(server, "v3");

        var reply = contract.MustHold(Verify, await server.VerifyAsync(TestServer.VerifyBody("mobile", "2001004011")));
        var oneCall = contract.MustHold(Verify, await server.VerifyAsync("""{"verificationType":"prefill","phoneNumber":"2001009421"}"""));
        var batch = contract.MustHold(Batch, await server.PostAsync(
            Batch, """{"items":[{"verificationType":"prefill","phoneNumber":"2001009421"}]}"""));

        Assert.All([reply, oneCall, batch], refused => Assert.Equal((500, 8000), (refused.Status, refused.Code)));
    }

    [Fact]
    public async Task A_failure_of_the_token_endpoint_speaks_OAuth_too()
    {
        await using var server = await fixture.StartAsync(substitute: builder =>
            builder.Services.AddSingleton<IProjectStore>(new BrokenProjects()));
        var contract = await Contract.ReadAsync(server, "v3");

        var reply = contract.MustHold("/token", await Reply.ReadAsync(await server.Client.PostAsync(
            "/token", TestServer.Json("""{"client_id":"a","client_secret":"b","grant_type":"client_credentials"}"""),
            TestContext.Current.CancellationToken)));

        Assert.Equal((500, 8000, "server_error"), (reply.Status, reply.Code, reply.Text("error")));
    }

    private static async Task<Reply> UntilTooManyAsync(Func<Task<Reply>> call)
    {
        for (var i = 0; i < 50; i++)
        {
            if (await call() is { Status: 429 } reply)
            {
                return reply;
            }
        }
        throw new InvalidOperationException("Fifty calls in a row were not too many.");
    }

    private sealed class SlowAdmission : INumberAdmission
    {
        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Goes { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task<Admission> AdmitAsync(string text, NumberUse use, CancellationToken cancellationToken)
        {
            Entered.TrySetResult();
            await Goes.Task.WaitAsync(cancellationToken);
            return new Admission.UnknownTestUser();
        }
    }

    private sealed class BrokenAdmission : INumberAdmission
    {
        public Task<Admission> AdmitAsync(string text, NumberUse use, CancellationToken cancellationToken) =>
            throw new TimeoutException("broken on purpose");
    }

    private sealed class BrokenProjects : IProjectStore
    {
        public Task PutAsync(Project project, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task PutAsync(ApiClient client, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<bool> TryChangeAsync(
            ProjectId projectId, Func<Project, Project?> change, CancellationToken cancellationToken) => Task.FromResult(true);

        public Task<bool> TryAddAsync(Project project, CancellationToken cancellationToken) => Task.FromResult(true);

        public Task<bool> TryAddAsync(ApiClient client, CancellationToken cancellationToken) => Task.FromResult(true);

        public Task<bool> TryRotateAsync(ApiClient client, SecretHash read, CancellationToken cancellationToken) => Task.FromResult(true);

        public Task<bool> TrySetKeysAsync(ClientId clientId, ClientKeys keys, CancellationToken cancellationToken) =>
            Task.FromResult(true);

        public Task<IReadOnlyList<Project>> ListProjectsAsync(CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<Project>>([]);

        public Task<IReadOnlyList<ApiClient>> ListClientsAsync(ProjectId? projectId, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<ApiClient>>([]);

        public Task<bool> RemoveProjectAsync(ProjectId projectId, CancellationToken cancellationToken) => Task.FromResult(true);

        public Task<bool> RemoveClientAsync(ClientId clientId, CancellationToken cancellationToken) => Task.FromResult(true);

        public Task StoreKeptAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<Project?> FindProjectAsync(ProjectId projectId, CancellationToken cancellationToken) =>
            throw new TimeoutException("broken on purpose");

        public Task<ApiClient?> FindClientAsync(ClientId clientId, CancellationToken cancellationToken) =>
            throw new TimeoutException("broken on purpose");
    }
}
