using Countersign.Core;
using Countersign.Core.IdentityMatching;
using Countersign.Providers.Camara;
using Countersign.Providers.Http;
using Countersign.Providers.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Providers.Tests.Camara;

/// <summary>What breaker and log hear of an operator whose callers do not wait to the end.</summary>
public sealed class OperatorCallsTests : IDisposable
{
    private const string SimSwap = "/sim-swap/v2/check";
    private const int Failed = 1550;
    private const int Opened = 1551;
    private const int Closed = 1552;

    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(3);

    private readonly FakeTimeProvider _time = new();
    private readonly SignalledEvents _log = new();
    private readonly ScriptedOperator _network = new();
    private readonly MobileOperator _operator;

    public OperatorCallsTests()
    {
        _operator = _network.AskedBy(_time, _log);
        _network.Answers[SimSwap] = ScriptedOperator.Silent;
    }

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Assessments_of_a_silent_operator_open_the_circuit_although_none_waits_to_the_end()
    {
        await AssessAsync(20);

        Assert.Equal((0, false), (_log.Count(Failed), _operator.IsLeftAlone));
        _time.Advance(_limit - CamaraRiskSource.Budget);
        await _log.SeenAsync(Opened);
        await _log.SeenAsync(Failed, 40);

        Assert.True(_operator.IsLeftAlone);
    }

    [Fact]
    public async Task A_probe_whose_caller_left_closes_nothing()
    {
        await AssessAsync(20);
        _time.Advance(_limit - CamaraRiskSource.Budget);
        await _log.SeenAsync(Failed, 40);
        _time.Advance(ProviderGuards.Rest);
        Assert.False(_operator.IsLeftAlone);

        using var leaving = new CancellationTokenSource();
        var probe = AskAsync(leaving.Token);
        await _network.SeenAsync(SimSwap, 41);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probe);

        // While the probe is on its way nobody else is let through.
        Assert.Equal(Reasons.Failing, (await Assert.ThrowsAsync<OperatorFailure>(() => AskAsync(Test))).Reason);
        _time.Advance(_limit);
        await _log.SeenAsync(Opened, 2);
        Assert.True(_operator.IsLeftAlone);
        Assert.Equal((0, 41), (_log.Count(Closed), _network.Count(SimSwap)));
    }

    [Fact]
    public async Task A_probe_that_is_answered_after_its_caller_left_closes_the_circuit()
    {
        await AssessAsync(20);
        _time.Advance(_limit - CamaraRiskSource.Budget);
        await _log.SeenAsync(Failed, 40);
        _time.Advance(ProviderGuards.Rest);
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        _network.Answers[SimSwap] = (_, _, _) => answer.Task;

        using var leaving = new CancellationTokenSource();
        var probe = AskAsync(leaving.Token);
        await _network.SeenAsync(SimSwap, 41);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probe);
        answer.SetResult(ScriptedOperator.Json("""{"swapped":false}"""));

        await _log.SeenAsync(Closed);
    }

    [Fact]
    public async Task A_call_whose_caller_has_gone_already_is_not_made()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _operator.IsNumberAsync(
            PhoneNumber.Parse("+12025550142"), new Secret("t"), "c", new CancellationToken(canceled: true)));

        Assert.Equal(0, _network.Count("/number-verification/v1/verify"));
    }

    public void Dispose()
    {
        _operator.Dispose();
        _network.Dispose();
    }

    /// <summary>Each asks twice, for a day and for a week, and gives up after its own time.</summary>
    private async Task AssessAsync(int count)
    {
        var source = new CamaraRiskSource(_operator, new RiskSourceOptions { Recycling = false, Tenure = false }, _time, _log);
        var question = new RiskQuestion(PhoneNumber.Parse("+12025550142"));
        var assessments = Enumerable.Range(0, count).Select(_ => source.AssessAsync(question, Test)).ToArray();
        await _network.SeenAsync(SimSwap, 2 * count);
        _time.Advance(CamaraRiskSource.Budget);

        Assert.All(await Task.WhenAll(assessments), risk => Assert.Equal(PhoneRisk.Unknown, risk));
    }

    private Task<ProviderAnswer> AskAsync(CancellationToken cancellationToken) =>
        _operator.Apis.PostAsync("sim-swap", SimSwap, "sim-swap:check", "{}"u8.ToArray(), cancellationToken);
}
