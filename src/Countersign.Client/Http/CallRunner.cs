using System.Net;

namespace Countersign.Client.Http;

/// <summary>Runs one call as one activity, retries included, and turns its answer into what the caller gets.</summary>
internal sealed class CallRunner(AuthorizedCalls calls)
{
    private volatile bool _isClosed;

    /// <summary>Calls throw <see cref="ObjectDisposedException"/> from now on.</summary>
    public void Close() => _isClosed = true;

    /// <param name="call">What is sent.</param>
    /// <param name="outcome">The result's word for telemetry; must hold nothing of a person.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public Task<TAnswer> RunAsync<TAnswer>(Call call, Func<TAnswer, string>? outcome, CancellationToken cancellationToken)
        where TAnswer : class =>
        RunAsync<TAnswer, TAnswer>(call, answer => answer, outcome, cancellationToken);

    /// <param name="call">What is sent.</param>
    /// <param name="read">What the caller gets; null when the answer lacks what the contract requires.</param>
    /// <param name="outcome">The result's word for telemetry; must hold nothing of a person.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public async Task<TResponse> RunAsync<TAnswer, TResponse>(
        Call call, Func<TAnswer, TResponse?> read, Func<TResponse, string>? outcome, CancellationToken cancellationToken)
        where TAnswer : class
        where TResponse : class
    {
        ObjectDisposedException.ThrowIf(_isClosed, typeof(CountersignClient));
        using var activity = Telemetry.Start(call.Operation);
        try
        {
            var answer = await calls.SendAsync<TAnswer>(call, cancellationToken).ConfigureAwait(false);
            var response = read(answer) ?? throw Failure.Unreadable(call.Operation, HttpStatusCode.OK, call.CorrelationId);
            if (outcome is not null)
            {
                Telemetry.SetOutcome(activity, outcome(response));
            }

            return response;
        }
        catch (CountersignException failure)
        {
            Telemetry.SetFailure(activity, failure);
            throw;
        }
    }
}
