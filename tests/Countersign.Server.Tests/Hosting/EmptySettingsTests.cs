using System.Security.Cryptography;
using Countersign.Core;
using Countersign.Hosting;
using Countersign.Server.Hosting;
using Countersign.Server.Tests.Fixtures;
using Countersign.Storage;
using Microsoft.Extensions.Configuration;

namespace Countersign.Server.Tests.Hosting;

/// <summary>An empty value is none, but where its loss would go unseen; what a file names and leaves empty is there.</summary>
public sealed class EmptySettingsTests : IDisposable
{
    private readonly StartingSettings _start = new();

    /// <summary>Settings of either mode that are as good as left out.</summary>
    public static TheoryData<Mode, string[]> Empty => new()
    {
        { Mode.Sandbox, ["PublicUrl=", "EncryptionKey=", "HelpText=", "Sandbox:ClientId=", "Sandbox:WebOtpHost="] },
        { Mode.Sandbox, ["FallbackPoll=", "RequestsPerSecond=", "ErrorCodes=", "Possession=", "Possession:FlowLife=", "Operators="] },
        {
            Mode.Live,
            ["Sandbox:ClientId=", "Projects:shop:Name=", "Projects:shop:Clients=", "Projects:shop:OtpText=", "Admin:Keys=", "Admin="]
        },
        { Mode.Live, ["TextRoutes:0:Countries=*", "TextRoutes:0:Gateways=paper", "TextRoutes:0:Sender=", "IdentitySources:0:Type="] },
        {
            Mode.Live,
            [
                "TrustedProxies:0=", "Countries=", "Countries:0=US", "Countries:1=", "Gateways=", "Gateways:paper:Sender=", "TextRoutes=",
            ]
        },
    };

    [Theory]
    [MemberData(nameof(Empty))]
    public void What_is_empty_is_not_set(Mode mode, string[] settings)
    {
        var read = Settings.Read(_start.With(mode, settings));

        Assert.Null(read.Help.HelpText);
        Assert.Null(read.Sandbox.ClientId);
        Assert.Empty(read.Admin.Keys);
        Assert.Empty(read.TrustedProxies.TrustedProxies);
        Assert.Equal(new StorageOptions().FallbackPoll, read.Storage.FallbackPoll);
        Assert.All(read.Projects.Projects, project => Assert.Null(project.Value.Name));
        Assert.All(read.IdentityChain.IdentitySources, source => Assert.Equal("records", source.Type));
        Assert.All(read.TextRoutes.TextRoutes, route => Assert.Null(route.Sender));
    }

    /// <summary>A mode, what is empty, and what is said of it.</summary>
    public static TheoryData<Mode, string[], string[]> Missed => new()
    {
        { Mode.Sandbox, ["Mode="], ["Mode is empty. Set it to Sandbox or Live"] },
        { Mode.Live, ["Mode="], ["Mode is empty. Set it to Sandbox or Live"] },
        { Mode.Live, ["Store="], ["Store is empty. Set it to a connection string"] },
        { Mode.Sandbox, ["Store="], ["Store is empty. Set it to a connection string"] },
        { Mode.Live, ["Projects:shop:Clients:web="], ["Projects:shop:Clients:web is empty. Set it to the client's secret"] },
        { Mode.Sandbox, ["Projects:club:Clients:app="], ["Projects:club:Clients:app is empty. Set it to the client's secret"] },
        {
            Mode.Live, ["Admin:Keys:ops=fedcba9876543210fedcba9876543210", "Admin:Scopes:ops=", "Admin:Projects:ops:0="],
            ["Admin:Scopes:ops is empty. Name some, or leave it out for all.", "Admin:Projects:ops is empty. Name some"]
        },
        { Mode.Live, ["Admin:Keys:ops="], ["Admin:Keys:ops is empty. Set it to a key of the admin API"] },
        {
            Mode.Live,
            [
                "Projects:shop:Clients:web=", "Projects:shop:Clients:app=0123456789abcdef0123456789abcdef", "Projects:bank:Clients:b=",
                "Admin:Keys:night=", "Admin:Keys:ops=fedcba9876543210fedcba9876543210",
            ],
            ["Projects:shop:Clients:web is empty", "Projects:bank:Clients:b is empty", "Admin:Keys:night is empty"]
        },
    };

    [Theory]
    [MemberData(nameof(Missed))]
    public void What_would_be_missed_without_a_word_ends_the_start(Mode mode, string[] settings, string[] sentences) =>
        AssertTold(_start.With(mode, settings), sentences);

    [Theory]
    [InlineData("""{"Projects": {"shop": {"Clients": {"web": null}}}}""", "Projects:shop:Clients:web is empty")]
    [InlineData("""{"Projects": {"shop": {"Clients": {"web": ""}}}}""", "Projects:shop:Clients:web is empty")]
    [InlineData("""{"Admin": {"Keys": {"ops": null}}}""", "Admin:Keys:ops is empty")]
    [InlineData("""{"Mode": ""}""", "Mode is empty")]
    [InlineData("""{"Mode": null}""", "Mode is empty")]
    [InlineData("""{"Store": null}""", "Store is empty")]
    public void What_would_be_missed_in_a_file_ends_the_start(string json, string sentence) =>
        AssertTold(_start.WithFile(Mode.Live, json), [sentence]);

    [Fact]
    public void An_operator_s_empty_key_id_is_its_thumbprint()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var file = Path.Combine(_start.Folder.FullName, "operator.pem");
        File.WriteAllText(file, key.ExportPkcs8PrivateKeyPem());

        var read = Settings.Read(_start.With(Mode.Live,
        [
            "Operators:op:Issuer=https://operator.example", "Operators:op:ClientId=x", "Operators:op:Purpose=Marketing",
            $"Operators:op:PrivateKeyFile={file}", "Operators:op:PrivateKey=", "Operators:op:KeyId=", "Operators:op:ApiUrl=",
        ]));

        var options = Assert.Single(read.Operators.Operators).Value;
        Assert.Null(options.KeyId);
        Assert.Null(options.PrivateKey);
    }

    [Fact]
    public void What_stands_in_a_file_and_is_empty_there_is_there()
    {
        const string Json = """
            {
              "PublicUrl": "https://id.example.com", "HelpText": "", "AllowedHosts": [], "Gateways": {"paper": {"Type": "outbox"}},
              "Projects": {"shop": {}, "club": null, "bank": {"Clients": {}, "WebOrigins": [], "Risk": {}, "Name": null}},
              "IdentitySources": [{"Type": "camara", "Operator": "op"}, {}, {"Type": "records"}],
              "Operators": {"op": {"Issuer": "https://operator.example", "ClientId": "x", "Purpose": "Marketing", "PrivateKey": "KEY"}}
            }
            """;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var pem = key.ExportPkcs8PrivateKeyPem().Replace("\n", "\\n", StringComparison.Ordinal);

        var read = Settings.Read(_start.WithFile(Mode.Live, Json.Replace("KEY", pem, StringComparison.Ordinal)));

        Assert.Equal(["bank", "club", "shop"], read.Projects.Projects.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["camara", "records", "records"], read.IdentityChain.IdentitySources.Select(source => source.Type));
    }

    [Fact]
    public void An_empty_value_of_the_command_line_covers_that_of_a_file()
    {
        var file = _start.With(Mode.Sandbox, ["HelpText=Write to us."]);

        var read = Settings.Read(new ConfigurationBuilder()
            .AddConfiguration(file).AddCommandLine(["--Countersign:HelpText="]).Build());

        Assert.Null(read.Help.HelpText);
    }

    public void Dispose() => _start.Dispose();

    private static void AssertTold(IConfiguration configuration, string[] sentences)
    {
        var problem = Assert.Throws<ConfigurationException>(() => Settings.Read(configuration));

        Assert.All(sentences, sentence => Assert.Contains($"Countersign:{sentence}", problem.Message, StringComparison.Ordinal));
        Assert.Equal(sentences.Length, problem.Message.Split(" is empty.").Length - 1);
        Assert.Equal(sentences.Length > 1 ? sentences.Length + 1 : 1, problem.Message.Split('\n').Length);
    }
}
