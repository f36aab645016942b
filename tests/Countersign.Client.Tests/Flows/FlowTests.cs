using Countersign.Client.Testing;
using Countersign.Client.Tests.Support;

namespace Countersign.Client.Tests.Flows;

/// <summary>What became of flows, as the client reads it.</summary>
public sealed class FlowTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_flow_is_read_whole()
    {
        using var client = Some.Client(new StubServer().On(
            $"/flows/{Some.CorrelationId}", () => StubServer.Json(200, Fixture.Read("flow-response.json"))));

        var flow = await client.Flows.GetAsync(Some.CorrelationId, Cancellation);

        Assert.Equal(
            ("request-9", null, "verified-users", "mobile", "ended", PossessionResult.Failed, "otp", true),
            (flow.ClientRequestId, flow.ClientCustomerId, flow.Product, flow.Type, flow.State, flow.PossessionResult, flow.Method,
                flow.IsNumberChanged));
        Assert.Equal(
            (new DateTimeOffset(2026, 1, 2, 3, 5, 0, TimeSpan.Zero), "possession.unavailable", "no-gateway", "operator"),
            (flow.EndedAt, flow.End, Assert.Single(flow.Reasons), flow.Explanation?.By));
        Assert.Equal("possession.failed", Assert.Single(flow.Timeline).Code);
        Assert.Equal(("otp", "refused", 1), (flow.Texts[0].Kind, flow.Texts[0].State, flow.Texts[0].Segments));
        Assert.Equal("FlowRecord { CorrelationId = 019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a, PossessionResult = failed }", $"{flow}");
    }

    [Fact]
    public async Task Pages_are_read_when_they_are_wanted_and_an_empty_one_is_not_the_last()
    {
        var answers = new Queue<string>(
        [
            Fixture.Read("flows-response.json"), """{"flows":[],"next":"b"}""",
            """{"flows":[{"correlationId":"c","product":"unify","type":"none","state":"running","possessionResult":"pending"}]}""",
        ]);
        var server = new StubServer().On("/flows", () => StubServer.Json(200, answers.Dequeue()));
        using var client = Some.Client(server);

        var flows = new List<FlowRecord>();
        await foreach (var flow in client.Flows.ListAllAsync(new ListFlowsRequest { State = "ended" }, Cancellation))
        {
            flows.Add(flow);
        }

        Assert.Equal(3, flows.Count);
        Assert.Equal(("c", null, 0), (flows[2].CorrelationId, flows[2].End, flows[2].Texts.Count));
        Assert.Equal(
            ["/flows?state=ended", "/flows?state=ended&cursor=AZqz8FwefSqbZD-OLHHQWg", "/flows?state=ended&cursor=b"],
            server.To("/flows").Select(request => request.PathAndQuery));
    }

    [Fact]
    public async Task A_page_that_leads_to_itself_is_an_error()
    {
        using var client = Some.Client(new StubServer().On("/flows", () => StubServer.Json(200, """{"flows":[],"next":"b"}""")));

        await Assert.ThrowsAsync<CountersignException>(async () =>
        {
            await foreach (var flow in client.Flows.ListAllAsync(cancellationToken: Cancellation))
            {
                Assert.Null(flow);
            }
        });
    }

    [Fact]
    public async Task A_flow_that_has_ended_cannot_be_cancelled_and_the_problem_is_read()
    {
        const string problem =
            """
            {"type":"about:blank","title":"Conflict","status":409,"detail":"over","code":8411,"message":"over","end":"identity.matched"}
            """;
        using var client = Some.Client(new StubServer().On(
            $"/flows/{Some.CorrelationId}/cancel", () => StubServer.Json(409, problem)));

        var exception = await Assert.ThrowsAsync<CountersignException>(() => client.Flows.CancelAsync(Some.CorrelationId, Cancellation));

        Assert.Equal((409, CountersignErrorCode.FlowEnded, false), ((int?)exception.StatusCode, exception.Code, exception.IsTransient));
    }

    [Fact]
    public async Task The_fake_answers_with_the_flows_that_the_test_sets()
    {
        var flow = new FlowRecord
        {
            CorrelationId = "c", ClientRequestId = "order-1", Product = "unify", Type = "none", State = "ended",
            PossessionResult = PossessionResult.Success,
        };
        var fake = new FakeCountersignClient { Flows = { All = [flow] } };

        Assert.Same(flow, await fake.Flows.GetAsync("c", Cancellation));
        Assert.Same(flow, Assert.Single((await fake.Flows.ListAsync(cancellationToken: Cancellation)).Flows));
        Assert.Single((await fake.Flows.SearchAsync(new SearchFlowsRequest { ClientRequestId = "order-1" }, Cancellation)).Flows);
        Assert.Empty((await fake.Flows.SearchAsync(new SearchFlowsRequest { PhoneNumber = "+12025550142" }, Cancellation)).Flows);
        var unknown = await Assert.ThrowsAsync<CountersignException>(() => fake.Flows.CancelAsync("d", Cancellation));
        Assert.Equal(CountersignErrorCode.NotFound, unknown.Code);
    }
}
