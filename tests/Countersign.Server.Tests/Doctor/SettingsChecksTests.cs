using System.Runtime.Versioning;
using Countersign.Core;
using Countersign.Core.Doctor;
using Countersign.Server.Doctor;
using Countersign.Server.Hosting;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.Configuration;

namespace Countersign.Server.Tests.Doctor;

public sealed class SettingsChecksTests
{
    private const string Live = "Mode=Live";

    /// <summary>What of a configuration turns which check to what: its settings, split by spaces.</summary>
    public static TheoryData<string, FindingState, string> Rows => new()
    {
        { "public.https", FindingState.Fine, Live },
        { "public.https", FindingState.Weak, Live + " PublicUrl=http://127.0.0.1:8080" },
        { "proxy.named", FindingState.Weak, Live },
        { "proxy.named", FindingState.Fine, Live + " TrustedProxies=10.0.0.7" },
        { "proxy.named", FindingState.Fine, Live + " PublicUrl=http://127.0.0.1:8080" },
        { "proxy.named", FindingState.Fine, Live + " /urls=https://*:8443" },
        { "admin.listens", FindingState.Fine, Live },
        { "admin.listens", FindingState.Fine, Live + " Admin:Keys:ops=0123456789abcdef0123456789abcdef" },
        { "admin.listens", FindingState.Fine, Live + " Admin:Keys:ops=0123456789abcdef0123456789abcdef Admin:Urls=https://*:8081" },
        { "admin.listens", FindingState.Weak, Live + " Admin:Keys:ops=0123456789abcdef0123456789abcdef Admin:Urls=http://*:8081" },
        { "admin.listens", FindingState.Weak, Live + " Admin:Keys:ops=0123456789abcdef0123456789abcdef Admin:Urls=http://10.0.0.5:8081" },
        { "sandbox.open", FindingState.Fine, "Mode=Sandbox" },
        { "sandbox.open", FindingState.Fine, "Mode=Sandbox /urls=http://[::1]:8080;http://localhost:8081;http://127.0.0.2:1" },
        { "sandbox.open", FindingState.Weak, "Mode=Sandbox /urls=http://127.0.0.1:8080;http://*:8081" },
        { "sandbox.open", FindingState.Weak, "Mode=Sandbox AllowedHosts=sandbox.example.com" },
        { "sandbox.open", FindingState.Weak, "Mode=Sandbox PublicUrl=https://sandbox.example.com" },
        { "texts.outbox", FindingState.Weak, Live },
        { "texts.outbox", FindingState.Fine, Live + " Gateways:paper:Type=webhook Gateways:paper:Url=https://texts.example.com/send "
            + "Gateways:paper:Secret=0123456789abcdef0123456789abcdef" },
        { "caps.none", FindingState.Weak, Live },
        { "caps.none", FindingState.Fine, Live + " Prices=PRICES Caps:PerDay=50 Caps:Currency=EUR" },
        { "guesses.likely", FindingState.Fine, Live },
        { "guesses.likely", FindingState.Weak, Live + " Budget:GuessProbability=0.0006" },
        { "limits.shadow", FindingState.Unknown, Live },
        { "limits.shadow", FindingState.Weak, Live + " TextLimits:Address=Enforce TextLimits:Prefix=Enforce TextLimits:Country=Off" },
        { "limits.shadow", FindingState.Fine, Live + " TextLimits:Address=Enforce TextLimits:Prefix=Enforce TextLimits:Country=Enforce" },
        { "pumping.shadow", FindingState.Unknown, Live },
        { "pumping.shadow", FindingState.Weak, Live + " Pumping:Growth=Off" },
        { "pumping.shadow", FindingState.Fine, Live + " Pumping:PrefixConversion=Enforce Pumping:CountryConversion=Enforce "
            + "Pumping:Sequence=Enforce Pumping:Address=Enforce Pumping:Growth=Enforce" },
        { "retention.longer", FindingState.Fine, Live },
        { "retention.longer", FindingState.Weak, Live + " History:Retention=31" },
        { "retention.longer", FindingState.Weak, "Mode=Sandbox Events:Retention=90" },
        { "retention.longer", FindingState.Weak, Live + " Records:Retention=400" },
        { "retention.longer", FindingState.Weak, Live + " Audit:Retention=800" },
        { "devices.long", FindingState.Fine, Live + " DeviceKeys:MaxAge=30.00:00:00" },
        { "devices.long", FindingState.Weak, Live + " DeviceKeys:MaxAge=401.00:00:00" },
        { "devices.long", FindingState.Weak, Live + " DeviceKeys:MaxIdle=200.00:00:00" },
        { "devices.told", FindingState.Fine, Live },
        { "devices.told", FindingState.Weak, Live + " DeviceKeys:Notice=false" },
        { "devices.fetch", FindingState.Fine, Live },
        { "devices.fetch", FindingState.Weak, Live + " DeviceKeys:TieOnFetch=true" },
        { "sources.plain", FindingState.Fine, Live + " IdentitySources:0:Type=http IdentitySources:0:Url=https://names.example.com "
            + "IdentitySources:0:Key=0123456789abcdef0123456789abcdef" },
        { "sources.plain", FindingState.Weak, Live + " IdentitySources:0:Type=http IdentitySources:0:Url=http://10.0.0.9/match "
            + "IdentitySources:0:Key=0123456789abcdef0123456789abcdef IdentitySources:0:AllowPrivateNetwork=true" },
        { "token-keys.long", FindingState.Fine, Live },
        { "token-keys.long", FindingState.Weak, Live + " Keys:TokenKeyLifetime=365.00:00:00" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_setting_turns_its_check(string check, FindingState state, string settings)
    {
        using var starting = new StartingSettings();
        var prices = Path.Combine(starting.Folder.FullName, "prices.csv");
        File.WriteAllText(prices, "gateway,country,price,currency\npaper,US,0.01,EUR\n");
        var (mode, ours, others) = Parse(settings.Replace("PRICES", prices, StringComparison.Ordinal));
        var configuration = new ConfigurationBuilder()
            .AddConfiguration(starting.With(mode, ours))
            .AddInMemoryCollection(others.Append("urls=http://127.0.0.1:8080").DistinctBy(one => one.Split('=')[0])
                .Select(one => KeyValuePair.Create(one.Split('=', 2)[0], (string?)one.Split('=', 2)[1])))
            .Build();

        var found = SettingsChecks.Of(Settings.ReadWithoutSecrets(configuration), configuration).Where(one => one.Check.Id == check);

        Assert.Equal([state], found.Select(one => one.State));
    }

    [Fact]
    public void What_a_sandbox_does_not_have_is_not_said_of_it()
    {
        using var starting = new StartingSettings();
        var configuration = starting.With(Mode.Sandbox, []);

        var found = SettingsChecks.Of(Settings.ReadWithoutSecrets(configuration), configuration).Select(one => one.Check.Id);

        Assert.Equal(["admin.listens", "retention.longer", "devices.long", "token-keys.long", "sandbox.open"], found);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_configuration_file_that_others_may_read_is_weak()
    {
        using var folder = new TemporaryFolder();
        using var starting = new StartingSettings();
        var file = folder.File("live.json");
        File.WriteAllText(file, "{}");
        var configuration = new ConfigurationBuilder().AddConfiguration(starting.With(Mode.Live, []))
            .AddInMemoryCollection([KeyValuePair.Create("config", (string?)file)]).Build();
        var settings = Settings.ReadWithoutSecrets(configuration);

        FindingState Look(UnixFileMode mode)
        {
            File.SetUnixFileMode(file, mode);
            return SettingsChecks.Of(settings, configuration).Single(one => one.Check == Checks.ConfigurationPrivate).State;
        }

        Assert.Equal(FindingState.Fine, Look(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.Equal(FindingState.Fine, Look(UnixFileMode.UserRead | UnixFileMode.GroupRead));
        Assert.Equal(FindingState.Weak, Look(UnixFileMode.UserRead | UnixFileMode.GroupWrite));
        Assert.Equal(FindingState.Weak, Look(UnixFileMode.UserRead | UnixFileMode.OtherRead));
        Assert.Equal(FindingState.Weak, Look(UnixFileMode.UserRead | UnixFileMode.OtherWrite));
        File.Delete(file);
        Assert.Equal(
            FindingState.Unknown, SettingsChecks.Of(settings, configuration).Single(one => one.Check == Checks.ConfigurationPrivate).State);
    }

    private static (Mode Mode, string[] Ours, IEnumerable<string> Others) Parse(string settings)
    {
        var all = settings.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return (Enum.Parse<Mode>(all[0]["Mode=".Length..]), [.. all[1..].Where(one => one[0] != '/')],
            all[1..].Where(one => one[0] == '/').Select(one => one[1..]));
    }
}
