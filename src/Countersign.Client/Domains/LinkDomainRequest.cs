namespace Countersign.Client;

/// <summary>Which project a link is asked of, and what for.</summary>
public sealed record LinkDomainRequest
{
    /// <summary>The other project's id.</summary>
    public required string Pcid { get; init; }

    /// <summary>What the link is for, by the contract's names.</summary>
    /// <value>Empty by default, and then not sent.</value>
    public IReadOnlyList<string> Scopes { get; init => field = value ?? []; } = [];

    /// <summary>The project and the scopes.</summary>
    public override string ToString() => $"{nameof(LinkDomainRequest)} {{ Pcid = {Pcid}, Scopes = [{string.Join(", ", Scopes)}] }}";
}
