using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Countersign.Cli.Attacks;

/// <summary>
/// The one server that is called: whatever an answer says, nothing else is. After so many calls, or so much time, nothing more is sent.
/// </summary>
/// <param name="origin">Scheme, host and port.</param>
internal sealed class Target(Uri origin, HttpMessageHandler handler, Bounds bounds, TimeProvider time) : IDisposable
{
    // What is answered to one call is small; what is not is no answer of this server.
    private const int MaxBytes = 4 * 1024 * 1024;

    // A rate that is reached passes by itself.
    private const int MaxWaits = 4;
    private static readonly TimeSpan _longestWait = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private const int Undoings = 3;
    private static readonly TimeSpan _untilAgain = TimeSpan.FromSeconds(1);

    private readonly HttpClient _http = new(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = MaxBytes };
    private readonly long _begun = time.GetTimestamp();
    private int _calls;
    private int _kept;

    public Uri Origin => origin;

    /// <summary>So many were made.</summary>
    public int Calls => _calls;

    public TimeProvider Time => time;

    /// <inheritdoc cref="CliEnvironment.WaitAsync"/>
    public required Func<TimeSpan, CancellationToken, Task> WaitAsync { get; init; }

    public TimeSpan Elapsed => time.GetElapsedTime(_begun);

    /// <summary>Calls it, and once more where it asks to wait a moment for the rate of calls.</summary>
    /// <exception cref="CannotPlay">It goes on refusing for what is called how often, which says nothing of what was asked.</exception>
    public async Task<Heard> CallAsync(Func<HttpRequestMessage> request, CancellationToken cancellationToken)
    {
        for (var waits = 0;; waits++)
        {
            var heard = await CallOnceAsync(request(), cancellationToken);
            if (!heard.IsRate)
            {
                return heard;
            }
            if (waits == MaxWaits || heard.RetryAfter is not { } wait || wait > _longestWait)
            {
                throw new CannotPlay($"A call was answered {heard.Brief}, by no limit of a number: that says nothing.");
            }
            await Task.Delay(wait, time, cancellationToken);
        }
    }

    /// <summary>Keeps calls back for <see cref="UndoAsync"/>.</summary>
    public void KeepForUndoing() => _kept += Undoings;

    /// <summary>
    /// Takes back what was made, when everything else is over too: by a call that was kept, however long it has taken, and if the run is
    /// cancelled.
    /// </summary>
    /// <returns>Whether it was answered with success.</returns>
    public async Task<bool> UndoAsync(Func<HttpRequestMessage> request)
    {
        for (; _kept > 0; _kept--)
        {
            try
            {
                Interlocked.Increment(ref _calls);
                if (await SendAsync(request(), CancellationToken.None) is { IsRate: false } heard)
                {
                    (_kept, var isDone) = (0, heard.IsOk);
                    return isDone;
                }
                await Task.Delay(_untilAgain, time, CancellationToken.None);
            }
            catch (CannotPlay)
            {
                // Once more, as long as calls are kept.
            }
        }
        return false;
    }

    /// <exception cref="BoundReached">No more calls, or no more time.</exception>
    public async Task<Heard> CallOnceAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _calls) > bounds.Calls - _kept || Elapsed > bounds.Time)
        {
            Interlocked.Decrement(ref _calls);
            request.Dispose();
            throw new BoundReached();
        }
        return await SendAsync(request, cancellationToken);
    }

    private async Task<Heard> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(_patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        using (request)
        {
            try
            {
                using var response = await _http.SendAsync(request, either.Token);
                return await Heard.ReadAsync(response, either.Token);
            }
            catch (HttpRequestException exception)
            {
                throw new CannotPlay($"{origin.Authority} did not answer: {exception.HttpRequestError}.");
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new CannotPlay($"{origin.Authority} did not answer within {_patience.TotalSeconds:0} seconds.");
            }
        }
    }

    /// <summary>An address of this server, as it is written: a path that climbs is sent climbing.</summary>
    /// <param name="path">Begins with a slash.</param>
    public Uri At(string path) => new(
        origin.GetLeftPart(UriPartial.Authority) + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

    public HttpRequestMessage Post(string path, JsonNode body, string? token)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, At(path))
        {
            Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return request;
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>How much is done at most.</summary>
internal sealed record Bounds(int Calls, TimeSpan Time);

/// <summary>Nothing more may be sent.</summary>
internal sealed class BoundReached() : Exception("The bound was reached.");
