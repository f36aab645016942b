using Countersign.Core;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Names;
using Countersign.Providers.Identity;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Providers.Tests.Identity;

/// <summary>The table of docs/identity-sources.md.</summary>
public sealed class IdentityChainTests
{
    private static readonly IdentityQuestion _question = new(
        PhoneNumber.Parse("+12025550142"), ProjectId.Parse("shop"), new PersonName("Lori", "Montgomery"), true);

    // m matched, d differs, n no record, x down; the rule of the first source; the answer; how many were asked.
    [Theory]
    [Trait("attack", "I04")]
    [InlineData("md", StopRule.Answer, 'm', 1)]
    [InlineData("dm", StopRule.Answer, 'd', 1)]
    [InlineData("nm", StopRule.Answer, 'm', 2)]
    [InlineData("nd", StopRule.Answer, 'd', 2)]
    [InlineData("nn", StopRule.Answer, 'n', 2)]
    [InlineData("xm", StopRule.Answer, 'm', 2)]
    [InlineData("xd", StopRule.Answer, 'd', 2)]
    [InlineData("xn", StopRule.Answer, 'x', 2)]
    [InlineData("nx", StopRule.Answer, 'x', 2)]
    [InlineData("xx", StopRule.Answer, 'x', 2)]
    [InlineData("dm", StopRule.Matched, 'm', 2)]
    [InlineData("dn", StopRule.Matched, 'd', 2)]
    [InlineData("dx", StopRule.Matched, 'd', 2)]
    [InlineData("dd", StopRule.Matched, 'd', 2)]
    [InlineData("nm", StopRule.Reply, 'n', 1)]
    [InlineData("xm", StopRule.Reply, 'm', 2)]
    public async Task A_chain_answers_by_the_table(string answers, StopRule first, char expected, int asked)
    {
        var sources = answers.Select(answer => new Saying(AnswerOf(answer))).ToArray();
        var chain = new IdentityChain(
            [.. sources.Select((source, index) => Link(source, index == 0 ? first : StopRule.Answer))], TimeProvider.System,
            NullLogger.Instance);

        var answer = await chain.MatchAsync(_question, TestContext.Current.CancellationToken);

        Assert.Equal(AnswerOf(expected), answer);
        Assert.Equal(asked, sources.Count(source => source.WasAsked));
    }

    [Fact]
    public async Task A_source_that_hangs_leaves_the_others_their_time()
    {
        var time = new FakeTimeProvider();
        var chain = new IdentityChain([Link(new Hanging()), Link(new Saying(AnswerOf('m')))], time, NullLogger.Instance);

        var asking = chain.MatchAsync(_question, TestContext.Current.CancellationToken);
        Assert.False(asking.IsCompleted);
        time.Advance(IdentityChain.BudgetOfOne);

        Assert.Equal(AnswerOf('m'), await asking);
    }

    [Fact]
    public async Task A_source_that_ends_by_itself_names_itself_once()
    {
        var (time, lines) = (new FakeTimeProvider(), new LogLines());
        using var loggers = new LoggerFactory([lines]);
        using var silent = new Silent();
        using var crm = new HttpIdentitySource(
            new IdentitySourceOptions { Url = "https://crm.example.com/match", Name = "crm", Key = new string('k', 32) }, time,
            loggers.CreateLogger<HttpIdentitySource>(), silent);
        var chain = new IdentityChain(
            [new IdentityLink(SourceName.Parse("crm"), crm, StopRule.Answer)], time, loggers.CreateLogger("chain"));

        var asking = chain.MatchAsync(_question, TestContext.Current.CancellationToken);
        await silent.Asked;
        time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(IdentityAnswer.SourceDown with { Source = SourceName.Parse("crm") }, await asking);
        Assert.Equal("Identity source crm could not be asked: it took too long", Assert.Single(lines.All).Text);
    }

    [Fact]
    public async Task A_source_that_does_not_end_is_named_by_the_chain()
    {
        var (time, lines) = (new FakeTimeProvider(), new LogLines());
        using var loggers = new LoggerFactory([lines]);
        var sources = new[] { new Hanging(), new Hanging(), new Hanging() };
        var names = new[] { "east", "west", "north" }.Select(SourceName.Parse);
        var chain = new IdentityChain(
            [.. sources.Zip(names, (source, name) => new IdentityLink(name, source, StopRule.Answer))],
            time,
            loggers.CreateLogger("chain"));

        var asking = chain.MatchAsync(_question, TestContext.Current.CancellationToken);
        foreach (var source in sources)
        {
            await source.Asked;
            // Of the whole there is less left for the third.
            time.Advance(source == sources[2] ? IdentityChain.Budget - (2 * IdentityChain.BudgetOfOne) : IdentityChain.BudgetOfOne);
        }

        Assert.Equal(IdentityAnswer.SourceDown with { Source = SourceName.Parse("east") }, await asking);
        Assert.Equal(
            [
                "Identity source east could not be asked: it took too long",
                "Identity source west could not be asked: it took too long",
                "Identity source north could not be asked: no time was left for it",
            ],
            lines.All.Select(line => line.Text));
    }

    // The same letters; with another name and without a record as many are asked, and the answers are one.
    [Theory]
    [InlineData("mn", StopRule.Answer, 'm', 1)]
    [InlineData("dn", StopRule.Answer, 'd', 2)]
    [InlineData("nn", StopRule.Answer, 'd', 2)]
    [InlineData("dm", StopRule.Answer, 'd', 2)]
    [InlineData("nm", StopRule.Answer, 'm', 2)]
    [InlineData("dx", StopRule.Answer, 'x', 2)]
    [InlineData("nx", StopRule.Answer, 'x', 2)]
    [InlineData("xd", StopRule.Answer, 'x', 2)]
    [InlineData("xn", StopRule.Answer, 'x', 2)]
    [InlineData("dx", StopRule.Matched, 'x', 2)]
    [InlineData("dm", StopRule.Matched, 'm', 2)]
    [InlineData("dm", StopRule.Reply, 'd', 1)]
    [InlineData("nm", StopRule.Reply, 'd', 1)]
    public async Task Where_a_record_is_hidden_the_answer_does_not_tell_it_nor_the_number_of_those_who_were_asked(
        string answers, StopRule first, char expected, int asked)
    {
        var sources = answers.Select(answer => new Saying(AnswerOf(answer))).ToArray();
        var chain = new IdentityChain(
            [.. sources.Select((source, index) => Link(source, index == 0 ? first : StopRule.Answer))], TimeProvider.System,
            NullLogger.Instance);

        var answer = await chain.MatchAsync(
            _question with { IsPossessionProven = false, HidesRecord = true }, TestContext.Current.CancellationToken);

        Assert.Equal(AnswerOf(expected).WithoutRecord(), answer.WithoutRecord());
        Assert.Equal(asked, sources.Count(source => source.WasAsked));
    }

    [Theory]
    [InlineData("Lori", "Montgomery", IdentityMatch.Matched)]
    [InlineData("Lori A.", "Montgomery", IdentityMatch.Matched)]
    [InlineData("Montgomery", "Lori", IdentityMatch.Matched)]
    [InlineData("L", "Montgomery", IdentityMatch.Differs)]
    [InlineData("\uFF2C.", "Montgomery", IdentityMatch.Differs)]
    [InlineData("L A", "Montgomery", IdentityMatch.Differs)]
    [InlineData("Lori", "M", IdentityMatch.Differs)]
    [InlineData("Lori", "M.", IdentityMatch.Differs)]
    [InlineData("Lori", "van M", IdentityMatch.Differs)]
    [InlineData("Montgomery", "L", IdentityMatch.Differs)]
    [InlineData("Montgomery", "L. Ann", IdentityMatch.Differs)]
    [InlineData("L", "M", IdentityMatch.Differs)]
    [InlineData("Lori", "M*", IdentityMatch.Differs)]
    [InlineData("Lori", "unknown", IdentityMatch.Differs)]
    public async Task A_source_that_takes_an_initial_is_not_believed_where_possession_is_not_proven(
        string given, string family, IdentityMatch expected)
    {
        var asked = _question with { Name = new PersonName(given, family) };
        foreach (var policy in MatchPolicy.All)
        {
            // It says so whatever it is asked: it compares by itself, by first letters, or with the two names exchanged.
            var chain = new IdentityChain([Link(new Saying(AnswerOf('m')))], TimeProvider.System, NullLogger.Instance);

            var answer = await chain.MatchAsync(
                asked with { IsPossessionProven = false, Policy = policy }, TestContext.Current.CancellationToken);
            var afterPossession = await chain.MatchAsync(asked with { Policy = policy }, TestContext.Current.CancellationToken);

            Assert.Equal((expected, IdentityMatch.Matched), (answer.Match, afterPossession.Match));
        }
    }

    private static IdentityLink Link(IIdentitySource source, StopRule stopOn = StopRule.Answer) =>
        new(SourceName.Parse("one"), source, stopOn);

    /// <summary>Takes a request and never answers.</summary>
    private sealed class Silent : HttpMessageHandler
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Asked => _asked.Task;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            _asked.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            throw new InvalidOperationException("It does not end.");
        }
    }

    private sealed class Hanging : IIdentitySource
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Asked => _asked.Task;

        public async Task<IdentityAnswer> MatchAsync(IdentityQuestion question, CancellationToken cancellationToken)
        {
            _asked.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return IdentityAnswer.SourceDown;
        }
    }

    private static IdentityAnswer AnswerOf(char letter) => letter switch
    {
        'm' => new IdentityAnswer(IdentityMatch.Matched),
        'd' => new IdentityAnswer(IdentityMatch.Differs),
        'n' => new IdentityAnswer(IdentityMatch.NotAvailable),
        _ => IdentityAnswer.SourceDown,
    };

    private sealed class Saying(IdentityAnswer answer) : IIdentitySource
    {
        public bool WasAsked { get; private set; }

        public Task<IdentityAnswer> MatchAsync(IdentityQuestion question, CancellationToken cancellationToken)
        {
            WasAsked = true;
            return Task.FromResult(answer);
        }
    }
}
