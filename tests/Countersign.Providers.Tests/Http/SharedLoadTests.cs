using Countersign.Providers.Http;

namespace Countersign.Providers.Tests.Http;

/// <summary>Who waits for which load.</summary>
public sealed class SharedLoadTests
{
    private readonly SharedLoad<string> _load = new();
    private int _loads;

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_comes_while_it_fails_fails_with_it_and_the_next_tries_again()
    {
        var first = new TaskCompletionSource<string>();
        var waiting = Enumerable.Range(0, 4).Select(_ => GetAsync(first.Task)).ToArray();
        first.SetException(new IOException());

        foreach (var one in waiting)
        {
            await Assert.ThrowsAsync<IOException>(() => one);
        }
        Assert.Equal("well", await GetAsync(Task.FromResult("well")));
        Assert.Equal(2, _loads);
    }

    [Fact]
    public async Task What_is_kept_will_do_as_long_as_it_can_be_used()
    {
        Assert.Equal("a", await GetAsync(Task.FromResult("a")));
        Assert.Equal("a", await GetAsync(Task.FromResult("b")));
        Assert.Equal("c", await GetAsync(Task.FromResult("c"), known => known != "a"));
        Assert.Equal("c", await GetAsync(Task.FromResult("d"), known => known != "a"));

        Assert.Equal(2, _loads);
    }

    private Task<string> GetAsync(Task<string> loaded, Predicate<string>? isUsable = null) => _load.GetAsync(
        isUsable ?? (_ => true),
        () =>
        {
            Interlocked.Increment(ref _loads);
            return loaded;
        },
        Test);
}
