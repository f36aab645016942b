namespace Countersign.Core.Limits;

/// <summary>Whether something may be done that is counted: a closed set.</summary>
public abstract record Allowance
{
    private Allowance() { }

    /// <summary>Nothing limits it, so nothing is counted.</summary>
    public sealed record Unlimited : Allowance;

    /// <summary>It is possible as long as nobody else has counted something since.</summary>
    /// <param name="Charged">What counts it.</param>
    public sealed record Possible(CounterChange Charged) : Allowance
    {
        /// <summary>
        /// Charges nothing and is refused like a charge when others were first. Attack: of a thousand guesses at once the right one
        /// would win if it alone did not have to queue.
        /// </summary>
        public CounterChange Uncharged => Charged with { After = Charged.Before };
    }

    public sealed record Over(LimitReached Reached) : Allowance;
}
