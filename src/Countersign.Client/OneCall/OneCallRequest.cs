namespace Countersign.Client;

/// <summary>Who is to be verified in one call, and for what; also one item of a batch.</summary>
/// <remarks>Values are sent exactly as given; the server judges them and names each bad field in its error message.</remarks>
public sealed record OneCallRequest
{
    /// <summary>What is to be found out.</summary>
    public required VerificationType VerificationType { get; init; }

    /// <summary>The person's number: North American with or without <c>+1</c>, others as <c>+</c> and country code.</summary>
    /// <value>At most 32 characters of <c>A-Za-z0-9+</c>.</value>
    public required string PhoneNumber { get; init; }

    /// <summary>The person's given name. Required where a type says so, and in a batch.</summary>
    /// <value>1 to 128 characters.</value>
    public string? FirstName { get; init; }

    /// <summary>The person's family name. Required where a type says so, and in a batch.</summary>
    /// <value>1 to 128 characters.</value>
    public string? LastName { get; init; }

    /// <summary>The person's e-mail address.</summary>
    /// <value>At most 254 characters with one <c>@</c>.</value>
    public string? EmailAddress { get; init; }

    /// <summary>The address the person's browser has on the Internet.</summary>
    /// <value>An IPv4 or IPv6 address.</value>
    public string? IpAddress { get; init; }

    /// <summary>What the person's browser calls itself.</summary>
    public string? UserAgent { get; init; }

    /// <summary>Your id for this customer.</summary>
    /// <value>At most 256 characters; no personal data.</value>
    public string? ClientCustomerId { get; init; }

    /// <summary>Your id for this person, the same over all their phones and accounts.</summary>
    /// <value>At most 256 characters; no personal data.</value>
    public string? ClientHumanId { get; init; }

    /// <summary>Your id for this verification.</summary>
    /// <value>At most 256 characters; no personal data.</value>
    public string? ClientRequestId { get; init; }

    /// <summary>The identity that an earlier call answered.</summary>
    /// <value>A UUID.</value>
    public string? ProveId { get; init; }

    /// <summary>What else is known of the person.</summary>
    /// <value>Empty by default, and then not sent.</value>
    public IReadOnlyList<IdentityAttributeEntry> IdentityAttributes { get; init => field = value ?? []; } = [];

    /// <summary>The type and the masked number. Nothing else of a person is ever printed.</summary>
    public override string ToString() =>
        $"{nameof(OneCallRequest)} {{ VerificationType = {VerificationType}, PhoneNumber = {Mask.Phone(PhoneNumber)} }}";
}
