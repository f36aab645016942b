using System.Text.Json.Serialization;

namespace Countersign.Client;

/// <summary>Starts one pre-fill flow: possession of the phone first, then who the person is.</summary>
/// <remarks>Values are sent exactly as given; the server judges them and names each bad field in its error message.</remarks>
public sealed record StartRequest
{
    /// <summary>The device the person starts on; <see cref="Client.FlowType.None"/> is refused.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public required FlowType FlowType { get; init; }

    /// <summary>The person's number: North American with or without <c>+1</c>, others as <c>+</c> and country code.</summary>
    /// <value>At most 32 characters of <c>A-Za-z0-9+</c>.</value>
    public required string PhoneNumber { get; init; }

    /// <summary>Your page that the phone shows after the link was confirmed. Required for <see cref="Client.FlowType.Desktop"/>.</summary>
    /// <value>
    /// An absolute URL of at most 128 characters of <c>A-Za-z0-9-._+=/:?</c>. A string, because it is sent character by character.
    /// </value>
#pragma warning disable CA1056 // Uri normalises, and the server compares with its allow list
    public string? FinalTargetUrl { get; init; }
#pragma warning restore CA1056

    /// <summary>The text to send instead of the server's own.</summary>
    /// <value>
    /// At most 160 characters with one placeholder: <c>####</c> for the link, or 4, 5 or 6 <c>#</c> for a code of that length.
    /// </value>
    public string? SmsMessage { get; init; }

    /// <summary>Your id for this customer, to find all their verifications by.</summary>
    /// <value>At most 256 characters; no personal data.</value>
    public string? ClientCustomerId { get; init; }

    /// <summary>Your id for this verification.</summary>
    /// <value>At most 256 characters; no personal data.</value>
    public string? ClientRequestId { get; init; }

    /// <summary>The person's e-mail address.</summary>
    /// <value>At most 254 characters with one <c>@</c>.</value>
    public string? EmailAddress { get; init; }

    /// <summary>The address the person's browser has on the Internet.</summary>
    /// <value>An IPv4 or IPv6 address.</value>
    public string? IpAddress { get; init; }

    /// <summary>The person's birth date, whole or in part. Here, at the challenge, or not at all if there is a number.</summary>
    [JsonPropertyName("dob")]
    public BirthDate? BirthDate { get; init; }

    /// <summary>The person's social security number: nine digits, or the last four.</summary>
    public NationalId? Ssn { get; init; }

    /// <summary>Whether a mistyped code may be entered again: three entries in all instead of one.</summary>
    /// <value>Not sent by default, which servers read as false.</value>
    [JsonPropertyName("allowOTPRetry")]
    public bool? AllowOtpRetry { get; init; }

    /// <summary>
    /// False: the person may not give another number in the browser than this one. It only narrows what your project permits.
    /// </summary>
    /// <value>Not sent by default: the project's setting decides.</value>
    public bool? NumberChange { get; init; }

    /// <summary>A test for persons (a captcha) that you gave before this call; it counts once.</summary>
    /// <value>Not sent by default.</value>
    public ChallengeOutcome? Challenge { get; init; }

    /// <summary>The flow type and the masked number. Nothing else of a person is ever printed.</summary>
    public override string ToString() => $"{nameof(StartRequest)} {{ FlowType = {FlowType}, PhoneNumber = {Mask.Phone(PhoneNumber)} }}";
}
