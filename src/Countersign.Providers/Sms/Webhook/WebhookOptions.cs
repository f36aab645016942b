using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Countersign.Providers.Sms.Webhook;

/// <summary>Options of a gateway of type <c>webhook</c>.</summary>
internal sealed class WebhookOptions : GatewayOptions, IHasSender
{
    private const int MinSecretLength = 32;

    /// <summary>Where texts are posted to.</summary>
    public string? Url { get; set; }

    /// <summary>Signs what is sent and checks what comes back.</summary>
    public string? Secret { get; set; }

    /// <summary>
    /// A second secret that is in use while one is changed for the other: what is sent is signed with both, what comes back with either.
    /// </summary>
    public string? SecondSecret { get; set; }

    /// <summary>
    /// 2: only signatures of version 2 are sent and taken. 1: both are sent and either is taken, as the other side may know only version
    /// 1.
    /// </summary>
    /// <value>1 by default; 1 or 2.</value>
    public int SignatureVersion { get; set; } = 1;

    public string? Sender { get; set; }

    /// <summary>
    /// Whether the other side sends the receipt <c>enroute</c> when the operator has taken a text: then its absence means that the text is
    /// stuck.
    /// </summary>
    /// <value>False by default.</value>
    public bool ReportsHandover { get; set; }

    /// <summary>PEM file of the certificate this server shows, when the other side wants one.</summary>
    public string? ClientCertificateFile { get; set; }

    /// <summary>PEM file of its private key.</summary>
    /// <value>The certificate's own file by default.</value>
    public string? ClientKeyFile { get; set; }

    internal override IReadOnlyCollection<string> Names { get; } = NamesOf<WebhookOptions>();

    internal IEnumerable<string> Secrets => SecondSecret is null ? [Secret!] : [Secret!, SecondSecret];

    internal IReadOnlyList<int> SignatureVersions => SignatureVersion == 1 ? [1, 2] : [2];

    internal override void Check(OptionFaults faults)
    {
        if (SignatureVersion is not (1 or 2))
        {
            faults.Add(nameof(SignatureVersion), "must be 1 or 2.");
        }
        faults.CheckUrl(nameof(Url), Url, "https://texts.example.com/send", needsTls: true);
        faults.CheckWord(
            nameof(Secret), Secret, "32 to 256 visible characters, the same on the other side: openssl rand -hex 32", min: MinSecretLength);
        faults.CheckWord(nameof(SecondSecret), SecondSecret, "32 to 256 visible characters", isRequired: false, min: MinSecretLength);
        faults.CheckSender(nameof(Sender), Sender);
        if (ClientCertificateFile is null)
        {
            if (ClientKeyFile is not null)
            {
                faults.Add(nameof(ClientKeyFile), "is of no use without ClientCertificateFile.");
            }
            return;
        }
        try
        {
            LoadCertificate()!.Dispose();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException
            or ArgumentException)
        {
            faults.Add(nameof(ClientCertificateFile),
                "or ClientKeyFile names a file that cannot be read, or that holds no certificate and its private key in PEM.");
        }
    }

    internal X509Certificate2? LoadCertificate() =>
        ClientCertificateFile is null ? null : X509Certificate2.CreateFromPemFile(ClientCertificateFile, ClientKeyFile);
}
