using System.Security.Cryptography;
using Countersign.Core;
using Countersign.Providers.Camara;
using Microsoft.Extensions.Configuration;

namespace Countersign.Providers.Tests.Camara;

public sealed class OperatorSettingsTests
{
    public static TheoryData<string, string, string?, string> Mistakes => new()
    {
        { "no issuer", "sim:Issuer", null, "Countersign:Operators:sim:Issuer is missing." },
        { "an issuer without TLS", "sim:Issuer", "http://operator.example", "Countersign:Operators:sim:Issuer must be an https address" },
        { "an issuer that is no address", "sim:Issuer", "operator", "Countersign:Operators:sim:Issuer must be an https address" },
        { "an issuer with a query", "sim:Issuer", "https://operator.example?x=1",
            "Countersign:Operators:sim:Issuer must be an https address" },
        { "no client id", "sim:ClientId", null, "Countersign:Operators:sim:ClientId is missing." },
        { "no purpose", "sim:Purpose", null, "Countersign:Operators:sim:Purpose is missing." },
        { "two purposes", "sim:Purpose", "Marketing dpv:FraudPreventionAndDetection",
            "Countersign:Operators:sim:Purpose must be exactly one term" },
        { "a purpose with its prefix", "sim:Purpose", "dpv:Marketing", "Countersign:Operators:sim:Purpose must be exactly one term" },
        { "an unknown version", "sim:ApiVersion", "v3", "Countersign:Operators:sim:ApiVersion must be v1 or v2." },
        { "a prefix without plus", "sim:Prefixes:0", "1202", "Countersign:Operators:sim:Prefixes:0 must be the beginning of numbers" },
        { "a range that is none", "sim:AddressRanges:0", "203.0.113.0/33", "Countersign:Operators:sim:AddressRanges:0 must be an address" },
        { "an API without TLS", "sim:ApiUrl", "http://api.operator.example", "Countersign:Operators:sim:ApiUrl must be an https address" },
        { "a key file that is not there", "sim:PrivateKeyFile", "/nowhere/operator.pem",
            "Countersign:Operators:sim:PrivateKeyFile cannot be read." },
        { "a key that is none", "sim:PrivateKey", "secret",
            "Countersign:Operators:sim:PrivateKey cannot be used: it is not a private key in PEM" },
        { "a key on another curve", "sim:PrivateKey", PemOf(ECDsa.Create(ECCurve.NamedCurves.nistP384)),
            "Countersign:Operators:sim:PrivateKey cannot be used: its curve is not P-256" },
        { "a short RSA key", "sim:PrivateKey", PemOf(RSA.Create(1024)),
            "Countersign:Operators:sim:PrivateKey cannot be used: it is an RSA key of less than 2048 bits" },
        { "a public key", "sim:PrivateKey", ECDsa.Create(ECCurve.NamedCurves.nistP256).ExportSubjectPublicKeyInfoPem(),
            "Countersign:Operators:sim:PrivateKey cannot be used: it is not a private key" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_named_at_start(string mistake, string name, string? value, string sentence)
    {
        _ = mistake;
        var problem = Assert.Single(Check(Mode.Sandbox, (name, value)));

        Assert.StartsWith(sentence, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_must_fit_into_an_address()
    {
        var problems = Check(
            Mode.Sandbox, ("The Operator:Issuer", "https://operator.example"), ("The Operator:ClientId", "x"),
            ("The Operator:Purpose", "Marketing"), ("The Operator:Prefixes:0", "+1"));

        Assert.StartsWith("Countersign:Operators:The Operator: the name must be", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_operators_for_the_same_numbers_cannot_be_told_apart()
    {
        var problems = Check(
            Mode.Sandbox, ("other:Issuer", "https://other.example"), ("other:ClientId", "x"), ("other:Purpose", "Marketing"));

        Assert.StartsWith(
            "Countersign:Operators:other and :sim are responsible for the same numbers", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void In_Live_a_key_is_required() => Assert.StartsWith(
        "Countersign:Operators:sim:PrivateKeyFile is missing.", Assert.Single(Check(Mode.Live)), StringComparison.Ordinal);

    [Fact]
    public void Two_keys_are_one_too_many()
    {
        var problem = Assert.Single(Check(Mode.Sandbox, ("sim:PrivateKey", "x"), ("sim:PrivateKeyFile", "y")));

        Assert.StartsWith("Countersign:Operators:sim has PrivateKey and PrivateKeyFile.", problem, StringComparison.Ordinal);
    }

    private static string PemOf(AsymmetricAlgorithm key) => key.ExportPkcs8PrivateKeyPem();

    private static IEnumerable<string> Check(Mode mode, params (string Name, string? Value)[] changes)
    {
        var settings = new Dictionary<string, string?>
        {
            ["sim:Issuer"] = "https://operator.example",
            ["sim:ClientId"] = "countersign",
            ["sim:Purpose"] = "FraudPreventionAndDetection",
        };
        foreach (var (name, value) in changes)
        {
            settings[name] = value;
        }
        var options = new MobileOperatorsOptions();
        new ConfigurationBuilder().AddInMemoryCollection(settings).Build().Bind(options.Operators);
        return new MobileOperatorsOptionsValidator(mode, _ => false).Validate(null, options).Failures ?? [];
    }
}
