using System.Security.Cryptography;

namespace Countersign.Providers.Sms.Vonage;

/// <summary>Options of a gateway of type <c>vonage</c>.</summary>
internal sealed class VonageOptions : GatewayOptions, IHasSender
{
    /// <summary>Id of the application that has the Messages capability.</summary>
    public string? ApplicationId { get; set; }

    /// <summary>PEM file of the application's private key.</summary>
    public string? PrivateKeyFile { get; set; }

    /// <summary>The application's private key itself, in PEM, instead of a file.</summary>
    public string? PrivateKey { get; set; }

    /// <summary>Checks the signature of what Vonage sends.</summary>
    public string? SignatureSecret { get; set; }

    /// <summary>The other secret, while one is changed for the other.</summary>
    public string? SecondSignatureSecret { get; set; }

    /// <summary>Required: Vonage has no sender of its own.</summary>
    public string? Sender { get; set; }

    /// <summary>Bare origin of Vonage's API, for another region.</summary>
    /// <value><c>https://api.nexmo.com</c> by default.</value>
    public string ApiUrl { get; set; } = "https://api.nexmo.com";

    internal override IReadOnlyCollection<string> Names { get; } = NamesOf<VonageOptions>();

    internal IEnumerable<string> SignatureSecrets =>
        SecondSignatureSecret is null ? [SignatureSecret!] : [SignatureSecret!, SecondSignatureSecret];

    internal override void Check(OptionFaults faults)
    {
        if (faults.Require(nameof(ApplicationId), ApplicationId, "the id of an application with the Messages capability")
            && !Guid.TryParseExact(ApplicationId, "D", out _))
        {
            faults.Add(nameof(ApplicationId), "must be the id of an application, a UUID with hyphens, from Vonage's dashboard.");
        }
        faults.CheckPrivateKey(nameof(PrivateKeyFile), PrivateKeyFile, nameof(PrivateKey), PrivateKey);
        faults.CheckWord(
            nameof(SignatureSecret), SignatureSecret, "the signature secret of the account: Vonage signs receipts with it", min: 8);
        faults.CheckWord(
            nameof(SecondSignatureSecret), SecondSignatureSecret, "the other signature secret of the account", isRequired: false, min: 8);
        faults.CheckSender(nameof(Sender), Sender);
        faults.Require(nameof(Sender), Sender, "Vonage has no sender of its own");
        faults.CheckUrl(nameof(ApiUrl), ApiUrl, "https://api.nexmo.com", needsTls: true);
    }

    internal RSA LoadKey()
    {
        var key = RSA.Create();
        key.ImportFromPem(PrivateKey ?? File.ReadAllText(PrivateKeyFile!));
        return key;
    }
}
