namespace Countersign.Client;

/// <summary>Whether the names belong to the phone.</summary>
/// <remarks>An open set: a server may answer a value that this version has no name for.</remarks>
public readonly record struct VerifyResult
{
    private readonly string? _value;

    /// <summary>A value by its name in the contract.</summary>
    /// <param name="value">The name exactly as the contract spells it, such as <c>pending</c>.</param>
    /// <exception cref="ArgumentException"><paramref name="value"/> is null, empty or white space.</exception>
    public VerifyResult(string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value);
        _value = value;
    }

    /// <summary>The names belong to the phone.</summary>
    public static VerifyResult Success { get; } = new("success");

    /// <summary>The names do not belong to the phone, could not be compared, or possession failed before.</summary>
    public static VerifyResult Failed { get; } = new("failed");

    /// <summary>The comparison has not ended; it starts only after possession succeeded.</summary>
    public static VerifyResult Pending { get; } = new("pending");

    /// <summary>Nothing was compared, because possession failed. Some servers say this instead of <see cref="Failed"/>.</summary>
    public static VerifyResult NotApplicable { get; } = new("not_applicable");

    /// <summary>The name in the contract; empty for the default value.</summary>
    public string Value => _value ?? "";

    /// <inheritdoc cref="Value"/>
    public override string ToString() => Value;
}
