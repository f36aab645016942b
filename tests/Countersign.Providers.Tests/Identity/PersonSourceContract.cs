using Countersign.Core;
using Countersign.Core.IdentityMatching;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Core.Names;
using Countersign.Providers.Numbers;
using Countersign.Providers.Records;
using Countersign.Providers.Sandbox;
using Countersign.Providers.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Countersign.Providers.Tests.Identity;

/// <summary>What every source of persons promises: a record is given to whom it belongs and to nobody else.</summary>
public abstract class PersonSourceContract
{
    protected static readonly PartialDate BirthDate = PartialDate.Parse("1980-05-06");

    protected static CancellationToken Test => TestContext.Current.CancellationToken;

    /// <summary>Somebody whom the source knows, born on <see cref="Born"/>.</summary>
    protected abstract PhoneNumber Known { get; }

    protected abstract PartialDate Born { get; }

    protected abstract PhoneNumber Unknown { get; }

    /// <summary>A number whose challenge is compared.</summary>
    protected virtual PhoneNumber Compared => Known;

    private protected abstract IPersonSource Source { get; }

    [Fact]
    public async Task Who_knows_the_birth_date_gets_the_record() =>
        Assert.IsType<PersonAnswer.Found>(await Source.FindAsync(Known, Born, null, Test));

    [Fact]
    public async Task Who_does_not_gets_nothing() =>
        Assert.True(
            Assert.IsType<PersonAnswer.Differs>(
                await Source.FindAsync(Compared, PartialDate.Parse("1901-01-01"), null, Test)).IsInBirthDate);

    [Fact]
    public async Task Of_nobody_on_record_nothing_is_found()
    {
        Assert.IsType<PersonAnswer.NotFound>(await Source.FindAsync(Unknown, Born, null, Test));
        Assert.IsType<PersonCheck.NotFound>(await Source.CheckAsync(Unknown, Described("Lori", "Montgomery"), MatchPolicy.Standard, Test));
    }

    protected static Person Described(string given, string family) => new(new PersonName(given, family), [], []);
}

public sealed class RecordedPersonsTests : PersonSourceContract
{
    private static readonly PhoneNumber _twins = PhoneNumber.Parse("+12025550143");

    private readonly RecordsInMemory _records = new(
        Record(PhoneNumber.Parse("+12025550142"), "Lori", "1980-05-06"), Record(PhoneNumber.Parse("+12025550142"), "Peter", "1979-01-02"),
        Record(_twins, "Anna", "2000-02-03"), Record(_twins, "Hanna", "2000-02-03"));

    protected override PhoneNumber Known => PhoneNumber.Parse("+12025550142");
    protected override PartialDate Born => BirthDate;
    protected override PhoneNumber Unknown => PhoneNumber.Parse("+12025550199");
    private protected override IPersonSource Source => new RecordPersonSource(
            _records, TimeProvider.System, new NotedFailures(), NullLogger<RecordPersonSource>.Instance);

    [Fact]
    public async Task Of_several_persons_the_one_who_was_born_then_is_given()
    {
        var answer = Assert.IsType<PersonAnswer.Found>(await Source.FindAsync(Known, PartialDate.Parse("1979-01-02"), null, Test));

        Assert.Equal("Peter", answer.Person.Name!.Given);
    }

    [Fact]
    public async Task Of_twins_nobody_is_given() =>
        Assert.IsType<PersonAnswer.Differs>(await Source.FindAsync(_twins, PartialDate.Parse("2000-02-03"), null, Test));

    [Fact]
    public async Task A_description_is_held_against_the_person_it_fits_best()
    {
        var check = Assert.IsType<PersonCheck.Compared>(
            await Source.CheckAsync(
                Known, Described("Peter", "Montgomery") with { BirthDate = PartialDate.Parse("1979-01-02") }, MatchPolicy.Standard, Test));

        Assert.True(check.Comparison.IsConfirmed);
        Assert.False(Assert.IsType<PersonCheck.Compared>(
            await Source.CheckAsync(Known, Described("Peter", "Smith"), MatchPolicy.Standard, Test)).Comparison.IsConfirmed);
    }

    [Fact]
    public async Task When_the_store_is_away_nobody_is_given()
    {
        _records.IsBroken = true;

        Assert.IsType<PersonAnswer.SourceDown>(await Source.FindAsync(Known, Born, null, Test));
        Assert.IsType<PersonCheck.SourceDown>(await Source.CheckAsync(Known, Described("Lori", "Montgomery"), MatchPolicy.Standard, Test));
    }

    private static PersonRecord Record(PhoneNumber number, string given, string birthDate) =>
        new(number, new Person(new PersonName(given, "Montgomery"), [], [], PartialDate.Parse(birthDate)));
}

public sealed class SandboxPersonsTests : PersonSourceContract
{
    private static readonly TestUsers _users = TestUsers.Load();

    protected override PhoneNumber Known => Of(Roles.ChallengeCompared);
    protected override PartialDate Born => _users.Find(Known)!.Record.BirthDate!;
    protected override PhoneNumber Unknown => PhoneNumber.Parse("+12025550199");
    private protected override IPersonSource Source => new SandboxPersonSource(_users);

    private static PhoneNumber Of(string role) => PhoneNumber.Parse(_users.All.First(user => user.Role == role).Number);
}
