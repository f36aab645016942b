using Countersign.Core;
using Countersign.Core.IdentityMatching;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Core.Names;
using Countersign.Providers.Records;
using Countersign.Providers.Tests.Fakes;
using Countersign.Providers.Tests.Identity;
using Microsoft.Extensions.Logging.Abstractions;

namespace Countersign.Providers.Tests.Records;

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
        var answer = Assert.IsType<PersonAnswer.Found>(await Source.FindAsync(Known, Shop, PartialDate.Parse("1979-01-02"), null, Test));

        Assert.Equal("Peter", answer.Person.Name!.Given);
    }

    [Fact]
    public async Task Of_twins_nobody_is_given() =>
        Assert.IsType<PersonAnswer.Differs>(await Source.FindAsync(_twins, Shop, PartialDate.Parse("2000-02-03"), null, Test));

    [Fact]
    public async Task A_description_is_held_against_the_person_it_fits_best()
    {
        var check = Assert.IsType<PersonCheck.Compared>(
            await Source.CheckAsync(
                Known, Shop, Described("Peter", "Montgomery") with { BirthDate = PartialDate.Parse("1979-01-02") },
                MatchPolicy.Standard, Test));

        Assert.True(check.Comparison.IsConfirmed);
        Assert.False(Assert.IsType<PersonCheck.Compared>(
            await Source.CheckAsync(Known, Shop, Described("Peter", "Smith"), MatchPolicy.Standard, Test)).Comparison.IsConfirmed);
    }

    [Fact]
    public async Task When_the_store_is_away_nobody_is_given()
    {
        _records.IsBroken = true;

        Assert.IsType<PersonAnswer.SourceDown>(await Source.FindAsync(Known, Shop, Born, null, Test));
        Assert.IsType<PersonCheck.SourceDown>(
            await Source.CheckAsync(Known, Shop, Described("Lori", "Montgomery"), MatchPolicy.Standard, Test));
    }

    private static PersonRecord Record(PhoneNumber number, string given, string birthDate) =>
        new(number, new Person(new PersonName(given, "Montgomery"), [], [], PartialDate.Parse(birthDate)));
}
