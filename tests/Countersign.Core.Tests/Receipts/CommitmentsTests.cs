using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.Receipts;

namespace Countersign.Core.Tests.Receipts;

public sealed class CommitmentsTests
{
    private static readonly Flow _flow = Sample.Flow() with { ReceiptSeed = Disclosure.NewSeed(), ClientRequestId = "order-1" };

    [Fact]
    public void A_flow_commits_to_its_number_the_name_it_was_asked_for_and_the_relying_partys_ids() => Assert.Equal(
        ["phoneNumber", "firstName", "lastName", "clientRequestId"], Commitments.Of(_flow).Select(disclosure => disclosure.Name));

    [Fact]
    public void What_it_does_not_have_it_does_not_commit_to() => Assert.Equal(
        ["phoneNumber"], Commitments.Of(_flow with { Name = null, ClientRequestId = null }).Select(disclosure => disclosure.Name));

    [Fact]
    public void The_order_of_digests_does_not_tell_which_is_which()
    {
        var disclosures = Commitments.Of(_flow);

        var digests = Commitments.DigestsOf(disclosures);

        Assert.Equal(digests.Order(StringComparer.Ordinal), digests);
        Assert.Equal(digests, Commitments.DigestsOf(disclosures.Reverse()));
        Assert.Equal(4, digests.Distinct().Count());
    }

    [Fact]
    [Trait("attack", "T09")]
    public void Another_number_is_another_digest()
    {
        var changed = _flow with { Number = PhoneNumber.Parse("+12025550143") };

        Assert.NotEqual(Commitments.Of(_flow)[0].Digest, Commitments.Of(changed)[0].Digest);
        Assert.Equal(Commitments.Of(_flow)[1].Digest, Commitments.Of(changed)[1].Digest);
    }

    [Fact]
    public void An_outcome_keeps_the_digests_and_nothing_that_opens_them()
    {
        var outcome = Outcome.Of(_flow, [], null, null);

        Assert.Equal(Commitments.DigestsOf(Commitments.Of(_flow)), outcome.Commitments);
        Assert.DoesNotContain(
            _flow.ReceiptSeed!.Value.Reveal(), System.Text.Json.JsonSerializer.Serialize(outcome), StringComparison.Ordinal);
    }

    [Fact]
    public void A_flow_of_a_version_without_receipts_commits_to_nothing()
    {
        var former = _flow with { ReceiptSeed = null };

        Assert.Empty(Commitments.Of(former));
        Assert.Null(Outcome.Of(former, [], null, null).Commitments);
    }
}
