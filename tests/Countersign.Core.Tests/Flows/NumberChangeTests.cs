using Countersign.Core.Flows;
using Countersign.Core.PreFill;
using Countersign.Core.Unify;
using Countersign.Core.VerifiedUser;

namespace Countersign.Core.Tests.Flows;

public sealed class NumberChangeTests
{
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
}
