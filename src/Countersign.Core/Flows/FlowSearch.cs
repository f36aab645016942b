namespace Countersign.Core.Flows;

/// <summary>What flows are looked for by, when their correlation id is not at hand. Closed set.</summary>
public abstract record FlowSearch
{
    private FlowSearch()
    {
    }

    /// <param name="Id">The relying party's own id of its request, as it was sent.</param>
    public sealed record ByClientRequest(string Id) : FlowSearch
    {
        public override string ToString() => nameof(ByClientRequest);
    }

    /// <param name="Id">The relying party's own id of the person, as it was sent.</param>
    public sealed record ByClientCustomer(string Id) : FlowSearch
    {
        public override string ToString() => nameof(ByClientCustomer);
    }

    /// <param name="Number">The number that the flow has now.</param>
    public sealed record ByNumber(PhoneNumber Number) : FlowSearch
    {
        public override string ToString() => nameof(ByNumber);
    }
}
