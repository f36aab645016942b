using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Countersign.Providers.Http;

namespace Countersign.Providers.Tests.Http;

/// <summary>Waiting that ends before what is waited for.</summary>
public sealed class WaitingTests
{
    private const string Marker = "nobody waited for this failure";

    [Fact]
    public void A_failure_that_nobody_waits_for_any_more_is_not_reported_as_unobserved()
    {
        var reported = new ConcurrentQueue<string>();
        void Note(object? sender, UnobservedTaskExceptionEventArgs unobserved) => reported.Enqueue(unobserved.Exception.ToString());
        TaskScheduler.UnobservedTaskException += Note;
        try
        {
            Leave();
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Note;
        }

        Assert.DoesNotContain(reported, one => one.Contains(Marker, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_still_waits_is_told_the_failure()
    {
        var running = new TaskCompletionSource<string>();

        var waiting = running.Task.WaitApartAsync(TestContext.Current.CancellationToken);
        running.SetException(new IOException("broken"));

        Assert.Equal("broken", (await Assert.ThrowsAsync<IOException>(() => waiting)).Message);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Leave()
    {
        using var leaving = new CancellationTokenSource();
        var running = new TaskCompletionSource<string>();
        var waiting = running.Task.WaitApartAsync(leaving.Token);
        leaving.Cancel();
        Assert.True(waiting.IsCanceled);
        running.SetException(new IOException(Marker));
    }
}
