namespace Countersign.Client;

/// <summary>How a verification stands as a whole.</summary>
/// <remarks>
/// An open set: a server may answer a value that this version has no name for. Compare with <see cref="True"/> and treat everything
/// else as not verified.
/// </remarks>
public readonly record struct VerificationOutcome
{
    private readonly string? _value;

    /// <summary>A value by its name in the contract.</summary>
    /// <param name="value">The name exactly as the contract spells it, such as <c>pending</c>.</param>
    /// <exception cref="ArgumentException"><paramref name="value"/> is null, empty or white space.</exception>
    public VerificationOutcome(string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value);
        _value = value;
    }

    /// <summary>The person holds the phone, and the names belong to it. Final.</summary>
    public static VerificationOutcome True { get; } = new("true");

    /// <summary>Possession was not proven, or the names do not belong to the phone. Final.</summary>
    public static VerificationOutcome False { get; } = new("false");

    /// <summary>Not decided yet: ask again.</summary>
    public static VerificationOutcome Pending { get; } = new("pending");

    /// <summary>The flow ended undecided, because its 15 minutes passed. Final. Only <c>WaitForResultAsync</c> says this.</summary>
    public static VerificationOutcome Expired { get; } = new("expired");

    /// <summary>The name in the contract; empty for the default value.</summary>
    public string Value => _value ?? "";

    /// <summary>Whether it is known that the outcome cannot change any more: true, false or expired.</summary>
    public bool IsFinal => this == True || this == False || this == Expired;

    /// <inheritdoc cref="Value"/>
    public override string ToString() => Value;
}
