using System.Text;
using Countersign.Core;
using Countersign.Core.Possession;
using Countersign.Hosting;
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
using Countersign.Server.Security;
using Countersign.Storage;

namespace Countersign.Server.Hosting;

/// <summary>Asks the validator of each section, and holds to the rules between them.</summary>
internal static class SettingsCheck
{
    private const string SandboxGateway = "sandbox";
    private const string ModePath = "Countersign:Mode";
    private const string StorePath = "Countersign:Store";

    public static void Check(Settings settings, IConfiguration configuration, Problems problems)
    {
        // Where it is not known, what hangs on it is not judged.
        Mode? mode = problems.IsNamed(ModePath) || IsEmpty(configuration, ModePath) ? null : settings.Server.Mode;
        CheckEmpty(configuration, problems);
        CheckNarrowed(settings.Admin, configuration, problems);
        CheckSections(settings, mode, problems);
        CheckTexts(settings, mode, problems);
        CheckMachine(settings, configuration, problems);
        if (mode == Mode.Live)
        {
            CheckLive(settings, problems);
        }
        if (mode == Mode.Sandbox)
        {
            CheckSandbox(settings, configuration, problems);
        }
        var isWhole = !problems.IsNamed("Countersign:Gateways") && string.IsNullOrEmpty(configuration["Countersign:Gateways"])
            && (settings.TextRoutes.TextRoutes.Count > 0 || !problems.IsNamed("Countersign:TextRoutes"));
        if (problems.Any && mode is not null && isWhole)
        {
            // It is judged when the gateways stand, since others than those of the configuration may: here so that it need not be told
            // at the next start.
            var gateways = GatewaysOf(mode, configuration);
            problems.AddRange(TextRoutesOptions.ProblemsWith(settings.TextRoutes.TextRoutes, gateways));
            problems.AddRange(settings.CapRules.ProblemsWith(gateways, settings.HasCaps));
        }
    }

    /// <summary>
    /// Empty is what is left of <c>${SECRET}</c> where nobody has set it. Elsewhere it counts as not set; here it would take a client out
    /// of the store, for all nodes, switch the admin API off, make a sandbox of Live, or give each node an empty store of its own.
    /// </summary>
    private static void CheckEmpty(IConfiguration configuration, Problems problems)
    {
        if (IsEmpty(configuration, ModePath))
        {
            problems.Add($"{ModePath} is empty. Set it to {nameof(Mode.Sandbox)} or {nameof(Mode.Live)}, or leave it out for the sandbox.");
        }
        if (IsEmpty(configuration, StorePath))
        {
            problems.Add($"{StorePath} is empty. Set it to a connection string, or leave it out for the file countersign.db.");
        }
        foreach (var project in configuration.GetSection("Countersign:Projects").GetChildren())
        {
            foreach (var client in EmptyBelow(project.GetSection(nameof(ProjectOptions.Clients))))
            {
                problems.Add($"{client} is empty. Set it to the client's secret, or leave it out: then the client is removed.");
            }
        }
        foreach (var key in EmptyBelow(configuration.GetSection("Countersign:Admin:Keys")))
        {
            problems.Add($"{key} is empty. Set it to a key of the admin API, or leave it out.");
        }
    }

    /// <summary>A list of scopes or projects with nothing in it is not bound at all, and the key would have everything.</summary>
    private static void CheckNarrowed(AdminOptions admin, IConfiguration configuration, Problems problems)
    {
        foreach (var (setting, rights) in admin.Narrowed())
        {
            foreach (var written in configuration.GetSection($"Countersign:{AdminOptions.Section}:{setting}").GetChildren())
            {
                if (!rights.TryGetValue(written.Key, out var list) || list.Length == 0)
                {
                    problems.Add($"{written.Path} is empty. Name some, or leave it out for all.");
                }
            }
        }
    }

    /// <summary>True when it is there, with nothing in it or with the null of a file.</summary>
    private static bool IsEmpty(IConfiguration configuration, string path) =>
        EmptyBelow(configuration.GetSection("Countersign")).Contains(path, StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<string> EmptyBelow(IConfigurationSection section) =>
        section.GetChildren().Where(entry => string.IsNullOrEmpty(entry.Value) && !entry.GetChildren().Any()).Select(entry => entry.Path);

    private static void CheckSections(Settings settings, Mode? mode, Problems problems)
    {
        var operators = problems.IsNamed("Countersign:Operators") ? null : settings.Operators.Operators.Keys;
        var rules = settings.ProjectRules with
        {
            Countries = problems.IsSpoiled("Countersign:Countries") ? null : settings.ProjectRules.Countries,
            Guesses = problems.IsSpoiled("Countersign:Possession") ? GuessBudget.None : settings.Guesses,
        };
        problems.Check(settings.Server, new ServerOptionsValidator());
        problems.Check(settings.Storage, new StorageOptionsValidator());
        problems.Check(settings.Encryption, new EncryptionOptionsValidator(mode, hasFile: settings.Keys.File is not null));
        problems.Check(settings.Keys, new KeyOptionsValidator());
        problems.Check(settings.RequestRate, new RequestRateOptionsValidator(mode));
        problems.Check(settings.BrowserLimits, new BrowserLimitOptionsValidator(mode));
        problems.Check(settings.Possession, new PossessionOptionsValidator(problems.IsSpoiled));
        problems.Check(settings.Budget, new BudgetOptionsValidator(settings.Possession, problems.IsSpoiled));
        problems.Check(settings.TextLimits, new TextLimitOptionsValidator());
        problems.Check(settings.DeviceKeys, new DeviceKeyOptionsValidator());
        if (!problems.IsSpoiled("Countersign:Caps"))
        {
            problems.Check(settings.Caps, new CapOptionsValidator(settings.CapRules));
        }
        problems.Check(settings.Pumping, new PumpingOptionsValidator());
        problems.Check(settings.Admin, new AdminOptionsValidator());
        problems.Check(settings.TrustedProxies, new TrustedProxiesOptionsValidator());
        problems.Check(settings.Projects, new ConfiguredProjectsOptionsValidator(mode, rules));
        problems.Check(settings.Sandbox, new SandboxOptionsValidator());
        problems.Check(settings.History, new HistoryOptionsValidator());
        problems.Check(settings.Events, new EventOptionsValidator(mode));
        problems.Check(settings.Records, new RecordOptionsValidator());
        problems.Check(settings.Audit, new AuditOptionsValidator());
        problems.Check(settings.IdentityChain, new IdentityChainOptionsValidator(operators, problems.IsSpoiled));
        problems.Check(settings.RiskSources, new RiskSourcesOptionsValidator(operators, problems.IsSpoiled));
        problems.Check(settings.Operators, new MobileOperatorsOptionsValidator(mode, problems.IsSpoiled));
        problems.Check(settings.Geography, new GeoTableOptionsValidator());
        problems.Check(settings.Help, new HelpOptionsValidator());
    }

    private static void CheckTexts(Settings settings, Mode? mode, Problems problems)
    {
        var hasCountries = problems.Check(settings.Countries, new CountryOptionsValidator());
        var hasRoutes = problems.Check(settings.TextRoutes, new TextRoutesOptionsValidator());
        if (mode == Mode.Live && hasCountries && hasRoutes && !problems.IsSpoiled("Countersign:TextRoutes")
            && settings.TextRoutes.WithoutRoute(settings.Countries.Countries) is { } unreached)
        {
            problems.Add($"Countersign:Countries admits {unreached}, and no route of Countersign:TextRoutes names it. "
                + "Add it to the Countries of a route, or * for every country that no route names.");
        }
    }

    private static void CheckMachine(Settings settings, IConfiguration configuration, Problems problems)
    {
        problems.AddRange(ListeningUrls.Problems(configuration));
        problems.AddRange(ListeningUrls.Problems(configuration, settings.Admin));
        problems.AddRange(FrameworkSections.ValueProblems(configuration));
        if ("é".Normalize(NormalizationForm.FormD).Length == 1)
        {
            problems.Add(
                "This machine has no Unicode data (ICU), so names could not be compared. Install libicu, or unset "
                    + "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT.");
        }
    }

    private static void CheckLive(Settings settings, Problems problems)
    {
        if (settings.Countries.Countries.Length == 0)
        {
            problems.Add("Countersign:Countries is required in Live: the countries whose numbers are admitted, as ISO codes "
                + "(Countersign:Countries:0=US). "
                + "Texts cost money, and fraud goes where nobody does business.");
        }
        if (settings.SandboxHosts.AllowedHosts.Length > 0)
        {
            problems.Add(
                "Countersign:AllowedHosts is for the sandbox, and Countersign:Mode is Live. Take it out: links and tokens of "
                    + "Live have Countersign:PublicUrl.");
        }
        if (settings.Sandbox.IsSet)
        {
            problems.Add(
                "Countersign:Sandbox is for the sandbox, and Countersign:Mode is Live. Take it out: projects of Live stand in "
                    + "Countersign:Projects.");
        }
    }

    private static void CheckSandbox(Settings settings, IConfiguration configuration, Problems problems)
    {
        if (settings.Server.PublicUrl is null && ListeningAddresses.BeginWithSocket(configuration))
        {
            problems.Add("Countersign:PublicUrl is required where the first address to listen on is a Unix socket, which no "
                + "browser can call. "
                + "Set it to the origin of what stands before the server (https://id.example.com).");
        }
        if (settings.IdentityChain.IdentitySources.Count + settings.RiskSources.RiskSources.Count > 0)
        {
            problems.Add(
                "Countersign:IdentitySources and Countersign:RiskSources are for Live: in the sandbox the test users answer. "
                    + "Leave them out.");
        }
        if (StoreConnection.ProblemOf(settings.Storage.Store, StorePath) is null && !StoreConnection.IsSqlite(settings.Storage.Store))
        {
            CheckSharedSandbox(settings, problems);
        }
    }

    /// <summary>On SQLite all of these are made on first start.</summary>
    private static void CheckSharedSandbox(Settings settings, Problems problems)
    {
        if (settings.Encryption.EncryptionKey is null && settings.Keys.File is null)
        {
            problems.Add("Countersign:EncryptionKey is required with PostgreSQL. Set it to base64 of 32 random bytes: openssl "
                + "rand -base64 32.");
        }
        if (settings.Sandbox.ClientId is null)
        {
            problems.Add("Countersign:Sandbox:ClientId is required with PostgreSQL, so that all nodes have the same.");
        }
        if (settings.Sandbox.ClientSecret is null)
        {
            problems.Add("Countersign:Sandbox:ClientSecret is required with PostgreSQL, so that all nodes have the same.");
        }
    }

    // Also those that something is wrong with: that is told already.
    private static string[] GatewaysOf(Mode? mode, IConfiguration configuration) => mode == Mode.Sandbox
        ? [SandboxGateway]
        : [.. configuration.GetSection($"{SettingNames.Root}:{GatewayTypes.Section}").GetChildren().Select(section => section.Key)];
}
