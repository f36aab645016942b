using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Numbers;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.OpenApi;

/// <summary>
/// The pre-fill family held to openapi/v3.json: its examples work in their order, and every answer is one that the document describes.
/// </summary>
public sealed class PreFillAnswerTests(OnSqlite fixture) : IClassFixture<OnSqlite>
{
    private const string Start = "/v3/start";
    private const string Validate = "/v3/validate";
    private const string Challenge = "/v3/challenge";
    private const string Complete = "/v3/complete";
    private const string SomeId = "019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a";

    private readonly TestServer _server = fixture.Server;

    public static TheoryData<string> Paths => [Start, Validate, Challenge, Complete];

    [Fact]
    public async Task The_examples_make_a_flow_in_a_fresh_sandbox()
    {
        await using var server = await fixture.StartAsync();
        var contract = await Contract.ReadAsync(server, "v3");

        var begun = contract.MustHold(Start, await server.PostAsync(Start, Example(contract, Start)));
        var replies = new List<Reply>();
        foreach (var path in (string[])[Validate, Challenge, Complete])
        {
            replies.Add(contract.MustHold(path, await server.PostAsync(path, Example(contract, path, begun.Text("correlationId")))));
        }

        Assert.Equal(200, begun.Status);
        Assert.All(replies, reply => Assert.True((bool)reply.Json!["success"]!, reply.ToString()));
    }

    [Fact]
    public async Task The_examples_of_answers_are_those_of_the_sandbox()
    {
        await using var server = await fixture.StartAsync();
        var contract = await Contract.ReadAsync(server, "v3");
        var id = (await server.PostAsync(Start, Example(contract, Start))).Text("correlationId");

        foreach (var path in (string[])[Validate, Challenge, Complete])
        {
            var reply = await server.PostAsync(path, Example(contract, path, id));

            var example = contract.Json["paths"]![path]!["post"]!["responses"]!["200"]!["content"]!["application/json"]!["example"];
            Assert.Equal(example!.ToJsonString(), reply.Json!.ToJsonString());
        }
    }

    [Theory]
    [InlineData("2001001693")]
    [InlineData("2001001695")]
    [InlineData("2001009104")]
    [InlineData("2001009105")]
    [InlineData("2001009106")]
    [InlineData("2001009107")]
    [InlineData("2001009108")]
    [InlineData("2001009109")]
    [InlineData("5555555555")]
    [InlineData("2001004000")]
    [InlineData("2001009206")]
    [InlineData("2001009207")]
    [InlineData("2001009208")]
    [InlineData("2002000000")]
    public async Task Every_outcome_is_as_described(string number)
    {
        var contract = await Contract.ReadAsync(_server, "v3");
        var flow = await _server.BeginPreFillAsync(number);
        contract.MustHold(Start, flow.Reply);
        contract.MustHold(Validate, await _server.ValidateAsync(flow.Id));
        await _server.ProveAsync(flow);

        var validated = contract.MustHold(Validate, await _server.ValidateAsync(flow.Id));
        if (validated.Json!["next"]!["v3-challenge"] is not null)
        {
            contract.MustHold(Challenge, await _server.ChallengeAsync(flow.Id, new() { ["dob"] = "1990-01", ["ssn"] = "1234" }));
        }
        var whole = (JsonObject)JsonNode.Parse(Example(contract, Complete))!["individual"]!;
        var completed = contract.MustHold(Complete, await _server.CompleteAsync(flow.Id, whole));

        Assert.Equal(200, completed.Status);
    }

    [Fact]
    public async Task A_failed_check_is_told_as_described()
    {
        var contract = await Contract.ReadAsync(_server, "v3");
        var flow = await _server.BeginPreFillAsync("2001009103");
        await _server.AskForTextAsync(flow);

        var reply = contract.MustHold(Validate, await _server.ValidateAsync(flow.Id));

        Assert.Equal("fail", (string?)reply.Json!["evaluation"]!["authentication"]!["result"]);
    }

    [Fact]
    public async Task A_changed_sim_is_told_as_described()
    {
        await using var server = await fixture.StartAsync(substitute: builder =>
            builder.Services.AddSingleton<IPhoneRiskSource>(new SwappedSim()));
        var contract = await Contract.ReadAsync(server, "v3");

        var reply = contract.MustHold(Complete, await server.CompleteAsync(await server.ReadyAsync(PreFillSteps.Martina)));

        Assert.Equal("fail", (string?)reply.Json!["evaluation"]!["risk"]!["result"]);
    }

    [Theory]
    [InlineData(Start, "{}", 400, 8001)]
    [InlineData(Start, "{", 400, 8001)]
    [InlineData(Start, """{"flowType":"mobile","phoneNumber":"2001000000"}""", 400, 8007)]
    [InlineData(Start, """{"flowType":"mobile","phoneNumber":"2001004011"}""", 403, 8009)]
    [InlineData(Validate, "[]", 400, 8001)]
    [InlineData(Validate, $$"""{"correlationId":"{{SomeId}}"}""", 400, 8008)]
    [InlineData(Challenge, "{}", 400, 8001)]
    [InlineData(Challenge, $$"""{"correlationId":"{{SomeId}}"}""", 400, 8008)]
    [InlineData(Complete, "{}", 400, 8001)]
    [InlineData(Complete, $$"""{"correlationId":"{{SomeId}}","individual":{"ssn":"1234"} }""", 400, 8008)]
    public async Task Every_refusal_of_a_body_is_as_described(string path, string body, int status, int code)
    {
        var contract = await Contract.ReadAsync(_server, "v3");

        var reply = contract.MustHold(path, await _server.PostAsync(path, body));

        Assert.Equal((status, code), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task A_step_out_of_order_is_refused_as_described()
    {
        var contract = await Contract.ReadAsync(_server, "v3");
        var flow = await _server.BeginPreFillAsync(PreFillSteps.Milo);

        var challenge = contract.MustHold(Challenge, await _server.ChallengeAsync(flow.Id, new() { ["ssn"] = "0596" }));
        var complete = contract.MustHold(Complete, await _server.CompleteAsync(flow.Id));
        await _server.ValidateAsync(flow.Id);
        var incomplete = contract.MustHold(Challenge, await _server.ChallengeAsync(flow.Id));
        await _server.ChallengeAsync(flow.Id, new() { ["ssn"] = "0596" });
        var validate = contract.MustHold(Validate, await _server.ValidateAsync(flow.Id));

        Assert.All([challenge, complete, validate], reply => Assert.Equal((403, 8003), (reply.Status, reply.Code)));
        Assert.Equal((400, 8001), (incomplete.Status, incomplete.Code));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task A_call_without_a_token_or_by_another_method_is_refused_as_described(string path)
    {
        var contract = await Contract.ReadAsync(_server, "v3");
        using var put = new HttpRequestMessage(HttpMethod.Put, path);
        put.Headers.Authorization = new("Bearer", await _server.GetTokenAsync());
        using var bare = new HttpRequestMessage(HttpMethod.Post, path) { Content = TestServer.Json("{}") };

        var withoutToken = contract.MustHold(path, await _server.SendAsync(bare));
        var byPut = contract.MustHold(path, await _server.SendAsync(put));

        Assert.Equal((401, 8002), (withoutToken.Status, withoutToken.Code));
        Assert.Equal((403, 8003), (byPut.Status, byPut.Code));
    }

    [Fact]
    public async Task Refusals_of_an_idempotency_key_are_as_described()
    {
        var admission = new SlowAdmission();
        await using var server = await fixture.StartAsync(substitute: builder =>
            builder.Services.AddSingleton<INumberAdmission>(admission));
        var contract = await Contract.ReadAsync(server, "v3");
        var body = PreFillSteps.StartBody(PreFillSteps.Milo);

        var first = server.PostAsync(Start, body, idempotencyKey: "key");
        await admission.Entered.Task.WaitAsync(Socket.Timeout, TestContext.Current.CancellationToken);
        var running = contract.MustHold(Start, await server.PostAsync(Start, body, idempotencyKey: "key"));
        var otherBody = contract.MustHold(Start, await server.PostAsync(Start, body + " ", idempotencyKey: "key"));
        admission.Goes.SetResult();

        Assert.Equal((409, 8409), (running.Status, running.Code));
        Assert.Equal((422, 8422), (otherBody.Status, otherBody.Code));
        Assert.Equal(8007, (await first).Code);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Too_many_requests_are_refused_as_described(string path)
    {
        await using var server = await fixture.StartAsync(new Dictionary<string, string?> { ["Countersign:RequestsPerSecond"] = "1" });
        var contract = await Contract.ReadAsync(server, "v3");
        await server.GetTokenAsync();

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => server.PostAsync(path, "{}")));

        Assert.Equal(8429, contract.MustHold(path, replies.First(reply => reply.Status == 429)).Code);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task A_failure_of_the_server_is_answered_as_described(string path)
    {
        await using var server = await fixture.StartAsync(substitute: builder =>
            builder.Services.AddSingleton<IFlowStore>(new BrokenFlows()));
        var contract = await Contract.ReadAsync(server, "v3");

        var reply = contract.MustHold(path, await server.PostAsync(path, Example(contract, path)));

        Assert.Equal((500, 8000), (reply.Status, reply.Code));
    }

    private static string Example(Contract contract, string path, string? id = null)
    {
        var example = contract.Operations.Single(operation => operation.Path == path).Example!.DeepClone();
        if (id is not null)
        {
            example["correlationId"] = id;
        }
        return example.ToJsonString();
    }

    private sealed class SwappedSim : IPhoneRiskSource
    {
        public Task<PhoneRisk> AssessAsync(RiskQuestion question, CancellationToken cancellationToken) =>
            Task.FromResult(new PhoneRisk(WasSimSwapped: true));
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

    private sealed class BrokenFlows : IFlowStore
    {
        public Task AddAsync(Flow flow, CancellationToken cancellationToken) => throw new TimeoutException("broken on purpose");

        public Task<Remembered?> AddAsync(Flow flow, KeyedAnswer answer, CancellationToken cancellationToken) =>
            throw new TimeoutException("broken on purpose");

        public Task<Flow?> FindAsync(CorrelationId id, CancellationToken cancellationToken) =>
            throw new TimeoutException("broken on purpose");

        public Task<Flow?> FindAsync(
            CorrelationId id, ProjectId projectId, Product product, DateTimeOffset now, CancellationToken cancellationToken) =>
            throw new TimeoutException("broken on purpose");

        public Task<Flow?> FindByLinkAsync(SecretHash link, CancellationToken cancellationToken) =>
            throw new TimeoutException("broken on purpose");

        public Task<IReadOnlyList<Flow>> FindAsync(FlowSearch search, DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
            throw new TimeoutException("broken on purpose");

        public Task<bool> TrySaveAsync(Decision decision, CancellationToken cancellationToken) =>
            throw new TimeoutException("broken on purpose");

        public Task<IReadOnlyList<CorrelationId>> FindDueAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<CorrelationId>>([]);

        public Task<int> RemoveExpiredAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) => Task.FromResult(0);
    }
}
