using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Countersign.Core.Flows;
using Countersign.Core.Numbers;
using Countersign.Core.Possession;
using Countersign.Core.Pumping;

namespace Countersign.Core.History;

/// <summary>
/// Outcomes of what has no flow: answered one-call verifications, and calls that were refused before there was a flow. What was answered
/// is stored before its answer is given, those that come at once in one write. What was refused waits in memory and is written together, so
/// that no call waits for it, and a flood of refused ones costs the store little.
/// </summary>
/// <param name="turns">Whose time is the machine's.</param>
public sealed class CallHistory(IOutcomeStore outcomes, ILinePseudonyms lines, INumberPlan plan, HistoryOptions options, Turns turns)
{
    /// <summary>How often those that wait are written; so much of them is lost when a process dies.</summary>
    public static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);

    /// <summary>While a write takes longer than this, and where the last one did, no answer waits for its own.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>How many may wait: above it they are counted and dropped. Of those that were answered twice as many.</summary>
    public const int MaxWaiting = 4096;

    // On SQLite a write holds the one writer.
    private const int AtOnce = 64;

    private readonly Lock _lock = new();
    // Has one place: whoever has it writes, and the others wait in their order. Unlike a semaphore it is not to be disposed of.
    private readonly Channel<bool> _turn = Channel.CreateBounded<bool>(1);
    // Whose calls wait for them, and all others.
    private readonly Queue<Waiting> _fresh = [];
    private readonly Queue<Waiting> _waiting = [];
    // What writes the fresh ones; null while there are none.
    private Task? _pump;
    // That of the write that goes on, or of the last if that took longer.
    private Turn? _patience;
    private Exception? _failure;
    private long _dropped;

    /// <summary>Keeps a call that was refused.</summary>
    public void Add(RefusedCall call)
    {
        var (end, reason) = call switch
        {
            { Reached: { } reached } => (FlowEnd.RefusedLimit, reached.Rule),
            { Admission: Admission.UnknownTestUser } => (FlowEnd.RefusedUnknownTestUser, null),
            { Admission: Admission.OtherProduct } => (FlowEnd.RefusedOtherProduct, null),
            _ => (FlowEnd.RefusedNumber, null),
        };
        var refused = new AnsweredCall(
            CorrelationId.New(call.At), call.ProjectId, call.Product, call.Type, call.Number, end, reason, call.At)
        {
            Client = call.Client,
            ClientRequestId = call.ClientRequestId,
            ClientCustomerId = call.ClientCustomerId,
        };
        TryPut(_waiting, refused, MaxWaiting, out _);
    }

    /// <summary>
    /// Keeps a call that was answered, and is to be told after this. Does not fail: where the store does not take it, or not within
    /// <see cref="Turns.CallTimeout"/>, it waits with those that were refused.
    /// </summary>
    public async Task AddAsync(AnsweredCall call)
    {
        // A flood of refused calls takes no place of theirs.
        if (!TryPut(_fresh, call, 2 * MaxWaiting, out var own) || !BeginWriting())
        {
            return;
        }
        using var over = turns.Begin(Turns.CallTimeout).CreateEnd();
        try
        {
            await own.Written.Task.WaitAsync(over.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // It is being written, or will be.
        }
    }

    /// <summary>Writes those that wait at this moment. What cannot be written waits on.</summary>
    /// <param name="cancellationToken">Ends the wait for another write and begins no more; what has begun is finished.</param>
    public async Task<FlushedCalls> FlushAsync(CancellationToken cancellationToken)
    {
        int? left = null;
        while (await WriteInTurnAsync(TakeOfLeft, cancellationToken) && left > 0)
        {
            // Between two groups it is the turn of those whose calls wait.
        }
        lock (_lock)
        {
            var flushed = new FlushedCalls(_dropped, _failure);
            (_dropped, _failure) = (0, null);
            return flushed;
        }

        List<Waiting> TakeOfLeft()
        {
            // Counted once: under load there are always more. And in turn, since what another writes may come to wait.
            left ??= Count();
            var some = Take(left.Value, _waiting, _fresh);
            left -= some.Count;
            return some;
        }
    }

    /// <returns>False where the store takes so long that nobody should wait for it.</returns>
    private bool BeginWriting()
    {
        lock (_lock)
        {
            if (_pump is null)
            {
                // It goes on for others: nothing of this call, as its trace, goes with it.
                using var alone = ExecutionContext.SuppressFlow();
                _pump = Task.Run(PumpAsync);
            }
            return !(_patience is { } patience && patience.Left <= TimeSpan.Zero);
        }
    }

    /// <summary>Writes those whose calls wait, one group after the other, until there are none.</summary>
    private async Task PumpAsync()
    {
        do
        {
            // Whether somebody waits or not, and whether the server stops: they were answered, or will be.
            await WriteInTurnAsync(() => Take(AtOnce, _fresh), CancellationToken.None);
        }
        while (IsMore());

        bool IsMore()
        {
            lock (_lock)
            {
                _pump = _fresh.Count > 0 ? _pump : null;
                return _pump is not null;
            }
        }
    }

    private async Task<bool> WriteInTurnAsync(Func<List<Waiting>> take, CancellationToken cancellationToken)
    {
        await _turn.Writer.WriteAsync(true, cancellationToken);
        try
        {
            return take() is { Count: > 0 } some && await TryWriteAsync(some);
        }
        finally
        {
            _turn.Reader.TryRead(out _);
        }
    }

    private async Task<bool> TryWriteAsync(List<Waiting> some)
    {
        var patience = turns.Begin(Patience);
        lock (_lock)
        {
            _patience ??= patience;
        }
        try
        {
            // Taken from memory, they are finished: the store has time limits of its own.
            var last = some.Max(one => one.Outcome.BegunAt);
            var names = await lines.ObtainAsync(
                [.. some.Select(one => one.Number).OfType<PhoneNumber>()], last, CancellationToken.None);
            await outcomes.AddAsync(
                [.. some.Select(one => one.Number is { } number ? one.Outcome with { Line = names[number] } : one.Outcome)],
                CancellationToken.None);
            return true;
        }
        catch (Exception failure)
        {
            PutBack(some, failure);
            return false;
        }
        finally
        {
            lock (_lock)
            {
                _patience = patience.Left > TimeSpan.Zero ? null : patience;
            }
            some.ForEach(one => one.Written.TrySetResult());
        }
    }

    /// <returns>False where none is kept, or too many wait.</returns>
    private bool TryPut(Queue<Waiting> queue, AnsweredCall call, int max, [NotNullWhen(true)] out Waiting? own)
    {
        own = options.Mode == HistoryMode.On ? Of(call) : null;
        if (own is null)
        {
            return false;
        }
        lock (_lock)
        {
            if (_fresh.Count + _waiting.Count >= max)
            {
                _dropped++;
                return false;
            }
            queue.Enqueue(own);
            return true;
        }
    }

    private Waiting Of(AnsweredCall call)
    {
        var number = call.Number is { } written ? plan.Read(written) : null;
        var outcome = new Outcome
        {
            Id = call.Id,
            ProjectId = call.ProjectId,
            Client = call.Client,
            Product = call.Product,
            Type = call.Type,
            BegunAt = call.At,
            EndedAt = call.At,
            ExpiresAt = call.At,
            End = call.End,
            Reason = call.Reason,
            Possession = PossessionVerdict.NotAsked,
            Question = call.Question,
            Country = number is { } line ? plan.CountryOf(line) : null,
            Prefix = number is { } whole ? PumpingKeys.PrefixOf(whole) : "",
            ClientRequestId = call.ClientRequestId,
            ClientCustomerId = call.ClientCustomerId,
            Facts = [],
            Texts = [],
        };
        return new Waiting(outcome, number);
    }

    private int Count()
    {
        lock (_lock)
        {
            return _fresh.Count + _waiting.Count;
        }
    }

    private List<Waiting> Take(int max, params ReadOnlySpan<Queue<Waiting>> queues)
    {
        var some = new List<Waiting>();
        lock (_lock)
        {
            foreach (var queue in queues)
            {
                while (some.Count < Math.Min(max, AtOnce) && queue.TryDequeue(out var one))
                {
                    some.Add(one);
                }
            }
        }
        return some;
    }

    // Their ids are written once, so those that were stored all the same are not stored twice.
    private void PutBack(List<Waiting> some, Exception failure)
    {
        lock (_lock)
        {
            some.ForEach(_waiting.Enqueue);
            _failure ??= failure;
        }
    }

    private sealed class Waiting(Outcome outcome, PhoneNumber? number)
    {
        public Outcome Outcome { get; } = outcome;
        public PhoneNumber? Number { get; } = number;

        /// <summary>It was written, or could not be and waits for the next flush: its call waits no longer.</summary>
        public TaskCompletionSource Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>What came of outcomes of calls without a flow since it was asked last.</summary>
/// <param name="Dropped">How many found no place.</param>
/// <param name="Failure">Why some could not be written and wait on, the first of it; null where all were.</param>
public sealed record FlushedCalls(long Dropped, Exception? Failure)
{
    public override string ToString() => $"{Dropped} dropped";
}

/// <summary>A call that was answered, or refused, without a flow.</summary>
/// <param name="Number">As it was written, or in its line's one form; null where the call named none.</param>
/// <param name="End">A code of <see cref="FlowEnd"/>.</param>
public sealed record AnsweredCall(
    CorrelationId Id, ProjectId ProjectId, Product Product, FlowType Type, string? Number, string End, string? Reason, DateTimeOffset At)
{
    public ClientId? Client { get; init; }
    public string? ClientRequestId { get; init; }
    public string? ClientCustomerId { get; init; }

    /// <inheritdoc cref="Outcome.Question"/>
    public string? Question { get; init; }

    // The number is a person's.
    public override string ToString() => Id.ToString();
}
