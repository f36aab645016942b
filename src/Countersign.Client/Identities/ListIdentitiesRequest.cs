namespace Countersign.Client;

/// <summary>Which page of your project's identities is wanted.</summary>
public sealed record ListIdentitiesRequest
{
    /// <summary>How many identities a page holds at most.</summary>
    /// <value>1 to 100. Not sent by default, which servers read as 100.</value>
    public int? Limit { get; init; }

    /// <summary>Where the page begins: <see cref="ListIdentitiesResponse.LastKey"/> of the page before it.</summary>
    /// <value>Not sent by default, for the first page.</value>
    public string? StartKey { get; init; }

    /// <summary>Whether identities that were deactivated are listed too.</summary>
    /// <value>Not sent by default, which servers read as false.</value>
    public bool? ShowInactive { get; init; }

    /// <summary>Your id for this call.</summary>
    /// <value>At most 256 characters; no personal data.</value>
    public string? ClientRequestId { get; init; }

    /// <summary>The size of the page and whether inactive identities are wanted.</summary>
    public override string ToString() => $"{nameof(ListIdentitiesRequest)} {{ Limit = {Limit}, ShowInactive = {ShowInactive} }}";
}
