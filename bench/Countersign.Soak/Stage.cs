using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Countersign.Soak;

/// <summary>Two nodes in Live on one PostgreSQL, configured as users do it, and what surrounds them.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private const string Project = "soak";
    public const string Target = "https://soak.example/done";

    private readonly string _folder = Directory.CreateTempSubdirectory("countersign-soak-").FullName;
    private readonly List<IAsyncDisposable> _running = [];
    private string _adminKey = "";

    private Stage(Faults faults) => Faults = faults;

    public Faults Faults { get; }

    public Postgres Postgres { get; private set; } = null!;

    public World World { get; private set; } = null!;

    public SimulatedOperator Network { get; private set; } = null!;

    public IReadOnlyList<Node> Nodes { get; private set; } = [];

    /// <summary>When nodes were killed.</summary>
    public ConcurrentBag<DateTime> Kills { get; } = [];

    /// <summary>From when to when the database was stopped.</summary>
    public ConcurrentBag<(DateTime From, DateTime To)> Stops { get; } = [];

    public BackEnd BackEnd { get; private set; } = null!;

    public static async Task<Stage> SetAsync(Faults faults, IEnumerable<Flow> flows)
    {
        var stage = new Stage(faults);
        try
        {
            await stage.SetAsync(flows);
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>What the <c>countersign</c> command prints.</summary>
    public async Task<JsonNode?> CommandAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Machine.Command, [.. arguments, "--json"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["COUNTERSIGN_SERVER"] = Nodes.Count > 0 ? Nodes[0].AdminAddress.AbsoluteUri : "";
        start.Environment["COUNTERSIGN_ADMIN_KEY"] = _adminKey;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? (output.TrimStart() is ['{' or '[', ..] ? JsonNode.Parse(output) : null)
            : throw new InvalidOperationException($"countersign {string.Join(' ', arguments)}: {process.ExitCode} {output}{await error}");
    }

    public async ValueTask DisposeAsync()
    {
        BackEnd?.Dispose();
        foreach (var running in Enumerable.Reverse(_running))
        {
            await running.DisposeAsync();
        }
        Directory.Delete(_folder, recursive: true);
    }

    private async Task SetAsync(IEnumerable<Flow> flows)
    {
        Postgres = Run(await Postgres.StartAsync());
        World = Run(await World.StartAsync(Faults));
        Network = Run(await SimulatedOperator.StartAsync(Faults));
        var file = Path.Combine(_folder, "live.json");
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        // The file is made before the nodes have addresses: only the keys in it are used.
        await InitAsync(file);
        Nodes = [Run(new Node("a", file, settings)), Run(new Node("b", file, settings))];
        await SettingsAsync(settings);
        await Network.RegisterAsync(Nodes[0].Address);
        foreach (var node in Nodes)
        {
            await node.StartAsync();
        }
        await AdministerAsync(flows);
    }

    private T Run<T>(T running)
        where T : IAsyncDisposable
    {
        _running.Add(running);
        return running;
    }

    private async Task InitAsync(string file)
    {
        using var process = Process.Start(new ProcessStartInfo(
            Machine.Command, ["init", file, "--public-url", "http://127.0.0.1:1", "--country", "US"])
        {
            RedirectStandardOutput = true,
        })!;
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var key = (await File.ReadAllLinesAsync(file)).Single(line => line.TrimStart().StartsWith("\"ops\":", StringComparison.Ordinal));
        _adminKey = key.Split('"')[3];
    }

    private async Task SettingsAsync(Dictionary<string, string> settings)
    {
        var certificate = Path.Combine(_folder, "receiver.pem");
        await File.WriteAllTextAsync(certificate, World.Certificate);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        (string Name, string Value)[] all =
        [
            ("PublicUrl", Nodes[0].Address.GetLeftPart(UriPartial.Authority)), ("Store", Postgres.Connection),
            ("RequestsPerSecond", "100000"), ("FlowCallsPerSecond", "1000"), ("TextLimits:Client", "Off"),
            ("Gateways:outbox:File", Path.Combine(_folder, "texts.jsonl")),
            ("Gateways:one:Type", "webhook"), ("Gateways:one:Url", new Uri(World.Plain, "/gateway/one").AbsoluteUri),
            ("Gateways:one:Secret", World.Secret),
            ("Gateways:two:Type", "webhook"), ("Gateways:two:Url", new Uri(World.Plain, "/gateway/two").AbsoluteUri),
            ("Gateways:two:Secret", World.Secret),
            ("TextRoutes:0:Countries:0", "*"), ("TextRoutes:0:Gateways:0", "one"), ("TextRoutes:0:Gateways:1", "two"),
            ("IdentitySources:0:Type", "http"), ("IdentitySources:0:Name", "crm"), ("IdentitySources:0:Key", World.Secret),
            ("IdentitySources:0:Url", new Uri(World.Plain, "/match").AbsoluteUri), ("IdentitySources:0:AllowPrivateNetwork", "true"),
            ("IdentitySources:1:Type", "records"),
            ("Operators:sim:Issuer", Network.Issuer.GetLeftPart(UriPartial.Authority)),
            ("Operators:sim:ClientId", SimulatedOperator.ClientId), ("Operators:sim:PrivateKey", key.ExportPkcs8PrivateKeyPem()),
            ("Operators:sim:Purpose", "FraudPreventionAndDetection"), ("Operators:sim:Cors", "true"),
            ("Operators:sim:Prefixes:0", "+1303"), ("Operators:sim:AddressRanges:0", "127.0.0.0/8"),
            ("Events:Networks:0", "127.0.0.0/8"),
        ];
        foreach (var (name, value) in all)
        {
            settings[$"Countersign__{name.Replace(":", "__", StringComparison.Ordinal)}"] = value;
        }
        settings["SSL_CERT_FILE"] = certificate;
    }

    private async Task AdministerAsync(IEnumerable<Flow> flows)
    {
        await CommandAsync("project", "create", Project, "--name", Project, "--target-url", Target, "--link-confirmation", "tap",
            "--one-call", "verifiedUser");
        var client = (await CommandAsync("client", "create", "--project", Project, "--id", "soak-1"))!;
        BackEnd = new BackEnd(Nodes, Faults, (string)client["id"]!, (string)client["secret"]!);
        await CommandAsync(
            "webhook", "create", "--project", Project, "--url", new Uri(World.Secure, "/hook").AbsoluteUri);
        var records = Path.Combine(_folder, "records.csv");
        await File.WriteAllLinesAsync(
            records,
            [
                "phone,given_name,family_name,birthdate",
                .. flows.Select(flow => $"{flow.Phone},Ada,{Person.FamilyName},{Person.BirthDate}"),
            ]);
        await CommandAsync("records", "import", records, "--source", "crm", "--project", Project);
    }
}
