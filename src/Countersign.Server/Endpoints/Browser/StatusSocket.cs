using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Countersign.Core.Flows;
using Countersign.Core.Possession;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Security;

namespace Countersign.Server.Endpoints.Browser;

/// <summary>
/// GET /v1/client/status, a WebSocket: tells a waiting desktop the result, once. The browser says "ping" every 30 seconds and hears "pong";
/// anything else it would take for the result.
/// </summary>
internal sealed class StatusSocket(
    BrowserEndpoint browser, OpenSockets sockets, FlowRunner runner, IWakeUp wakeUp, IHostApplicationLifetime host, TimeProvider time,
    ErrorCodeOptions errorCodes) : IEndpoint
{
    private const int SecondsUntilNextTry = 5;

    private static readonly TimeSpan _browserTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _goodbyeTimeout = TimeSpan.FromSeconds(1);

    public RequestDelegate Endpoint => async context =>
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            await Answer.Of(Fault.Malformed("a WebSocket request is expected"), errorCodes.ErrorCodes).WriteAsync(context);
            return;
        }

        if (await browser.AdmitAsync(context) is not { } caller)
        {
            return;
        }

        using var place = sockets.TryOpen(caller.Flow.Id);
        if (place is null)
        {
            var full = Fault.Unavailable with { RetryAfter = SecondsUntilNextTry };
            await Answer.Of(full, caller.Project.Settings.ErrorCodes).WriteAsync(context);
            return;
        }
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        await ServeAsync(context, socket, caller.Flow, place.Replaced);
    };

    private async Task ServeAsync(HttpContext context, WebSocket socket, Flow flow, CancellationToken replaced)
    {
        var stopping = host.ApplicationStopping;
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping, replaced);
        using var gate = new SemaphoreSlim(1, 1);

        // A read that is cancelled cuts the connection: pings are read until the goodbye below has been said.
        var answering = AnswerPingsAsync(socket, gate, time, gone.Token);
        try
        {
            var result = WaitForResultAsync(flow, linked.Token);
            var first = await Task.WhenAny(answering, result);
            if (first == result)
            {
                var answer = await result is { } decided ? StepAnswer.Result(decided)
                    : StepAnswer.Fail(StepError.Of(PossessionFailure.Expired), Steps.Done);
                var told = JsonSerializer.SerializeToUtf8Bytes(answer, BrowserJson.Answers.StepAnswer);
                await SendAsync(socket, gate, told, time, linked.Token);
                // The browser closes after the first message that is not a pong.
                await answering.WaitAsync(_browserTimeout, time, linked.Token);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException or TimeoutException)
        {
            // The browser is gone or slow to close, another socket has taken the place, or this node is stopping; a new socket finds the
            // result.
        }
        finally
        {
            await linked.CancelAsync();
            await CloseAsync(
                socket,
                stopping.IsCancellationRequested ? WebSocketCloseStatus.EndpointUnavailable
                    : replaced.IsCancellationRequested ? WebSocketCloseStatus.PolicyViolation
                    : WebSocketCloseStatus.NormalClosure,
                time);
            await Task.WhenAny(answering, Task.Delay(_goodbyeTimeout, time, CancellationToken.None));
            await gone.CancelAsync();
            await answering.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// Returns the decided flow; null when its life ends undecided. A store that does not answer is waited for, as long as the flow lives.
    /// </summary>
    private async Task<Flow?> WaitForResultAsync(Flow flow, CancellationToken cancellationToken)
    {
        using var subscription = wakeUp.Subscribe(flow.Id);
        // What stood there when the browser came in may be the decision, and has not been told.
        var seen = IWakeUpSubscription.Nothing;
        while (true)
        {
            // First subscribe, then look: what happens in between is not missed.
            try
            {
                var present = await runner.FindAsync(flow.Id, cancellationToken);
                if (present is null or { IsDecided: true })
                {
                    return present;
                }
                seen = present.Version;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                if (time.GetUtcNow() >= flow.ExpiresAt)
                {
                    return null;
                }
                subscription.LookFailed(exception);
            }

            var left = flow.ExpiresAt - time.GetUtcNow();
            using var life = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, life.Token);
            try
            {
                await subscription.WaitAsync(seen, linked.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // The flow's life is over; the next look says so.
            }
        }
    }

    private static async Task AnswerPingsAsync(WebSocket socket, SemaphoreSlim gate, TimeProvider time, CancellationToken cancellationToken)
    {
        // Longer messages are not part of the protocol; their pieces are read and dropped.
        var buffer = new byte[256];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                return;
            }
            if (received.EndOfMessage && buffer.AsSpan(0, received.Count).SequenceEqual("ping"u8))
            {
                await SendAsync(socket, gate, "pong"u8.ToArray(), time, cancellationToken);
            }
        }
    }

    // A socket takes one send at a time. A browser that reads nothing would hold it for ever; giving up a send cuts the connection.
    private static async Task SendAsync(
        WebSocket socket, SemaphoreSlim gate, byte[] text, TimeProvider time, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            using var timeout = new CancellationTokenSource(_browserTimeout, time);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
            await socket.SendAsync(text, WebSocketMessageType.Text, endOfMessage: true, linked.Token);
        }
        finally
        {
            gate.Release();
        }
    }

    private static async Task CloseAsync(WebSocket socket, WebSocketCloseStatus status, TimeProvider time)
    {
        if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
        {
            return;
        }
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(2), time);
        try
        {
            await socket.CloseOutputAsync(status, null, timeout.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException)
        {
            socket.Abort();
        }
    }
}
