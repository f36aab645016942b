namespace Countersign.Providers.Sms.Twilio;

/// <summary>Options of a gateway of type <c>twilio</c>.</summary>
internal sealed class TwilioOptions : GatewayOptions, IHasSender
{
    /// <summary>AC and 32 hex digits.</summary>
    public string? AccountSid { get; set; }

    /// <summary>Checks the signature of what Twilio sends; also signs in, where there is no API key.</summary>
    public string? AuthToken { get; set; }

    /// <summary>The other auth token, while one is changed for the other: what Twilio sends may be signed with either.</summary>
    public string? SecondAuthToken { get; set; }

    /// <summary>SK and 32 hex digits: signs in instead of the account.</summary>
    public string? ApiKeySid { get; set; }

    public string? ApiKeySecret { get; set; }

    public string? Sender { get; set; }

    /// <summary>MG and 32 hex digits: Twilio picks the sender out of this service.</summary>
    public string? MessagingServiceSid { get; set; }

    /// <summary>Bare origin of Twilio's API, for another region.</summary>
    /// <value><c>https://api.twilio.com</c> by default.</value>
    public string ApiUrl { get; set; } = "https://api.twilio.com";

    internal override IReadOnlyCollection<string> Names { get; } = NamesOf<TwilioOptions>();

    internal IEnumerable<string> AuthTokens => SecondAuthToken is null ? [AuthToken!] : [AuthToken!, SecondAuthToken];

    internal override void Check(OptionFaults faults)
    {
        CheckSid(faults, nameof(AccountSid), AccountSid, "AC", isRequired: true);
        faults.CheckWord(nameof(AuthToken), AuthToken, "the auth token of the account: Twilio signs receipts with it", max: 128);
        faults.CheckWord(nameof(SecondAuthToken), SecondAuthToken, "the other auth token of the account", isRequired: false, max: 128);
        CheckSid(faults, nameof(ApiKeySid), ApiKeySid, "SK", isRequired: ApiKeySecret is not null);
        faults.CheckWord(nameof(ApiKeySecret), ApiKeySecret, "the secret of the API key", isRequired: ApiKeySid is not null, max: 128);
        CheckSid(faults, nameof(MessagingServiceSid), MessagingServiceSid, "MG", isRequired: false);
        faults.CheckSender(nameof(Sender), Sender);
        faults.CheckUrl(nameof(ApiUrl), ApiUrl, "https://api.twilio.com", needsTls: true);
        if ((Sender is null) == (MessagingServiceSid is null))
        {
            faults.Add(nameof(Sender), "or MessagingServiceSid is required, and not both: Twilio has no sender of its own.");
        }
    }

    private static void CheckSid(OptionFaults faults, string option, string? value, string prefix, bool isRequired)
    {
        var shape = $"{prefix} and 32 hexadecimal digits, from Twilio's console";
        if (value is null && !isRequired)
        {
            return;
        }
        if (faults.Require(option, value, shape)
            && (value!.Length != 34 || !value.StartsWith(prefix, StringComparison.Ordinal)
                || !value.AsSpan(2).ToString().All(char.IsAsciiHexDigit)))
        {
            faults.Add(option, $"must be {shape}.");
        }
    }
}
