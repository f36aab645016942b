using Countersign.Core;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Names;

namespace Countersign.Providers.Tests.Identity;

/// <summary>What every source of persons promises: a record is given to whom it belongs and to nobody else.</summary>
public abstract class PersonSourceContract
{
    protected static readonly PartialDate BirthDate = PartialDate.Parse("1980-05-06");

    protected static CancellationToken Test => TestContext.Current.CancellationToken;

    /// <summary>Somebody whom the source knows, born on <see cref="Born"/>.</summary>
    protected static ProjectId Shop { get; } = ProjectId.Parse("shop");

    protected abstract PhoneNumber Known { get; }

    protected abstract PartialDate Born { get; }

    protected abstract PhoneNumber Unknown { get; }

    /// <summary>A number whose challenge is compared.</summary>
    protected virtual PhoneNumber Compared => Known;

    private protected abstract IPersonSource Source { get; }

    [Fact]
    public async Task Who_knows_the_birth_date_gets_the_record() =>
        Assert.IsType<PersonAnswer.Found>(await Source.FindAsync(Known, Shop, Born, null, Test));

    [Fact]
    public async Task Who_does_not_gets_nothing() =>
        Assert.True(
            Assert.IsType<PersonAnswer.Differs>(
                await Source.FindAsync(Compared, Shop, PartialDate.Parse("1901-01-01"), null, Test)).IsInBirthDate);

    [Fact]
    public async Task Of_nobody_on_record_nothing_is_found()
    {
        Assert.IsType<PersonAnswer.NotFound>(await Source.FindAsync(Unknown, Shop, Born, null, Test));
        Assert.IsType<PersonCheck.NotFound>(
            await Source.CheckAsync(Unknown, Shop, Described("Lori", "Montgomery"), MatchPolicy.Standard, Test));
    }

    protected static Person Described(string given, string family) => new(new PersonName(given, family), [], []);
}
