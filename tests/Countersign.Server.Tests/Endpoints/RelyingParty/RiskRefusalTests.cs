using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Projects;
using Countersign.Server.Tests.Fixtures;
using Countersign.Server.Timeline;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Endpoints.RelyingParty;

/// <summary>A project that does not accept a possession by text of a number whose SIM was changed.</summary>
public sealed class RiskRefusalTests(OnSqlite fixture) : IClassFixture<OnSqlite>, IAsyncLifetime
{
    private const string Refused =
        """{"authentication":{"result":"fail","failureReasons":{"9135":"SIM changed within the last 24 hours"}}"""
            + ""","risk":{"result":"fail","failureReasons":{"9135":"SIM changed within the last 24 hours"}}}""";

    private const string Line = "possession not accepted: SIM changed within 24 hours";

    private TestServer _server = null!;
    private Credentials _strict = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await fixture.StartAsync(substitute: builder => builder.Services.AddSingleton<IPhoneRiskSource>(new SwappedSim()));
        _strict = await _server.AddProjectAsync("strict", new ProjectSettings { Risk = new RiskPolicy { SimSwap = RiskRule.Refuse } });
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    [Trait("attack", "I05")]
    public async Task A_verification_by_code_fails_and_says_why()
    {
        var flow = await _server.BeginAsync("mobile", "2001009008", credentials: _strict);

        await _server.Browser(flow.AuthToken!).Post("mobile/instant/error", """{"message":"x"}""");
        await _server.ProveByCodeAsync(flow);

        var status = await _server.StatusAsync(flow.Id, _strict);
        Assert.Equal(("false failed failed", Refused), (status.Outcome, status.Json!["evaluation"]!.ToJsonString()));
        Assert.Contains(Line, await TimelineAsync(flow));
    }

    [Fact]
    public async Task By_default_the_same_is_reported_and_decides_nothing()
    {
        var flow = await _server.BeginAsync("mobile", "2001009008");

        await _server.Browser(flow.AuthToken!).Post("mobile/instant/error", """{"message":"x"}""");
        await _server.ProveByCodeAsync(flow);

        Assert.Equal("true success success", (await _server.StatusAsync(flow.Id)).Outcome);
    }

    [Fact]
    public async Task A_unify_flow_is_tied_to_nobody()
    {
        var flow = await _server.BeginUnifyAsync("mobile", "2001009302", credentials: _strict);

        await _server.ProveByCodeAsync(flow);

        var status = await _server.UnifyStatusAsync(flow.Id, _strict);
        Assert.Equal(("false", Refused), (status.Text("success"), status.Json!["evaluation"]!.ToJsonString()));
        Assert.Null(status.TextOrNull("proveId"));
        Assert.Contains(Line, await TimelineAsync(flow));
    }

    [Fact]
    public async Task A_challenge_gives_no_record_out_and_complete_confirms_nothing()
    {
        var flow = await _server.BeginPreFillAsync("2002000017", credentials: _strict);
        await _server.ProveAsync(flow, _strict);
        await _server.ValidateAsync(flow.Id, _strict);

        var challenge = await _server.ChallengeAsync(flow.Id, new() { ["dob"] = "1990-01-01" }, _strict);
        var complete = await _server.CompleteAsync(flow.Id, credentials: _strict);

        Assert.Equal((false, Refused), ((bool)challenge.Json!["success"]!, challenge.Json["evaluation"]!.ToJsonString()));
        Assert.Null(challenge.Json["individual"]);
        Assert.Equal((false, Refused), ((bool)complete.Json!["success"]!, complete.Json["evaluation"]!.ToJsonString()));
    }

    private async Task<IEnumerable<string>> TimelineAsync(Begun flow) =>
        (await _server.Services.GetRequiredService<FlowRunner>()
            .FindAsync(CorrelationId.Parse(flow.Id), TestContext.Current.CancellationToken))!
            .Timeline.Select(FlowSentences.Of);

    private sealed class SwappedSim : IPhoneRiskSource
    {
        public Task<PhoneRisk> AssessAsync(RiskQuestion question, CancellationToken cancellationToken) =>
            Task.FromResult(new PhoneRisk(WasSimSwapped: true));
    }
}
