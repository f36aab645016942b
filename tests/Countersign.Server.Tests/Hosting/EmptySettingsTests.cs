using System.Security.Cryptography;
using Countersign.Core;
using Countersign.Server.Hosting;
using Countersign.Server.Tests.Fixtures;
using Countersign.Storage;
using Microsoft.Extensions.Configuration;

namespace Countersign.Server.Tests.Hosting;

/// <summary>An empty value is none, wherever it stands; what a file names and leaves empty is there.</summary>
public sealed class EmptySettingsTests : IDisposable
{
    private readonly StartingSettings _start = new();

    /// <summary>Settings of either mode that are as good as left out.</summary>
    public static TheoryData<Mode, string[]> Empty => new()
    {
        { Mode.Sandbox, ["PublicUrl=", "EncryptionKey=", "HelpText=", "Sandbox:ClientId=", "Sandbox:WebOtpHost=", "Mode="] },
        { Mode.Sandbox, ["FallbackPoll=", "RequestsPerSecond=", "ErrorCodes=", "Possession=", "Possession:FlowLife=", "Operators="] },
        {
            Mode.Live,
            ["Sandbox:ClientId=", "Projects:shop:Name=", "Projects:shop:Clients:c=", "Projects:shop:OtpText=", "Admin:Keys:ops="]
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
}
