using System.Data.Common;
using Countersign.Core;
using Countersign.Core.Keys;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Countersign.Server.Tests.Hosting;

/// <summary>
/// What becomes of projects that were there before a default became stricter: a server in Live over the store of an older one.
/// </summary>
public abstract class KeptSettingsTests : IAsyncDisposable
{
    private const string Number = "+12025550142";
    private const int Warning = 1780;

    // Those of the table that these tests are not about.
    private static readonly string?[] _others = ["oneCall", "disclosesSsn", "numberChange", "deviceNotice", "linkConfirmation"];

    private readonly List<TestServer> _servers = [];
    private string? _store;

    [Fact]
    public async Task A_project_of_the_admin_api_keeps_what_it_had_and_each_start_says_so_until_it_is_chosen()
    {
        await MakeOldProjectsAsync("old");
        var server = await StartAsync();
        await server.AdminAsync(HttpMethod.Post, "/admin/projects", """{"id":"new","name":"New","linkConfirmation":"tap"}""");

        var (old, added) = (await ShowAsync(server, "old"), await ShowAsync(server, "new"));
        var again = await StartAsync();

        Assert.Equal(("0.0006", "guessProbability"), old);
        Assert.Equal(("off", "server"), (await NoticeAsync(server, "old"), await NoticeAsync(server, "new")));
        Assert.Equal(("proven", "proven"), (await ReasonsAsync(server, "old"), await ReasonsAsync(server, "new")));
        Assert.Equal(("0.00001", ""), added);
        Assert.Equal(old, await ShowAsync(again, "old"));
        Assert.All([server, again], node =>
            Assert.Contains(
                "Project old keeps what it had before the upgrade for GuessProbability, OneCall, DisclosesSsn, NumberChange, "
                    + "DeviceNotice, LinkConfirmation;",
                Assert.Single(Warnings(node)), StringComparison.Ordinal));

        await again.AdminAsync(
            HttpMethod.Patch, "/admin/projects/old",
            """
            {"guessProbability":0.0006,"oneCall":["prefill"],"disclosesSsn":null,"numberChange":"on","deviceNotice":"on",
             "linkConfirmation":"tap"}
            """);
        Assert.Equal(("0.0006", ""), await ShowAsync(again, "old"));
        Assert.Empty(Warnings(await StartAsync()));
    }

    [Theory]
    [InlineData("""{"guessProbability":null}""", "0.00001", "")]
    [InlineData("""{"guessProbability":0.002}""", "0.002", "")]
    [InlineData("""{"name":"Other"}""", "0.0006", "guessProbability")]
    [InlineData("""{"guessProbability":7}""", "0.0006", "guessProbability")]
    [InlineData("""{"identityReasons":"full"}""", "0.0006", "guessProbability")]
    public async Task Only_a_change_that_names_a_setting_chooses_it(string change, string value, string kept)
    {
        await MakeOldProjectsAsync("old");
        var server = await StartAsync();

        await server.AdminAsync(HttpMethod.Patch, "/admin/projects/old", change);

        Assert.Equal((value, kept), await ShowAsync(server, "old"));
    }

    [Fact]
    public async Task A_project_of_the_configuration_keeps_what_it_had_while_the_configuration_says_nothing()
    {
        await MakeOldProjectsAsync("old");

        var silent = await StartAsync(
            ("Projects:old:Name", "Old"), ("Projects:old:OtpText", "Old: ####"), ("Projects:new:LinkConfirmation", "Tap"));
        Assert.Equal((("0.0006", "guessProbability"), ("0.00001", "")), (await ShowAsync(silent, "old"), await ShowAsync(silent, "new")));
        var chosen = await StartAsync(
            ("Projects:old:GuessProbability", "2e-4"), ("Projects:old:OneCall", "None"), ("Projects:old:DisclosesSsn", "true"),
            ("Projects:old:NumberChange", "Off"), ("Projects:old:DeviceNotice", "On"),
            ("Projects:old:LinkConfirmation", "Tap"), ("Projects:new:LinkConfirmation", "Tap"));
        Assert.Equal(("0.0002", ""), await ShowAsync(chosen, "old"));
        Assert.Empty(Warnings(chosen));
        var takenOut = await StartAsync(("Projects:old:LinkConfirmation", "Tap"));

        Assert.Equal(("0.00001", ""), await ShowAsync(takenOut, "old"));
    }

    [Theory]
    [InlineData("{}", 6, true, "linkConfirmation oneCall disclosesSsn numberChange deviceNotice")]
    [InlineData("""{"oneCall":["prefill","prefill"]}""", 1, true, "linkConfirmation disclosesSsn numberChange deviceNotice")]
    [InlineData("""{"oneCall":null,"disclosesSsn":false}""", 0, false, "linkConfirmation numberChange deviceNotice")]
    [InlineData("""{"oneCall":[],"disclosesSsn":true,"numberChange":null,"deviceNotice":null}""", 0, true, "linkConfirmation")]
    [InlineData("""{"oneCall":["everything"]}""", 6, true, "linkConfirmation oneCall disclosesSsn numberChange deviceNotice")]
    public async Task An_old_project_may_ask_what_it_asked_until_its_permissions_are_chosen(
        string change, int types, bool discloses, string kept)
    {
        await MakeOldProjectsAsync("old");
        var server = await StartAsync();

        await server.AdminAsync(HttpMethod.Patch, "/admin/projects/old", change);

        var shown = (await server.AdminAsync(HttpMethod.Get, "/admin/projects/old")).Json!;
        Assert.Equal(
            (types, discloses, kept),
            (shown["oneCall"]!.AsArray().Count, (bool)shown["disclosesSsn"]!,
                string.Join(' ', shown["keptSettings"]!.AsArray().Select(name => (string?)name).Where(_others.Contains))));
        var asked = await server.VerifyAsync(
            $$"""{"verificationType":"humanAssurance","phoneNumber":"{{Number}}"}""", new Credentials("old-client", "old-secret"));
        Assert.Equal(types == 6 ? "200" : "403 8003 step not allowed", asked.Fault);
    }

    [Fact]
    public async Task How_links_are_confirmed_is_said_for_a_new_project_and_kept_by_an_old_one_that_has_the_weaker_way()
    {
        await MakeOldProjectsAsync("tap", "match", "made");
        await ExecuteAsync("""UPDATE projects SET settings = '{"linkConfirmation":"Match"}' WHERE id = 'match'""");

        var problem = await Assert.ThrowsAsync<ConfigurationException>(() => StartAsync(
            ("Projects:tap:Name", "Tap"), ("Projects:match:Name", "Match"), ("Projects:new:Name", "New"),
            ("Projects:other:Name", "Other")));
        Assert.Equal(
            string.Join('\n', ((string[])["match", "new", "other"]).Select(id =>
                $"Countersign:Projects:{id}:LinkConfirmation is missing: Tap (one button on the phone) or Match (six digits that the "
                    + "computer shows are typed on the phone).")),
            string.Join('\n', problem.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Where(line => line.Contains("LinkConfirmation", StringComparison.Ordinal)).Select(line => line.TrimStart('-', ' '))
                .Order(StringComparer.Ordinal)));

        var server = await StartAsync(("Projects:tap:Name", "Tap"));
        Assert.Equal(
            ["made tap kept", "match match", "tap tap kept"], (await ConfirmationsAsync(server)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_short_wording_of_the_configuration_ends_the_start_for_a_new_project_and_not_for_an_old_one()
    {
        await MakeOldProjectsAsync("old");

        var problem = await Assert.ThrowsAsync<ConfigurationException>(() =>
            StartAsync(("Projects:old:OtpText", "Old: ####"), ("Projects:new:OtpText", "New: #####"),
                ("Projects:new:LinkConfirmation", "Tap")));

        Assert.Equal(
            "Countersign:Projects:new:OtpText is invalid: a code of 5 digits is too easy to guess: write 6 #, or set the project's "
                + "GuessProbability to at least 0.00006.",
            problem.Message);
        var shown = await ShowAsync(
            await StartAsync(("Projects:new:OtpText", "New: #####"), ("Projects:new:GuessProbability", "0.00006"),
                ("Projects:new:LinkConfirmation", "Tap")), "new");
        Assert.Equal(("0.00006", ""), shown);
    }

    [Fact]
    public async Task A_wording_that_was_taken_before_the_rules_became_stricter_goes_on_and_each_start_names_it()
    {
        await MakeOldProjectsAsync("old", "made");
        await ExecuteAsync(
            """UPDATE projects SET settings = '{"otpText":"Booking.com: ###### is your code","linkText":"Shop GmbH & Co.KG: ####"}'""");

        (string, string)[] configured = [("Projects:old:OtpText", "Booking.com: ###### is your code"),
            ("Projects:old:LinkText", "Shop GmbH & Co.KG: ####")];
        foreach (var server in (TestServer[])[await StartAsync(configured), await StartAsync(configured)])
        {
            Assert.Equal(
                ["made LinkText", "made OtpText", "old LinkText", "old OtpText"],
                Warnings(server, 1744).Select(text => $"{text.Split(' ')[1]} {text.Split(": ")[1].Split(' ')[0]}")
                    .Order(StringComparer.Ordinal));
        }

        var changed = await Assert.ThrowsAsync<ConfigurationException>(() =>
            StartAsync(("Projects:old:OtpText", "Booking.com: ###### is the code")));
        Assert.Equal(
            "Countersign:Projects:old:OtpText is invalid: "
                + "contains a link of its own ('booking.com'): leave it out, or add the name to the project's AllowedWords, or an address "
                    + "of that host to its TargetUrls.",
            changed.Message);
        var added = await Assert.ThrowsAsync<ConfigurationException>(() =>
            StartAsync(("Projects:new:LinkText", "Go to https://x.example ####"), ("Projects:new:LinkConfirmation", "Tap")));
        Assert.Equal(
            "Countersign:Projects:new:LinkText is invalid: contains a link of its own ('https:'): leave it out, or write a space behind "
                + "the colon.", added.Message);
        Assert.Equal(
            2, Warnings(
                await StartAsync([.. configured, ("Projects:old:AllowedWords:0", "Booking.com"), ("Projects:old:AllowedWords:1", "Co.KG")]),
                1744).Count);
    }

    [Theory]
    [InlineData("""{"name":"Other"}""", null)]
    [InlineData("""{"webOrigins":["https://app.shop.example"]}""", null)]
    [InlineData("""{"linkText":"Tap: ####"}""", null)]
    [InlineData("""{"otpText":null}""", null)]
    [InlineData("""{"linkConfirmation":"match"}""", null)]
    [InlineData(
        """{"linkConfirmation":null}""",
        "field 'linkConfirmation' is missing: tap (one button on the phone) or match (six digits that the computer shows are typed on the "
            + "phone)")]
    [InlineData(
        """{"otpText":"Booking.com: ####"}""",
        "field 'otpText' is invalid: contains a link of its own ('booking.com'): leave it out, or add the name to the project's "
            + "AllowedWords, or an address of that host to its TargetUrls")]
    [InlineData(
        """{"linkText":"Booking.com: ####"}""",
        "field 'linkText' is invalid: contains a link of its own ('booking.com'): leave it out, or add the name to the project's "
            + "AllowedWords, or an address of that host to its TargetUrls")]
    [InlineData("""{"guessProbability":0.00001}""",
        "field 'otpText' is invalid: the stored wording does not go with this change: a code of 4 digits is too easy to guess: write 6 #, "
            + "or set the project's GuessProbability to at least 0.0006")]
    [InlineData("""{"guessProbability":1E-5}""",
        "field 'otpText' is invalid: the stored wording does not go with this change: a code of 4 digits is too easy to guess: write 6 #, "
            + "or set the project's GuessProbability to at least 0.0006")]
    [InlineData("""{"webOrigins":["shop"]}""",
        "field 'webOrigins[0]' is invalid: must be a bare origin as browsers write it (https://www.example.com)")]
    public async Task A_change_is_judged_by_what_it_names(string change, string? problem)
    {
        await MakeOldProjectsAsync("old");
        await ExecuteAsync("""UPDATE projects SET settings = '{"otpText":"Booking.com: ####"}'""");
        var server = await StartAsync();

        var reply = await server.AdminAsync(HttpMethod.Patch, "/admin/projects/old", change);

        Assert.Equal(problem is null ? (200, null) : (400, $"400 8001 {problem}"), (reply.Status, problem is null ? null : reply.Fault));
    }

    [Fact]
    public async Task Where_the_servers_codes_are_short_an_old_project_keeps_them_and_a_new_one_has_six_digits()
    {
        await MakeOldProjectsAsync("old");
        var server = await StartAsync(("Possession:CodeLength", "4"));
        var added = await server.AddProjectAsync("new");

        var lengths = (await CodeLengthAsync(server, new Credentials("old-client", "old-secret")), await CodeLengthAsync(server, added));

        Assert.Equal((4, 6), lengths);
    }

    [Fact]
    public async Task Nodes_share_what_is_kept_and_what_is_chosen()
    {
        await MakeOldProjectsAsync("old");
        var nodes = await Task.WhenAll(StartAsync(), StartAsync());

        await nodes[0].AdminAsync(HttpMethod.Patch, "/admin/projects/old", """{"guessProbability":0.00002}""");

        Assert.Equal(("0.00002", ""), await ShowAsync(nodes[1], "old"));
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
        Remove();
    }

    protected abstract Task<string> CreateStoreAsync();

    protected virtual void Remove() { }

    // Each server brings its own configuration to the one store.
    private async Task<TestServer> StartAsync(params (string Name, string Value)[] settings)
    {
        var server = await TestServer.StartAsync(
            _store ??= await CreateStoreAsync(),
            new Dictionary<string, string?>(
                TestServer.Live.Concat(
                    settings.Select(setting => KeyValuePair.Create("Countersign:" + setting.Name, (string?)setting.Value)))));
        lock (_servers)
        {
            _servers.Add(server);
        }
        return server;
    }

    /// <summary>A store with these projects as a server left them that did not know of stricter defaults.</summary>
    private async Task MakeOldProjectsAsync(params string[] ids)
    {
        await using (var server = await TestServer.StartAsync(_store = await CreateStoreAsync(), TestServer.Live))
        {
            foreach (var id in ids)
            {
                await server.AddProjectAsync(id);
            }
        }
        // When it has ended: while it runs it may yet write down that all rows have seals.
        await ExecuteAsync("UPDATE projects SET settings = '{}', kept = '{}'");
    }

    /// <summary>Writes as a server did that knew no seals of rows, to a store that had none.</summary>
    private async Task ExecuteAsync(string sql)
    {
        await using DbConnection connection = _store!.StartsWith("Data Source", StringComparison.Ordinal)
            ? new SqliteConnection($"{_store};Pooling=false")
            : new NpgsqlConnection($"{_store};Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        using var sealer = new Sealer(KeyRing.Of(MasterKey.Parse(TestServer.EncryptionKey)!, TimeProvider.System));
        command.CommandText = $"{sql}; DELETE FROM keys; INSERT INTO keys (id, private_key, created_at) VALUES ('k1', @private_key, 0)";
        var key = command.CreateParameter();
        (key.ParameterName, key.Value) = ("@private_key", sealer.Seal([1], "keys.private_key:k1"));
        command.Parameters.Add(key);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<(string Value, string Kept)> ShowAsync(TestServer server, string id)
    {
        var reply = await server.AdminAsync(HttpMethod.Get, $"/admin/projects/{id}");
        var shown = reply.Status == 200 ? reply.Json! : throw new InvalidOperationException($"No project: {reply}");
        return (
            shown["guessProbability"]!.ToString(),
            string.Join(' ', shown["keptSettings"]!.AsArray().Select(name => (string?)name).Where(name => !_others.Contains(name))));
    }

    private static async Task<IEnumerable<string>> ConfirmationsAsync(TestServer server)
    {
        var projects = (await server.AdminAsync(HttpMethod.Get, "/admin/projects")).Json!["projects"]!.AsArray();
        return projects.Select(project =>
            $"{project!["id"]} {project["linkConfirmation"]}"
                + (project["keptSettings"]!.AsArray().Any(name => (string?)name == "linkConfirmation") ? " kept" : ""));
    }

    private static async Task<string> NoticeAsync(TestServer server, string id) =>
        (await server.AdminAsync(HttpMethod.Get, $"/admin/projects/{id}")).Text("deviceNotice");

    private static async Task<string> ReasonsAsync(TestServer server, string id) =>
        (await server.AdminAsync(HttpMethod.Get, $"/admin/projects/{id}")).Text("identityReasons");

    private static IReadOnlyList<string> Warnings(TestServer server, int id = Warning) =>
        [.. server.Logs.All.Where(line => line.Event.Id == id && line.Level == LogLevel.Warning).Select(line => line.Text)];

    private static async Task<int> CodeLengthAsync(TestServer server, Credentials client)
    {
        var begun = await server.BeginAsync("mobile", Number, credentials: client);
        var browser = server.Browser(begun.AuthToken!);
        await browser.Post("mobile/instant/start");
        await browser.Post("mobile/otp/start");
        return server.Gateway.Submissions[^1].Text.Text.Reveal().TakeWhile(char.IsAsciiDigit).Count();
    }
}

public sealed class KeptSettingsOnSqlite : KeptSettingsTests
{
    private readonly TemporaryFolder _folder = new();

    protected override Task<string> CreateStoreAsync() => Task.FromResult($"Data Source={_folder.File("countersign.db")}");

    protected override void Remove() => _folder.Dispose();
}

[Trait("tier", "long")]
public sealed class KeptSettingsOnPostgres(PostgresServer postgres) : KeptSettingsTests
{
    protected override async Task<string> CreateStoreAsync() => await postgres.CreateDatabaseAsync() + ";Maximum Pool Size=20";
}
