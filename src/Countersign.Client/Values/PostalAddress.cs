namespace Countersign.Client;

/// <summary>Where somebody lives or a business has its seat.</summary>
public sealed record PostalAddress
{
    /// <summary>House number and street; null when not known.</summary>
    public string? Address { get; init; }

    /// <summary>A flat, floor or the like; null when there is none.</summary>
    public string? ExtendedAddress { get; init; }

    /// <summary>The town; null when not known.</summary>
    public string? City { get; init; }

    /// <summary>The state or province, such as <c>CA</c>; null when not known.</summary>
    public string? Region { get; init; }

    /// <summary>The postal code; null when not known.</summary>
    /// <value>Five digits, or nine as <c>12345-6789</c>, where it is sent.</value>
    public string? PostalCode { get; init; }

    /// <summary>The type alone.</summary>
    public override string ToString() => nameof(PostalAddress);
}
