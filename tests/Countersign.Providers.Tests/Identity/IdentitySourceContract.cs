using Countersign.Core;
using Countersign.Core.IdentityMatching;

namespace Countersign.Providers.Tests.Identity;

/// <summary>What every identity source promises. A source under test knows one person, and one number of which it has no record.</summary>
public abstract class IdentitySourceContract : IAsyncLifetime
{
    protected static CancellationToken Test => TestContext.Current.CancellationToken;

    /// <summary>Somebody whom the source knows by <see cref="KnownName"/>.</summary>
    protected static ProjectId Shop { get; } = ProjectId.Parse("shop");

    protected abstract PhoneNumber Known { get; }

    protected abstract PersonName KnownName { get; }

    /// <summary>A number of which the source has no record.</summary>
    protected abstract PhoneNumber Unknown { get; }

    /// <summary>A number of the source whose answer to another name is "differs".</summary>
    protected virtual PhoneNumber Differing => Known;

    private protected abstract IIdentitySource Source { get; }

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Makes that the source cannot be asked; false where it cannot fail.</summary>
    protected virtual Task<bool> BreakAsync() => Task.FromResult(false);

    [Fact]
    public async Task The_name_on_record_is_matched() => Assert.Equal(IdentityMatch.Matched, (await AskAsync(Known, KnownName)).Match);

    [Fact]
    public async Task Another_name_differs() =>
        Assert.Equal(IdentityMatch.Differs, (await AskAsync(Differing, new PersonName("Zebedee", "Quartermain"))).Match);

    [Fact]
    public async Task Of_nobody_on_record_nothing_is_said()
    {
        var answer = await AskAsync(Unknown, KnownName);

        Assert.Equal((IdentityMatch.NotAvailable, false), (answer.Match, answer.IsSourceDown));
    }

    [Fact]
    [Trait("attack", "I04")]
    public async Task A_source_that_cannot_be_asked_says_so_and_never_guesses()
    {
        if (!await BreakAsync())
        {
            return;
        }

        var answer = await AskAsync(Known, KnownName);

        Assert.Equal((IdentityMatch.NotAvailable, true), (answer.Match, answer.IsSourceDown));
    }

    [Theory]
    [InlineData("\u202e\u200b", "\ud83d\ude00")]
    [InlineData("a", "b")]
    [InlineData("'; DROP TABLE person_records; --", "<script>")]
    public async Task Whatever_the_name_is_it_is_no_exception(string given, string family) =>
        Assert.NotEqual(IdentityMatch.Matched, (await AskAsync(Differing, new PersonName(given, family))).Match);

    [Fact]
    public async Task An_answer_holds_nothing_of_a_name()
    {
        var answer = await AskAsync(Known, KnownName);

        Assert.DoesNotContain(KnownName.Family, $"{answer} {answer.Rule} {answer.Source}", StringComparison.OrdinalIgnoreCase);
    }

    private Task<IdentityAnswer> AskAsync(PhoneNumber number, PersonName name) =>
        Source.MatchAsync(new IdentityQuestion(number, Shop, name, IsPossessionProven: true), Test);
}
