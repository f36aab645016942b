using Countersign.Core.Enrolments;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Tests.Fakes;

namespace Countersign.Core.Tests.Enrolments;

public sealed class NumberSuccessionTests
{
    private static readonly ProjectId _shop = ProjectId.Parse("shop");
    private static readonly PhoneNumber _line = PhoneNumber.Parse("+12025550142");

    private readonly StillClock _clock = new();
    private readonly MemoryIdentities _identities = new();
    private readonly Operator _operator = new();

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    private NumberSuccession Succession => new(_identities, _operator, _clock);

    [Fact]
    public async Task A_number_is_held_since_whoever_holds_it_began_and_else_since_whoever_left_it_last()
    {
        Assert.Null(await Succession.HeldSinceAsync(_shop, _line, Test));
        var first = await ObtainAsync(Sample.Now);
        await _identities.LeaveNumberAsync(_shop, first.Id, Sample.Now.AddDays(1), Test);

        Assert.Equal(Sample.Now, await Succession.HeldSinceAsync(_shop, _line, Test));
        await ObtainAsync(Sample.Now.AddDays(2));
        Assert.Equal(Sample.Now.AddDays(2), await Succession.HeldSinceAsync(_shop, _line, Test));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(null, false)]
    public async Task Who_began_after_the_last_verification_leaves_a_number_that_changed_hands_since_where_that_is_known(
        bool? wasRecycled, bool leaves)
    {
        var person = await ObtainAsync(Sample.Now);
        _operator.WasRecycled = wasRecycled;
        _clock.Now = Sample.Now.AddDays(1);

        await Succession.PassOnAsync(_shop, _line, heldSince: Sample.Now.AddDays(-1), Test);

        Assert.Equal(leaves ? _clock.Now : null, Assert.Single(_identities.Kept).LeftNumberAt);
        Assert.Equal([new RiskQuestion(_line, person.CreatedAt)], _operator.Asked);
    }

    [Fact]
    public async Task Who_had_it_before_it_went_to_somebody_else_leaves_it_whatever_the_operator_knows()
    {
        await ObtainAsync(Sample.Now);

        await Succession.PassOnAsync(_shop, _line, heldSince: Sample.Now, Test);

        Assert.False(Assert.Single(_identities.Kept).HoldsNumber);
        Assert.Empty(_operator.Asked);
    }

    private Task<ProjectIdentity> ObtainAsync(DateTimeOffset at) => _identities.ObtainAsync(_shop, _line, at, Test);

    private sealed class Operator : IPhoneRiskSource
    {
        public bool? WasRecycled { get; set; }

        public List<RiskQuestion> Asked { get; } = [];

        public Task<PhoneRisk> AssessAsync(RiskQuestion question, CancellationToken cancellationToken)
        {
            Asked.Add(question);
            return Task.FromResult(PhoneRisk.Unknown with { WasRecycled = WasRecycled });
        }
    }
}
