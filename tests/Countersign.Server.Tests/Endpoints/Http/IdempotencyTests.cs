using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Keys;
using Countersign.Core.Projects;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Endpoints.Http;

public abstract class IdempotencyTests(ServerFixture fixture)
{
    private static readonly string _body = TestServer.VerifyBody("mobile", "2001009002");

    private TestServer Server => fixture.Server;

    [Fact]
    public async Task The_same_key_and_body_get_the_same_answer_and_begin_nothing()
    {
        var first = await Server.VerifyAsync(_body, idempotencyKey: "same");
        var flows = await Server.CountAsync("flows");

        var second = await Server.VerifyAsync(_body, idempotencyKey: "same");

        Assert.Equal((200, first.Body), (second.Status, second.Body));
        Assert.Equal(flows, await Server.CountAsync("flows"));
    }

    [Theory]
    [InlineData("k")]
    [InlineData("!\"#$%&'()*+,-./0:;<=>?@A[\\]^_`a{|}~")]
    [InlineData(255)]
    public async Task A_key_is_1_to_255_visible_characters(object given)
    {
        var key = given as string ?? new string('k', (int)given);

        Assert.Equal(
            (await Server.VerifyAsync(_body, idempotencyKey: key)).Body, (await Server.VerifyAsync(_body, idempotencyKey: key)).Body);
    }

    [Fact]
    public async Task Without_a_key_every_call_begins_a_flow()
    {
        var flows = await Server.CountAsync("flows");

        await Server.VerifyAsync(_body);
        await Server.VerifyAsync(_body);

        Assert.Equal(flows + 2, await Server.CountAsync("flows"));
    }

    [Theory]
    [Trait("attack", "A05")]
    [InlineData(" ")]
    [InlineData("\n")]
    public async Task Another_body_is_refused_byte_for_byte(string more)
    {
        var key = $"other-body-{(int)more[0]}";
        await Server.VerifyAsync(_body, idempotencyKey: key);
        var flows = await Server.CountAsync("flows");

        var reply = await Server.VerifyAsync(_body + more, idempotencyKey: key);

        Assert.Equal("422 8422 this idempotency key was used with another body", reply.Fault);
        Assert.Equal(flows, await Server.CountAsync("flows"));
    }

    [Fact]
    [Trait("attack", "A05")]
    public async Task Another_client_has_keys_of_its_own_in_the_same_project_too()
    {
        var first = await Server.VerifyAsync(_body, idempotencyKey: "mine");
        var sameProject = new Credentials("second-client", "second-secret");
        await Server.Services.GetRequiredService<IProjectStore>().PutAsync(
            new ApiClient(ClientId.Parse(sameProject.Id), ProjectId.Parse("sandbox"),
                ClientSecrets.HashOf(Server.Services.GetRequiredService<SecretHasher>(), sameProject.Secret)),
            TestContext.Current.CancellationToken);
        var otherProject = await Server.AddProjectAsync("other");

        var second = await Server.VerifyAsync(_body, sameProject, "mine");
        var third = await Server.VerifyAsync(_body, otherProject, "mine");

        Assert.Equal((200, 200), (second.Status, third.Status));
        Assert.Equal(3, new[] { first, second, third }.Select(reply => reply.Text("correlationId")).Distinct().Count());
    }

    [Fact]
    public async Task The_answer_outlives_its_flow_and_is_forgotten_after_a_day()
    {
        await using var server = await fixture.StartAsync();
        var first = await server.VerifyAsync(_body, idempotencyKey: "day");

        await server.AdvanceAsync(TimeSpan.FromMinutes(20));
        var afterFlow = await server.VerifyAsync(_body, idempotencyKey: "day");
        await server.AdvanceAsync(TimeSpan.FromHours(23));
        var nearlyADay = await server.VerifyAsync(_body, idempotencyKey: "day");
        await server.AdvanceAsync(TimeSpan.FromMinutes(40));
        var afterADay = await server.VerifyAsync(_body, idempotencyKey: "day");

        Assert.Equal(first.Body, afterFlow.Body);
        Assert.Equal(first.Body, nearlyADay.Body);
        Assert.Equal(8008, (await server.StatusAsync(first.Text("correlationId"))).Code);
        Assert.Equal(200, afterADay.Status);
        Assert.NotEqual(first.Text("correlationId"), afterADay.Text("correlationId"));
    }

    [Fact]
    public async Task The_answer_outlives_a_restart_and_is_stored_encrypted()
    {
        await using var server = await fixture.StartAsync();
        var first = await server.VerifyAsync(_body, idempotencyKey: "restart");

        await server.RestartAsync();

        Assert.Equal(first.Body, (await server.VerifyAsync(_body, idempotencyKey: "restart")).Body);
    }

    [Fact]
    public async Task A_refusal_is_not_remembered()
    {
        var ofNobody = TestServer.VerifyBody("mobile", "2001009999");

        Assert.Equal(8007, (await Server.VerifyAsync(ofNobody, idempotencyKey: "refused")).Code);
        Assert.Equal(8007, (await Server.VerifyAsync(ofNobody, idempotencyKey: "refused")).Code);
        Assert.Equal(8001, (await Server.VerifyAsync("{}", idempotencyKey: "refused")).Code);
        Assert.Equal(200, (await Server.VerifyAsync(_body, idempotencyKey: "refused")).Status);
    }

    [Fact]
    [Trait("attack", "A05")]
    public async Task While_a_call_is_running_its_key_is_taken_and_a_call_that_broke_gives_it_back()
    {
        var identity = new SlowIdentitySource();
        await using var server = await fixture.StartAsync(substitute: builder => builder.Services.AddSingleton<IIdentitySource>(identity));
        var body = TestServer.VerifyBody("none", "2001009002");

        var running = server.VerifyAsync(body, idempotencyKey: "running");
        await identity.IsAsked.Task;
        var meanwhile = await server.VerifyAsync(body, idempotencyKey: "running");
        var otherBody = await server.VerifyAsync(body + " ", idempotencyKey: "running");
        identity.Answer.SetException(new InvalidOperationException("broken"));
        var broken = await running;
        identity.Answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        identity.Answer.SetResult(new IdentityAnswer(IdentityMatch.Matched));
        var again = await server.VerifyAsync(body, idempotencyKey: "running");

        Assert.Equal("409 8409 a request with this idempotency key is still running", meanwhile.Fault);
        Assert.Equal(8422, otherBody.Code);
        Assert.Equal("500 8000 internal error, try again later", broken.Fault);
        Assert.Equal("true not_applicable success", again.Outcome);
        Assert.Equal(1, await server.CountAsync("flows"));
    }

    [Theory]
    [InlineData("/v3/verify")]
    [InlineData("/v3/start")]
    [InlineData("/v3/unify")]
    public async Task A_flow_and_its_key_are_stored_together_or_not_at_all(string path)
    {
        await using var server = await fixture.StartAsync();
        var body = BodyFor(path);
        await server.ExecuteAsync("ALTER TABLE flows RENAME TO flows_away");

        var broken = await server.PostAsync(path, body, idempotencyKey: "together");
        var keys = await server.CountAsync("idempotency");
        await server.ExecuteAsync("ALTER TABLE flows_away RENAME TO flows");
        var again = await server.PostAsync(path, body, idempotencyKey: "together");
        var repeated = await server.PostAsync(path, body, idempotencyKey: "together");

        Assert.Equal((500, 0), (broken.Status, keys));
        Assert.Equal((200, again.Body), (again.Status, repeated.Body));
        Assert.Equal((1, 1), (await server.CountAsync("flows"), await server.CountAsync("idempotency")));
    }

    [Theory]
    [InlineData("/v3/verify")]
    [InlineData("/v3/start")]
    [InlineData("/v3/unify")]
    public async Task Parallel_calls_with_one_key_begin_one_flow(string path)
    {
        await using var server = await fixture.StartAsync();
        await server.GetTokenAsync();

        var replies = await Task.WhenAll(
            Enumerable.Range(0, 40).Select(_ => server.PostAsync(path, BodyFor(path), idempotencyKey: "parallel")));

        Assert.All(replies, reply => Assert.Contains(reply.Status, (int[])[200, 409]));
        Assert.Single(replies.Where(reply => reply.Status == 200).Select(reply => reply.Body).Distinct());
        Assert.Equal(1, await server.CountAsync("flows"));
    }

    private static string BodyFor(string path) => path == "/v3/verify"
        ? _body
        : new JsonObject { ["flowType"] = "mobile", ["phoneNumber"] = "2002000007" }.ToJsonString();

    [Fact]
    public async Task A_key_is_no_matter_of_verify_status()
    {
        var flow = await Server.BeginAsync("mobile", "2001009002");
        var body = $$"""{"correlationId":"{{flow.Id}}"}""";

        var reply = await Server.PostAsync("/v3/verify-status", body, idempotencyKey: "a b");

        Assert.Equal(200, reply.Status);
    }

    [Fact]
    public async Task An_idempotency_key_is_the_same_however_the_path_is_spelled()
    {
        var body = TestServer.VerifyBody("mobile", "2001009002");

        var first = await fixture.Server.PostAsync("/v3/verify", body, idempotencyKey: "spelled");
        var second = await fixture.Server.PostAsync("/V3/Verify/", body, idempotencyKey: "spelled");

        Assert.Equal((string?)first.Json!["correlationId"], (string?)second.Json!["correlationId"]);
    }

    private sealed class SlowIdentitySource : IIdentitySource
    {
        public TaskCompletionSource IsAsked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<IdentityAnswer> Answer { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<IdentityAnswer> MatchAsync(IdentityQuestion question, CancellationToken cancellationToken)
        {
            IsAsked.TrySetResult();
            return Answer.Task;
        }
    }
}

public sealed class IdempotencyOnSqlite(OnSqlite fixture) : IdempotencyTests(fixture), IClassFixture<OnSqlite>;

public sealed class IdempotencyOnPostgres(OnPostgres fixture) : IdempotencyTests(fixture), IClassFixture<OnPostgres>;
