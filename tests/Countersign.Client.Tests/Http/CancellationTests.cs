using Countersign.Client.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Client.Tests.Http;

public sealed class CancellationTests
{
    private readonly StubServer _server = new();

    [Fact]
    public async Task A_call_ended_by_its_own_token_stays_a_cancellation_of_that_token()
    {
        using var cancellation = new CancellationTokenSource();
        _server.Hold = async (request, token) =>
        {
            if (request.Path == StubServer.Verify)
            {
                await cancellation.CancelAsync();
                token.ThrowIfCancellationRequested();
            }
        };
        using var client = Some.Client(_server);

        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => client.VerifyAsync(Some.VerifyRequest, cancellationToken: cancellation.Token));

        Assert.Equal(cancellation.Token, exception.CancellationToken);
        Assert.Single(_server.To(StubServer.Verify));
    }

    [Fact]
    public async Task A_call_can_be_ended_during_the_pause_before_a_retry()
    {
        using var cancellation = new CancellationTokenSource();
        _server.On(StubServer.VerifyStatus, () => StubServer.Error(503, 8000, "later", "20"));
        var time = new TimeThatReportsPauses();
        using var client = Some.Client(_server, time);

        var call = client.GetStatusAsync(Some.CorrelationId, cancellation.Token);
        await time.Paused;
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Single(_server.To(StubServer.VerifyStatus));
    }

    [Fact]
    public async Task A_server_that_does_not_answer_in_time_is_a_failure_and_not_a_cancellation()
    {
        var time = new FakeTimeProvider();
        var arrived = new TaskCompletionSource();
        _server.Hold = (request, token) =>
        {
            if (request.Path != StubServer.Verify)
            {
                return Task.CompletedTask;
            }

            arrived.SetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        };
        using var client = Some.Client(_server, time);

        var call = client.VerifyAsync(Some.VerifyRequest, Some.NoKey, TestContext.Current.CancellationToken);
        await arrived.Task;
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(call.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));

        var exception = await Assert.ThrowsAsync<CountersignException>(() => call);
        Assert.Null(exception.StatusCode);
        Assert.True(exception.IsTransient);
        Assert.Contains("in time", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_transports_own_time_out_is_a_failure_too()
    {
        _server.On(StubServer.VerifyStatus, () => throw new TaskCanceledException("HttpClient.Timeout", new TimeoutException()));
        using var client = Some.Client(_server);

        var exception = await Assert.ThrowsAsync<CountersignException>(
            () => client.GetStatusAsync(Some.CorrelationId, TestContext.Current.CancellationToken));

        Assert.Null(exception.StatusCode);
        Assert.Equal(Some.CorrelationId, exception.CorrelationId);
    }

    /// <summary>Tells when somebody begins a pause of 20 seconds.</summary>
    private sealed class TimeThatReportsPauses : FakeTimeProvider
    {
        private readonly TaskCompletionSource _paused = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Paused => _paused.Task;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            if (dueTime == TimeSpan.FromSeconds(20))
            {
                _paused.TrySetResult();
            }

            return timer;
        }
    }
}
