namespace Countersign.Client;

/// <summary>A person's identities in linked projects.</summary>
public sealed record CrossDomainResponse
{
    /// <summary>How many there are.</summary>
    public int Count { get; init; }

    /// <summary>The identities; empty when there are none, never null.</summary>
    public IReadOnlyList<CrossDomainIdentity> Identities { get; init => field = value ?? []; } = [];

    /// <summary>How many there are.</summary>
    public override string ToString() => $"{nameof(CrossDomainResponse)} {{ Count = {Count} }}";
}

/// <summary>A person's identity in a linked project.</summary>
public sealed record CrossDomainIdentity
{
    /// <summary>The project's name; null when the server does not say.</summary>
    public string? ClientName { get; init; }

    /// <summary>The identity's id there.</summary>
    public required string IdentityId { get; init; }

    /// <summary>The project's id; null when the server does not say.</summary>
    public string? Pcid { get; init; }

    /// <summary>The project and the id.</summary>
    public override string ToString() => $"{nameof(CrossDomainIdentity)} {{ Pcid = {Pcid}, IdentityId = {IdentityId} }}";
}
