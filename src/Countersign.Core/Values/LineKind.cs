namespace Countersign.Core;

/// <summary>
/// What a numbering plan says that a number is for; it knows ranges, not subscribers. A number that was carried to another network keeps
/// its range, and North America's plan does not tell mobile numbers from fixed ones, nor from those of services on the internet.
/// </summary>
public enum LineKind
{
    /// <summary>No plan says it.</summary>
    Unknown,

    Mobile,
    Fixed,

    /// <summary>The plan has one range for both.</summary>
    FixedOrMobile,

    /// <summary>A service on the internet (VoIP): numbers of such ranges are often had for minutes, by anybody.</summary>
    Voip,

    /// <summary>A number that no person has: toll-free, premium rate, a pager, a mailbox.</summary>
    Other,
}
