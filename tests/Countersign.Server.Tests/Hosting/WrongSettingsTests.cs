using Countersign.Core;
using Countersign.Server.Hosting;
using Microsoft.Extensions.Configuration;

namespace Countersign.Server.Tests.Hosting;

/// <summary>Who has made two mistakes is told both at the first start, and nothing besides.</summary>
public sealed class WrongSettingsTests : IDisposable
{
    private const string Secret = "0123456789abcdef0123456789abcdef";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("countersign-wrong-");

    /// <summary>A mode, settings that are wrong in it, and how the sentences about them begin.</summary>
    public static TheoryData<Mode, string[], string[]> Table => new()
    {
        // Two mistakes in one section.
        {
            Mode.Live, ["PublicUrl=http://id.example.com", "Store=Data Source=:memory:"],
            ["PublicUrl must be https in Live", "Store is a database in memory"]
        },
        { Mode.Live, ["Store=x.db", "FallbackPoll=00:02:00"], ["Store is not understood", "FallbackPoll must be from 00:00:00"] },
        { Mode.Live, ["EncryptionKey=short", "PublicUrl="], ["EncryptionKey must be base64", "PublicUrl is required in Live"] },
        {
            Mode.Live, ["RequestsPerSecond=0", "ErrorCodes=Old"],
            ["RequestsPerSecond must be at least 1; leave it out for 25.", "ErrorCodes must be one of Standard, Legacy."]
        },
        {
            Mode.Live, ["TrustedProxies:0=proxy", "TrustedProxies:1=0.0.0.0/0"],
            ["TrustedProxies must be an address", "TrustedProxies must not be everybody"]
        },
        { Mode.Live, ["AllowedHosts=a.example", "Sandbox:ClientId=x"], ["AllowedHosts is for the sandbox", "Sandbox is for the sandbox"] },
        {
            Mode.Live, ["Admin:Keys:ops=short", $"Admin:Keys:the ops={Secret}"],
            ["Admin:Keys:ops must be 32 to 256", "Admin:Keys has a name that is not"]
        },
        {
            Mode.Live, ["Projects:shop:WebOtpHost=https://shop.example", "Projects:shop:Clients:web=short"],
            ["Projects:shop:WebOtpHost is invalid", "Projects:shop:Clients:web must be a secret"]
        },
        {
            Mode.Live, ["Projects:shop:Risk:SimSwap=Block", "Projects:shop:Risk:SimSwop=Refuse"],
            [
                "Projects:shop:Risk:SimSwap must be one of",
                "Projects:shop:Risk:SimSwop is no setting. Did you mean Countersign:Projects:shop:Risk:SimSwap?",
            ]
        },
        { Mode.Live, ["Countries=UK,us"], ["Countries has UK", "Countries must be written in capitals: US."] },
        {
            Mode.Live, ["Possession:CodeLength=8", "Possession:Resends=11"],
            ["Possession is not possible: CodeLength must be 4 to 6.", "Possession is not possible: Resends must be 0 to 10."]
        },
        {
            Mode.Live, ["TextRoutes:0:Countries=XX", "TextRoutes:0:Gateways=paper", "TextRoutes:0:Sender=The whole shop"],
            ["TextRoutes:0:Countries holds 'XX'", "TextRoutes:0:Sender must be"]
        },
        {
            Mode.Live, ["Records:Retention=0", "HelpText=\u0001"],
            ["Records:Retention must be from 1 day", "HelpText must fit into one text segment"]
        },
        {
            Mode.Live, ["IdentitySources:0:Type=http", "IdentitySources:0:Url=ftp://crm.example", "IdentitySources:0:Key=short"],
            ["IdentitySources:0:Url must be an https address", "IdentitySources:0:Key must be at least 32 characters"]
        },
        {
            Mode.Live, ["IdentitySources:0:Type=camara", "IdentitySources:0:ApiVersion=v9"],
            [
                "IdentitySources:0:Operator must be the name of one of Countersign:Operators (there is none).",
                "IdentitySources:0:ApiVersion must be v0.3 or v0.4.",
            ]
        },
        {
            Mode.Live, ["RiskSources:0:Type=ours", "RiskSources:0:ShortTenure=1"],
            [
                "RiskSources:0:Type must be camara",
                "RiskSources:0:Operator must be the name of one of",
                "RiskSources:0:VeryShortTenure must be",
            ]
        },
        {
            Mode.Live, ["Operators:sim:Issuer=http://operator.example", "Operators:sim:Purpose=dpv:Marketing", "Operators:sim:ClientId=x"],
            [
                "Operators:sim:Issuer must be an https address",
                "Operators:sim:PrivateKeyFile is missing",
                "Operators:sim:Purpose must be exactly one term",
            ]
        },
        {
            Mode.Sandbox, ["Operators:a:ApiVersion=v3", "Operators:b:ApiVersion=v4"],
            [
                "Operators:a:Issuer is missing", "Operators:a:ClientId is missing",
                "Operators:a:Purpose is missing", "Operators:a:ApiVersion must be v1 or v2.",
                "Operators:b:Issuer is missing", "Operators:b:ClientId is missing",
                "Operators:b:Purpose is missing", "Operators:b:ApiVersion must be v1 or v2.",
                "Operators:a and :b are responsible for the same numbers",
            ]
        },
        {
            Mode.Live, ["Gateways:paper:Sender=Much too long a name", "Gateways:paper:Fil=x"],
            ["Gateways:paper:Fil is no option", "Gateways:paper:Sender must be"]
        },
        {
            Mode.Sandbox, ["Sandbox:WebOtpHost=https://shop.example", "Sandbox:WebOrigins=https://shop.example/"],
            ["Sandbox:WebOtpHost must be a host name", "Sandbox:WebOrigins must hold bare origins"]
        },
        {
            Mode.Sandbox, ["Store=Host=localhost;Database=countersign", "EncryptionKey=", "Sandbox:ClientId=", "Sandbox:ClientSecret="],
            [
                "EncryptionKey is required with PostgreSQL",
                "Sandbox:ClientId is required with PostgreSQL",
                "Sandbox:ClientSecret is required with PostgreSQL",
            ]
        },

        // A name, a shape and a value: what used to come in three rounds.
        {
            Mode.Live, ["PublicURL2=x", "Possession:OtpLife=2 minutes", "Admin:Keys:ops=short"],
            [
                "PublicURL2 is no setting. Did you mean Countersign:PublicUrl?",
                "Possession:OtpLife must be a time",
                "Admin:Keys:ops must be 32 to 256",
            ]
        },
        {
            Mode.Live, ["Possession:CodeLength=six", "TextRoutes:0:Countries=*", "TextRoutes:0:Gateways=paper,post,pigeon"],
            [
                "Possession:CodeLength must be a whole number.",
                "TextRoutes:0:Gateways names post, which",
                "TextRoutes:0:Gateways names pigeon, which",
            ]
        },
        {
            Mode.Live, ["Gateways:paper:Type=smpp", "Possession:Resend=3", "Possession:Resends=11"],
            ["Possession:Resend is no setting.", "Possession is not possible: Resends", "Gateways:paper:Type is not known"]
        },

        // What follows from another mistake is none of its own; a name that is also written rightly hides nothing.
        {
            Mode.Live, ["Modes=Sandbox", "PublicUrl="],
            ["Modes is no setting. Did you mean Countersign:Mode?", "PublicUrl is required in Live"]
        },
        {
            Mode.Live, ["EncryptionKey=", "EncryptonKey=x", "Countries=", "Contries=US"],
            ["EncryptonKey is no setting.", "Contries is no setting."]
        },
        {
            Mode.Live, ["Mode=Alive", "Possession:Resends=11"],
            ["Mode must be one of Sandbox, Live.", "Possession is not possible: Resends"]
        },
        {
            Mode.Live, ["Countries=", "Countries:first=US", "Projects:shop:Countries=US", "FallbackPoll=often"],
            ["Countries is a list", "FallbackPoll must be a time"]
        },
        {
            Mode.Live, ["PublicUrl=http://id.example.com/", "Countries=XX"],
            ["PublicUrl must be a bare origin", "Countries must hold ISO 3166 codes"]
        },
        {
            Mode.Live,
            [
                "PublicUrl=",
                "Operators:sim:Issuer=https://operator.example",
                "Operators:sim:Purpose=Marketing",
                "Operators:sim:PrivateKey=x",
            ],
            ["PublicUrl is required in Live", "Operators:sim:ClientId is missing", "Operators:sim:PrivateKey cannot be used"]
        },
        {
            Mode.Live, ["Possession:FlowLife=02:00:00", "Possession:OtpLife=00:00:10"],
            ["Possession is not possible: FlowLife", "Possession is not possible: OtpLife"]
        },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void All_that_is_wrong_is_named_in_one_message(Mode mode, string[] settings, string[] sentences)
    {
        var problem = Assert.Throws<ConfigurationException>(() => Settings.Read(ConfigurationOf(mode, settings)));

        var lines = problem.Message.Split('\n');
        Assert.Equal($"{sentences.Length} things in the configuration have to be changed:", lines[0]);
        Assert.All(sentences.Select(sentence => $"- Countersign:{sentence}"), sentence =>
            Assert.Single(lines, line => line.StartsWith(sentence, StringComparison.Ordinal)));
        Assert.Equal(sentences.Length, lines.Length - 1);
        Assert.Empty(_folder.GetFiles());
    }

    [Fact]
    public void No_section_is_left_out_of_the_table()
    {
        var sections = SettingNames.Ours.All.Select(path => path.Split(':')[1]).Append("Gateways").ToHashSet(StringComparer.Ordinal);

        var told = Table.SelectMany(row => row.Data.Item3).Select(sentence => sentence.Split(':', ' ')[0]);

        Assert.Empty(sections.Except(told, StringComparer.Ordinal));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>What starts, with some settings put in; those without a value are taken out.</summary>
    private IConfiguration ConfigurationOf(Mode mode, string[] settings)
    {
        var all = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["Mode"] = mode.ToString(),
            ["EncryptionKey"] = Fixtures.TestServer.EncryptionKey,
            ["Store"] = $"Data Source={_folder.FullName}/x.db",
        };
        if (mode == Mode.Live)
        {
            (all["PublicUrl"], all["Countries"], all["Gateways:paper:Type"]) = ("https://id.example.com", "US", "outbox");
        }
        foreach (var setting in settings.Select(setting => setting.Split('=', 2)))
        {
            all[setting[0]] = setting[1].Length == 0 ? null : setting[1];
        }
        return new ConfigurationBuilder()
            .AddInMemoryCollection(
                from setting in all where setting.Value is not null select KeyValuePair.Create($"Countersign:{setting.Key}", setting.Value))
            .Build();
    }
}
