using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Devices;
using Countersign.Core.Numbers;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.OpenApi;

/// <summary>The unify family held to openapi/v3.json: each success and each refusal that the document lists.</summary>
public sealed class UnifyAnswerTests(OnSqlite fixture) : IClassFixture<OnSqlite>
{
    private const string Begin = "/v3/unify";
    private const string Status = "/v3/unify-status";
    private const string Bind = "/v3/unify-bind";
    private const string Revoke = "/v3/device/revoke";
    private const string Number = "2001009302";
    private const string SomeId = "019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a";

    private readonly TestServer _server = fixture.Server;

    public static TheoryData<string> Paths => [Begin, Status, Bind, Revoke];

    [Fact]
    public async Task Every_example_is_answered_with_success()
    {
        await using var server = await fixture.StartAsync();
        var contract = await Contract.ReadAsync(server, "v3");
        var examples = contract.Operations.Where(operation => operation.Example is not null)
            .ToDictionary(operation => operation.Path, operation => operation.Example!, StringComparer.Ordinal);
        var device = new Device(Guid.NewGuid(), ProjectId.Parse("sandbox"), "key", [1], DateTimeOffset.UnixEpoch);
        await server.Services.GetRequiredService<IDeviceStore>().AddAsync(device, TestContext.Current.CancellationToken);

        var begun = contract.MustHold(Begin, await server.PostAsync(Begin, examples[Begin].ToJsonString()));
        examples[Status]["correlationId"] = begun.Text("correlationId");
        examples[Bind]["correlationId"] = (await server.BeginUnifyAsync("none", (string)examples[Bind]["phoneNumber"]!)).Id;
        examples[Revoke]["deviceId"] = device.Id.ToString();

        Assert.Equal("pending", begun.Text("success"));
        Assert.Equal("true", contract.MustHold(Status, await server.PostAsync(Status, examples[Status].ToJsonString())).Text("success"));
        Assert.Equal("true", contract.MustHold(Bind, await server.PostAsync(Bind, examples[Bind].ToJsonString())).Text("success"));
        Assert.True((bool)contract.MustHold(Revoke, await server.PostAsync(Revoke, examples[Revoke].ToJsonString())).Json!["success"]!);
    }

    [Theory]
    [InlineData("desktop")]
    [InlineData("mobile")]
    [InlineData("none")]
    public async Task Every_way_of_success_is_as_described(string type)
    {
        var contract = await Contract.ReadAsync(_server, "v3");

        var begun = await _server.BeginUnifyAsync(
            type, Number,
            new JsonObject { ["clientHumanId"] = "human", ["allowOTPRetry"] = true, ["rebind"] = true, ["checkReputation"] = true });
        var before = contract.MustHold(Status, await _server.UnifyStatusAsync(begun.Id));
        switch (type)
        {
            case "desktop":
                await _server.ProveByLinkAsync(begun, Number);
                break;
            case "mobile":
                await _server.ProveByCodeAsync(begun);
                break;
            default:
                contract.MustHold(Bind, await _server.UnifyBindAsync(begun.Id, Number));
                break;
        }

        contract.MustHold(Begin, begun.Reply);
        Assert.Equal(type == "none" ? "possession_required" : "pending", before.Text("success"));
        Assert.Equal("true", contract.MustHold(Status, await _server.UnifyStatusAsync(begun.Id)).Text("success"));
    }

    [Theory]
    [InlineData("2001009304", "1234", "true", "risk", "9135")]
    [InlineData(Number, "0000", "false", "authentication", "9100 9910")]
    public async Task Every_reason_is_as_described(string number, string code, string success, string key, string reason)
    {
        var contract = await Contract.ReadAsync(_server, "v3");
        var begun = await _server.BeginUnifyAsync("mobile", number);
        await _server.ProveByCodeAsync(begun, code);

        var result = contract.MustHold(Status, await _server.UnifyStatusAsync(begun.Id));

        Assert.Equal(success, result.Text("success"));
        Assert.Equal(reason.Split(' '), result.Json!["evaluation"]![key]!["failureReasons"]!.AsObject().Select(found => found.Key));
    }

    [Theory]
    [InlineData(Begin, "{}", 400, 8001)]
    [InlineData(Begin, "[]", 400, 8001)]
    [InlineData(Begin, """{"possessionType":"mobile","phoneNumber":"2001000000"}""", 400, 8007)]
    [InlineData(Begin, """{"possessionType":"mobile","phoneNumber":"2001001695"}""", 403, 8009)]
    [InlineData(Begin, $$"""{"possessionType":"mobile","proveId":"{{SomeId}}"}""", 404, 8011)]
    [InlineData(Status, "{}", 400, 8001)]
    [InlineData(Status, $$"""{"correlationId":"{{SomeId}}"}""", 400, 8008)]
    [InlineData(Bind, "{}", 400, 8001)]
    [InlineData(Bind, $$"""{"correlationId":"{{SomeId}}","phoneNumber":"{{Number}}"}""", 400, 8008)]
    [InlineData(Revoke, "{}", 400, 8001)]
    [InlineData(Revoke, $$"""{"clientRequestId":"r","deviceId":"{{SomeId}}"}""", 404, 8011)]
    public async Task Every_refusal_of_a_body_is_as_described(string path, string body, int status, int code)
    {
        var contract = await Contract.ReadAsync(_server, "v3");

        var reply = contract.MustHold(path, await _server.PostAsync(path, body));

        Assert.Equal((status, code), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task A_bind_out_of_order_is_refused_as_described()
    {
        var contract = await Contract.ReadAsync(_server, "v3");
        var begun = await _server.BeginUnifyAsync("mobile", Number);

        var reply = contract.MustHold(Bind, await _server.UnifyBindAsync(begun.Id, Number));

        Assert.Equal((403, 8003), (reply.Status, reply.Code));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task A_call_without_a_token_or_by_another_method_is_refused_as_described(string path)
    {
        var contract = await Contract.ReadAsync(_server, "v3");
        using var put = new HttpRequestMessage(HttpMethod.Put, path);
        put.Headers.Authorization = new("Bearer", await _server.GetTokenAsync());

        var withoutToken = contract.MustHold(path, await Reply.ReadAsync(await _server.Client.PostAsync(
            path, TestServer.Json("{}"), TestContext.Current.CancellationToken)));
        var byPut = contract.MustHold(path, await _server.SendAsync(put));

        Assert.Equal((401, 8002), (withoutToken.Status, withoutToken.Code));
        Assert.Equal((403, 8003), (byPut.Status, byPut.Code));
    }

    [Fact]
    public async Task Every_refusal_of_an_idempotency_key_is_as_described()
    {
        var admission = new SlowAdmission();
        await using var server = await fixture.StartAsync(substitute: builder =>
            builder.Services.AddSingleton<INumberAdmission>(admission));
        var contract = await Contract.ReadAsync(server, "v3");

        var first = server.UnifyAsync(UnifyCalls.UnifyBody("mobile", Number), idempotencyKey: "unify-409");
        await admission.Entered.Task.WaitAsync(Socket.Timeout, TestContext.Current.CancellationToken);
        var running = contract.MustHold(
            Begin, await server.UnifyAsync(UnifyCalls.UnifyBody("mobile", Number), idempotencyKey: "unify-409"));
        var otherBody = contract.MustHold(
            Begin, await server.UnifyAsync(UnifyCalls.UnifyBody("none", Number), idempotencyKey: "unify-409"));
        admission.Goes.SetResult();

        Assert.Equal((409, 8409), (running.Status, running.Code));
        Assert.Equal((422, 8422), (otherBody.Status, otherBody.Code));
        Assert.Equal(8007, (await first).Code);
    }

    [Fact]
    public async Task Too_many_requests_are_refused_as_described()
    {
        await using var server = await fixture.StartAsync(new Dictionary<string, string?> { ["Countersign:RequestsPerSecond"] = "1" });
        var contract = await Contract.ReadAsync(server, "v3");
        await server.GetTokenAsync();

        foreach (var path in Paths)
        {
            var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => server.PostAsync(path.Data, "{}")));

            Assert.Equal(8429, contract.MustHold(path.Data, replies.First(reply => reply.Status == 429)).Code);
        }
    }

    [Fact]
    public async Task A_failure_of_the_server_is_answered_as_described()
    {
        await using var server = await fixture.StartAsync(substitute: builder => builder.Services
            .AddSingleton<INumberAdmission>(new BrokenAdmission())
            .AddSingleton<IDeviceStore>(new BrokenDevices()));
        var contract = await Contract.ReadAsync(server, "v3");

        var begun = contract.MustHold(Begin, await server.UnifyAsync(UnifyCalls.UnifyBody("mobile", Number)));
        var revoked = contract.MustHold(Revoke, await server.RevokeDeviceAsync(SomeId));

        Assert.Equal((500, 8000), (begun.Status, begun.Code));
        Assert.Equal((500, 8000), (revoked.Status, revoked.Code));
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

    private sealed class BrokenDevices : IDeviceStore
    {
        public Task AddAsync(Device device, CancellationToken cancellationToken) => throw new TimeoutException("broken on purpose");

        public Task<Device?> FindAsync(Guid id, CancellationToken cancellationToken) => throw new TimeoutException("broken on purpose");

        public Task<bool> TryBindAsync(Guid id, Guid? from, Guid to, CancellationToken cancellationToken) =>
            throw new TimeoutException("broken on purpose");

        public Task<bool> RevokeAsync(Guid id, ProjectId projectId, CancellationToken cancellationToken) =>
            throw new TimeoutException("broken on purpose");

        public Task ForgetPasskeysAsync(Guid id, ProjectId projectId, CancellationToken cancellationToken) =>
            throw new TimeoutException("broken on purpose");

        public Task<IReadOnlyList<HeldDevice>> OfIdentityAsync(Guid identity, int limit, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task UseAsync(Guid id, DateTimeOffset at, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> HasAnyAsync(Guid identity, KeyHorizon horizon, CancellationToken cancellationToken) =>
            throw new TimeoutException("broken on purpose");

        public Task KeepAsync(Guid id, DateTimeOffset until, CancellationToken cancellationToken) =>
            throw new TimeoutException("broken on purpose");

        public Task<int> RemoveUntiedAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
            throw new TimeoutException("broken on purpose");
    }
}
