namespace Countersign.Core.Limits;

/// <summary>How much of something may happen in any window of this length.</summary>
/// <param name="Rule">Its name (<see cref="LimitRule"/>).</param>
/// <param name="IsOfProject">Only what the asking project has done counts.</param>
public sealed record Limit(string Rule, long Max, TimeSpan Window, bool IsOfProject = false)
{
    public override string ToString() => $"{Max} in {Window}";

    /// <summary>What was charged in the window.</summary>
    public long Count(Counter counter, long project, DateTimeOffset now) => Of(counter, project, now).Sum(charge => charge.Cost);

    /// <summary>Why another charge is not possible at this moment; null when it is.</summary>
    public LimitReached? Judge(Counter counter, long project, long cost, DateTimeOffset now)
    {
        var counted = Of(counter, project, now).ToList();
        var sum = counted.Sum(charge => charge.Cost);
        if (sum + cost <= Max)
        {
            return null;
        }

        // The oldest go first; it is possible when enough of them are gone.
        var left = sum;
        var gone = counted.FirstOrDefault(charge => (left -= charge.Cost) + cost <= Max);
        return new LimitReached(Rule, sum, Max, Window, gone == default ? now + Window : gone.At + Window);
    }

    private IEnumerable<Charge> Of(Counter counter, long project, DateTimeOffset now) =>
        counter.Within(Window, now).Where(charge => !IsOfProject || charge.Project == project);
}

/// <summary>Why something is not possible now.</summary>
/// <param name="Rule">The name of what stands in the way; docs/limits.md has a line for each.</param>
public abstract record Reached(string Rule)
{
    /// <summary>
    /// From this moment on it is possible again, if nothing else is counted until then; null where no moment brings that.
    /// </summary>
    public abstract DateTimeOffset? End { get; }

    /// <summary>As flows tell it.</summary>
    public abstract FlowEvent ToFact(DateTimeOffset now);

    /// <summary>This fact tells of the same rule, and its end has not come.</summary>
    public abstract bool IsToldBy(FlowEvent fact, DateTimeOffset now);
}

/// <summary>A limit that is reached: what somebody who asks why has to know.</summary>
/// <param name="Count">What was counted in the window.</param>
/// <param name="Until">The <see cref="Reached.End"/>.</param>
public sealed record LimitReached(string Rule, long Count, long Max, TimeSpan Window, DateTimeOffset Until) : Reached(Rule)
{
    public override DateTimeOffset? End => Until;

    public override FlowEvent ToFact(DateTimeOffset now) => ToFact(now, isShadow: false);

    /// <param name="isShadow">Nothing is refused for it.</param>
    public FlowEvent ToFact(DateTimeOffset now, bool isShadow) => new(now, FlowEventCode.BudgetSpent) { Limit = ToEvidence(isShadow) };

    public override bool IsToldBy(FlowEvent fact, DateTimeOffset now) => fact.Limit is { } told && told.Rule == Rule && told.Until > now;

    /// <summary>As flows keep it.</summary>
    /// <param name="isShadow">Nothing is refused for it.</param>
    public LimitEvidence ToEvidence(bool isShadow = false) => new(Rule, Count, Max, (long)Window.TotalSeconds, Until, isShadow);

    public override string ToString() => $"{Count} of {Max}";
}

/// <summary>The names of limits: told to callers, stored and counted, so they are for ever. docs/limits.md has a line for each.</summary>
public static class LimitRule
{
    /// <summary>Guesses for a line, of all projects. In shares of the line's day.</summary>
    public const string GuessesOfLine = "guesses.line";

    /// <summary>Guesses for a line, of one project. In shares of the line's day.</summary>
    public const string GuessesOfProject = "guesses.project";

    /// <summary>Wrong codes in the flows of one project, whichever their lines.</summary>
    public const string EntriesOfProject = "entries.project";

    public const string NamesOfLine = "names.line";
    public const string NamesOfProject = "names.project";
    public const string TextsOfLineInHour = "texts.line.hour";
    public const string TextsOfLineInDay = "texts.line.day";
    public const string TextsOfProjectInHour = "texts.project.hour";
    public const string TextsOfProjectInDay = "texts.project.day";

    /// <summary>Texts that browsers at one address ask for.</summary>
    public const string TextsOfAddress = "texts.address";

    /// <summary>Texts of the flows of one API client.</summary>
    public const string TextsOfClient = "texts.client";

    /// <summary>Texts to numbers that differ in their last four digits alone.</summary>
    public const string TextsOfPrefix = "texts.prefix";

    /// <summary>Texts to the numbers of one country.</summary>
    public const string TextsOfCountry = "texts.country";

    /// <summary>It counts what everybody does together, so another number is no way around it.</summary>
    public static bool IsOfAllNumbers(string rule) => rule is EntriesOfProject or TextsOfClient;

    public static IReadOnlyList<string> All { get; } =
    [
        GuessesOfLine, GuessesOfProject, EntriesOfProject, NamesOfLine, NamesOfProject, TextsOfLineInHour, TextsOfLineInDay,
        TextsOfProjectInHour, TextsOfProjectInDay, TextsOfAddress, TextsOfClient, TextsOfPrefix, TextsOfCountry,
    ];
}
