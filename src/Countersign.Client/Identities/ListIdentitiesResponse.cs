using System.Text.Json.Serialization;
using Countersign.Client.Wire;

namespace Countersign.Client;

/// <summary>One page of your project's identities.</summary>
public sealed record ListIdentitiesResponse
{
    /// <summary>The identities of this page; empty when there are none, never null.</summary>
    [JsonRequired]
    public IReadOnlyList<IdentityReference> Results { get; init => field = value ?? []; } = [];

    /// <summary>Where the next page begins; null when this is the last.</summary>
    public string? LastKey { get; init => field = WireText.OrNull(value); }

    /// <summary>How many there are, and whether there is another page.</summary>
    public override string ToString() =>
        $"{nameof(ListIdentitiesResponse)} {{ Results = {Results.Count}, LastKey = {Mask.Presence(LastKey)} }}";
}

/// <summary>An identity by its id.</summary>
public sealed record IdentityReference
{
    /// <summary>The identity's id, for <see cref="IIdentityOperations.GetAsync"/>.</summary>
    /// <value>A UUID.</value>
    public required string ProveId { get; init; }

    /// <summary>The id.</summary>
    public override string ToString() => $"{nameof(IdentityReference)} {{ ProveId = {ProveId} }}";
}
