namespace Countersign.Client;

/// <summary>What a one-call verification is to find out.</summary>
/// <remarks>An open set: <see langword="new"/> makes a value that this version has no name for.</remarks>
public readonly record struct VerificationType
{
    private readonly string? _value;

    /// <summary>A value by its name in the contract.</summary>
    /// <param name="value">The name exactly as the contract spells it, such as <c>verifiedUser</c>.</param>
    /// <exception cref="ArgumentException"><paramref name="value"/> is null, empty or white space.</exception>
    public VerificationType(string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value);
        _value = value;
    }

    /// <summary>Do the names belong to the number? Needs both names.</summary>
    public static VerificationType VerifiedUser { get; } = new("verifiedUser");

    /// <summary>As <see cref="VerifiedUser"/>, for a new account. Needs both names.</summary>
    public static VerificationType AccountOpening { get; } = new("accountOpening");

    /// <summary>Is there a person behind the number?</summary>
    public static VerificationType HumanAssurance { get; } = new("humanAssurance");

    /// <summary>Who is behind the number?</summary>
    public static VerificationType PreFill { get; } = new("prefill");

    /// <summary>Which businesses are behind the number?</summary>
    public static VerificationType PreFillForBusiness { get; } = new("prefillForBiz");

    /// <summary>Which identities are behind the number?</summary>
    public static VerificationType IdentityResolution { get; } = new("identityResolution");

    /// <summary>The name in the contract; empty for the default value.</summary>
    public string Value => _value ?? "";

    /// <inheritdoc cref="Value"/>
    public override string ToString() => Value;
}
