using System.Text.Json.Serialization;

namespace Countersign.Client;

/// <summary>The identities of one number.</summary>
public sealed record LookUpResponse
{
    /// <summary>The identities; empty when nobody is enrolled with this number, never null.</summary>
    [JsonRequired]
    public IReadOnlyList<EnrolledIdentity> Items { get; init => field = value ?? []; } = [];

    /// <summary>How many there are.</summary>
    public override string ToString() => $"{nameof(LookUpResponse)} {{ Items = {Items.Count} }}";
}
