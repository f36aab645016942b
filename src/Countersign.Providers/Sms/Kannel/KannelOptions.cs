namespace Countersign.Providers.Sms.Kannel;

/// <summary>Options of a gateway of type <c>kannel</c>.</summary>
internal sealed class KannelOptions : GatewayOptions, IHasSender
{
    /// <summary>Address of smsbox's sendsms service. Plain http is permitted: Kannel stands in a network of one's own.</summary>
    public string? Url { get; set; }

    /// <summary>As in Kannel's <c>sendsms-user</c> group.</summary>
    public string? Username { get; set; }

    /// <summary>As in Kannel's <c>sendsms-user</c> group.</summary>
    public string? Password { get; set; }

    public string? Sender { get; set; }

    /// <summary>The SMSC link to use, by its <c>smsc-id</c>.</summary>
    /// <value>None by default: Kannel routes.</value>
    public string? Smsc { get; set; }

    /// <summary>
    /// Last part of the address that Kannel's <c>sms-service</c> calls with texts of persons: Kannel signs nothing, so this proves that it
    /// is Kannel.
    /// </summary>
    /// <value>None by default: texts of persons are refused. At least 16 characters of A-Z a-z 0-9 - _.</value>
    public string? InboundSecret { get; set; }

    internal override IReadOnlyCollection<string> Names { get; } = NamesOf<KannelOptions>();

    internal override void Check(OptionFaults faults)
    {
        faults.CheckUrl(nameof(Url), Url, "http://127.0.0.1:13013/cgi-bin/sendsms", needsTls: false);
        faults.CheckWord(nameof(Username), Username, "the username of Kannel's sendsms-user group");
        faults.CheckWord(nameof(Password), Password, "the password of Kannel's sendsms-user group");
        faults.CheckSender(nameof(Sender), Sender);
        faults.CheckWord(nameof(Smsc), Smsc, "the smsc-id of a link of Kannel's", isRequired: false, max: 64);
        if (InboundSecret is { } secret
            && (secret.Length is < 16 or > 128 || !secret.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')))
        {
            faults.Add(nameof(InboundSecret), "must be 16 to 128 characters of A-Z a-z 0-9 - _.");
        }
    }
}
