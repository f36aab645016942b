namespace Countersign.Client;

/// <summary>Which of your project's flows are wanted, and which page of them. What is null asks for nothing.</summary>
public sealed record ListFlowsRequest
{
    /// <summary>They began at this moment or later; read to the second.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>They began before this moment; read to the second.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>They ended so.</summary>
    /// <value>A code, such as <c>possession.expired</c>.</value>
    public string? End { get; init; }

    /// <summary>Their end has this reason.</summary>
    /// <value>A code, such as <c>no-gateway</c>.</value>
    public string? Reason { get; init; }

    /// <summary>They are of this product.</summary>
    /// <value><c>verified-users</c>, <c>pre-fill</c>, <c>unify</c> or <c>one-call</c>.</value>
    public string? Product { get; init; }

    /// <summary>Whether something may still come of them.</summary>
    /// <value><c>running</c> or <c>ended</c>.</value>
    public string? State { get; init; }

    /// <summary>How many a page holds at most.</summary>
    /// <value>1 to 200. Not sent by default, which servers read as 50.</value>
    public int? Limit { get; init; }

    /// <summary>Where the page begins: <see cref="ListFlowsResponse.Next"/> of the page before it, all else as it was there.</summary>
    public string? Cursor { get; init; }

    /// <summary>The size of the page.</summary>
    public override string ToString() => $"{nameof(ListFlowsRequest)} {{ Limit = {Limit} }}";
}

/// <summary>What flows are looked for by: one of the first three. The others narrow it, as in <see cref="ListFlowsRequest"/>.</summary>
public sealed record SearchFlowsRequest
{
    /// <summary>Your id for the flow, as you gave it.</summary>
    public string? ClientRequestId { get; init; }

    /// <summary>Your id for the person, as you gave it.</summary>
    public string? ClientCustomerId { get; init; }

    /// <summary>The number that the flow had at last, with its country code.</summary>
    public string? PhoneNumber { get; init; }

    /// <summary>What narrows it, and which page; null for the first of all.</summary>
    public ListFlowsRequest? Within { get; init; }

    /// <summary>Which of the three is there.</summary>
    public override string ToString() =>
        $"{nameof(SearchFlowsRequest)} {{ ClientRequestId = {Mask.Presence(ClientRequestId)}, "
        + $"ClientCustomerId = {Mask.Presence(ClientCustomerId)}, PhoneNumber = {Mask.Phone(PhoneNumber)} }}";
}
