using System.Text.Json.Serialization;

namespace Countersign.Client;

/// <summary>A person whom a one-call verification found, as far as its type tells.</summary>
public sealed record OneCallIdentity
{
    /// <summary>The given name; null when it is not told.</summary>
    public string? FirstName { get; init; }

    /// <summary>The family name; null when it is not told.</summary>
    public string? LastName { get; init; }

    /// <summary>The birth date; null when it is not told, or when the server answered none that can be read.</summary>
    [JsonPropertyName("dateOfBirth")]
    public BirthDate? BirthDate { get; init; }

    /// <summary>The national identification number; null when it is not told.</summary>
    public NationalId? NationalId { get; init; }

    /// <summary>The least age in years; null when it is not told.</summary>
    public int? MinAge { get; init; }

    /// <summary>The greatest age in years; null when it is not told.</summary>
    public int? MaxAge { get; init; }

    /// <summary>E-mail addresses; empty when none are told, never null.</summary>
    public IReadOnlyList<string> Emails { get; init => field = value ?? []; } = [];

    /// <summary>Addresses; empty when none are told, never null.</summary>
    public IReadOnlyList<PostalAddress> Addresses { get; init => field = value ?? []; } = [];

    /// <summary>How sure it is that this person and the number belong together.</summary>
    public AssuranceLevel AssuranceLevel { get; init; }

    /// <summary>Why, in codes such as <c>AL2a</c>; empty when there are none, never null.</summary>
    public IReadOnlyList<string> Reasons { get; init => field = value ?? []; } = [];

    /// <summary>The level and its reasons. Nothing of the person.</summary>
    public override string ToString() =>
        $"{nameof(OneCallIdentity)} {{ AssuranceLevel = {AssuranceLevel}, Reasons = [{string.Join(", ", Reasons)}] }}";
}
