using System.Text;
using Countersign.Core;
using Countersign.Core.Keys;
using Countersign.Core.Possession;
using Countersign.Core.Projects;
using Countersign.Core.Texts;
using Countersign.Hosting;
using Countersign.Providers.Camara;
using Countersign.Providers.Live;
using Countersign.Providers.Sms;
using Countersign.Providers.Texts;
using Countersign.Storage;

namespace Countersign.Server.Hosting;

/// <summary>The configuration, checked as a whole before anything starts: every complaint says what to change.</summary>
/// <param name="Sandbox">Null in Live, where API clients are configured or made by the admin API.</param>
internal sealed record Settings(CountersignOptions Options, MasterKey Key, SandboxCredentials? Sandbox)
{
    private const int RequestsPerSecondInLive = 25;

    /// <summary>What projects keep that were there before a default became stricter.</summary>
    public StricterDefaults Stricter { get; } = Options.Mode == Mode.Live ? StricterDefaults.InLive(Options.Possession) : StricterDefaults.None;

    public static Settings Read(IConfiguration configuration)
    {
        var problems = new Problems();
        var options = Bind(configuration, problems);
        problems.AddRange(ListeningUrls.Problems(configuration));
        if (options is { PublicUrl: null, Mode: Mode.Sandbox } && ListeningAddresses.BeginWithSocket(configuration))
        {
            problems.Add(
                "Countersign:PublicUrl is required where the first address to listen on is a Unix socket, which no browser can call. "
                    + "Set it to the origin of what stands before the server (https://id.example.com).");
        }
        problems.AddRange(FrameworkSections.ValueProblems(configuration));
        Check(options, problems);
        // Before the key file is written, which would lie about with nothing to open.
        problems.Check(() => StoreConnection.Check(options.Store));
        problems.Check(() => _ = options.EncryptionKey is { } key ? ReadKey(key) : null);
        if (options.Mode == Mode.Live)
        {
            CheckLive(options, problems);
            problems.ThrowIfAny();
            return new Settings(options, new MasterKey(ReadKey(options.EncryptionKey!)), Sandbox: null);
        }
        problems.ThrowIfAny();
        var file = StoreConnection.IsSqlite(options.Store) && (options.EncryptionKey is null || options.Sandbox.ClientId is null || options.Sandbox.ClientSecret is null)
            ? SandboxKeyFile.LoadOrCreate(options.Store, hasOwnKey: options.EncryptionKey is not null)
            : null;
        return new Settings(
            options,
            new MasterKey(ReadKey(options.EncryptionKey ?? file?.EncryptionKey
                ?? throw new ConfigurationException("Countersign:EncryptionKey is required with PostgreSQL. Set it to base64 of 32 random bytes: openssl rand -base64 32."))),
            new SandboxCredentials(
                options.Sandbox.ClientId ?? file?.ClientId
                    ?? throw new ConfigurationException("Countersign:Sandbox:ClientId is required with PostgreSQL, so that all nodes have the same."),
                options.Sandbox.ClientSecret ?? file?.ClientSecret
                    ?? throw new ConfigurationException("Countersign:Sandbox:ClientSecret is required with PostgreSQL, so that all nodes have the same.")));
    }

    /// <summary>How short codes may be.</summary>
    public GuessBudget Guesses { get; } = GuessesOf(Options);

    public static GuessBudget GuessesOf(CountersignOptions options) => new(options.Possession, isLimited: options.Mode == Mode.Live);

    public override string ToString() => Options.Mode.ToString();

    private static CountersignOptions Bind(IConfiguration configuration, Problems problems)
    {
        var options = new CountersignOptions();
        if (string.Equals(configuration["Countersign:Mode"], nameof(Mode.Live), StringComparison.OrdinalIgnoreCase))
        {
            options.RequestsPerSecond = RequestsPerSecondInLive;
        }
        else
        {
            // In the sandbox a resend is there at once and a code has four digits, unless somebody says otherwise.
            options.Possession.ResendInterval = TimeSpan.Zero;
            options.Possession.CodeLength = 4;
        }

        var section = configuration.GetSection("Countersign");
        if (KnownSettings.CanTell)
        {
            problems.AddRange(KnownSettings.Problems(section, typeof(CountersignOptions), except: GatewayTypes.Section));
            problems.AddRange(FrameworkSettings.Problems(configuration));
            // What has the wrong shape cannot be bound, and what is misspelled would be missed below.
            problems.ThrowIfAny();
            section = new ConfigurationBuilder()
                .AddConfiguration(configuration)
                .AddInMemoryCollection(KnownSettings.SplitLists(section, typeof(CountersignOptions)))
                .Build().GetSection("Countersign");
        }
        try
        {
            section.Bind(options);
        }
        catch (InvalidOperationException exception)
        {
            throw new ConfigurationException($"Countersign's configuration cannot be read: {exception.Message}", exception);
        }
        problems.Check(() => options.SetGateways(GatewayTypes.Read(section.GetSection(GatewayTypes.Section))));
        return options;
    }

    private static void Check(CountersignOptions options, Problems problems)
    {
        if (options.PublicUrl is { } url && !BareOrigin.Is(url))
        {
            problems.Add(
                "Countersign:PublicUrl must be a bare origin: http or https, a lower-case host (in its xn-- form if it has other letters than a to z), a port if it is not the scheme's own, and no path or slash at the end (https://id.example.com).");
        }
        if (options.RequestsPerSecond < 1)
        {
            problems.Add($"Countersign:RequestsPerSecond must be at least 1; leave it out for {(options.Mode == Mode.Live ? $"{RequestsPerSecondInLive}" : "no limit")}.");
        }
        if (options.FallbackPoll < TimeSpan.Zero || options.FallbackPoll > TimeSpan.FromMinutes(1))
        {
            problems.Add("Countersign:FallbackPoll must be from 00:00:00 (off) to 00:01:00.");
        }
        if (options.Possession.Validate() is { } problem)
        {
            problems.Add($"Countersign:Possession is not possible: {problem}");
        }
        problems.AddRange(options.Admin.Problems());
        problems.AddRange(
            from proxy in options.TrustedProxies
            let reason = TrustedProxies.Problem(proxy)
            where reason is not null
            select $"Countersign:TrustedProxies {reason}.");
        problems.AddRange(options.Countries.Select(AdmittedCountries.ProblemOf).OfType<string>());
        problems.AddRange(ConfiguredProjects.Problems(options));
        problems.Check(() => CheckCredential("ClientId", options.Sandbox.ClientId));
        problems.Check(() => CheckCredential("ClientSecret", options.Sandbox.ClientSecret));
        problems.Check(() => TextRouteOptions.Check([.. options.TextRoutes]));
        problems.Check(options.Records.Check);
        CheckIdentitySources(options, problems);
        problems.Check(() => OperatorOptions.Check(options.Operators, options.Mode, options.PublicUrl));
        if (options.Sandbox.WebOtpHost is { } host && Uri.CheckHostName(host) != UriHostNameType.Dns)
        {
            problems.Add("Countersign:Sandbox:WebOtpHost must be a host name without scheme and port (www.example.com).");
        }
        if (Array.Exists(options.Sandbox.WebOrigins, origin => !BareOrigin.Is(origin)))
        {
            problems.Add("Countersign:Sandbox:WebOrigins must hold bare origins as browsers write them (https://www.example.com, https://xn--mnchen-3ya.example).");
        }
        if (options.HelpText is { } help && (help.Trim().Length == 0 || SmsAlphabet.CountSegments(help) > 1 || help.Any(c => char.IsControl(c) && c != '\n')))
        {
            problems.Add("Countersign:HelpText must fit into one text segment: 160 characters of the basic alphabet, or 70 of any other.");
        }
        if ("é".Normalize(NormalizationForm.FormD).Length == 1)
        {
            problems.Add(
                "This machine has no Unicode data (ICU), so names could not be compared. Install libicu, or unset DOTNET_SYSTEM_GLOBALIZATION_INVARIANT.");
        }
    }

    private static void CheckIdentitySources(CountersignOptions options, Problems problems)
    {
        if (options.Mode == Mode.Sandbox && options.IdentitySources.Count + options.RiskSources.Count > 0)
        {
            problems.Add("Countersign:IdentitySources and Countersign:RiskSources are for Live: in the sandbox the test users answer. Leave them out.");
        }
        foreach (var (index, source) in options.IdentitySources.Index())
        {
            problems.Check(() => source.Check(FormattableString.Invariant($"Countersign:IdentitySources:{index}"), options.Operators.Keys));
        }
        foreach (var (index, source) in options.RiskSources.Index())
        {
            problems.Check(() => source.Check(FormattableString.Invariant($"Countersign:RiskSources:{index}"), options.Operators.Keys));
        }
    }

    private static void CheckLive(CountersignOptions options, Problems problems)
    {
        if (options.EncryptionKey is null)
        {
            problems.Add("Countersign:EncryptionKey is required in Live. Set it to base64 of 32 random bytes: openssl rand -base64 32.");
        }
        if (options.PublicUrl is null)
        {
            problems.Add("Countersign:PublicUrl is required in Live: the origin under which browsers and phones reach this server (https://id.example.com).");
        }
        else if (Uri.TryCreate(options.PublicUrl, UriKind.Absolute, out var url) && url is { Scheme: "http", IsLoopback: false })
        {
            problems.Add("Countersign:PublicUrl must be https in Live: codes, links and tokens would travel readable. Only a loopback host may have http.");
        }
        if (options.Countries.Length == 0)
        {
            problems.Add("Countersign:Countries is required in Live: the countries whose numbers are admitted, as ISO codes (Countersign:Countries:0=US). "
                + "Texts cost money, and fraud goes where nobody does business.");
        }
        if (TextRouteOptions.WithoutRoute([.. options.TextRoutes], options.Countries) is { } unreached)
        {
            problems.Add($"Countersign:Countries admits {unreached}, and no route of Countersign:TextRoutes names it. "
                + "Add it to the Countries of a route, or * for every country that no route names.");
        }
        if (options.AllowedHosts.Length > 0)
        {
            problems.Add("Countersign:AllowedHosts is for the sandbox, and Countersign:Mode is Live. Take it out: links and tokens of Live have Countersign:PublicUrl.");
        }
        if (options.Sandbox.IsSet)
        {
            problems.Add("Countersign:Sandbox is for the sandbox, and Countersign:Mode is Live. Take it out: projects of Live stand in Countersign:Projects.");
        }
    }

    private static void CheckCredential(string name, string? value)
    {
        if (value is not null && (value.Length is < 1 or > 256 || value.Any(char.IsControl)))
        {
            throw new ConfigurationException($"Countersign:Sandbox:{name} must be 1 to 256 characters without control characters.");
        }
    }

    private static byte[] ReadKey(string text)
    {
        var key = new byte[MasterKey.Size + 16];
        return Convert.TryFromBase64String(text, key, out var length) && length == MasterKey.Size
            ? key[..length]
            : throw new ConfigurationException("Countersign:EncryptionKey must be base64 of exactly 32 bytes: openssl rand -base64 32.");
    }
}

/// <summary>The sandbox's one API client.</summary>
internal sealed record SandboxCredentials(string ClientId, string ClientSecret)
{
    public override string ToString() => "***";
}
