using Countersign.Core;
using Countersign.Core.Possession;
using Countersign.Core.Projects;
using Countersign.Providers.Camara;
using Countersign.Providers.Identity;
using Countersign.Providers.Sandbox;
using Countersign.Providers.Sms;
using Countersign.Providers.Texts;
using Countersign.Server.Endpoints.Admin;
using Countersign.Server.Hosting;

namespace Countersign.Server;

/// <summary>Configuration under <c>Countersign</c> (in the environment <c>Countersign__Mode</c> and so on).</summary>
internal sealed class CountersignOptions
{
    private IReadOnlyList<GatewayOptions> _gateways = [];

    /// <summary>Which adapters stand behind the ports.</summary>
    /// <value>Sandbox by default.</value>
    public Mode Mode { get; set; } = Mode.Sandbox;

    /// <summary>Bare origin under which browsers and phones reach this server.</summary>
    /// <value>The first listening URL by default; required in Live, where it is https.</value>
    public string? PublicUrl { get; set; }

    /// <summary>Connection string: <c>Data Source=…</c> is SQLite, <c>Host=…</c> is PostgreSQL.</summary>
    /// <value><c>Data Source=countersign.db</c> by default.</value>
    public string Store { get; set; } = "Data Source=countersign.db";

    /// <summary>Base64 of 32 bytes. Everything personal in the store is encrypted, everything secret hashed, with keys made from it.</summary>
    /// <value>In the sandbox on SQLite made on first start and kept beside the database; required otherwise.</value>
    public string? EncryptionKey { get; set; }

    /// <summary>Requests a second that each API client may make.</summary>
    /// <value>25 in Live, no limit in the sandbox; at least 1.</value>
    public int? RequestsPerSecond { get; set; }

    /// <summary>How often nodes on PostgreSQL look by themselves for what a lost notification should have told them.</summary>
    /// <value>5 seconds by default; zero switches it off; at most 1 minute.</value>
    public TimeSpan FallbackPoll { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Error codes where no project is known yet: at the token endpoint, without credentials.</summary>
    /// <value>Standard by default; in the sandbox those of its project.</value>
    public ErrorCodes? ErrorCodes { get; set; }

    /// <summary>Error codes where no project is known yet.</summary>
    public ErrorCodes DefaultErrorCodes => ErrorCodes ?? Sandbox.ErrorCodes;

    /// <summary>Addresses or networks of proxies whose <c>X-Forwarded-For</c> is believed.</summary>
    /// <value>None by default: the caller is whoever opened the connection.</value>
    public string[] TrustedProxies { get; set; } = [];

    /// <summary>In the sandbox: more names by which its pages and <c>/sandbox</c> may be called; <c>*.example.com</c> is every name below.</summary>
    /// <value>None by default: loopback names, the host of <see cref="PublicUrl"/> and those of <c>--urls</c>.</value>
    public string[] AllowedHosts { get; set; } = [];

    public AdminOptions Admin { get; } = new();

    /// <summary>Without a key there is no admin API.</summary>
    public bool HasAdmin => Admin.Keys.Count > 0;

    /// <summary>Relying parties by their ids, beside those that the admin API makes.</summary>
    public Dictionary<string, ProjectOptions> Projects { get; } = new(StringComparer.Ordinal);

    /// <summary>Countries (ISO 3166, two letters) whose numbers are admitted in Live.</summary>
    /// <value>None by default; Live needs one.</value>
    public string[] Countries { get; set; } = [];

    public PossessionOptions Possession { get; } = new();

    /// <summary>Which gateways carry the texts to which country.</summary>
    /// <value>Empty by default: the one gateway that is configured carries all.</value>
    public IList<TextRouteOptions> TextRoutes { get; } = [];

    public RecordOptions Records { get; } = new();

    /// <summary>Who is asked whose number a number is, in this order.</summary>
    /// <value>Own records by default.</value>
    public List<IdentitySourceOptions> IdentitySources { get; } = [];

    /// <summary>Who is asked what has lately happened to a number.</summary>
    /// <value>Nobody by default.</value>
    public List<RiskSourceOptions> RiskSources { get; } = [];

    /// <summary>Mobile operators that may be asked whose number a phone's connection has, by the name in their callback address.</summary>
    /// <value>None by default: Mobile Auth is the sandbox's test users' alone, and in Live every mobile flow goes by text.</value>
    public Dictionary<string, OperatorOptions> Operators { get; } = new(StringComparer.Ordinal);

    public SandboxOptions Sandbox { get; } = new();

    /// <summary>What a person is answered who writes HELP to a gateway.</summary>
    /// <value>None by default: nobody is answered. 1 to 160 characters in one segment.</value>
    public string? HelpText { get; set; }

    /// <summary>The text gateways (<c>Countersign:Gateways</c>), each with the options of its type. No property: the binder must not look at them.</summary>
    internal IReadOnlyList<GatewayOptions> GetGateways() => _gateways;

    /// <param name="gateways">As <see cref="GatewayTypes.Read"/> has read them.</param>
    internal void SetGateways(IReadOnlyList<GatewayOptions> gateways) => _gateways = gateways;
}
