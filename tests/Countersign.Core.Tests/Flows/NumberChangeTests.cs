using Countersign.Core.Flows;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Numbers;
using Countersign.Core.Possession;
using Countersign.Core.PreFill;
using Countersign.Core.Projects;
using Countersign.Core.Tests.Fakes;
using Countersign.Core.Unify;
using Countersign.Core.VerifiedUser;

namespace Countersign.Core.Tests.Flows;

public sealed class NumberChangeTests
{
    private static readonly PhoneNumber _other = PhoneNumber.Parse("+12025550143");

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("2025550142")]
    [InlineData("+1 (202) 555-0142")]
    [InlineData("202.555.0142")]
    public async Task The_flows_own_number_in_any_spelling_is_no_change(string? typed) =>
        Assert.Equal(new NumberVerdict.Unchanged(), await JudgeAsync(PreFill(), typed, NotAsked.Port<INumberAdmission>()));

    public static TheoryData<Admission, NumberRefusal?> Admissions => new()
    {
        { new Admission.Admitted(_other), null },
        { new Admission.Admitted(_other, NoText: "a fixed line"), NumberRefusal.NoText },
        { new Admission.Refused("not enabled"), NumberRefusal.NotAdmitted },
        { new Admission.Admitted(_other, Country: "CA"), NumberRefusal.NotAdmitted },
        { new Admission.OtherProduct(), NumberRefusal.OtherProduct },
        { new Admission.UnknownTestUser(), NumberRefusal.UnknownTestUser },
    };

    [Theory]
    [MemberData(nameof(Admissions))]
    public async Task Another_number_has_to_be_admitted(Admission admission, NumberRefusal? expected)
    {
        var verdict = await JudgeAsync(PreFill(), "(202) 555-0143", new Admits(admission));

        Assert.Equal(expected, (verdict as NumberVerdict.Refused)?.Why);
        Assert.Equal(expected is null ? "2025550143" : null, (verdict as NumberVerdict.Changed)?.Text);
    }

    [Fact]
    public async Task What_is_too_long_is_asked_for_as_what_is_no_number()
    {
        var admission = new Admits(new Admission.Refused("is no number"));

        await JudgeAsync(PreFill(), new string('2', NumberChange.MaxCharacters + 1), admission);

        Assert.Equal([("", NumberUse.PreFill)], admission.Asked);
    }

    [Theory]
    [InlineData("(202) 555-0143")]
    [InlineData("(202)   555   -   0143          ")]
    public async Task A_number_is_asked_for_without_its_punctuation_up_to_32_characters(string typed)
    {
        var admission = new Admits(new Admission.Admitted(_other));

        await JudgeAsync(PreFill(), typed, admission);

        Assert.Equal([("2025550143", NumberUse.PreFill)], admission.Asked);
    }

    [Fact]
    public async Task In_some_flows_the_number_is_fixed()
    {
        Flow[] all =
        [
            Sample.Flow(),
            PreFill() with { Tail = new UnifyProgress(new UnifyState.AwaitingPossession(), AskedFor: Guid.NewGuid()) },
            PreFill() with { TakesNoText = true },
        ];

        foreach (var flow in all)
        {
            Assert.Equal(
                new NumberVerdict.Refused(NumberRefusal.Fixed), await JudgeAsync(flow, "2025550143", NotAsked.Port<INumberAdmission>()));
        }
    }

    [Theory]
    [InlineData(2, null)]
    [InlineData(3, NumberRefusal.NoneLeft)]
    public async Task A_number_is_changed_three_times(int made, NumberRefusal? expected)
    {
        var flow = PreFill() with
        {
            Possession = new PossessionState.Challenged(
                new PossessionPlan(PossessionMethod.Otp), Sample.Challenge(), NumberChanges: made),
        };

        var verdict = await JudgeAsync(flow, "2025550143", new Admits(new Admission.Admitted(_other)));

        Assert.Equal(expected, (verdict as NumberVerdict.Refused)?.Why);
    }

    [Fact]
    public async Task Once_possession_is_decided_no_number_is_another()
    {
        var decided = PreFill() with { Possession = new PossessionState.Failed(PossessionFailure.GivenUp) };

        Assert.Equal(new NumberVerdict.Unchanged(), await JudgeAsync(decided, "2025550143", NotAsked.Port<INumberAdmission>()));
    }

    [Fact]
    public void What_was_given_for_the_former_number_is_asked_for_again()
    {
        var flow = PreFill() with
        {
            Tail = new PreFillProgress(
                StartShape.PreFill, new PreFillState.AwaitingPossession(), PartialDate.Parse("1981-01"), Ssn.Parse("0596")),
        };

        var changed = new NumberVerdict.Changed(_other, "2025550143", StartShape.Identity).In(flow);

        Assert.Equal((_other, "2025550143"), (changed.Number, changed.NumberAsGiven));
        Assert.Equal(new PreFillProgress(StartShape.Identity, new PreFillState.AwaitingPossession()), changed.Tail);
    }

    [Theory]
    [InlineData(Product.VerifiedUsers, NumberChangeTerms.Permitted, true)]
    [InlineData(Product.PreFill, NumberChangeTerms.Permitted, false)]
    [InlineData(Product.PreFill, NumberChangeTerms.NotPermitted, true)]
    [InlineData(Product.PreFill, NumberChangeTerms.NotWanted, true)]
    [InlineData(Product.Unify, NumberChangeTerms.Permitted, false)]
    [InlineData(Product.Unify, NumberChangeTerms.NotPermitted, true)]
    [InlineData(Product.Unify, NumberChangeTerms.NotWanted, true)]
    public void Another_number_is_taken_where_product_project_and_call_permit_it(Product product, NumberChangeTerms terms, bool isFixed) =>
        Assert.Equal(isFixed, NumberChange.IsFixed(FlowOf(product, terms)));

    [Theory]
    [InlineData(NumberChangeTerms.NotPermitted, 1)]
    [InlineData(NumberChangeTerms.NotWanted, 0)]
    [InlineData(NumberChangeTerms.Permitted, 0)]
    public void A_missing_permission_is_written_down_once(NumberChangeTerms terms, int facts)
    {
        var refused = new NumberVerdict.Refused(NumberRefusal.Fixed);

        var flow = refused.In(refused.In(FlowOf(Product.Unify, terms), Sample.Now), Sample.Now);

        Assert.Equal(facts, flow.Timeline.Count(fact => fact.Code == FlowEventCode.PermissionMissing));
    }

    [Fact]
    public void A_flow_of_another_number_says_so()
    {
        var flow = FlowOf(Product.Unify, NumberChangeTerms.Permitted);

        var changed = new NumberVerdict.Changed(PhoneNumber.Parse("+12025550143"), "2025550143").In(flow);

        Assert.Equal((false, true), (flow.IsNumberChanged, changed.IsNumberChanged));
    }

    private static Flow FlowOf(Product product, NumberChangeTerms terms) => Sample.Flow() with
    {
        NumberChange = terms,
        Tail = product switch
        {
            Product.PreFill => new PreFillProgress(StartShape.PreFill, new PreFillState.AwaitingPossession()),
            Product.Unify => new UnifyProgress(new UnifyState.AwaitingPossession()),
            _ => new VerifiedUserState.AwaitingPossession(),
        },
    };

    private static Flow PreFill() => Sample.Flow() with
    {
        Name = null,
        Tail = new PreFillProgress(StartShape.PreFill, new PreFillState.AwaitingPossession()),
    };

    private static ValueTask<NumberVerdict> JudgeAsync(Flow flow, string? typed, INumberAdmission admission) =>
        new NumberChange(admission, new TenDigits(), new PossessionOptions()).JudgeAsync(
            flow, typed, new ProjectSettings { Countries = ["US"] }, Test);
}
