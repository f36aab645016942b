using System.CommandLine;
using Countersign.Cli.Erasure;
using Countersign.Cli.Server;
using Countersign.Core;
using Countersign.Core.Projects;

namespace Countersign.Cli.Attacks;

/// <summary>What a run was asked for.</summary>
/// <param name="Only">Ids; null for all.</param>
internal sealed record AttackRequest(Uri Address, Client Client, Bounds Bounds, IReadOnlySet<string>? Only)
{
    public Client? Other { get; init; }

    public Client? Third { get; init; }

    /// <summary>In Live: with + and country code.</summary>
    public string? FirstNumber { get; init; }

    public string? Outbox { get; init; }

    public string? TargetUrl { get; init; }

    public IReadOnlyList<OnRecord> Persons { get; init; } = [];

    public bool IsJson { get; init; }

    public string? ReportFile { get; init; }

    public string? SignedFile { get; init; }

    public override string ToString() => Address.ToString();
}

/// <summary>The options of <c>countersign attack</c>. A secret is none: command lines can be read by every user of a machine.</summary>
internal sealed class AttackOptions(CliEnvironment environment)
{
    private const int DefaultCalls = 2000;
    private const int DefaultMinutes = 10;

    private readonly Argument<string> _url = new("url") { Description = "The server's public address: scheme, host and port.",
        HelpName = "url" };

    private readonly ClientOption _client = new("client", "COUNTERSIGN_CLIENT", "The API client that attacks", environment);

    private readonly ClientOption _other =
        new("other-client", "COUNTERSIGN_OTHER_CLIENT", "One of another project, for attacks between projects", environment);

    private readonly ClientOption _third =
        new("third-client", "COUNTERSIGN_THIRD_CLIENT", "One of a third project, for what all projects together may send", environment);

    private readonly Option<string> _sendTextsTo = new("--send-texts-to")
    {
        Description = $"Live only: have texts sent to {Numbers.Most} numbers from this one on, all of them yours. - reads it from the "
            + "standard input.",
        HelpName = "number",
    };

    private readonly Option<string> _outbox = new("--outbox")
    {
        Description = "Live only: the file of the gateway of type outbox, where the texts can be read.", HelpName = "file",
    };

    private readonly Option<string> _targetUrl = new("--target-url")
    {
        Description = "An address that the project sends phones to; without one no link is attacked in Live.", HelpName = "url",
    };

    private readonly Option<string> _persons = new("--persons")
    {
        Description = "Live only: a file of persons on record for the project, one a line: number,first name,last name. Two are enough.",
        HelpName = "file",
    };

    private readonly Option<string[]> _only = new("--only") { Description = "Play this attack alone. May be repeated.", HelpName = "id" };

    private readonly Option<int> _maxCalls = new("--max-calls")
    {
        Description = "Send so many requests at most.", HelpName = "n", DefaultValueFactory = _ => DefaultCalls,
    };

    private readonly Option<int> _maxMinutes = new("--max-minutes")
    {
        Description = "Begin nothing more after so long.", HelpName = "n", DefaultValueFactory = _ => DefaultMinutes,
    };

    private readonly Option<bool> _allowHttp = new("--allow-http")
    {
        Description = "Send the secrets over plain http to another machine, where they can be read on the way.",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print the report as JSON." };

    private readonly Option<string> _report = new("--report")
    {
        Description = "Write a page of HTML to hand over; never over a file that is there.", HelpName = "file",
    };

    private readonly Option<string> _signed = new("--signed")
    {
        Description = "Write the report as JSON, signed by a key that is made for it, for countersign attack verify.", HelpName = "file",
    };

    public void AddTo(Command command)
    {
        command.Add(_url);
        foreach (var option in (Option[])
            [
                .. _client.Options, .. _other.Options, .. _third.Options, _sendTextsTo, _outbox, _targetUrl, _persons, _only, _maxCalls,
                _maxMinutes, _allowHttp, _json, _report, _signed,
            ])
        {
            command.Add(option);
        }
    }

    public async Task<AttackRequest> ReadAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var first = await NumberOption.ReadAsync(parsed, _sendTextsTo, cancellationToken);
        if (first is not null && (first[..1] != "+" || !PhoneNumber.TryParse(first, out _)))
        {
            throw new CommandFailure("--send-texts-to must be a number with + and country code, in digits alone: +12025550100.");
        }
        var (calls, minutes) = (parsed.GetValue(_maxCalls), parsed.GetValue(_maxMinutes));
        if (calls < 1 || minutes is < 1 or > 1440)
        {
            throw new CommandFailure("--max-calls must be at least 1, and --max-minutes 1 to 1440.");
        }
        return new AttackRequest(
            ReadAddress(parsed), _client.Read(parsed) ?? throw new CommandFailure(_client.HowToGive),
            new Bounds(calls, TimeSpan.FromMinutes(minutes)), ReadIds(parsed))
        {
            Other = _other.Read(parsed), Third = _third.Read(parsed), FirstNumber = first, Outbox = parsed.GetValue(_outbox),
            TargetUrl = ReadTarget(parsed),
            Persons = parsed.GetValue(_persons) is { } persons ? ReadPersons(persons) : [], IsJson = parsed.GetValue(_json),
            ReportFile = OutputFile.Check(parsed.GetValue(_report)), SignedFile = OutputFile.Check(parsed.GetValue(_signed)),
        };
    }

    private Uri ReadAddress(ParseResult parsed)
    {
        var text = parsed.GetRequiredValue(_url).TrimEnd('/');
        if (!BareOrigin.Is(text))
        {
            throw new CommandFailure("The argument must be the public address of a server, without a path: https://id.example.com.");
        }
        var address = new Uri(text);
        return address.Scheme == "https" || address.IsLoopback || parsed.GetValue(_allowHttp) ? address
            : throw new CommandFailure(
                $"The client's secret would go to {address.Authority} over plain http, readable on the way. Use https://, or add "
                    + "--allow-http in a network you trust.");
    }

    private string? ReadTarget(ParseResult parsed) => parsed.GetValue(_targetUrl) is not { } text ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "https" or "http" ? text
        : throw new CommandFailure("--target-url must be an https address that the project permits: https://shop.example/verified.");

    private HashSet<string>? ReadIds(ParseResult parsed)
    {
        if (parsed.GetValue(_only) is not { Length: > 0 } named)
        {
            return null;
        }
        var ids = named.ToHashSet(StringComparer.OrdinalIgnoreCase);
        return ids.All(id => AttackTable.All.Any(attack => string.Equals(attack.Id, id, StringComparison.OrdinalIgnoreCase))) ? ids
            : throw new CommandFailure("--only must be an id of docs/attacks.md, as S01.");
    }

    // A name on a command line could be read by every user of the machine.
    private static List<OnRecord> ReadPersons(string file)
    {
        var lines = ClientOption.ReadFile(file).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return
        [
            .. lines.Select((line, n) => line.Split(',', StringSplitOptions.TrimEntries) is
                [{ Length: > 0 } number, { Length: > 0 } first, { Length: > 0 } last]
                ? new OnRecord(number, first, last)
                : throw new CommandFailure($"Line {n + 1} of --persons must be number,first name,last name.")),
        ];
    }
}

/// <summary>An API client: its id as an option or in the environment, its secret in a file or in the environment.</summary>
internal sealed class ClientOption(string name, string variable, string what, CliEnvironment environment)
{
    private readonly Option<string> _id = new($"--{name}-id") { Description = $"{what}. [{variable}_ID]", HelpName = "id" };

    private readonly Option<string> _secretFile = new($"--{name}-secret-file")
    {
        Description = $"File that holds its secret. [the secret itself may stand in {variable}_SECRET]", HelpName = "path",
    };

    public IEnumerable<Option> Options => [_id, _secretFile];

    public string HowToGive =>
        $"There is no API client to attack with. Put its id into --{name}-id or {variable}_ID, and its secret into {variable}_SECRET or "
            + $"a file that --{name}-secret-file names. Use one that was made for it.";

    /// <summary>Null where none is given.</summary>
    public Client? Read(ParseResult parsed)
    {
        var id = parsed.GetValue(_id) ?? Variable("_ID");
        var secret = parsed.GetValue(_secretFile) is { } path ? ReadFile(path) : Variable("_SECRET");
        return id is null && secret is null ? null
            : id is null || secret is null ? throw new CommandFailure(
                $"--{name}-id ({variable}_ID) and its secret ({variable}_SECRET or --{name}-secret-file) belong together.")
            : new Client(id, secret);
    }

    /// <exception cref="CommandFailure">It cannot be read, or is empty.</exception>
    public static string ReadFile(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim() is { Length: > 0 } text ? text : throw new CommandFailure($"The file {path} is empty.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"The file {path} cannot be read: {exception.Message}");
        }
    }

    // Set to nothing is not set.
    private string? Variable(string suffix) => environment.Variable(variable + suffix) is { Length: > 0 } value ? value : null;
}
