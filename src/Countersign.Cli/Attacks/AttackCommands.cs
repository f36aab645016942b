using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Cli.Attacks.Plays;
using Countersign.Cli.Server;

namespace Countersign.Cli.Attacks;

/// <summary><c>countersign attack …</c></summary>
internal static class AttackCommands
{
    // Test users of every product (docs/sandbox.md).
    private const int FirstLoadUser = 2_002_000_000;
    private const int LoadUsers = 1_000_000;

    // Of no test user, and nobody's in Live: no area code is 200.
    private const string Nobodys = "2000000000";
    private const int NoTestUser = 8007;

    private static readonly string _inLive =
        $"The attacks begin flows with up to {Numbers.Most} numbers and have texts sent to them, which may cost money and ring telephones; "
            + "they spend the guesses, names and texts of these numbers for a day. They look up names at your identity sources: some 25 by "
            + "themselves, and one for each phone that is proven; sources may charge for each. Where the projects have webhooks, these "
            + "are told of every flow.";

    private static readonly JsonSerializerOptions _readable = new()
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Command Attack(CliEnvironment environment)
    {
        var options = new AttackOptions(environment);
        var command = new Command(
            "attack",
            "Play known attacks on phone verification against a running server, with test credentials. Calls the address given and no "
                + $"other. Ends with 0 when nothing is open, with {AttackReport.SomethingOpen} when something is, with 1 when something "
                + "should have been played and could not be.");
        options.AddTo(command);
        command.Add(VerifyReportCommand.Verify());
        command.SetAction(async (parsed, cancellationToken) =>
        {
            try
            {
                return await RunAsync(options, parsed, environment, cancellationToken);
            }
            catch (CommandFailure failure)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync(failure.Message);
                return 1;
            }
        });
        return command;
    }

    private static async Task<int> RunAsync(
        AttackOptions options, ParseResult parsed, CliEnvironment environment, CancellationToken cancellationToken)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        var asked = await options.ReadAsync(parsed, cancellationToken);
        if (asked.FirstNumber is not null)
        {
            // Before the first call.
            await error.WriteLineAsync(_inLive);
        }
        using var handler = environment.NewHandler();
        if (handler is SocketsHttpHandler sockets)
        {
            OriginConnection.Hold(sockets, asked.Address);
        }
        using var target = new Target(asked.Address, handler, asked.Bounds, TimeProvider.System)
        {
            WaitAsync = environment.WaitAsync,
        };
        try
        {
            var on = await PrepareAsync(asked, target, cancellationToken);
            var told = await Fingerprint.OfAsync(on);
            var at = TimeProvider.System.GetUtcNow();
            var played = await AttackRun.PlayAsync(
                asked.Only, on, (attack, finding) => error.WriteLine($"{attack.Id} {AttackReport.WordOf(finding.Verdict)}"));
            var report = AttackReport.Of(played, on, told, at, asked.Bounds);
            if (asked.IsJson)
            {
                output.WriteLine(report.ToJsonString(_readable));
            }
            else
            {
                AttackReport.Print(report, output);
            }
            Write(asked, report, at, error);
            return AttackReport.CodeOf(report);
        }
        catch (CannotPlay because)
        {
            throw new CommandFailure($"Nothing could be played. {because.Message}");
        }
        catch (BoundReached)
        {
            throw new CommandFailure("Nothing could be played within --max-calls and --max-minutes.");
        }
    }

    private static void Write(AttackRequest asked, JsonObject report, DateTimeOffset at, TextWriter error)
    {
        string? keyId = null;
        if (asked.SignedFile is { } signedFile)
        {
            (var signed, keyId) = SignedReport.Sign(report, at);
            VerifyReportCommand.Write(signedFile, signed.ToJsonString(_readable));
            error.WriteLine($"{signedFile} is signed by a key that was made for it and is forgotten now. Tell whoever gets it the key's "
                + $"id: {keyId}");
        }
        if (asked.ReportFile is { } reportFile)
        {
            VerifyReportCommand.Write(reportFile, ReportPage.Of(report, keyId));
        }
    }

    /// <summary>Finds out what is there, and whether it may be attacked.</summary>
    private static async Task<Installation> PrepareAsync(AttackRequest asked, Target target, CancellationToken cancellationToken)
    {
        Task<Heard> GetAsync(string path) =>
            target.CallAsync(() => new HttpRequestMessage(HttpMethod.Get, target.At(path)), cancellationToken);
        if ((await GetAsync("/health")).Text("status") != "healthy")
        {
            throw new CommandFailure($"What answers at {target.Origin.Authority} is not a Countersign server: /health does not say "
                + "healthy.");
        }
        var isLive = await IsLiveAsync(new Installation(target, asked.Client, new Numbers(Nobodys), cancellationToken));
        if (isLive && asked.FirstNumber is null)
        {
            throw new CommandFailure(
                $"{target.Origin.Authority} is a Live server. {_inLive} If all of these numbers are yours, name the first, and "
                    + "--send-texts-to counts on from it: --send-texts-to +12025550100.");
        }
        if (!isLive && (asked.FirstNumber is not null || asked.Outbox is not null || asked.Persons.Count > 0))
        {
            throw new CommandFailure(
                $"{target.Origin.Authority} is a sandbox: it takes test users alone. --send-texts-to, --outbox and --persons are for "
                    + "Live servers. Leave them out; or, if it should be Live, set its Mode.");
        }
        var first = asked.FirstNumber
            ?? (FirstLoadUser + RandomNumberGenerator.GetInt32(LoadUsers - Numbers.Most)).ToString(CultureInfo.InvariantCulture);
        var on = new Installation(target, asked.Client, new Numbers(first), cancellationToken)
        {
            Other = asked.Other, Third = asked.Third, IsLive = isLive, Persons = asked.Persons,
            // A sandbox sends phones anywhere.
            TargetUrl = asked.TargetUrl ?? (isLive ? null : "https://shop.example/verified"),
            Texts = !isLive || asked.Outbox is not null ? new SentTexts(target, isLive ? asked.Outbox : null) : null,
        };
        await NeedProjectsAsync(on);
        return on;
    }

    /// <summary>
    /// By what it says to a number of nobody's, which begins no flow in either mode: only a sandbox looks for a test user. What it shows at
    /// addresses of the sandbox is what O05 is about.
    /// </summary>
    private static async Task<bool> IsLiveAsync(Installation on) =>
        (await on.PostAsync("/v3/verify", on.Beginning("mobile", Nobodys))).Code != NoTestUser;

    /// <summary>Wrong credentials, and two clients of one project, are told once and not by each attack.</summary>
    private static async Task NeedProjectsAsync(Installation on)
    {
        var projects = new HashSet<string>(StringComparer.Ordinal);
        foreach (var client in new[] { on.Client, on.Other, on.Third }.OfType<Client>())
        {
            var project = Heard.TextOf(Forgeries.ClaimsOf(await on.TokenAsync(client)), "project");
            if (project is not null && !projects.Add(project))
            {
                throw new CommandFailure(
                    "Two of the clients are of one project, which is permitted to see its own flows. --other-client-id and "
                        + "--third-client-id must each name a client of a project of its own.");
            }
        }
    }
}
