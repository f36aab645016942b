using System.Net;
using System.Text.Json.Nodes;
using Countersign.Cli.Attacks;
using Countersign.Cli.Attacks.Plays;
using Countersign.Cli.Tests.Fixtures;
using Countersign.Testing;

namespace Countersign.Cli.Tests.Attacks;

/// <summary>Each attack comes through where nothing guards, and not where something does.</summary>
public sealed class AttackCommandTests : IDisposable
{
    private const string First = "+12025550200";

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Where_nothing_guards_every_attack_that_can_be_played_comes_through()
    {
        await using var server = await WeakServer.StartAsync(_folder.File("texts.jsonl"));
        server.SaysItIsLive = true;

        var run = await AttackAsync(server.Origin, "any", [.. InLive(), "--persons", Persons("Lori", "Maria")]);

        Assert.Equal(AttackReport.SomethingOpen, run.Code);
        // Of all that it has seen it tells nothing.
        Assert.All(
            (string[])["123456", "482915", "shop-secret", "2025550", Installation.LastName, "Lori", "eyJ"],
            secret => Assert.DoesNotContain(secret, run.ToString(), StringComparison.Ordinal));
        // I04 has its person in the sandbox; from a private address L15 cannot be told in Live; S10 needs a guard that stops too much.
        Assert.Equal(["I04", "L15", "S10"], Others(run, "open").Select(one => one.Split(' ')[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_sandbox_as_it_comes_is_open_where_nothing_is_limited_and_nowhere_else()
    {
        var server = new RunningServer
        {
            Settings =
            [
                $"--Countersign:Admin:Keys:test={RunningServer.AdminKey}", "--Countersign:Sandbox:ClientId=shop",
                "--Countersign:Sandbox:ClientSecret=shop-secret", "--Countersign:Sandbox:LinkConfirmation=Match",
            ],
        };
        await server.InitializeAsync();
        var (bank, third) = (await ClientAsync(server, "bank"), await ClientAsync(server, "third"));
        await File.WriteAllTextAsync(_folder.File("third"), third, TestContext.Current.CancellationToken);

        var run = await AttackAsync(server.Origin, bank, "--third-client-secret-file", _folder.File("third"));

        await server.DisposeAsync();
        Assert.Equal(AttackReport.SomethingOpen, run.Code);
        Assert.Equal(
            [
                "S01 open", "S10 not applicable", "L06 open", "A01 open", "A06 open", "F02 open", "F03 not applicable", "F04 open",
                "F06 open", "I03 open", "D04 not applicable", "O05 not applicable",
            ],
            Others(run, "defended").Select(one => one.Split(':')[0]));
    }

    [Fact]
    public async Task A_guard_against_guesses_that_locks_the_person_out_of_links_is_open()
    {
        await using var server = await WeakServer.StartAsync(_folder.File("texts.jsonl"));
        server.LocksOut = true;

        var run = await AttackAsync(server.Origin, "any", "--only", "S10");

        Assert.Equal(
            "Once guesses.line had refused a code, a flow by link was answered 429/8429 and came to: not begun.", Seen(run, "S10"));
        Assert.Equal(AttackReport.SomethingOpen, run.Code);
    }

    /// <summary>Only what has refused by a limit of the number itself is a limit of the number.</summary>
    [Theory]
    [InlineData("too many requests: the limit 'texts.line.hour' is reached")]
    [InlineData("too many requests: the limit 'texts.client' is reached")]
    [InlineData("too many requests: the cap 'cap.server.day' is reached")]
    [InlineData("slow down, 'Ada of +12025550200'")]
    public async Task What_refuses_from_the_first_call_on_is_no_limit_of_texts(string message)
    {
        await using var server = await WeakServer.StartAsync(_folder.File("texts.jsonl"));
        server.Refuses = message;

        var run = await AttackAsync(
            server.Origin, "any", "--only", "L06", "--only", "F02", "--only", "F03", "--only", "F04", "--only", "S01", "--only", "S10",
            "--only", "L13");

        Assert.Equal(["S01", "S10", "L06", "L13", "F02", "F04"], NotPlayed(run));
        Assert.Equal((1, 0), (run.Code, (int)run.Json["verdicts"]!["defended"]!));
        Assert.DoesNotContain("Ada", run.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Within a flow every refusal of a text looks alike; its events tell them apart.</summary>
    [Theory]
    [InlineData("texts.project.hour", "defended")]
    [InlineData("texts.client", "not played")]
    [InlineData("cap.server.day", "not played")]
    [InlineData("no-gateway-left", "not played")]
    public async Task A_text_that_a_flow_did_not_send_counts_by_the_limit_that_its_events_name(string reason, string verdict)
    {
        await using var server = await WeakServer.StartAsync(_folder.File("texts.jsonl"));
        server.StopsTextsBy = reason;

        var run = await AttackAsync(server.Origin, "any", "--only", "L06");

        Assert.Equal(verdict, (string?)run.Json["attacks"]!.AsArray().Single(one => (string?)one!["id"] == "L06")!["verdict"]);
        Assert.Equal(verdict == "defended" ? [] : ["L06"], NotPlayed(run));
    }

    [Fact]
    public async Task Names_are_tried_only_at_records_whose_right_name_matches()
    {
        await using var server = await WeakServer.StartAsync(_folder.File("texts.jsonl"));
        server.SaysItIsLive = true;
        string[] names = ["--only", "I01", "--only", "I02", "--only", "D04"];
        await File.WriteAllTextAsync(_folder.File("other.csv"), "+12025550143,Lori,Montgomery", TestContext.Current.CancellationToken);

        var without = await AttackAsync(server.Origin, "any", [.. InLive(), .. names]);
        var one = await AttackAsync(server.Origin, "any", [.. InLive(), .. names, "--persons", Persons("Lori")]);
        var other = await AttackAsync(server.Origin, "any", [.. InLive(), .. names, "--persons", _folder.File("other.csv")]);

        Assert.Equal((0, 0), (without.Code, (int)without.Json["verdicts"]!["open"]!));
        Assert.Equal("I01 D04", Open(one));
        Assert.Equal(["I01", "D04"], NotPlayed(other));
    }

    [Fact]
    public async Task A_report_says_which_mode_the_server_showed_and_what_was_left_out()
    {
        await using var server = await WeakServer.StartAsync(_folder.File("texts.jsonl"));

        var run = await AttackAsync(server.Origin, "any", "--only", "L14");
        var contradicted = await AttackAsync(server.Origin, "any", InLive());

        Assert.Equal(("sandbox", AttackTable.All.Count), ((string?)run.Json["mode"], run.Json["attacks"]!.AsArray().Count));
        Assert.Equal(AttackTable.All.Count - 1, run.Json["leftOut"]!.AsArray().Count);
        Assert.Equal("Left out by --only.", Seen(run, "S01"));
        Assert.Equal(1, contradicted.Code);
        Assert.Contains("is a sandbox", contradicted.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_sends_texts_is_attacked_only_by_who_names_the_numbers()
    {
        await using var server = await WeakServer.StartAsync(_folder.File("texts.jsonl"));
        server.SaysItIsLive = true;

        var run = await AttackAsync(server.Origin, "any");

        // Health, a token, and a number that is nobody's.
        Assert.Equal((1, 3), (run.Code, server.Calls));
        Assert.All(
            (string[])["have texts sent to them", "identity sources", "webhooks"],
            what => Assert.Contains(what, run.Error, StringComparison.Ordinal));
        Assert.Contains("--send-texts-to +12025550100", run.Error, StringComparison.Ordinal);
    }

    /// <summary>What is attacked here may not be what says whether it may be attacked.</summary>
    [Fact]
    public async Task Addresses_of_the_sandbox_make_no_sandbox_of_a_server_that_sends_texts()
    {
        await using var server = await WeakServer.StartAsync(_folder.File("texts.jsonl"));
        server.SaysItIsLive = true;

        var run = await AttackAsync(server.Origin, "any", [.. InLive(), "--only", "O05"]);

        Assert.Equal(("live", "O05"), ((string?)run.Json["mode"], Open(run)));
        Assert.Contains("have texts sent to them", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limits_of_projects_alone_are_none_of_the_number()
    {
        await using var server = await WeakServer.StartAsync(_folder.File("texts.jsonl"));
        server.TextsOfProject = 6;

        var run = await AttackAsync(server.Origin, "any", "--only", "F04", "--only", "L06");

        Assert.Equal("F04", Open(run));
        Assert.StartsWith("18 texts of three projects", Seen(run, "F04"), StringComparison.Ordinal);
    }

    /// <summary>What is stricter, or not as strict as by default, is no hole.</summary>
    [Theory]
    [InlineData(1, "not applicable")]
    [InlineData(2, "defended")]
    [InlineData(5, "defended")]
    [InlineData(10, "defended")]
    public async Task Entries_are_counted_as_the_server_has_them(int entries, string resent)
    {
        await using var server = await WeakServer.StartAsync(_folder.File("texts.jsonl"));
        server.Entries = entries;

        var run = await AttackAsync(server.Origin, "any", "--only", "S02", "--only", "S03");

        Assert.Equal([resent, "defended"], ((string[])["S02", "S03"]).Select(id => VerdictOf(run, id)));
    }

    [Fact]
    public async Task Where_few_texts_are_sent_nothing_is_said_of_guesses()
    {
        await using var server = await WeakServer.StartAsync(_folder.File("texts.jsonl"));
        (server.Entries, server.TextsOfProject) = (3, 2);

        var run = await AttackAsync(server.Origin, "any", "--only", "S01");

        Assert.Equal(["S01"], NotPlayed(run));
        Assert.Contains("another limit", Seen(run, "S01"), StringComparison.Ordinal);
    }

    /// <summary>Only what the contract states is a refusal of the server.</summary>
    [Theory]
    [InlineData("T01", "/v1/client/mobile/instant/start")]
    [InlineData("T05", "/v3/challenge")]
    [InlineData("T05", "/v1/client/mobile/instantlink/start")]
    [InlineData("T08", "mobileNumber")]
    [InlineData("A01", "/token client_secret=")]
    [InlineData("A04", "xxxxxxxx")]
    [InlineData("A05", "Else")]
    [InlineData("A06", Installation.UnknownId)]
    [InlineData("F06", Installation.UnknownId)]
    public async Task What_something_else_refuses_is_not_held_off_by_the_server(string id, string word)
    {
        await using var server = await WeakServer.StartAsync(_folder.File("texts.jsonl"));
        server.RefusedInFront = word;

        var run = await AttackAsync(server.Origin, "any", "--only", id);

        Assert.Equal([id], NotPlayed(run));
    }

    /// <summary>What may know a token for a while yet is asked until the minute that is stated is over.</summary>
    [Theory]
    [InlineData(0, "0 seconds after it it opens nothing")]
    [InlineData(12, "15 seconds after it it opens nothing")]
    [InlineData(null, "60 seconds after it it still opens")]
    public async Task A_token_that_was_given_up_is_asked_with_until_it_opens_nothing(int? uses, string seen)
    {
        await using var server = await WeakServer.StartAsync(_folder.File("texts.jsonl"));
        server.UsesAfterRevoking = uses;

        var run = await AttackAsync(server.Origin, "any", "--only", "A03");

        Assert.Contains(seen, Seen(run, "A03"), StringComparison.Ordinal);
        Assert.Equal(uses is null ? "open" : "defended", VerdictOf(run, "A03"));
    }

    [Theory]
    [InlineData(25, "open", "Of 80 calls at once")]
    [InlineData(100, "open", "Of 305 calls at once")]
    [InlineData(500, "not played", "500 calls a second are permitted")]
    public async Task A_rate_is_passed_as_the_server_tells_it(int rate, string verdict, string seen)
    {
        await using var server = await WeakServer.StartAsync(_folder.File("texts.jsonl"));
        server.TellsRate = rate;

        var run = await AttackAsync(server.Origin, "any", "--only", "A06");

        Assert.Contains(seen, Seen(run, "A06"), StringComparison.Ordinal);
        Assert.Equal(verdict, VerdictOf(run, "A06"));
    }

    [Theory]
    [InlineData("+447911123400", 4)]
    [InlineData("+36201234500", 4)]
    [InlineData("+79161234500", 4)]
    [InlineData("+393331234500", 2)]
    [InlineData("+12025550100", 3)]
    public async Task A_number_is_written_as_it_is_dialled_in_its_country(string first, int spellings)
    {
        await using var server = await WeakServer.StartAsync(_folder.File("texts.jsonl"));
        server.SaysItIsLive = true;

        var run = await AttackAsync(
            server.Origin, "any", "--only", "F02", "--send-texts-to", first, "--outbox", _folder.File("texts.jsonl"));

        Assert.Contains($"in {spellings} spellings", Seen(run, "F02"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Digits_that_the_other_screen_does_not_show_are_pressed()
    {
        await using var server = await WeakServer.StartAsync(_folder.File("texts.jsonl"));

        var run = await AttackAsync(server.Origin, "any", "--only", "L05");

        Assert.StartsWith(
            "Digits that the other screen does not show were answered 303, and the flow was success.", Seen(run, "L05"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_proxy_refuses_whether_it_is_there_or_not_is_not_found()
    {
        await using var server = await WeakServer.StartAsync(_folder.File("texts.jsonl"));
        server.HidesAdmin = true;

        var run = await AttackAsync(server.Origin, "any", "--only", "O04");

        Assert.Equal("defended", VerdictOf(run, "O04"));
    }

    [Fact]
    public async Task A_name_of_one_letter_is_no_name_to_disguise()
    {
        await using var server = await WeakServer.StartAsync(_folder.File("texts.jsonl"));
        server.SaysItIsLive = true;

        var run = await AttackAsync(server.Origin, "any", [.. InLive(), "--only", "I01", "--persons", Persons("\u674E")]);

        Assert.Equal(["I01"], NotPlayed(run));
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("::ffff:192.168.1.1", true)]
    [InlineData("fd00::1", true)]
    [InlineData("172.32.0.1", false)]
    [InlineData("203.0.113.9", false)]
    [InlineData("2001:db8::1", false)]
    public void Of_who_calls_from_a_private_network_nothing_is_said(string address, bool isPrivate) =>
        Assert.Equal(isPrivate, PrivateNetwork.Has(IPAddress.Parse(address)));

    [Fact]
    public async Task Who_is_a_person_of_the_project_already_is_left_alone()
    {
        await using var server = await WeakServer.StartAsync(_folder.File("texts.jsonl"));
        server.KnowsEverybody = true;

        var run = await AttackAsync(server.Origin, "any", "--only", "A02");

        Assert.Equal(["A02"], NotPlayed(run));
        Assert.Empty(server.OfPersons);
    }

    [Theory]
    [InlineData(20, null)]
    [InlineData(null, 14)]
    public async Task Whom_it_has_enrolled_it_forgets_however_it_ends(int? maxCalls, int? garblesAfter)
    {
        await using var server = await WeakServer.StartAsync(_folder.File("texts.jsonl"));
        server.GarblesAfter = garblesAfter;

        var run = await AttackAsync(server.Origin, "any", ["--only", "A02", "--max-calls", $"{maxCalls ?? 100}"]);

        Assert.Equal(["A02"], NotPlayed(run));
        Assert.Equal("POST /v3/identity", server.OfPersons[0]);
        Assert.StartsWith("DELETE /v3/identity/person-", server.OfPersons[^1], StringComparison.Ordinal);
        Assert.True(server.Calls <= (maxCalls ?? 100), $"{server.Calls} calls");
    }

    [Theory]
    [InlineData(9)]
    [InlineData(11)]
    [InlineData(60)]
    public async Task An_answer_that_nobody_can_read_costs_one_attack_and_no_report(int garblesAfter)
    {
        await using var server = await WeakServer.StartAsync(_folder.File("texts.jsonl"));
        server.GarblesAfter = garblesAfter;

        var run = await AttackAsync(server.Origin, "any");

        Assert.Equal(AttackTable.All.Count, run.Json["attacks"]!.AsArray().Count);
        Assert.NotEmpty(NotPlayed(run));
        Assert.NotEqual(0, run.Code);
    }

    [Fact]
    public async Task Two_clients_of_one_project_cannot_show_what_is_between_projects()
    {
        var server = new RunningServer
        {
            Settings =
            [
                $"--Countersign:Admin:Keys:test={RunningServer.AdminKey}", "--Countersign:Sandbox:ClientId=shop",
                "--Countersign:Sandbox:ClientSecret=shop-secret",
            ],
        };
        await server.InitializeAsync();
        var bank = await ClientAsync(server, "bank");
        var second = (string)(await server.RunAsync("client", "create", "--project", "bank", "--id", "third", "--json")).Json["secret"]!;
        await File.WriteAllTextAsync(_folder.File("third"), second, TestContext.Current.CancellationToken);

        var run = await AttackAsync(server.Origin, bank, "--third-client-secret-file", _folder.File("third"), "--only", "T04");

        await server.DisposeAsync();
        Assert.Equal(1, run.Code);
        Assert.Contains("Two of the clients are of one project", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_answer_leads_to_another_server()
    {
        await using var elsewhere = await WeakServer.StartAsync(_folder.File("elsewhere.jsonl"));
        await using var server = await WeakServer.StartAsync(_folder.File("texts.jsonl"));
        server.LinksTo = elsewhere.Origin;

        var run = await AttackAsync(server.Origin, "any", "--only", "L01", "--only", "L12", "--only", "L14");
        server.RedirectTo = elsewhere.Origin;
        var redirected = await AttackAsync(server.Origin, "any", "--only", "L01");

        Assert.Equal((AttackReport.SomethingOpen, 1, 0), (run.Code, redirected.Code, elsewhere.Calls));
    }

    [Fact]
    public async Task No_more_calls_are_made_than_were_permitted()
    {
        await using var server = await WeakServer.StartAsync(_folder.File("texts.jsonl"));

        var run = await AttackAsync(server.Origin, "any", "--max-calls", "40", "--only", "L14", "--only", "S01", "--only", "L07");

        Assert.Equal(40, server.Calls);
        Assert.Equal(["S01", "L07", "L14"], NotPlayed(run));
        Assert.Equal((1, 40), (run.Code, (int)run.Json["calls"]!));
    }

    [Theory]
    [InlineData("--only", "S99")]
    [InlineData("--max-calls", "0")]
    [InlineData("--max-minutes", "2000")]
    [InlineData("--send-texts-to", "2025550100")]
    [InlineData("--target-url", "shop")]
    [InlineData("--send-texts-to", "+0025550100")]
    [InlineData("--persons", "/dev/null")]
    [InlineData("--report", "/nowhere/report.html")]
    public async Task What_was_misunderstood_is_named_before_anything_is_called(string option, string value)
    {
        await using var server = await WeakServer.StartAsync(_folder.File("texts.jsonl"));

        var run = await AttackAsync(server.Origin, "any", option, value);

        Assert.Equal((1, 0), (run.Code, server.Calls));
        Assert.Contains(option switch { "--report" => "folder", "--persons" => value, _ => option }, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://id.example.com")]
    [InlineData("id.example.com")]
    [InlineData("https://id.example.com/path")]
    public async Task A_secret_goes_to_an_origin_and_not_over_plain_http(string address)
    {
        var run = await AttackAsync(address, "any");

        Assert.Equal(1, run.Code);
        Assert.Contains("https://", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_client_it_says_how_to_name_one()
    {
        var run = await CommandLine.RunAsync(new Dictionary<string, string>(), "attack", "http://127.0.0.1:1");

        Assert.Equal(1, run.Code);
        Assert.Contains("COUNTERSIGN_CLIENT_SECRET", run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Attacks that can be played and came to something else, with why.</summary>
    private static List<string> Others(Run run, string verdict) =>
    [
        .. run.Json["attacks"]!.AsArray()
            .Where(one => AttackTable.All.Single(attack => attack.Id == (string?)one!["id"]).Play is not null)
            .Where(one => (string?)one!["verdict"] != verdict)
            .Select(one => $"{one!["id"]} {one["verdict"]}: {one["evidence"]}"),
    ];

    /// <returns>The secret of a client of a project of its own, of the same name.</returns>
    private static async Task<string> ClientAsync(RunningServer server, string name)
    {
        await server.RunAsync("project", "create", name, "--name", name);
        return (string)(await server.RunAsync("client", "create", "--project", name, "--id", name, "--json")).Json["secret"]!;
    }

    private string[] InLive() =>
        ["--send-texts-to", First, "--outbox", _folder.File("texts.jsonl"), "--target-url", "https://shop.example/verified"];

    private string Persons(params string[] names)
    {
        File.WriteAllLines(_folder.File("persons.csv"), names.Select(name => $"{WeakServer.Person},{name},Montgomery"));
        return _folder.File("persons.csv");
    }

    private static string Open(Run run) => string.Join(' ', run.Json["attacks"]!.AsArray()
        .Where(one => (string?)one!["verdict"] == "open").Select(one => (string?)one!["id"]));

    private static string VerdictOf(Run run, string id) =>
        (string)run.Json["attacks"]!.AsArray().Single(one => (string?)one!["id"] == id)!["verdict"]!;

    private static string Seen(Run run, string id) =>
        (string)run.Json["attacks"]!.AsArray().Single(one => (string?)one!["id"] == id)!["evidence"]!;

    private static IEnumerable<string> NotPlayed(Run run) => AttackReport.IdsOf(run.Json, "not played");

    private static Task<Run> AttackAsync(string origin, string otherSecret, params string[] options) => CommandLine.RunAsync(
        new Dictionary<string, string>
        {
            ["COUNTERSIGN_CLIENT_ID"] = "shop", ["COUNTERSIGN_CLIENT_SECRET"] = "shop-secret",
            ["COUNTERSIGN_OTHER_CLIENT_ID"] = "bank", ["COUNTERSIGN_OTHER_CLIENT_SECRET"] = otherSecret,
            ["COUNTERSIGN_THIRD_CLIENT_ID"] = "third", ["COUNTERSIGN_THIRD_CLIENT_SECRET"] = "any",
        },
        ["attack", origin, "--json", .. options]);
}
