namespace Countersign.Client;

/// <summary>Which link is to end.</summary>
public sealed record UnlinkDomainRequest
{
    /// <summary>The project that the link leads from.</summary>
    public required string PcidFrom { get; init; }

    /// <summary>The project that the link leads to.</summary>
    public required string PcidTo { get; init; }

    /// <summary>Both projects.</summary>
    public override string ToString() => $"{nameof(UnlinkDomainRequest)} {{ PcidFrom = {PcidFrom}, PcidTo = {PcidTo} }}";
}
