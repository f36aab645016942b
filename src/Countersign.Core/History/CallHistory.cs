using System.Diagnostics.CodeAnalysis;
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

    /// <summary>How many may wait: above it they are counted and dropped. Of those that were answered twice as many.</summary>
    public const int MaxWaiting = 4096;

    // On SQLite a write holds the one writer.
    private const int AtOnce = 64;

    private readonly Lock _lock = new();
    // Whose calls wait for them, and all others.
    private readonly Queue<Waiting> _fresh = [];
    private readonly Queue<Waiting> _waiting = [];
    // The last write of those that take turns.
    private Task _last = Task.CompletedTask;
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
        if (!TryPut(_fresh, call, 2 * MaxWaiting, out var own))
        {
            return;
        }
        using var over = turns.Begin(Turns.CallTimeout).CreateEnd();
        try
        {
            await WriteAsync(own).WaitAsync(over.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // It is being written, or will be.
        }
    }

    /// <summary>Writes those that wait. What cannot be written waits on.</summary>
    /// <returns>How many were dropped since it was asked last.</returns>
    public async Task<long> FlushAsync(CancellationToken cancellationToken)
    {
        var mayBeMore = true;
        while (mayBeMore)
        {
            await InTurnAsync(async () =>
            {
                var some = Take(_fresh, _waiting);
                mayBeMore = some.Count > 0;
                await WriteAsync(some, cancellationToken);
            });
        }
        return Interlocked.Exchange(ref _dropped, 0);
    }

    /// <summary>
    /// Writes one with the others whose calls wait, as soon as no other write is going on. It may be among those that another call writes.
    /// </summary>
    private async Task WriteAsync(Waiting own)
    {
        try
        {
            await InTurnAsync(async () =>
            {
                while (!own.IsSettled)
                {
                    await WriteAsync(Take(_fresh), CancellationToken.None);
                }
            });
        }
        catch (Exception)
        {
            // Whether it was among them or not: the next flush writes it, or tells what is wrong.
        }
    }

    private async Task InTurnAsync(Func<Task> write)
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task before;
        lock (_lock)
        {
            (before, _last) = (_last, over.Task);
        }
        await before;
        try
        {
            await write();
        }
        finally
        {
            over.SetResult();
        }
    }

    private async Task WriteAsync(List<Waiting> some, CancellationToken cancellationToken)
    {
        if (some.Count == 0)
        {
            return;
        }
        try
        {
            var last = some.Max(one => one.Outcome.BegunAt);
            var names = await lines.ObtainAsync([.. some.Select(one => one.Number).OfType<PhoneNumber>()], last, cancellationToken);
            await outcomes.AddAsync(
                [.. some.Select(one => one.Number is { } number ? one.Outcome with { Line = names[number] } : one.Outcome)],
                cancellationToken);
        }
        catch
        {
            PutBack(some);
            throw;
        }
        finally
        {
            some.ForEach(one => one.IsSettled = true);
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

    private List<Waiting> Take(params ReadOnlySpan<Queue<Waiting>> queues)
    {
        var some = new List<Waiting>();
        lock (_lock)
        {
            foreach (var queue in queues)
            {
                while (some.Count < AtOnce && queue.TryDequeue(out var one))
                {
                    some.Add(one);
                }
            }
        }
        return some;
    }

    // Their ids are written once, so those that were stored all the same are not stored twice.
    private void PutBack(List<Waiting> some)
    {
        lock (_lock)
        {
            some.ForEach(_waiting.Enqueue);
        }
    }

    private sealed class Waiting(Outcome outcome, PhoneNumber? number)
    {
        public Outcome Outcome { get; } = outcome;
        public PhoneNumber? Number { get; } = number;

        /// <summary>It was written, or it waits for the next flush: its call waits no longer. Whoever has the turn knows.</summary>
        public bool IsSettled { get; set; }
    }
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
