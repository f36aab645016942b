using System.Security.Cryptography;
using Countersign.Core;
using Countersign.Providers.Sms;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Countersign.Providers.Tests;

/// <summary>What cannot work ends the start, and says what to change.</summary>
public sealed class GatewayTypesTests
{
    private const string Kannel = "Type=kannel|Url=http://127.0.0.1:13013/cgi-bin/sendsms|Username=cs|Password=pw";
    private const string Twilio = "Type=twilio|AccountSid=AC0123456789abcdef0123456789abcdef|AuthToken=token|Sender=MyBrand";
    private const string Webhook = "Type=webhook|Url=https://texts.example.com|Secret=0123456789abcdef0123456789abcdef";
    private const string Vonage =
        "Type=vonage|ApplicationId=78d335fa-323d-0114-9c3d-d6f0d48968cf|PrivateKey=nonsense|SignatureSecret=0123456789abcdef|"
            + "Sender=MyBrand";

    [Theory]
    [InlineData("Url=x", "Countersign:Gateways:one:Type is required: write one of kannel, twilio, vonage, webhook, outbox.")]
    [InlineData("Type=smpp", "Countersign:Gateways:one:Type is not known: write one of kannel, twilio, vonage, webhook, outbox.")]
    [InlineData("Type=Kannel", "Countersign:Gateways:one:Type is not known")]
    [InlineData("Type=kannel", "one:Url is required")]
    [InlineData("Type=kannel", "one:Username is required")]
    [InlineData("Type=kannel", "one:Password is required")]
    [InlineData(
        Kannel + "|Pasword=x",
        "one:Pasword is no option of a gateway of type kannel; it has CallbackUrl, InboundSecret, Password, Sender, Smsc, Type, Url, "
            + "Username.")]
    [InlineData(Kannel + "|Url=ftp://kannel", "one:Url must be an http or https address")]
    [InlineData(Kannel + "|Url=http://user:pw@kannel/", "one:Url must be an http or https address without a name and a password in it")]
    [InlineData(Kannel + "|Sender=ThisIsTooLong", "one:Sender must be a name of 1 to 11 characters")]
    [InlineData(Kannel + "|InboundSecret=short", "one:InboundSecret must be 16 to 128 characters")]
    [InlineData(Kannel + "|CallbackUrl=https://id.example.com/", "one:CallbackUrl must be a bare origin")]
    [InlineData(Kannel + "|Password=with\nbreak", "one:Password must be the password of Kannel's sendsms-user group.")]
    [InlineData(Kannel + "|Url:Deep=x|Url=", "one:Url is required")]
    [InlineData(Twilio + "|AccountSid=AC12", "one:AccountSid must be AC and 32 hexadecimal digits")]
    [InlineData(Twilio + "|ApiKeySid=SK0123456789abcdef0123456789abcdef", "one:ApiKeySecret is required")]
    [InlineData(
        Twilio + "|MessagingServiceSid=MG0123456789abcdef0123456789abcdef", "one:Sender or MessagingServiceSid is required, and not both")]
    [InlineData(Twilio + "|ApiUrl=http://api.twilio.com", "one:ApiUrl must begin with https")]
    [InlineData(Webhook + "|Url=http://texts.example.com",
        "one:Url must begin with https: only a gateway on this machine is spoken to without encryption.")]
    [InlineData(Webhook + "|Secret=short", "one:Secret must be 32 to 256 visible characters")]
    [InlineData(Webhook + "|ClientKeyFile=key.pem", "one:ClientKeyFile is of no use without ClientCertificateFile.")]
    [InlineData(Webhook + "|ClientCertificateFile=/nowhere/certificate.pem",
        "one:ClientCertificateFile or ClientKeyFile names a file that cannot be read")]
    [InlineData(Webhook + "|ReportsHandover=perhaps", "ReportsHandover")]
    [InlineData(Vonage, "one:PrivateKey must be an RSA private key in PEM")]
    [InlineData(Vonage + "|PrivateKeyFile=/nowhere/key.pem", "one:PrivateKeyFile or PrivateKey is required, and not both")]
    [InlineData(Vonage + "|Sender=", "one:Sender is required")]
    [InlineData(Vonage + "|ApplicationId=mine", "one:ApplicationId must be the id of an application")]
    [InlineData("Type=outbox|File=/nowhere/at/all/texts.jsonl", "one:File cannot be written to")]
    public void What_cannot_work_is_named_with_what_to_change(string options, string message)
    {
        var problem = Assert.Throws<ConfigurationException>(() => Read("one", options));

        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_is_wrong_is_named_at_once_and_no_value_is_repeated()
    {
        var problem = Assert.Throws<ConfigurationException>(() =>
            Read("one", Webhook + "|Secret=tooshortasecret|Url=gopher://hidden|Nonsense=hidden"));

        Assert.StartsWith("3 things in the configuration have to be changed:", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("tooshortasecret", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("My Gateway")]
    [InlineData("Upper")]
    [InlineData("a/b")]
    public void A_name_must_fit_into_an_address(string name) =>
        Assert.Contains(
            "a gateway's name is", Assert.Throws<ConfigurationException>(() => Read(name, Kannel)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(Kannel)]
    [InlineData(Kannel + "|Sender=12345|Smsc=main|InboundSecret=0123456789abcdef|CallbackUrl=http://10.0.0.7:8080")]
    [InlineData(Twilio)]
    [InlineData(Webhook)]
    [InlineData("Type=outbox")]
    public void What_can_work_is_taken(string options)
    {
        var gateway = Assert.Single(Read("one", options));

        Assert.Equal(GatewayName.Parse("one"), gateway.Name);
    }

    [Fact]
    public void A_key_in_a_file_is_taken()
    {
        using var folder = new TemporaryFolder();
        using var key = RSA.Create(2048);
        File.WriteAllText(folder.File("key.pem"), key.ExportPkcs8PrivateKeyPem());

        Assert.Single(
            Read("one", Vonage.Replace("PrivateKey=nonsense", $"PrivateKeyFile={folder.File("key.pem")}", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(2048, false, "one:PrivateKey must be an RSA private key in PEM")]
    [InlineData(1024, true, "one:PrivateKey must be an RSA key of at least 2048 bits.")]
    public void A_key_that_cannot_sign_or_is_too_short_is_named(int bits, bool isPrivate, string message)
    {
        using var key = RSA.Create(bits);
        var pem = isPrivate ? key.ExportPkcs8PrivateKeyPem() : key.ExportSubjectPublicKeyInfoPem();

        var problem = Assert.Throws<ConfigurationException>(
            () => Read("one", Vonage.Replace("PrivateKey=nonsense", $"PrivateKey={pem}", StringComparison.Ordinal)));

        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_gateways_there_are_none() => Assert.Empty(Read(new ConfigurationBuilder().Build()));

    private static IReadOnlyList<GatewayOptions> Read(string name, string options)
    {
        var settings = new Dictionary<string, string?>();
        foreach (var option in options.Split('|'))
        {
            var pair = option.Split('=', 2);
            settings[$"Countersign:Gateways:{name}:{pair[0]}"] = pair[1];
        }
        return Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
    }

    private static IReadOnlyList<GatewayOptions> Read(IConfiguration configuration)
    {
        var result = new ValidateOptionsResultBuilder();
        var gateways = GatewayTypes.Read(configuration.GetSection("Countersign:Gateways"), result);
        ConfigurationException.ThrowIfAny(result.Build().Failures ?? []);
        return gateways;
    }
}
