using System.Text.Json.Serialization;

namespace Countersign.Client;

/// <summary>An identity of your project.</summary>
public sealed record EnrolledIdentity
{
    /// <summary>Its id.</summary>
    /// <value>A UUID.</value>
    public required string ProveId { get; init; }

    /// <summary>The person's number.</summary>
    public required string PhoneNumber { get; init; }

    /// <summary>Whether it is watched.</summary>
    [JsonPropertyName("active")]
    public bool IsActive { get; init; }

    /// <summary>Your id for this customer; null when you gave none.</summary>
    public string? ClientCustomerId { get; init; }

    /// <summary>Your id for this person; null when you gave none.</summary>
    public string? ClientHumanId { get; init; }

    /// <summary>The country of the number by ISO 3166-1, such as <c>US</c>; null when not known.</summary>
    public string? CountryCode { get; init; }

    /// <summary>The person's device; null when none is tied to them.</summary>
    public string? DeviceId { get; init; }

    /// <summary>When it was enrolled; null when the server does not say.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The operator of the number; null when not known.</summary>
    public string? Carrier { get; init; }

    /// <summary>The kind of line, by the server's name for it; null when not known.</summary>
    public string? LineType { get; init; }

    /// <summary>The id, whether it is active, and the masked number.</summary>
    public override string ToString() =>
        $"{nameof(EnrolledIdentity)} {{ ProveId = {ProveId}, IsActive = {IsActive}, PhoneNumber = {Mask.Phone(PhoneNumber)} }}";
}
