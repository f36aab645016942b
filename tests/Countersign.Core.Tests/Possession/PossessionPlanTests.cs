using Countersign.Core.Possession;

namespace Countersign.Core.Tests.Possession;

public sealed class PossessionPlanTests
{
    private static readonly PossessionPlan _mobileAuthAlone = new(PossessionMethod.MobileAuth);

    public static TheoryData<PossessionPlan, PossessionMethod, PossessionPlan> Plans => new()
    {
        { PossessionPlan.Desktop, PossessionMethod.InstantLink, PossessionPlan.Desktop },
        { PossessionPlan.Mobile, PossessionMethod.Otp, _mobileAuthAlone },
        { PossessionPlan.KnownDevice, PossessionMethod.DeviceKey, PossessionPlan.KnownDevice },
        { PossessionPlan.KnownDeviceThenMobile, PossessionMethod.Otp, new(PossessionMethod.DeviceKey, _mobileAuthAlone) },
    };

    /// <summary>A plan, its last method, and what is left of it where no code arrives.</summary>
    [Theory]
    [MemberData(nameof(Plans))]
    public void A_plan_ends_with_its_last_method_and_can_do_without_the_code(
        PossessionPlan plan, PossessionMethod last, PossessionPlan withoutCode)
    {
        Assert.Equal(last, plan.Last);
        Assert.Equal(withoutCode, plan.WithoutCode());
    }

    [Fact]
    public void A_plan_goes_on_from_a_method_of_it()
    {
        Assert.Same(PossessionPlan.Mobile, PossessionPlan.Mobile.From(PossessionMethod.MobileAuth));
        Assert.Equal(new PossessionPlan(PossessionMethod.Otp), PossessionPlan.KnownDeviceThenMobile.From(PossessionMethod.Otp));
        Assert.Null(PossessionPlan.Mobile.From(PossessionMethod.InstantLink));
    }
}
