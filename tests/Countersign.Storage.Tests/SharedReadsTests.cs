
namespace Countersign.Storage.Tests;

public sealed class SharedReadsTests
{
    private readonly SharedReads<string, int> _reads = new();
    private readonly Queue<TaskCompletionSource<int>> _asked = new();

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_who_come_while_one_reads_share_the_next()
    {
        var first = ReadAsync();
        var others = Enumerable.Range(0, 200).Select(_ => ReadAsync()).ToArray();
        Assert.Single(_asked);

        Answer(1);
        Assert.Equal(1, await first);
        await AskedAsync();
        Answer(2);

        Assert.All(await Task.WhenAll(others), value => Assert.Equal(2, value));
        Assert.Empty(_asked);
    }

    [Fact]
    public async Task Who_comes_while_a_shared_one_is_read_is_not_given_that()
    {
        var first = ReadAsync();
        var second = ReadAsync();
        Answer(1);
        await first;
        await AskedAsync();

        var third = ReadAsync();
        Answer(2);
        await second;
        await AskedAsync();
        Answer(3);

        Assert.Equal((2, 3), (await second, await third));
    }

    [Fact]
    public async Task What_has_ended_is_read_anew()
    {
        var first = ReadAsync();
        Answer(1);
        await first;

        var second = ReadAsync();
        Answer(2);

        Assert.Equal((1, 2), (await first, await second));
    }

    [Fact]
    public async Task Other_keys_do_not_wait()
    {
        var first = ReadAsync("a");
        var second = ReadAsync("b");

        Assert.Equal(2, _asked.Count);
        Answer(1);
        Answer(2);
        Assert.Equal((1, 2), (await first, await second));
    }

    [Fact]
    public async Task One_who_goes_away_takes_nobody_along()
    {
        using var gone = new CancellationTokenSource();
        var first = ReadAsync(cancellationToken: gone.Token);
        var second = ReadAsync(cancellationToken: gone.Token);
        var third = ReadAsync();

        await gone.CancelAsync();
        _asked.Dequeue().SetCanceled(gone.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await AskedAsync();
        Answer(3);

        Assert.Equal(3, await third);
    }

    [Fact]
    public async Task A_failure_is_told_to_those_who_wait_and_to_nobody_after_them()
    {
        var first = ReadAsync();
        var second = ReadAsync();
        _asked.Dequeue().SetException(new TimeoutException());

        await Assert.ThrowsAsync<TimeoutException>(() => first);
        await Assert.ThrowsAsync<TimeoutException>(() => second);
        Assert.Empty(_asked);

        var third = ReadAsync();
        Answer(3);
        Assert.Equal(3, await third);
    }

    private Task<int> ReadAsync(string key = "a", CancellationToken? cancellationToken = null) =>
        _reads.ReadAsync(
            key,
            _ =>
            {
                var answer = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
                lock (_asked)
                {
                    _asked.Enqueue(answer);
                }
                return answer.Task;
            },
            cancellationToken ?? Test);

    private void Answer(int value) => _asked.Dequeue().SetResult(value);

    private async Task AskedAsync()
    {
        while (true)
        {
            lock (_asked)
            {
                if (_asked.Count > 0)
                {
                    return;
                }
            }
            await Task.Yield();
            Test.ThrowIfCancellationRequested();
        }
    }
}
