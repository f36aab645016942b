using Countersign.Core;
using Countersign.Core.IdentityMatching;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Providers.Records;
using Countersign.Providers.Tests.Fakes;
using Countersign.Providers.Tests.Identity;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Countersign.Providers.Tests.Records;

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
            await source.MatchAsync(new IdentityQuestion(Known, Shop, new PersonName("Lori", "Montgomery"), true), Test);
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

        var other = await source.MatchAsync(new IdentityQuestion(Known, Shop, new PersonName("Rajesh", "Kumar"), true), Test);
        var lori = await source.MatchAsync(new IdentityQuestion(Known, Shop, new PersonName("Lori", "Montgomery"), true), Test);

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
        var answer = await Source.MatchAsync(new IdentityQuestion(Known, Shop, new PersonName(given, family), true), Test);

        Assert.Equal((rule, score, "crm"), (answer.Rule, answer.Score, answer.Source?.ToString()));
    }
}
