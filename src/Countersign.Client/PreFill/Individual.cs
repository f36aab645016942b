using System.Text.Json.Serialization;

namespace Countersign.Client;

/// <summary>A person as a challenge answers them and as a completion has them compared.</summary>
public sealed record Individual
{
    /// <summary>The given name; null when not known.</summary>
    public string? FirstName { get; init; }

    /// <summary>The family name; null when not known.</summary>
    public string? LastName { get; init; }

    /// <summary>
    /// Where they live or have lived, the present address first; empty when not known, never null. A completion compares the first.
    /// </summary>
    public IReadOnlyList<PostalAddress> Addresses { get; init => field = value ?? []; } = [];

    /// <summary>Their e-mail addresses; empty when not known, never null. A completion compares the first.</summary>
    public IReadOnlyList<string> EmailAddresses { get; init => field = value ?? []; } = [];

    /// <summary>
    /// The birth date; null when not known, or when the server answered none that can be read. A completion wants a whole one.
    /// </summary>
    [JsonPropertyName("dob")]
    public BirthDate? BirthDate { get; init; }

    /// <summary>The social security number; null when not known.</summary>
    public NationalId? Ssn { get; init; }

    /// <summary>The type alone.</summary>
    public override string ToString() => nameof(Individual);
}
