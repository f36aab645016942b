using Countersign.Core.Flows;
using Countersign.Core.Numbers;
using Countersign.Core.Possession;
using Countersign.Core.Pumping;

namespace Countersign.Core.History;

/// <summary>
/// Outcomes of what has no flow: answered one-call verifications, and calls that were refused before there was a flow. They wait in memory
/// and are written together, so that no call waits for it, and a flood of refused ones costs the store little.
/// </summary>
public sealed class CallHistory(IOutcomeStore outcomes, ILinePseudonyms lines, INumberPlan plan, HistoryOptions options)
{
    /// <summary>How often they are written; so much is lost when a process dies.</summary>
    public static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);

    /// <summary>How many may wait: above it they are counted and dropped.</summary>
    public const int MaxWaiting = 4096;

    // On SQLite a write holds the one writer.
    private const int AtOnce = 64;

    private readonly Lock _lock = new();
    private readonly Queue<(Outcome Outcome, PhoneNumber? Number)> _waiting = [];
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
        Add(new AnsweredCall(
            CorrelationId.New(call.At), call.ProjectId, call.Product, call.Type, call.Number, end, reason, call.At)
        {
            Client = call.Client,
            ClientRequestId = call.ClientRequestId,
            ClientCustomerId = call.ClientCustomerId,
        });
    }

    /// <summary>Keeps a call that was answered.</summary>
    public void Add(AnsweredCall call)
    {
        if (options.Mode != HistoryMode.On)
        {
            return;
        }
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
        lock (_lock)
        {
            if (_waiting.Count >= MaxWaiting)
            {
                _dropped++;
                return;
            }
            _waiting.Enqueue((outcome, number));
        }
    }

    /// <summary>Writes those that wait. What cannot be written waits on.</summary>
    /// <returns>How many were dropped since it was asked last.</returns>
    public async Task<long> FlushAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        while (Take() is { Count: > 0 } some)
        {
            try
            {
                var names = await lines.ObtainAsync([.. some.Select(one => one.Number).OfType<PhoneNumber>()], now, cancellationToken);
                await outcomes.AddAsync(
                    [.. some.Select(one => one.Number is { } number ? one.Outcome with { Line = names[number] } : one.Outcome)],
                    cancellationToken);
            }
            catch
            {
                PutBack(some);
                throw;
            }
        }
        return Interlocked.Exchange(ref _dropped, 0);
    }

    private List<(Outcome Outcome, PhoneNumber? Number)> Take()
    {
        lock (_lock)
        {
            var some = new List<(Outcome, PhoneNumber?)>();
            while (some.Count < AtOnce && _waiting.TryDequeue(out var one))
            {
                some.Add(one);
            }
            return some;
        }
    }

    // Their ids are written once, so those that were stored all the same are not stored twice.
    private void PutBack(List<(Outcome Outcome, PhoneNumber? Number)> some)
    {
        lock (_lock)
        {
            foreach (var one in some)
            {
                _waiting.Enqueue(one);
            }
        }
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
