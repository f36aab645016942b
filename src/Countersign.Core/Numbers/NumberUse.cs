namespace Countersign.Core.Numbers;

/// <summary>What a number is to be used for: an operation, or a family of them.</summary>
public readonly record struct NumberUse(string Name)
{
    public static NumberUse VerifiedUsers { get; } = new("verified-users");

    public static NumberUse PreFill { get; } = new("pre-fill");

    public static NumberUse Unify { get; } = new("unify");

    public static NumberUse Identities { get; } = new("identities");

    public static NumberUse OneCall(VerificationType type) => new($"one-call:{type}");

    /// <summary>The use that a number given later in a flow is put to.</summary>
    public static NumberUse Of(Product product) => product switch
    {
        Product.PreFill => PreFill,
        Product.Unify => Unify,
        _ => VerifiedUsers,
    };

    public override string ToString() => Name;
}
