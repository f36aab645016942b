using Countersign.Core;
using Countersign.Server.Hosting;
using Microsoft.Extensions.Configuration;

namespace Countersign.Server.Tests.Hosting;

/// <summary>What cannot work in Live ends the start with a sentence that names the setting and says what to change.</summary>
public sealed class MisconfigurationTests : IDisposable
{
    private const string Secret = "0123456789abcdef0123456789abcdef";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("countersign-live-");

    public static TheoryData<string, string?, string> Wrong => new()
    {
        // Names that nobody reads.
        { "PublicURL2", "x", "Countersign:PublicURL2 is no setting. Did you mean Countersign:PublicUrl?" },
        { "EncryptonKey", "x", "Countersign:EncryptonKey is no setting. Did you mean Countersign:EncryptionKey?" },
        { "Admin:Key:ops", Secret, "Countersign:Admin:Key is no setting. Did you mean Countersign:Admin:Keys?" },
        { "ClientId", "x", "Countersign:ClientId is no setting. Did you mean Countersign:Sandbox:ClientId?" },
        { "Projects:shop:TargetUrl", "x",
            "Countersign:Projects:shop:TargetUrl is no setting. Did you mean Countersign:Projects:shop:TargetUrls?" },
        { "Projects:shop:LinkConfirm", "Tap",
            "Countersign:Projects:shop:LinkConfirm is no setting. Did you mean Countersign:Projects:shop:LinkConfirmation?" },
        { "Possession:OptLife", "00:02:00", "Countersign:Possession:OptLife is no setting. Did you mean Countersign:Possession:OtpLife?" },
        { "Zzzzzz", "x", "Countersign:Zzzzzz is no setting. Countersign has Mode, PublicUrl, Store" },

        // Shapes.
        { "Mode:Name", "Live", "Countersign:Mode is one value, so there is nothing below it." },
        { "Admin:Keys", Secret, "Countersign:Admin:Keys needs a name before its value: Countersign:Admin:Keys:name." },
        { "Projects", "shop", "Countersign:Projects needs a name before its value" },
        { "Projects:shop", "Shop", "Countersign:Projects:shop holds settings and is none itself: Countersign:Projects:shop:Name" },
        { "Countries:first", "US",
            "Countersign:Countries is a list, so Countersign:Countries:first is no setting. Number its entries: Countersign:Countries:0." },
        { "RequestsPerSecond", "many", "Countersign:RequestsPerSecond must be a whole number." },
        { "Possession:CodeLength", "six", "Countersign:Possession:CodeLength must be a whole number." },
        { "Possession:OtpLife", "2 minutes", "Countersign:Possession:OtpLife must be a time as hours, minutes and seconds (00:01:30)." },
        { "Projects:shop:LinkConfirmation", "Wave", "Countersign:Projects:shop:LinkConfirmation must be one of Tap, Match." },
        { "Projects:shop:StartShape", "7", "Countersign:Projects:shop:StartShape must be one of PreFill, Identity." },
        { "Projects:shop:NamePolicy", "Loose", "Countersign:Projects:shop:NamePolicy must be one of Standard, Strict, Lenient." },
        { "Projects:shop:Risk:SimSwap", "Block", "Countersign:Projects:shop:Risk:SimSwap must be one of Report, Refuse." },
        { "Projects:shop:Risk:SimSwop", "Refuse",
            "Countersign:Projects:shop:Risk:SimSwop is no setting. Did you mean Countersign:Projects:shop:Risk:SimSwap?" },
        { "Projects:shop:Risk:RefusesUnknown", "maybe", "Countersign:Projects:shop:Risk:RefusesUnknown must be true or false." },
        { "ErrorCodes", "Old", "Countersign:ErrorCodes must be one of Standard, Legacy." },

        // What Live needs.
        { "PublicUrl", null, "Countersign:PublicUrl is required in Live" },
        { "EncryptionKey", null,
            "Countersign:EncryptionKey is required in Live. Set it to base64 of 32 random bytes: openssl rand -base64 32." },
        { "Countries:0", null, "Countersign:Countries is required in Live" },

        // Values.
        { "PublicUrl", "http://id.example.com", "Countersign:PublicUrl must be https in Live" },
        { "PublicUrl", "https://id.example.com/", "Countersign:PublicUrl must be a bare origin" },
        { "PublicUrl", "id.example.com", "Countersign:PublicUrl must be a bare origin" },
        { "EncryptionKey", "c2hvcnQ=", "Countersign:EncryptionKey must be base64 of exactly 32 bytes" },
        { "EncryptionKey", "not base64!", "Countersign:EncryptionKey must be base64 of exactly 32 bytes" },
        { "Store", "Data Source=:memory:", "Countersign:Store is a database in memory" },
        { "Countries:0", "UK", "Countersign:Countries has UK; the United Kingdom's ISO code is GB." },
        { "Countries:0", "us", "Countersign:Countries must be written in capitals: US." },
        { "Countries:0", "+1", "Countersign:Countries must hold ISO 3166 codes of two letters" },
        { "Countries:1", "XX", "Countersign:Countries must hold ISO 3166 codes of two letters" },
        { "RequestsPerSecond", "0", "Countersign:RequestsPerSecond must be at least 1; leave it out for 25." },
        { "BadTokensPerSecond", "0", "Countersign:BadTokensPerSecond must be at least 1; leave it out for 100." },
        { "FallbackPoll", "00:02:00", "Countersign:FallbackPoll must be from 00:00:00 (off) to 00:01:00." },
        { "Possession:CodeLength", "8", "Countersign:Possession is not possible: CodeLength must be 4 to 6." },
        { "Possession:OtpLife", "00:11:00", "Countersign:Possession is not possible: OtpLife" },
        { "Sandbox:ClientId", "x", "Countersign:Sandbox is for the sandbox, and Countersign:Mode is Live." },
        { "AllowedHosts", "id.internal", "Countersign:AllowedHosts is for the sandbox, and Countersign:Mode is Live." },
        { "Sandbox:LinkConfirmation", "Match", "Countersign:Sandbox is for the sandbox, and Countersign:Mode is Live." },
        { "TrustedProxies:0", "proxy.internal", "Countersign:TrustedProxies must be an address or a network" },
        { "TrustedProxies:0", "10.0.0.0/33", "Countersign:TrustedProxies must be an address or a network" },
        { "TrustedProxies:0", "0.0.0.0/0", "Countersign:TrustedProxies must not be everybody" },
        { "TrustedProxies:0", "10", "Countersign:TrustedProxies must be an address or a network" },

        // Keys and projects.
        { "Admin:Keys:ops", "short",
            "Countersign:Admin:Keys:ops must be 32 to 256 visible ASCII characters. Make one: openssl rand -hex 32." },
        { "Admin:Keys:ops", "0123456789abcdef 123456789abcdef0", "Countersign:Admin:Keys:ops must be 32 to 256 visible ASCII characters" },
        { "Admin:Keys:the ops", Secret, "Countersign:Admin:Keys has a name that is not 1 to 64 of A-Za-z0-9-_." },
        { "Projects:Shop:Name", "x", "Countersign:Projects:Shop: a project's id must be 1 to 64 of a-z, 0-9 and -, and not begin with -." },
        { "Projects:shop:Name", "\u202eX", "Countersign:Projects:shop:Name contains characters that do not show." },
        { "Projects:shop:Clients:web", "short",
            "Countersign:Projects:shop:Clients:web must be a secret of 32 to 256 characters. Make one: openssl rand -hex 32." },
        { "Projects:shop:Clients:the web", Secret, "Countersign:Projects:shop:Clients: a client's id must be 1 to 128 of A-Za-z0-9-_." },
        { "Projects:shop:TargetUrls:0", "http://shop.example",
            "Countersign:Projects:shop:TargetUrls:0 is invalid: must begin with https://" },
        { "Projects:shop:TargetUrls:0", "https://shop.example/a/../b",
            "Countersign:Projects:shop:TargetUrls:0 is invalid: must not contain . or .." },
        { "Projects:shop:TargetUrls:0", "https://shop.example/?x=1",
            "Countersign:Projects:shop:TargetUrls:0 is invalid: only letters, digits and -._+=/: are allowed" },
        { "Projects:shop:WebOrigins:0", "https://shop.example/",
            "Countersign:Projects:shop:WebOrigins:0 is invalid: must be a bare origin" },
        { "Projects:shop:WebOtpHost", "https://shop.example", "Countersign:Projects:shop:WebOtpHost is invalid: must be a host name" },
        { "Projects:shop:OtpText", "No code",
            "Countersign:Projects:shop:OtpText is invalid: must contain exactly one placeholder of # characters." },
        { "Projects:shop:OneCall", "Prefill, Everything",
            "Countersign:Projects:shop:OneCall must be one of None, VerifiedUser, AccountOpening, HumanAssurance, Prefill, PrefillForBiz, "
                + "IdentityResolution." },
        { "Projects:shop:OneCall:0", "Everything",
            "Countersign:Projects:shop:OneCall:0 must be one of None, VerifiedUser, AccountOpening, HumanAssurance, Prefill, "
                + "PrefillForBiz, IdentityResolution." },
        { "Projects:shop:GuessProbability", "often", "Countersign:Projects:shop:GuessProbability must be a number (0.00001)." },
        { "Projects:shop:GuessProbability", "0.5",
            "Countersign:Projects:shop:GuessProbability is invalid: must be from 0.000001 to 0.01." },
        { "Projects:shop:GuessProbability", "1e-7",
            "Countersign:Projects:shop:GuessProbability is invalid: must be from 0.000001 to 0.01." },
        { "Projects:shop:LinkText", "Go ######", "Countersign:Projects:shop:LinkText is invalid: the placeholder for the link is ####." },
        { "Projects:shop:Countries:0", "GB",
            "Countersign:Projects:shop:Countries:0 is invalid: must be one of the server's Countersign:Countries" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_configuration_that_cannot_work_is_refused_in_a_sentence(string name, string? value, string sentence)
    {
        var problem = Assert.Throws<ConfigurationException>(() => Read((name, value)));

        Assert.StartsWith(sentence, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem.Message);
        Assert.DoesNotContain(Secret, problem.Message, StringComparison.Ordinal);
        Assert.Empty(_folder.GetFiles());
    }

    [Fact]
    public void All_that_is_wrong_is_told_at_once()
    {
        var problem = Assert.Throws<ConfigurationException>(() =>
            Read(("PublicUrl", null), ("Countries:0", null), ("Admin:Keys:ops", "short")));

        Assert.StartsWith("3 things in the configuration have to be changed:\n- ", problem.Message, StringComparison.Ordinal);
        Assert.Contains("\n- Countersign:Countries is required", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_key_under_two_names_is_refused()
    {
        var problem = Assert.Throws<ConfigurationException>(() => Read(("Admin:Keys:one", Secret), ("Admin:Keys:two", Secret)));

        Assert.StartsWith("Countersign:Admin:Keys has the same key under two names", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_client_in_two_projects_is_refused()
    {
        var problem = Assert.Throws<ConfigurationException>(() =>
            Read(("Projects:a:Clients:web", Secret), ("Projects:b:Clients:web", Secret)));

        Assert.StartsWith("Countersign:Projects has the client web in two projects.", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Live_begins_with_the_defaults_of_the_contract()
    {
        var settings = Read();

        Assert.Equal(
            (25, 6, TimeSpan.FromSeconds(30)),
            (settings.RequestRate.RequestsPerSecond, settings.Possession.CodeLength, settings.Possession.ResendInterval));
    }

    [Fact]
    public void A_list_may_be_written_as_one_value_with_commas()
    {
        var settings = Read(
            ("Countries:0", null), ("Countries", "US, GB"), ("Projects:shop:TargetUrls", "https://a.example,https://b.example/x"),
            ("TrustedProxies", "10.0.0.0/8,fd00::/8,127.0.0.1"));

        Assert.Equal(["US", "GB"], settings.Countries.Countries);
        Assert.Equal(["https://a.example", "https://b.example/x"], settings.Projects.Projects["shop"].TargetUrls);
        Assert.Equal(3, settings.TrustedProxies.TrustedProxies.Length);
    }

    [Theory]
    [InlineData("http://localhost:8080")]
    [InlineData("http://127.0.0.1:8080")]
    [InlineData("http://[::1]:8080")]
    public void On_one_machine_the_public_address_may_be_http(string url) => Assert.Equal(url, Read(("PublicUrl", url)).Server.PublicUrl);

    [Fact]
    public void A_configuration_file_is_read_below_the_environment_and_the_command_line()
    {
        var path = Path.Combine(_folder.FullName, "live.json");
        File.WriteAllText(
            path, """{ "Countersign": { /* a comment */ "PublicUrl": "https://file.example", "Store": "from the file", } }""");
        var configuration = new ConfigurationManager();
        configuration.AddCommandLine([$"--config={path}", "--Countersign:Store=from the command line"]);

        ConfigurationFile.AddTo(configuration);

        Assert.Equal("https://file.example", configuration["Countersign:PublicUrl"]);
    }

    [Theory]
    [InlineData(null, "does not exist")]
    [InlineData("{ \"Countersign\": { \"Mode\" \"Live\" } }", "is not valid JSON")]
    [InlineData("{ \"Countersign\": { \"EncryptionKey\": \"s3cret } }", "is not valid JSON")]
    [InlineData("[]", "is not valid JSON")]
    public void A_configuration_file_that_cannot_be_read_is_named_and_not_repeated(string? text, string reason)
    {
        var path = Path.Combine(_folder.FullName, "live.json");
        if (text is not null)
        {
            File.WriteAllText(path, text);
        }
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection([KeyValuePair.Create<string, string?>("config", path)]);

        var problem = Assert.Throws<ConfigurationException>(() => ConfigurationFile.AddTo(configuration));

        Assert.StartsWith($"The configuration file {path} {reason}", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Logging:LogLevell:Default", "Debug", "Logging:LogLevell is no setting. Did you mean Logging:LogLevel?")]
    [InlineData(
        "Logging:Console:FormaterName", "json", "Logging:Console:FormaterName is no setting. Did you mean Logging:Console:FormatterName?")]
    [InlineData("Logging:Console:FormatterOptions:Zzzzzz", "x",
        "Logging:Console:FormatterOptions:Zzzzzz is no setting. Logging:Console:FormatterOptions has TimestampFormat")]
    [InlineData("Logging:LogLevel:Countersign", "Loud", "Logging:LogLevel:Countersign must be one of Trace, Debug")]
    [InlineData("Logging:Console:LogLevel:Default", "Loud", "Logging:Console:LogLevel:Default must be one of Trace, Debug")]
    [InlineData(
        "Logging:Console:FormatterOptions:SingleLine", "perhaps", "Logging:Console:FormatterOptions:SingleLine must be true or false.")]
    [InlineData(
        "Logging:Console:FormatterOptions:ColorBehavior", "Pink", "Logging:Console:FormatterOptions:ColorBehavior must be one of Default")]
    [InlineData("Logging:Console:FormatterOptions:TimestampFormat", "%",
        "Logging:Console:FormatterOptions:TimestampFormat must be a .NET format of date and time")]
    [InlineData("Logging:Console:FormatterOptions:JsonWriterOptions:IndentCharacter", "x",
        "Logging:Console:FormatterOptions:JsonWriterOptions:IndentCharacter is no setting.")]
    [InlineData("Logging:Console:FormatterOptions:JsonWriterOptions:IndentSize", "-1",
        "Logging:Console:FormatterOptions:JsonWriterOptions:IndentSize is no setting.")]
    [InlineData("Logging:Console:FormatterOptions:JsonWriterOptions:MaxDepth", "-1",
        "Logging:Console:FormatterOptions:JsonWriterOptions:MaxDepth is no setting.")]
    [InlineData("Logging:Console:FormatterOptions:JsonWriterOptions:NewLine", "x",
        "Logging:Console:FormatterOptions:JsonWriterOptions:NewLine is no setting.")]
    [InlineData("Logging:Console:FormatterOptions:JsonWriterOptions:Encoder", "x",
        "Logging:Console:FormatterOptions:JsonWriterOptions:Encoder is no setting.")]
    [InlineData("Logging:Console:FormatterOptions:JsonWriterOptions:Indented", "x",
        "Logging:Console:FormatterOptions:JsonWriterOptions:Indented must be true or false.")]
    [InlineData("Logging:Console:FormatterOptions:JsonWriterOptions", "x",
        "Logging:Console:FormatterOptions:JsonWriterOptions holds settings and is none itself")]
    [InlineData("Logging:FormatterName", "json", "Logging:FormatterName is no setting. Did you mean Logging:Console:FormatterName?")]
    [InlineData("Logging:Console:MaxQueueLength", "0", "Logging:Console:MaxQueueLength must be at least 1.")]
    [InlineData("Kestrel:Limits:MaxConcurrentConnections", "1",
        "Kestrel:Limits is no setting. Kestrel has Certificates, Endpoints, EndpointDefaults.")]
    [InlineData("Kestrel:Certificates:Default:Pth", "x",
        "Kestrel:Certificates:Default:Pth is no setting. Did you mean Kestrel:Certificates:Default:Path?")]
    [InlineData("Kestrel:EndpointDefaults:Protocols", "Http9", "Kestrel:EndpointDefaults:Protocols must be one of None, Http1")]
    [InlineData("Contersign:Mode", "Live", "Contersign is no section. Did you mean Countersign?")]
    [InlineData("COUNTERSIGNS:MODE", "Live", "COUNTERSIGNS is no section. Did you mean Countersign?")]
    [InlineData("COUNTERSIGN_POSSESSION_OTPLIFE", "x",
        "COUNTERSIGN_POSSESSION_OTPLIFE is no setting. Did you mean Countersign__Possession__OtpLife, with two")]
    public void What_the_framework_or_nobody_would_read_is_refused(string name, string value, string sentence)
    {
        var problem = Assert.Throws<ConfigurationException>(() => Settings.Read(With((name, value))));

        Assert.StartsWith(sentence, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem.Message);
        Assert.Empty(_folder.GetFiles());
    }

    [Fact]
    public void What_the_framework_reads_and_what_is_another_programs_is_let_through() => Assert.NotNull(Settings.Read(With(
        ("Logging:LogLevel:Microsoft.AspNetCore", "Warning"), ("logging:console:loglevel:Default", "none"),
        ("Logging:Console:FormatterOptions:JsonWriterOptions:Indented", "true"), ("Logging:Console:FormatterOptions:TimestampFormat", ""),
        ("Kestrel:Certificates:Default:Path", "x.pem"), ("Kestrel:Endpoints:mine:Url", "https://127.0.0.1:0"),
        ("Kestrel:Endpoints:mine:Certificate:KeyPath", "x.key"), ("Kestrel:Endpoints:mine:SslProtocols:0", "Tls13"),
        ("Kestrel:EndpointDefaults:Protocols", "Http1AndHttp2"), ("Counter:Mode", "x"), ("Onboarding:Mode", "x"),
        ("COUNTERSIGN_CONFIG", ""), ("COUNTERSIGN_PORT", "tcp://192.0.2.7:8080"), ("COUNTERSIGN_ADMIN_KEY", "x"))));

    [Theory]
    [InlineData("""{ "Countersing": { "Mode": "Live" } }""", "Countersing is no section and no setting of the configuration file")]
    [InlineData("""{ "Mode": "s3cret" }""", "Mode is no section and no setting of the configuration file")]
    [InlineData("""{ "FormatterName": "s3cret" }""", "FormatterName is no section and no setting of the configuration file")]
    [InlineData("""{ "Loging": {} }""", "Loging is no section and no setting of the configuration file")]
    [InlineData("""{ "Countersign": "s3cret" }""", "Countersign holds settings and is none itself.")]
    public void What_is_nothing_of_the_servers_may_not_stand_in_its_file(string text, string sentence)
    {
        var path = Path.Combine(_folder.FullName, "live.json");
        File.WriteAllText(path, text);
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection([KeyValuePair.Create<string, string?>("config", path)]);

        var problem = Assert.Throws<ConfigurationException>(() => ConfigurationFile.AddTo(configuration));

        Assert.StartsWith(sentence, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Urls", "http://127.0.0.1:9000x", "--urls (Urls in the file) must hold addresses")]
    [InlineData("Kestrel:Endpoints:mine:Url", "http://127.0.0.l:9000", "Kestrel:Endpoints:mine:Url must be one address")]
    public void An_address_to_listen_on_with_a_slip_is_refused(string name, string value, string sentence)
    {
        var problem = Assert.Throws<ConfigurationException>(() => Settings.Read(With((name, value))));

        Assert.StartsWith(sentence, problem.Message, StringComparison.Ordinal);
        Assert.Empty(_folder.GetFiles());
    }

    [Theory]
    [InlineData("Urls", "http://unix:/run/countersign.sock")]
    [InlineData("urls", " ; HTTP://UNIX:/run/x.sock;http://127.0.0.1:9000")]
    [InlineData("Kestrel:Endpoints:mine:Url", "http://unix:/run/countersign.sock")]
    public void A_server_whose_first_address_is_a_socket_needs_a_public_one(string name, string value)
    {
        var problem = Assert.Throws<ConfigurationException>(() => Settings.Read(With((name, value))));

        Assert.StartsWith("Countersign:PublicUrl is required where the first address to listen on is a Unix socket", problem.Message,
            StringComparison.Ordinal);
        Assert.Empty(_folder.GetFiles());
        Assert.NotNull(Settings.Read(With((name, value), ("Countersign:PublicUrl", "http://127.0.0.1:8080"))));
    }

    [Theory]
    [InlineData("Urls", "http://127.0.0.1:9000;http://unix:/run/countersign.sock")]
    [InlineData("Kestrel:Endpoints:mine:Url", "http://127.0.0.1:9000")]
    public void A_server_whose_first_address_is_a_port_is_known_by_that(string name, string value) =>
        Assert.NotNull(Settings.Read(With((name, value))));

    [Fact]
    public void A_certificate_that_is_missing_is_a_sentence()
    {
        var problem = new InvalidOperationException("Unable to configure HTTPS endpoint. No server certificate was specified.");

        Assert.StartsWith(
            "--urls or Countersign:Admin:Urls asks for https, and there is no certificate.", ListeningProblem.SentenceFor(problem),
            StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private IConfiguration With(params (string Name, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection([
            KeyValuePair.Create("Countersign:EncryptionKey", (string?)Fixtures.TestServer.EncryptionKey),
            KeyValuePair.Create("Countersign:Sandbox:ClientId", (string?)"id"),
            KeyValuePair.Create("Countersign:Sandbox:ClientSecret", (string?)"secret"),
            KeyValuePair.Create("Countersign:Store", (string?)$"Data Source={_folder.FullName}/x.db"),
            .. settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)),
        ])
        .Build();

    private Settings Read(params (string Name, string? Value)[] settings)
    {
        var all = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["Countersign:Mode"] = "Live",
            ["Countersign:PublicUrl"] = "https://id.example.com",
            ["Countersign:EncryptionKey"] = Fixtures.TestServer.EncryptionKey,
            ["Countersign:Store"] = $"Data Source={_folder.FullName}/x.db",
            ["Countersign:Countries:0"] = "US",
            ["Countersign:Gateways:paper:Type"] = "outbox",
        };
        foreach (var (name, value) in settings)
        {
            if (value is null)
            {
                all.Remove("Countersign:" + name);
            }
            else
            {
                all["Countersign:" + name] = value;
            }
        }
        return Settings.Read(new ConfigurationBuilder().AddInMemoryCollection(all).Build());
    }
}
