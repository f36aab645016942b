using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.IdentityMatching;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Core.Names;
using Countersign.Providers.Camara;
using Countersign.Providers.Identity;
using Countersign.Providers.Records;
using Countersign.Providers.Sandbox;
using Countersign.Providers.Tests.Fakes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Countersign.Providers.Tests.Identity;

public sealed class OwnRecordsTests : IdentitySourceContract
{
    private readonly RecordsInMemory _records = new(
        new PersonRecord(PhoneNumber.Parse("+12025550142"), new Person(new PersonName("Lori", "Montgomery"), [], []), MiddleNames: "Ann"),
        new PersonRecord(PhoneNumber.Parse("+12025550142"), new Person(new PersonName("Peter", "Montgomery"), [], [])));

    protected override PhoneNumber Known => PhoneNumber.Parse("+12025550142");
    protected override PersonName KnownName => new("Lori", "Montgomery");
    protected override PhoneNumber Unknown => PhoneNumber.Parse("+12025550199");
    private protected override IIdentitySource Source => new RecordIdentitySource(
            _records, TimeProvider.System, new NotedFailures(), NullLogger<RecordIdentitySource>.Instance);

    protected override Task<bool> BreakAsync() => Task.FromResult(_records.IsBroken = true);

    [Fact]
    public async Task Of_records_that_cannot_be_read_each_call_has_a_line_and_the_failure_is_noted()
    {
        using var lines = new LogLines();
        using var loggers = new LoggerFactory([lines]);
        var failures = new NotedFailures();
        var records = new RecordsInMemory { IsBroken = true };
        var source = new RecordIdentitySource(records, TimeProvider.System, failures, loggers.CreateLogger<RecordIdentitySource>());

        for (var i = 0; i < 3; i++)
        {
            await source.MatchAsync(new IdentityQuestion(Known, new PersonName("Lori", "Montgomery"), true), Test);
        }

        Assert.Equal([1570, 1570, 1570], lines.All.Select(line => line.Event.Id));
        Assert.Equal((0, 3), (lines.All.Count(line => line.Exception is not null), failures.All.Count));
    }

    [Fact]
    public async Task Beside_a_person_whose_script_cannot_be_compared_nobody_differs()
    {
        var records = new RecordsInMemory(
            new PersonRecord(Known, new Person(new PersonName("Lori", "Montgomery"), [], [])),
            new PersonRecord(Known, new Person(new PersonName("राजेश", "कुमार"), [], [])));
        var source = new RecordIdentitySource(
            records, TimeProvider.System, new NotedFailures(), NullLogger<RecordIdentitySource>.Instance);

        var other = await source.MatchAsync(new IdentityQuestion(Known, new PersonName("Rajesh", "Kumar"), true), Test);
        var lori = await source.MatchAsync(new IdentityQuestion(Known, new PersonName("Lori", "Montgomery"), true), Test);

        Assert.Equal((IdentityMatch.NotAvailable, false), (other.Match, other.IsSourceDown));
        Assert.Equal(IdentityMatch.Matched, lori.Match);
    }

    [Theory]
    [InlineData("Peter", "Montgomery", "exact", 100)]
    [InlineData("Lori Ann", "Montgomery", "exact", 100)]
    [InlineData("PETER", "Montgomery", "given-folded", 100)]
    [InlineData("Peter", "Smith", "family-differs", 0)]
    public async Task The_best_of_several_persons_counts_and_the_rule_is_told(string given, string family, string rule, int score)
    {
        var answer = await Source.MatchAsync(new IdentityQuestion(Known, new PersonName(given, family), true), Test);

        Assert.Equal((rule, score, "crm"), (answer.Rule, answer.Score, answer.Source?.ToString()));
    }
}

public sealed class SandboxIdentityTests : IdentitySourceContract
{
    private static readonly TestUsers _users = TestUsers.Load();

    protected override PhoneNumber Known => PhoneNumber.Parse("2001004011");
    protected override PersonName KnownName => new("Sheilakathryn", "Butrimovich");
    protected override PhoneNumber Unknown => PhoneNumber.Parse("+12025550199");
    protected override PhoneNumber Differing => NumberOf(Roles.IdentityDiffers);
    private protected override IIdentitySource Source => new SandboxIdentitySource(_users);

    private static PhoneNumber NumberOf(string role) => PhoneNumber.Parse(_users.All.First(user => user.Role == role).Number);
}

public sealed class KycMatchTests : IdentitySourceContract
{
    private SimulatedNetwork _network = null!;
    private MobileOperator _operator = null!;

    protected override PhoneNumber Known => PhoneNumber.Parse(SimulatedNetwork.Number);
    protected override PersonName KnownName => new("Ada", "Lovelace");
    protected override PhoneNumber Unknown => PhoneNumber.Parse("+12025550199");
    private protected override IIdentitySource Source => new CamaraIdentitySource(_operator, Version, NullLogger.Instance);

    private string Version { get; set; } = "v0.4";

    public override async ValueTask InitializeAsync() => (_network, _operator) = await OperatorOf.StartAsync();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _operator.Dispose();
        await _network.DisposeAsync();
    }

    protected override async Task<bool> BreakAsync()
    {
        await _network.SetFaultAsync(new JsonObject { ["status"] = new JsonObject { ["verify"] = 503 } });
        return true;
    }

    [Fact]
    public async Task The_older_path_is_asked_alike()
    {
        Version = "v0.3";

        await The_name_on_record_is_matched();

        Assert.Contains(await _network.CallsAsync(), call => call.Contains("/kyc-match/v0.3/match 200", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_operators_score_is_told_and_decides_nothing()
    {
        var answer = await Source.MatchAsync(
            new IdentityQuestion(Known, new PersonName("Ada", "Lovelase"), true, MatchPolicy.Lenient), Test);

        Assert.Equal((IdentityMatch.Differs, "family-differs", "sim"), (answer.Match, answer.Rule, answer.Source?.ToString()));
        Assert.InRange(answer.Score!.Value, 80, 99);
    }

    [Fact]
    public async Task One_token_is_good_for_many_questions()
    {
        await The_name_on_record_is_matched();
        await The_name_on_record_is_matched();

        Assert.Single(await _network.CallsAsync(), call => call.StartsWith("POST /token", StringComparison.Ordinal));
    }
}

public sealed class HttpSourceTests : IdentitySourceContract
{
    private const string Key = "0123456789abcdef0123456789abcdef";

    private readonly Answering _handler = new();

    protected override PhoneNumber Known => PhoneNumber.Parse("+12025550142");
    protected override PersonName KnownName => new("Lori", "Montgomery");
    protected override PhoneNumber Unknown => PhoneNumber.Parse("+12025550199");
    private protected override IIdentitySource Source => new HttpIdentitySource(
        new IdentitySourceOptions { Type = "http", Url = "https://crm.example.com/match", Name = "crm", Key = Key }, TimeProvider.System,
        NullLogger.Instance, _handler);

    protected override Task<bool> BreakAsync()
    {
        _handler.Fixed = "nonsense";
        return Task.FromResult(true);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"match":"yes"}""")]
    [InlineData("""{"match":true}""")]
    [InlineData("[]")]
    public async Task What_is_none_of_the_three_words_is_no_answer(string body)
    {
        _handler.Fixed = body;

        Assert.True((await Source.MatchAsync(new IdentityQuestion(Known, KnownName, true), Test)).IsSourceDown);
    }

    [Fact]
    public async Task A_redirect_is_not_followed_and_is_no_answer()
    {
        _handler.Status = System.Net.HttpStatusCode.Redirect;

        Assert.True((await Source.MatchAsync(new IdentityQuestion(Known, KnownName, true), Test)).IsSourceDown);
    }

    [Fact]
    public async Task A_rule_that_could_be_a_name_is_not_taken()
    {
        _handler.Fixed = """{"match":"differs","rule":"Lori Montgomery","score":12}""";

        var answer = await Source.MatchAsync(new IdentityQuestion(Known, KnownName, true), Test);

        Assert.Equal((IdentityMatch.Differs, null, 12), (answer.Match, answer.Rule, answer.Score));
    }

    /// <summary>Checks the signature as the documentation says and answers.</summary>
    private sealed class Answering : HttpMessageHandler
    {
        public string? Fixed { get; set; }

        public System.Net.HttpStatusCode Status { get; set; } = System.Net.HttpStatusCode.OK;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
            var signed = HMACSHA256.HashData(
                System.Text.Encoding.UTF8.GetBytes(Key),
                (byte[])[.. System.Text.Encoding.UTF8.GetBytes(request.Headers.GetValues("Countersign-Timestamp").Single() + "."),
                    .. body]);
            Assert.Equal("v1=" + Convert.ToHexStringLower(signed), request.Headers.GetValues("Countersign-Signature").Single());
            var asked = JsonNode.Parse(body)!;
            var word = (string)asked["phoneNumber"]! != "+12025550142" ? "not_available"
                : (string)asked["lastName"]! == "Montgomery" ? "matched" : "differs";
            return new HttpResponseMessage(Status) { Content = new StringContent(Fixed ?? $$"""{"match":"{{word}}"}""") };
        }
    }
}

/// <summary>The simulated operator, and a server's side of it.</summary>
internal static class OperatorOf
{
    public static async Task<(SimulatedNetwork Network, MobileOperator Operator)> StartAsync()
    {
        var network = await SimulatedNetwork.StartAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await network.RegisterAsync("https://id.example.com/operators/sim/callback", key.ExportSubjectPublicKeyInfoPem());
        var settings = OperatorSettings.Read(
            new Dictionary<string, OperatorOptions>
            {
                ["sim"] = new()
                {
                    Issuer = network.Origin, ClientId = SimulatedNetwork.ClientId, PrivateKey = key.ExportPkcs8PrivateKeyPem(),
                    Purpose = "FraudPreventionAndDetection",
                },
            });
        return (network, new MobileOperator(settings[0], TimeProvider.System, NullLogger.Instance));
    }
}

/// <summary>Records that need no database.</summary>
internal sealed class RecordsInMemory(params PersonRecord[] records) : IPersonRecords
{
    public bool IsBroken { get; set; }

    public Task<IReadOnlyList<KeptRecord>> FindAsync(
        PhoneNumber number, DateTimeOffset now, CancellationToken cancellationToken) => IsBroken
        ? throw new InvalidOperationException("The store is away.")
        : Task.FromResult<IReadOnlyList<KeptRecord>>(
            [.. records.Where(record => record.Number == number).Select(record => new KeptRecord(record, SourceName.Parse("crm"), 1))]);

    public Task<IReadOnlyList<RecordSource>> ListSourcesAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<int> RemoveAsync(PhoneNumber number, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<int> RemoveAsync(SourceName source, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<int> RemoveOutdatedAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
