using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Whole.Kannel;

/// <summary>
/// Debian's Kannel and an operator's SMSC behind it, all on free ports of loopback: what is given to smsbox goes through bearerbox over
/// SMPP 3.4 to the SMSC of <c>tests/interop/smsc</c>, and its receipts come back.
/// </summary>
internal sealed class RealKannel : IAsyncDisposable
{
    public const string Username = "countersign";
    public const string Password = "kannel-password-88";
    public const string InboundSecret = "inbound-secret-0123456789";

    // SMPP 3.4 has room for eight characters.
    private const string SmppPassword = "smpppass";

    private readonly TemporaryFolder _folder = new();
    private readonly Queue<JsonNode> _unread = [];
    private GuardedProgram? _smsc;
    private GuardedProgram? _bearerbox;
    private GuardedProgram? _smsbox;

    public string SendUrl { get; private set; } = "";

    /// <param name="inboundUrl">Where texts of persons go: <c>…/gateways/{name}/inbound/{secret}</c>.</param>
    public static async Task<RealKannel> StartAsync(string inboundUrl)
    {
        var kannel = new RealKannel();
        try
        {
            await kannel.StartAllAsync(inboundUrl);
            return kannel;
        }
        catch
        {
            await kannel.DisposeAsync();
            throw;
        }
    }

    /// <summary>The next event of the SMSC's of this kind, for this number; those of others are kept.</summary>
    public async Task<JsonNode> SmscAsync(string kind, string? to = null)
    {
        bool IsWanted(JsonNode node) => (string?)node["event"] == kind && (to is null || (string?)node["to"] == to);
        for (var i = _unread.Count; i > 0; i--)
        {
            var node = _unread.Dequeue();
            if (IsWanted(node))
            {
                return node;
            }
            _unread.Enqueue(node);
        }
        while (true)
        {
            var node = JsonNode.Parse(await _smsc!.ReadLineAsync(line => line.StartsWith('{')))!;
            if ((string?)node["event"] == "bind refused")
            {
                throw new InvalidOperationException($"The SMSC does not know Kannel's user and password:{Environment.NewLine}{_bearerbox}");
            }
            if (IsWanted(node))
            {
                return node;
            }
            _unread.Enqueue(node);
        }
    }

    /// <summary>A person writes.</summary>
    public Task WriteAsync(string from, string to, string text) =>
        _smsc!.WriteLineAsync(JsonSerializer.Serialize(new { write = new { from, to, text } }));

    /// <summary>The operator is gone: every connection is cut and nobody listens.</summary>
    public async Task SmscDownAsync()
    {
        await _smsc!.WriteLineAsync("""{"down":true}""");
        await SmscAsync("down");
        await _bearerbox!.ReadLineAsync(line => line.Contains("Couldn't connect to SMS center", StringComparison.Ordinal));
    }

    public async Task SmscUpAsync()
    {
        await _smsc!.WriteLineAsync("""{"up":true}""");
        await SmscAsync("bound");
    }

    /// <summary>The half of Kannel that takes texts ends.</summary>
    public async Task StopSmsboxAsync()
    {
        await _smsbox!.DisposeAsync();
        _smsbox = null;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var program in (GuardedProgram?[])[_smsbox, _bearerbox, _smsc])
        {
            if (program is not null)
            {
                await program.DisposeAsync();
            }
        }
        _folder.Dispose();
    }

    private async Task StartAllAsync(string inboundUrl)
    {
        var script = Path.Combine(Repository.Root, "tests", "interop", "smsc", "smsc.mjs");
        if (!Directory.Exists(Path.Combine(Repository.Root, "tests", "interop", "node_modules", "smpp")))
        {
            throw new InvalidOperationException("These tests need the npm packages of tests/interop: npm ci there, or run ./test.");
        }
        _smsc = GuardedProgram.Start("node", [script, "countersign", SmppPassword], _folder.Path, readsInput: true);
        var smscPort = (int)(await SmscAsync("listening"))["port"]!;

        var (sendPort, smsboxPort, adminPort) = (Ports.Free(), Ports.Free(), Ports.Free());
        SendUrl = $"http://127.0.0.1:{sendPort}/cgi-bin/sendsms";
        await File.WriteAllTextAsync(_folder.File("kannel.conf"), Configuration(smscPort, smsboxPort, sendPort, adminPort, inboundUrl),
            TestContext.Current.CancellationToken);
        _bearerbox = GuardedProgram.Start(Find("bearerbox"), ["-v", "1", "kannel.conf"], _folder.Path);
        await SmscAsync("bound");
        _smsbox = GuardedProgram.Start(Find("smsbox"), ["-v", "1", "kannel.conf"], _folder.Path);
        await _smsbox.ReadLineAsync(line => line.Contains("Connected to bearerbox", StringComparison.Ordinal));
    }

    /// <summary>As docs/gateways.md shows it, with the tests' ports; connections are tried anew at once, so that nobody waits.</summary>
    private static string Configuration(int smscPort, int smsboxPort, int sendPort, int adminPort, string inboundUrl) =>
        $"""
        group = core
        admin-port = {adminPort}
        admin-interface = 127.0.0.1
        admin-password = admin-password
        smsbox-port = {smsboxPort}
        smsbox-interface = 127.0.0.1
        box-deny-ip = "*.*.*.*"
        box-allow-ip = "127.0.0.1"
        dlr-storage = internal

        group = smsc
        smsc = smpp
        smsc-id = operator
        host = 127.0.0.1
        port = {smscPort}
        transceiver-mode = true
        smsc-username = countersign
        smsc-password = {SmppPassword}
        system-type = ""
        reconnect-delay = 1

        group = smsbox
        bearerbox-host = 127.0.0.1
        sendsms-port = {sendPort}
        sendsms-interface = 127.0.0.1

        group = sendsms-user
        username = {Username}
        password = {Password}
        concatenation = true
        max-messages = 3

        group = sms-service
        keyword = default
        get-url = "{inboundUrl}?from=%p&to=%P&text=%a"
        max-messages = 0

        """;

    // Not in everybody's PATH.
    private static string Find(string program)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Append("/usr/sbin");
        return folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException(
                $"These tests need Kannel: {program} is neither in PATH nor in /usr/sbin. On Debian: apt-get install kannel.");
    }
}
