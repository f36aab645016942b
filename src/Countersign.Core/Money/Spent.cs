namespace Countersign.Core.Money;

/// <summary>Whose money it is: a project's, or the whole server's, which is the default value.</summary>
public readonly record struct SpendingOwner(ProjectId? Project)
{
    public static SpendingOwner Server => default;

    public static SpendingOwner Of(ProjectId project) => new(project);

    /// <summary>As it is stored: no project has an empty id.</summary>
    public string Key => Project?.ToString() ?? "";

    public static SpendingOwner FromKey(string key) => key.Length == 0 ? Server : new(ProjectId.Parse(key));

    public override string ToString() => Project is { } project ? $"project {project}" : "the server";
}

/// <summary>What an owner's texts have cost in a month, and on the last day of it on which there was one.</summary>
/// <param name="Month">See <see cref="CapWindows.MonthOf"/>.</param>
/// <param name="Day">See <see cref="CapWindows.DayOf"/>.</param>
/// <param name="ToldOfDay">Up to this amount operators were told.</param>
/// <param name="ToldOfMonth">The same for the month.</param>
public sealed record Spent(
    SpendingOwner Owner, int Month, int Day, decimal OnDay, decimal InMonth, decimal ToldOfDay = 0, decimal ToldOfMonth = 0)
{
    public static Spent Nothing(SpendingOwner owner, DateTimeOffset now) => new(owner, CapWindows.MonthOf(now), 0, 0, 0);

    /// <summary>What counts in the window that this moment is in.</summary>
    /// <remarks>A day that has not come yet here is another node's, whose clock is ahead: it counts.</remarks>
    public decimal In(CapWindow window, DateTimeOffset now) =>
        window == CapWindow.Month ? InMonth : Day >= CapWindows.DayOf(now) ? OnDay : 0;

    /// <summary>Whether nothing is left of a cap, or a text has found no room: what was told of then is all of it.</summary>
    public bool Reaches(CapWindow window, decimal cap, DateTimeOffset now) =>
        Math.Max(In(window, now), ToldOf(window, now)) >= cap;

    public decimal ToldOf(CapWindow window, DateTimeOffset now) =>
        window == CapWindow.Month ? ToldOfMonth : Day >= CapWindows.DayOf(now) ? ToldOfDay : 0;
}
