namespace Countersign.Client;

/// <summary>The links of your project, and those that were asked for.</summary>
public sealed record LinkedDomainsResponse
{
    /// <summary>Links that lead from your project to others; empty when there are none, never null.</summary>
    public IReadOnlyList<LinkedDomain> LinkedTo { get; init => field = value ?? []; } = [];

    /// <summary>Links that lead from others to your project; empty when there are none, never null.</summary>
    public IReadOnlyList<LinkedDomain> LinkedFrom { get; init => field = value ?? []; } = [];

    /// <summary>Links that your project asked for; empty when there are none, never null.</summary>
    public IReadOnlyList<RequestedDomain> RequestsTo { get; init => field = value ?? []; } = [];

    /// <summary>Links that others asked your project for; empty when there are none, never null.</summary>
    public IReadOnlyList<RequestedDomain> RequestsFrom { get; init => field = value ?? []; } = [];

    /// <summary>How many there are of each.</summary>
    public override string ToString() =>
        $"{nameof(LinkedDomainsResponse)} {{ LinkedTo = {LinkedTo.Count}, LinkedFrom = {LinkedFrom.Count}, "
        + $"RequestsTo = {RequestsTo.Count}, RequestsFrom = {RequestsFrom.Count} }}";
}

/// <summary>A project that yours is linked with.</summary>
public sealed record LinkedDomain
{
    /// <summary>Its id.</summary>
    public required string Pcid { get; init; }

    /// <summary>Its name; null when the server does not say.</summary>
    public string? Name { get; init; }

    /// <summary>Since when; null when the server does not say.</summary>
    public DateTimeOffset? AcceptedAt { get; init; }

    /// <summary>What the link is for; empty when the server does not say, never null.</summary>
    public IReadOnlyList<string> Scopes { get; init => field = value ?? []; } = [];

    /// <summary>The id and the scopes.</summary>
    public override string ToString() => $"{nameof(LinkedDomain)} {{ Pcid = {Pcid}, Scopes = [{string.Join(", ", Scopes)}] }}";
}

/// <summary>A project with a link that was asked for and not confirmed.</summary>
public sealed record RequestedDomain
{
    /// <summary>Its id.</summary>
    public required string Pcid { get; init; }

    /// <summary>Its name; null when the server does not say.</summary>
    public string? Name { get; init; }

    /// <summary>When it was asked for; null when the server does not say.</summary>
    public DateTimeOffset? RequestedAt { get; init; }

    /// <summary>What the link is to be for; empty when the server does not say, never null.</summary>
    public IReadOnlyList<string> Scopes { get; init => field = value ?? []; } = [];

    /// <summary>The id and the scopes.</summary>
    public override string ToString() => $"{nameof(RequestedDomain)} {{ Pcid = {Pcid}, Scopes = [{string.Join(", ", Scopes)}] }}";
}
