namespace Countersign.Core.Doctor;

/// <summary>Whom a server asks.</summary>
public enum ProviderKind
{
    Gateway,
    Operator,
    Source,
}

/// <summary>How one of those whom this process asks has answered lately.</summary>
/// <param name="Name">Its name in the configuration.</param>
/// <param name="Failures">How many calls in a row have failed, 0 when the last was answered; null before the first.</param>
/// <param name="Rests">It fails too often and is left alone for a while.</param>
public sealed record ProviderStanding(ProviderKind Kind, string Name, int? Failures, bool Rests)
{
    /// <summary>A gateway whose texts seldom arrive.</summary>
    public bool SeldomDelivers { get; init; }

    public override string ToString() => Kind.ToString();
}

/// <summary>Knows how some of them have answered.</summary>
public interface IProviderStandings
{
    IEnumerable<ProviderStanding> Standings { get; }
}
