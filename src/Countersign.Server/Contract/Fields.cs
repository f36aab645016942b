using System.Globalization;
using System.Text;
using Countersign.Core;
using Countersign.Core.Texts;

namespace Countersign.Server.Contract;

/// <summary>
/// The shapes of the contract's fields: bounds, pattern and reading, for whatever member has them. A character is a Unicode scalar value.
/// </summary>
internal static class Fields
{
    // Unicode's control characters (category Cc), without which every text of the contract must be.
    private const string Controls = @"\u0000-\u001f\u007f-\u009f";

    // For members that must be there: "" counts as absent.
    private const string NotEmpty = $"^[^{Controls}]+$";
    private const string NoControls = "contains control characters";

    /// <summary>Facts that one person may have.</summary>
    public const int MaxAttributes = 20;

    private static readonly string[] _moments = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ss'Z'"];

    private const int MaxPhone = 32;
    private const int MaxName = 128;
    private const int MaxEmail = 254;
    private const int MaxKey = 255;

    // IPv6 with an embedded IPv4 address: "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255".
    private const int MaxIpAddress = 45;

    /// <summary>Where the person's page runs, which says how they show that they hold the phone.</summary>
    public static TextShape<FlowType> FlowType { get; } = Shape.Word(
        ("desktop", Core.FlowType.Desktop), ("mobile", Core.FlowType.Mobile), ("none", Core.FlowType.None));

    /// <summary>What one-call verify may be asked, in the words of the wire.</summary>
    public static IReadOnlyList<(string Word, VerificationType Value)> VerificationTypes { get; } =
    [
        ("verifiedUser", VerificationType.VerifiedUser),
        ("accountOpening", VerificationType.AccountOpening),
        ("humanAssurance", VerificationType.HumanAssurance),
        ("prefill", VerificationType.Prefill),
        ("prefillForBiz", VerificationType.PrefillForBiz),
        ("identityResolution", VerificationType.IdentityResolution),
    ];

    /// <summary>As written; what it is, its numbering plan says.</summary>
    public static TextShape<string> Phone { get; } = Shape.Text(text =>
    {
        var problem = text.Length > MaxPhone ? TooLong(MaxPhone)
            : text.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '+') ? "only letters, digits and + are allowed"
            : null;
        Guards.Drop("F02", ref problem, () => null);
        return problem;
    }) with
    {
        Min = 1,
        Max = MaxPhone,
        Pattern = "^[A-Za-z0-9+]+$",
    };

    /// <summary>Read without the white space around it.</summary>
    public static TextShape<string> Name { get; } = new(text =>
        Count(text.Trim()) is < 1 or > MaxName ? (null, $"must be 1 to {MaxName} characters after trimming")
        : HasControls(text) ? (null, NoControls)
        : (text.Trim(), null))
    {
        Min = 1,
        Max = MaxName,
        Pattern = NotEmpty,
    };

    public static TextShape<string> Email { get; } = Shape.Text(text =>
        Count(text) > MaxEmail ? TooLong(MaxEmail)
        : text.Count(c => c == '@') != 1 ? "must contain exactly one @"
        : HasControls(text) ? NoControls
        : null) with
    {
        Max = MaxEmail,
        Pattern = $"^[^@{Controls}]*@[^@{Controls}]*$",
    };

    public static TextShape<string> IpAddress { get; } = Shape.Text(text =>
        text.Length > MaxIpAddress ? TooLong(MaxIpAddress)
        : text.Any(c => !char.IsAsciiHexDigit(c) && c != ':' && c != '.') ? "only hexadecimal digits, : and . are allowed"
        : null) with
    {
        Max = MaxIpAddress,
        Pattern = "^[0-9A-Fa-f:.]*$",
    };

    /// <summary>Street, city and other parts of a postal address.</summary>
    public static TextShape<string> AddressPart { get; } = Printable(128);

    public static TextShape<string> PostalCode { get; } = Shape.Text(text =>
        text.Length is 5 or 10 && text.Index().All(c => c.Index == 5 ? c.Item == '-' : char.IsAsciiDigit(c.Item))
            ? null
            : "must be 5 digits or ZIP+4") with
    {
        Pattern = @"^\d{5}(-\d{4})?$",
    };

    /// <summary>What a test for persons is called by whoever gave it.</summary>
    public static TextShape<string> ChallengeId { get; } = Printable(256) with { Min = 1, Pattern = NotEmpty };

    /// <summary>A text of the relying party's own.</summary>
    public static TextShape<string> ClientId { get; } = Printable(256);

    public static TextShape<string> UserAgent { get; } = Printable(512);

    public static TextShape<string> AttributeType { get; } = Printable(64) with { Min = 1, Pattern = NotEmpty };

    public static TextShape<string> AttributeValue { get; } = Printable(256) with { Min = 1, Pattern = NotEmpty };

    /// <summary>In any case: what comes out of a database or a library may be written large.</summary>
    public static TextShape<Guid> Uuid { get; } = UuidOr("must be a UUID: 8-4-4-4-12 hexadecimal digits");

    public static TextShape<CorrelationId> CorrelationId { get; } = new(text =>
        Core.CorrelationId.TryParse(text, out var id) ? (id, null) : (default, "must be 8-4-4-4-12 lower-case hexadecimal digits"))
    {
        Pattern = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
    };

    /// <summary>
    /// Where a phone is sent after confirming: http or https, no user info, nothing that a browser would read as another address than it
    /// looks like.
    /// </summary>
    public static TextShape<string> TargetUrl { get; } = Shape.Text(Core.Projects.TargetUrl.Problem) with
    {
        Max = Core.Projects.TargetUrl.MaxCharacters,
        Pattern = "^[A-Za-z0-9._+=/:?-]*$",
        Format = "uri",
    };

    /// <summary>The wording of a text. Which placeholder it must have depends on the flow, so its rules are the call's.</summary>
    public static TextShape<string> SmsMessage { get; } = Shape.Text() with
    {
        Max = SmsTemplate.MaxCharacters,
        Pattern = "^[^#]*#{4,6}[^#]*$",
    };

    /// <summary>Of one request.</summary>
    public static TextShape<string> IdempotencyKey { get; } = Shape.Text(text =>
        text.Length is < 1 or > MaxKey || text.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? $"must be 1 to {MaxKey} visible ASCII characters"
            : null) with
    {
        Min = 1,
        Max = MaxKey,
        Pattern = "^[!-~]+$",
    };

    /// <summary>A moment in UTC, or a date for its beginning.</summary>
    public static TextShape<DateTimeOffset> Moment { get; } = new(text =>
        DateTimeOffset.TryParseExact(text, _moments, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? (at, null)
            : (default, "must be a date (2027-01-31), or a moment in UTC (2027-01-31T12:00:00Z)"))
    {
        Pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?$",
    };

    /// <param name="rule">What is told where it is none.</param>
    public static TextShape<Guid> UuidOr(string rule) =>
        new(text => Guid.TryParseExact(text, "D", out var id) ? (id, null) : (default, rule))
    {
        Pattern = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$",
        Format = "uuid",
    };

    /// <summary>A text without control characters.</summary>
    public static TextShape<string> Printable(int max) => Shape.Text(text =>
        Count(text) > max ? TooLong(max)
        : HasControls(text) ? NoControls
        : null) with
    {
        Max = max,
        Pattern = $"^[^{Controls}]*$",
    };

    private static string TooLong(int max) => $"longer than {max} characters";

    private static int Count(string text) => text.EnumerateRunes().Count();

    private static bool HasControls(string text) =>
        text.EnumerateRunes().Any(rune => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control);
}
