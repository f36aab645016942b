using System.Text.Json.Serialization;

namespace Countersign.Client;

/// <summary>Hits on lists that a person should not be on. They do not fail a flow by themselves.</summary>
public sealed record KycResult
{
    /// <summary>Hits on all lists together; zero when there are none.</summary>
    public int TotalHits { get; init; }

    /// <summary>The hits by kind of list; empty when there are none, never null.</summary>
    [JsonPropertyName("amlTypeLists")]
    public IReadOnlyList<AmlList> AmlLists { get; init => field = value ?? []; } = [];

    /// <summary>How many hits there are.</summary>
    public override string ToString() => $"{nameof(KycResult)} {{ TotalHits = {TotalHits} }}";
}

/// <summary>The hits on one kind of list.</summary>
public sealed record AmlList
{
    /// <summary>The kind of list, by the server's name for it; null when it does not say.</summary>
    public string? AmlType { get; init; }

    /// <summary>Hits on lists of this kind.</summary>
    public int ListHits { get; init; }

    /// <summary>What the entries say; empty when the server does not tell, never null.</summary>
    public IReadOnlyList<AmlField> Fields { get; init => field = value ?? []; } = [];

    /// <summary>The kind and how many hits there are.</summary>
    public override string ToString() => $"{nameof(AmlList)} {{ AmlType = {AmlType}, ListHits = {ListHits} }}";
}

/// <summary>One statement of an entry on a list.</summary>
public sealed record AmlField
{
    /// <summary>What is stated; null when the server does not say.</summary>
    public string? Name { get; init; }

    /// <summary>Who states it; null when the server does not say.</summary>
    public string? Source { get; init; }

    /// <summary>The statement, about a person; null when the server does not say.</summary>
    public string? Value { get; init; }

    /// <summary>The type alone.</summary>
    public override string ToString() => nameof(AmlField);
}
