namespace Countersign.Client;

/// <summary>Who is to be enrolled; also one item of a batch.</summary>
/// <remarks>Values are sent exactly as given; the server judges them and names each bad field in its error message.</remarks>
public sealed record EnrolRequest
{
    /// <summary>The person's number: North American with or without <c>+1</c>, others as <c>+</c> and country code.</summary>
    /// <value>At most 32 characters of <c>A-Za-z0-9+</c>.</value>
    public required string PhoneNumber { get; init; }

    /// <summary>Your id for this customer.</summary>
    /// <value>At most 256 characters; no personal data.</value>
    public string? ClientCustomerId { get; init; }

    /// <summary>Your id for this person, the same over all their phones and accounts.</summary>
    /// <value>At most 256 characters; no personal data.</value>
    public string? ClientHumanId { get; init; }

    /// <summary>Your id for this call.</summary>
    /// <value>At most 256 characters; no personal data.</value>
    public string? ClientRequestId { get; init; }

    /// <summary>The person's device, as a unify status answered it.</summary>
    public string? DeviceId { get; init; }

    /// <summary>What else is to be kept with the identity.</summary>
    /// <value>Empty by default, and then not sent.</value>
    public IReadOnlyList<IdentityAttributeEntry> IdentityAttributes { get; init => field = value ?? []; } = [];

    /// <summary>The masked number. Nothing else of a person is ever printed.</summary>
    public override string ToString() => $"{nameof(EnrolRequest)} {{ PhoneNumber = {Mask.Phone(PhoneNumber)} }}";
}
