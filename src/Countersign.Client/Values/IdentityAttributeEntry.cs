namespace Countersign.Client;

/// <summary>Something that belongs to an identity, by its type.</summary>
public sealed record IdentityAttributeEntry
{
    /// <summary>What it is.</summary>
    public required string AttributeType { get; init; }

    /// <summary>What it is worth.</summary>
    public required string AttributeValue { get; init; }

    /// <summary>The type alone.</summary>
    public override string ToString() => $"{nameof(IdentityAttributeEntry)} {{ AttributeType = {AttributeType} }}";
}
