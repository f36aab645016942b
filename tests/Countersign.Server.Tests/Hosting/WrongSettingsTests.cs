using Countersign.Core;
using Countersign.Hosting;
using Countersign.Server.Hosting;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.Configuration;

namespace Countersign.Server.Tests.Hosting;

/// <summary>Who has made two mistakes is told both at the first start, and nothing besides.</summary>
public sealed class WrongSettingsTests : IDisposable
{
    private const string Secret = "0123456789abcdef0123456789abcdef";

    private readonly StartingSettings _start = new();

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
            Mode.Live, ["Keys:File=/nowhere/at/all/keys.json", "Keys:TokenKeyLifetime=12:00:00"],
            ["Keys:File must be the path of a file", "Keys:TokenKeyLifetime must be whole days"]
        },
        { Mode.Live, ["Keys:TokenKeyLifetime=2.00:00:00", "Store=x.db"], ["Store is not understood", "Keys:TokenKeyNotice must be from"] },
        {
            Mode.Live, ["RequestsPerSecond=0", "BadTokensPerSecond=-1", "ErrorCodes=Old"],
            [
                "RequestsPerSecond must be at least 1; leave it out for 25.",
                "BadTokensPerSecond must be at least 1; leave it out for 100.",
                "ErrorCodes must be one of Standard, Legacy.",
            ]
        },
        {
            Mode.Live, ["FlowCallsPerSecond=0", "MaxStatusSockets=0", "GeoTable=/no/such.mmdb"],
            [
                "FlowCallsPerSecond must be at least 1; leave it out for 10.",
                "MaxStatusSockets must be 1 to 1000000.",
                "GeoTable: '/no/such.mmdb' cannot be read as an MMDB file.",
            ]
        },
        {
            Mode.Live, ["TrustedProxies:0=proxy", "TrustedProxies:1=0.0.0.0/0"],
            ["TrustedProxies must be an address", "TrustedProxies must not be everybody"]
        },
        {
            Mode.Live, ["Events:Networks:0=lan", "Events:Networks:1=0.0.0.0/0", "Events:Networks:2=169.254.0.0/16"],
            [
                "Events:Networks must be addresses or networks", "Events:Networks must not be everybody",
                "Events:Networks must not hold 169.254.169.254",
            ]
        },
        {
            Mode.Live, ["Events:Networks:0=lan", "Events:Networks:1=fd00::/8"],
            ["Events:Networks must be addresses or networks", "Events:Networks must not hold 169.254.169.254"]
        },
        {
            Mode.Live, ["Events:Networks:0=lan", "Events:Networks:1=169.254.170.2"],
            ["Events:Networks must be addresses or networks", "Events:Networks must not hold 169.254.169.254"]
        },
        {
            Mode.Live, ["Events:Networks:0=lan", "Events:Networks:1=100.64.0.0/10"],
            ["Events:Networks must be addresses or networks", "Events:Networks must not hold 169.254.169.254"]
        },
        { Mode.Live, ["AllowedHosts=a.example", "Sandbox:ClientId=x"], ["AllowedHosts is for the sandbox", "Sandbox is for the sandbox"] },
        {
            Mode.Live, ["Admin:Keys:ops=short", $"Admin:Keys:the ops={Secret}"],
            ["Admin:Keys:ops must be 32 to 256", "Admin:Keys has a name that is not"]
        },
        {
            Mode.Live,
            [$"Admin:Keys:ops={Secret}", "Admin:Scopes:desk=read", "Admin:Scopes:ops=read,write", "Admin:Projects:ops:0=No"],
            [
                "Admin:Scopes:desk is for no key: there is no Countersign:Admin:Keys:desk.",
                "Admin:Scopes:ops must hold some of read, support, projects, records, abuse, keys, backup, audit, erase, disclose.",
                "Admin:Projects:ops must hold ids of projects",
            ]
        },
        {
            Mode.Live, ["Admin:Keys:ops=short", "Admin:Urls=http://id.example.com:8081"],
            ["Admin:Keys:ops must be 32 to 256", "Admin:Urls must hold addresses to listen on, without a path"]
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
            Mode.Live, ["Budget:GuessProbability=0.5", "Budget:NamesPerLine=2"],
            [
                "Budget:GuessProbability must be from 0.000001 to 0.01.",
                "Budget:NamesPerLine must be at least Countersign:Budget:NamesPerProject.",
            ]
        },
        {
            Mode.Live, ["Budget:GuessProbability=0.000005", "Budget:NamesPerProject=0"],
            [
                "Budget:GuessProbability must be at least 0.000006, since a flow may have 3 entries",
                "Budget:NamesPerProject must be 1 to 1000.",
            ]
        },
        {
            Mode.Live, ["DeviceKeys:MaxAge=12:00:00", "DeviceKeys:MaxIdle=3651", "DeviceKeys:TieOnFetch=Off"],
            [
                "DeviceKeys:MaxAge must be 1.00:00:00 to 3650.00:00:00", "DeviceKeys:MaxIdle must be 1.00:00:00 to 3650.00:00:00",
                "DeviceKeys:TieOnFetch must be true or false",
            ]
        },
        {
            Mode.Live, ["Prices=/nowhere/prices.csv", "Caps:PerMonth=much"],
            ["Prices names /nowhere/prices.csv, which cannot be read", "Caps:PerMonth must be a number"]
        },
        {
            Mode.Live, ["Caps:PerDay=2", "Projects:shop:Caps:PerDay=1"],
            ["Caps need prices: name a price list", "Projects:shop:Caps is invalid: need prices: name a price list"]
        },
        {
            Mode.Live, ["TextLimits:PerCountry=0", "TextLimits:Country=On"],
            ["TextLimits:PerCountry must be 1 to 10000000.", "TextLimits:Country must be one of Off, Shadow, Enforce."]
        },
        {
            Mode.Live, ["TextLimits:PerHour=20", "TextLimits:Prefix=On"],
            ["TextLimits:PerDay must be at least Countersign:TextLimits:PerHour.", "TextLimits:Prefix must be one of Off, Shadow, Enforce."]
        },
        {
            Mode.Live, ["Pumping:Sequence=On", "Pumping:SequentialNumbers=1", "Pumping:CountryFloor=101"],
            ["Pumping:Sequence must be one of Off, Shadow, Enforce.", "Pumping:CountryFloor must be 0 to 100.",
                "Pumping:SequentialNumbers must be 2 to 1000."]
        },
        {
            Mode.Live, ["TextRoutes:0:Countries=XX", "TextRoutes:0:Gateways=paper", "TextRoutes:0:Sender=The whole shop"],
            ["TextRoutes:0:Countries holds 'XX'", "TextRoutes:0:Sender must be"]
        },
        {
            Mode.Live, ["Events:Retention=0", "Events:Receivers=Loopback"],
            ["Events:Retention must be from 1 day", "Events:Receivers must not be Loopback in Live"]
        },
        {
            Mode.Live, ["Records:Retention=0", "History:Retention=0", "HelpText=\u0001"],
            ["History:Retention must be from 1 day", "Records:Retention must be from 1 day", "HelpText must fit into one text segment"]
        },
        {
            Mode.Live, ["Audit:Retention=29", "Audit:CheckpointAfter=00:00:00", "Audit:CheckpointEvery=0"],
            ["Audit:Retention must be from 30 days", "Audit:CheckpointAfter must be from 00:00:01", "Audit:CheckpointEvery must be 1 to"]
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
            ["PublicUrl must be a bare origin", "PublicUrl must be https in Live", "Countries must hold ISO 3166 codes"]
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

        // What could not be read is not judged by its default.
        {
            Mode.Live,
            [
                "IdentitySources:0:Type=http", "IdentitySources:0:Url=http://10.0.0.1/x", "IdentitySources:0:AllowPrivateNetwork=yes",
                "IdentitySources:0:Key=short",
            ],
            ["IdentitySources:0:AllowPrivateNetwork must be true or false.", "IdentitySources:0:Key must be"]
        },
        {
            Mode.Live,
            ["Possession:FlowLife=60m", "Possession:LinkLife=00:30:00", "Possession:OtpLife=5m", "Possession:ResendInterval=00:03:00"],
            ["Possession:FlowLife must be a time", "Possession:OtpLife must be a time"]
        },
        {
            Mode.Live, ["Possession:LinkLif=00:01:00", "Possession:FlowLife=00:02:00", "Possession:LinkLiv=00:01:00"],
            ["Possession:LinkLif is no setting.", "Possession:LinkLiv is no setting."]
        },
        {
            Mode.Live, [
                "RiskSources:0:Operator=sim", "RiskSources:0:VeryShortTenure=40", "RiskSources:0:ShortTenure=60d",
                "Operatrs:sim:Cors=no",
            ],
            ["RiskSources:0:ShortTenure must be a time", "Operatrs is no setting. Did you mean Countersign:Operators?"]
        },
        {
            Mode.Sandbox,
            [
                "Operators:a:Issuer=https://a.example", "Operators:a:ClientId=x", "Operators:a:Purpose=Marketing", "Operators:a:Prefxes=+1",
                "Operators:b:Issuer=https://b.example", "Operators:b:ClientId=x", "Operators:b:Purpose=Marketing", "Operators:b:Prefxes=+4",
            ],
            ["Operators:a:Prefxes is no setting.", "Operators:b:Prefxes is no setting."]
        },
        {
            Mode.Sandbox,
            ["Mode=Live", "PublicUrl=https://id.example.com", "Countries=US", "Gatways:paper:Type=outbox", "Possession:Resends=11"],
            ["Gatways is no setting. Did you mean Countersign:Gateways?", "Possession is not possible: Resends"]
        },

        // Entries are told by their numbers in the configuration, whatever the others are like.
        {
            Mode.Live, ["TextRoutes:0=x", "TextRoutes:2:Countries=XX", "TextRoutes:2:Gateways=paper"],
            ["TextRoutes:0 holds settings and is none itself", "TextRoutes:2:Countries holds 'XX'"]
        },
        {
            Mode.Live, ["IdentitySources:1:Type=ours", "IdentitySources:3:Type=http", "IdentitySources:3:Key=short"],
            ["IdentitySources:1:Type must be one of", "IdentitySources:3:Url must be", "IdentitySources:3:Key must be"]
        },
        {
            Mode.Live, ["RiskSources:0=x", "RiskSources:10:Type=ours", "RiskSources:10:Operator=x", "RiskSources:9:Operator=x"],
            [
                "RiskSources:0 holds settings", "RiskSources:9:Operator must be the name", "RiskSources:10:Type must be camara",
                "RiskSources:10:Operator must be the name",
            ]
        },
        {
            Mode.Sandbox,
            [
                "Operators:a:Issuer=https://a.example", "Operators:a:ClientId=x", "Operators:a:Purpose=Marketing",
                "Operators:a:Prefixes:0=", "Operators:a:Prefixes:1=+1", "Operators:a:Prefixes:2=12", "Operators:a:AddressRanges:1=x",
            ],
            ["Operators:a:Prefixes:2 must be the beginning", "Operators:a:AddressRanges:1 must be an address"]
        },

        // What is wrong with a list, or with a name's own value, hides nothing below.
        {
            Mode.Live,
            [
                "TextRoutes:one:Countries=US", "TextRoutes:1:Countries=DE", "TextRoutes:1:Gateways=paper",
                "TextRoutes:1:Sender=far too long sender",
            ],
            ["TextRoutes is a list, so Countersign:TextRoutes:one is no setting.", "TextRoutes:1:Sender must be"]
        },
        {
            Mode.Live, ["Projects=x", "Projects:shop:Clients:web=short", "Projects:shop:Passkeys=maybe", "Projects:shop:Nme=x"],
            [
                "Projects needs a name before its value", "Projects:shop:Clients:web must be a secret",
                "Projects:shop:Passkeys must be one of", "Projects:shop:Nme is no setting.",
            ]
        },
        {
            Mode.Live, ["Gateways=x", "Gateways:paper:Sender=Much too long a name"],
            ["Gateways is not one value", "Gateways:paper:Sender must be"]
        },
    };

    /// <summary>The same for what only a file can say: that there is something, and nothing in it.</summary>
    public static TheoryData<Mode, string, string[]> Files => new()
    {
        {
            Mode.Live, """{"Gateways": {"paper": {"Foo": null, "Bar": {}}}}""",
            ["Gateways:paper:Foo is no option", "Gateways:paper:Bar is no option"]
        },
        {
            Mode.Live, """{"Gateways": {"b": {}, "c": null}}""",
            ["Gateways:b:Type is required", "Gateways:c:Type is required", "!Several text gateways"]
        },
        {
            Mode.Live, """{"Operators": {"op": {}}}""",
            [
                "Operators:op:Issuer is missing", "Operators:op:ClientId is missing", "Operators:op:PrivateKeyFile is missing",
                "Operators:op:Purpose is missing",
            ]
        },
        { Mode.Live, """{"TextRoutes": [{}]}""", ["TextRoutes:0:Countries is empty", "TextRoutes:0:Gateways is empty"] },
        {
            Mode.Live, """{"RiskSources": [{}, {"Type": "ours"}]}""",
            ["RiskSources:0:Operator must be", "RiskSources:1:Type must be", "RiskSources:1:Operator must be"]
        },
        {
            Mode.Sandbox, """{"IdentitySources": [{}], "Possession": {"Resends": 11}}""",
            ["IdentitySources and Countersign:RiskSources are for Live", "Possession is not possible: Resends"]
        },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void All_that_is_wrong_is_named_in_one_message(Mode mode, string[] settings, string[] sentences)
    {
        AssertTold(_start.With(mode, settings), sentences);
        // What is empty is as good as left out.
        AssertTold(Without(_start.With(mode, settings)), sentences);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void All_that_is_wrong_in_a_file_is_named_in_one_message(Mode mode, string json, string[] sentences) =>
        AssertTold(_start.WithFile(mode, json), sentences);

    /// <summary>A type that the binder reads and nothing is said about would end the start in a trace.</summary>
    [Fact]
    public void Whatever_a_setting_is_set_to_the_binder_does_not_throw()
    {
        Assert.All(SettingNames.Ours.All, path =>
        {
            var setting = path["Countersign:".Length..].Replace("<name>", "x", StringComparison.Ordinal);

            var thrown = Record.Exception(() => Settings.Read(_start.With(Mode.Sandbox, [$"{setting}=?"])));

            Assert.True(thrown is null or ConfigurationException, $"{setting}: {thrown}");
        });
    }

    [Fact]
    public void No_section_is_left_out_of_the_table()
    {
        var sections = SettingNames.Ours.All.Select(path => path.Split(':')[1]).Append("Gateways").ToHashSet(StringComparer.Ordinal);

        var told = Table.SelectMany(row => row.Data.Item3).Select(sentence => sentence.Split(':', ' ')[0]);

        Assert.Empty(sections.Except(told, StringComparer.Ordinal));
    }

    public void Dispose() => _start.Dispose();

    private void AssertTold(IConfiguration configuration, string[] sentences)
    {
        var problem = Assert.Throws<ConfigurationException>(() => Settings.Read(configuration));

        var lines = problem.Message.Split('\n');
        Assert.Equal($"{sentences.Length} things in the configuration have to be changed:", lines[0]);
        Assert.All(sentences.Select(sentence => $"- {(sentence[0] == '!' ? sentence[1..] : $"Countersign:{sentence}")}"), sentence =>
            Assert.Single(lines, line => line.StartsWith(sentence, StringComparison.Ordinal)));
        Assert.Equal(sentences.Length, lines.Length - 1);
        Assert.Empty(_start.Folder.GetFiles());
    }

    private static IConfiguration Without(IConfiguration configuration) => new ConfigurationBuilder()
        .AddInMemoryCollection(configuration.AsEnumerable().Where(setting => !string.IsNullOrEmpty(setting.Value)))
        .Build();
}
