namespace Countersign.Core.Possession;

/// <summary>The methods that flows of each type and product begin with.</summary>
public static class FlowTypePlans
{
    /// <summary>The possession that a new flow of this type and product starts with.</summary>
    /// <param name="takesNoText">True where no text arrives at the flow's line: a code has no place among its methods then.</param>
    public static PossessionState ToPossession(this FlowType type, Product product = Product.VerifiedUsers, bool takesNoText = false) =>
        PlanOf(type, product) is { } plan
            ? new PossessionState.Ready(takesNoText ? plan.WithoutCode() : plan)
            : new PossessionState.NotApplicable();

    private static PossessionPlan? PlanOf(FlowType type, Product product) => (type, product) switch
    {
        (FlowType.Desktop, _) => PossessionPlan.Desktop,
        (FlowType.Mobile, Product.Unify) => PossessionPlan.KnownDeviceThenMobile,
        (FlowType.Mobile, _) => PossessionPlan.Mobile,
        (_, Product.Unify) => PossessionPlan.KnownDevice,
        _ => null,
    };
}
