using Countersign.Core;
using Countersign.Core.Audit;
using Countersign.Core.Devices;
using Countersign.Core.Events;
using Countersign.Core.History;
using Countersign.Core.Keys;
using Countersign.Core.Limits;
using Countersign.Core.Money;
using Countersign.Core.Possession;
using Countersign.Core.Projects;
using Countersign.Core.Pumping;
using Countersign.Providers;
using Countersign.Providers.Camara;
using Countersign.Providers.Geography;
using Countersign.Providers.Identity;
using Countersign.Providers.Live;
using Countersign.Providers.Sandbox;
using Countersign.Providers.Sms;
using Countersign.Providers.Texts;
using Countersign.Server.Endpoints.Admin;
using Countersign.Server.Endpoints.Browser;
using Countersign.Server.Endpoints.Gateways;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Endpoints.RelyingParty;
using Countersign.Server.Endpoints.Sandbox;
using Countersign.Server.Security;
using Countersign.Storage;
using Microsoft.Extensions.Options;

namespace Countersign.Server.Hosting;

/// <summary>
/// The configuration by its sections, each of which stands beside what it configures, with a validator of its own. It is checked as a
/// whole before anything starts, and all that is wrong is told at once, each with what to change. Here stand the rules between the
/// sections.
/// </summary>
internal sealed class Settings
{
    private Settings(IConfigurationSection root, Problems problems)
    {
        root.Bind(Server);
        if (Server.Mode == Mode.Live)
        {
            RequestRate.UseLive();
            (Budget, TextLimits, Pumping) = (BudgetOptions.InLive, TextLimitOptions.InLive, PumpingOptions.InLive);
            (DeviceKeys.Notice, DeviceKeys.TieOnFetch) = (true, false);
            BrowserLimits.FlowCallsPerSecond = BrowserLimitOptions.InLive;
        }
        else
        {
            // In the sandbox a resend is there at once and a code has four digits, unless somebody says otherwise.
            Possession.ResendInterval = TimeSpan.Zero;
            Possession.CodeLength = 4;
        }
        root.Bind(Storage);
        root.Bind(Encryption);
        root.GetSection(KeyOptions.Section).Bind(Keys);
        root.Bind(RequestRate);
        root.Bind(BrowserLimits);
        root.Bind(TrustedProxies);
        root.Bind(SandboxHosts);
        root.GetSection(AdminOptions.Section).Bind(Admin);
        root.Bind(Projects);
        root.Bind(Countries);
        root.GetSection(PossessionOptionsValidator.Section).Bind(Possession);
        root.GetSection(BudgetOptions.Section).Bind(Budget);
        root.GetSection(TextLimitOptions.Section).Bind(TextLimits);
        root.GetSection(DeviceKeyOptions.Section).Bind(DeviceKeys);
        root.Bind(PriceFile);
        Prices = PriceFile.Read(out var wrong);
        problems.AddRange(wrong);
        CapRules = new CapRules(Prices) { AreKnown = wrong.Count == 0 };
        root.GetSection(CapOptions.Section).Bind(Caps);
        root.GetSection(PumpingOptions.Section).Bind(Pumping);
        root.Bind(TextRoutes);
        root.GetSection(HistoryOptions.Section).Bind(History);
        root.GetSection(EventOptions.Section).Bind(Events);
        root.GetSection(RecordOptions.Section).Bind(Records);
        root.GetSection(AuditOptions.Section).Bind(Audit);
        root.Bind(IdentityChain);
        root.Bind(RiskSources);
        root.Bind(Operators);
        root.Bind(Geography);
        root.GetSection(SandboxOptions.Section).Bind(Sandbox);
        ErrorCodes.ErrorCodes = Sandbox.ErrorCodes;
        root.Bind(ErrorCodes);
        root.Bind(Help);
        Gateways = ReadGateways(root.GetSection(GatewayTypes.Section), problems);
    }

    public ServerOptions Server { get; } = new();

    public StorageOptions Storage { get; } = new();

    public EncryptionOptions Encryption { get; } = new();

    public KeyOptions Keys { get; } = new();

    public RequestRateOptions RequestRate { get; } = new();

    public BrowserLimitOptions BrowserLimits { get; } = new();

    public ErrorCodeOptions ErrorCodes { get; } = new();

    public TrustedProxiesOptions TrustedProxies { get; } = new();

    public SandboxHostsOptions SandboxHosts { get; } = new();

    public AdminOptions Admin { get; } = new();

    public ConfiguredProjectsOptions Projects { get; } = new();

    public CountryOptions Countries { get; } = new();

    public PossessionOptions Possession { get; } = new();

    public BudgetOptions Budget { get; } = new();

    public TextLimitOptions TextLimits { get; } = new();

    public DeviceKeyOptions DeviceKeys { get; } = new();

    public PricesOptions PriceFile { get; } = new();

    /// <summary>Null without a price list.</summary>
    public PriceList? Prices { get; }

    public CapOptions Caps { get; } = new();

    /// <summary>What caps may be.</summary>
    public CapRules CapRules { get; }

    /// <summary>The configuration sets caps, of the server or of projects.</summary>
    public bool HasCaps => Caps.ToCaps() is not null || Projects.Projects.Values.Any(project => project.Caps.ToCaps() is not null);

    public PumpingOptions Pumping { get; } = new();

    public TextRoutesOptions TextRoutes { get; } = new();

    public IReadOnlyList<GatewayOptions> Gateways { get; }

    public HelpOptions Help { get; } = new();

    public HistoryOptions History { get; } = new();

    public EventOptions Events { get; } = new();

    public RecordOptions Records { get; } = new();

    public AuditOptions Audit { get; } = new();

    public IdentityChainOptions IdentityChain { get; } = new();

    public RiskSourcesOptions RiskSources { get; } = new();

    public MobileOperatorsOptions Operators { get; } = new();

    public GeoTableOptions Geography { get; } = new();

    public SandboxOptions Sandbox { get; } = new();

    /// <summary>What projects keep that were there before a default became stricter.</summary>
    public StricterDefaults Stricter => Server.Mode == Mode.Live ? StricterDefaults.InLive(Possession) : StricterDefaults.None;

    /// <summary>How short codes may be.</summary>
    public GuessBudget Guesses => new(Possession, Budget.GuessProbability);

    /// <summary>What projects may be set to, as far as that is known before the server listens.</summary>
    public ProjectRules ProjectRules => new(
        Server.PublicUrl is { } url && BareOrigin.Is(url) ? url : "http://127.0.0.1:8080",
        Server.Mode == Mode.Live ? Countries.Countries : null,
        Guesses)
    {
        HasDefaultConfirmation = Server.Mode != Mode.Live,
        Caps = CapRules,
    };

    /// <summary>Keeps what the store is encrypted with.</summary>
    public IKeyStore KeyStore { get; private set; } = null!;

    /// <summary>Null in Live, where API clients are configured or made by the admin API.</summary>
    public SandboxCredentials? Credentials { get; private set; }

    /// <summary>Who reads the secrets makes a file: a sandbox keeps what it makes for itself beside its store.</summary>
    public bool MakesKeyFile => KeepsKeyFile && !File.Exists(StoreConnection.SqliteFilesOf(Storage.Store).Key);

    /// <exception cref="ConfigurationException">Something is wrong; the message tells all of it.</exception>
    public static Settings Read(IConfiguration configuration)
    {
        var settings = ReadWithoutSecrets(configuration);
        // Not before: a key file would lie about with nothing to open.
        settings.ReadSecrets();
        return settings;
    }

    /// <summary>The same for who only looks: no file is made, and there are no keys.</summary>
    /// <exception cref="ConfigurationException">Something is wrong; the message tells all of it.</exception>
    public static Settings ReadWithoutSecrets(IConfiguration configuration)
    {
        var named = SettingNames.Problems(configuration);
        var readable = ReadableSettings.Of(configuration, named);
        var problems = new Problems(named, SettingNames.Ours.Renumbered(readable));
        var settings = new Settings(readable.GetSection(SettingNames.Root), problems);
        SettingsCheck.Check(settings, configuration, problems);
        problems.ThrowIfAny();
        return settings;
    }

    public override string ToString() => Server.Mode.ToString();

    private bool KeepsKeyFile => Server.Mode == Mode.Sandbox && StoreConnection.IsSqlite(Storage.Store)
        && (Encryption.EncryptionKey, Sandbox.ClientId, Sandbox.ClientSecret) is not (not null, not null, not null);

    private void ReadSecrets()
    {
        if (Server.Mode == Mode.Live)
        {
            KeyStore = StoreOf(MasterKey.Parse(Encryption.EncryptionKey));
            return;
        }
        var file = KeepsKeyFile
            ? SandboxKeyFile.LoadOrCreate(Storage.Store, hasOwnKey: Encryption.EncryptionKey is not null)
            : null;
        KeyStore = StoreOf(MasterKey.Parse(Encryption.EncryptionKey ?? file?.EncryptionKey));
        Credentials = new SandboxCredentials(Sandbox.ClientId ?? file!.ClientId, Sandbox.ClientSecret ?? file!.ClientSecret);
    }

    private IKeyStore StoreOf(MasterKey? configured)
    {
        IKeyStore store = Keys.File is { } path ? new FileKeyStore(path, configured) : new ConfiguredKeyStore(configured!);
        try
        {
            store.Read();
            return store;
        }
        catch (KeyStoreException exception)
        {
            throw new ConfigurationException(exception.Message, exception);
        }
    }

    private static IReadOnlyList<GatewayOptions> ReadGateways(IConfigurationSection section, Problems problems)
    {
        var result = new ValidateOptionsResultBuilder();
        var gateways = GatewayTypes.Read(section, result);
        problems.AddRange(result.Build().Failures ?? []);
        return gateways;
    }
}

/// <summary>The sandbox's one API client.</summary>
internal sealed record SandboxCredentials(string ClientId, string ClientSecret)
{
    public override string ToString() => "***";
}
