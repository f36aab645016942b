namespace Countersign.Client;

/// <summary>How a unify flow stands.</summary>
/// <remarks>
/// An open set: a server may answer a value that this version has no name for. Compare with <see cref="True"/> and treat everything
/// else as not proven.
/// </remarks>
public readonly record struct UnifyOutcome
{
    private readonly string? _value;

    /// <summary>A value by its name in the contract.</summary>
    /// <param name="value">The name exactly as the contract spells it, such as <c>possession_required</c>.</param>
    /// <exception cref="ArgumentException"><paramref name="value"/> is null, empty or white space.</exception>
    public UnifyOutcome(string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value);
        _value = value;
    }

    /// <summary>The person holds the phone, or this device was tied to it before. Final.</summary>
    public static UnifyOutcome True { get; } = new("true");

    /// <summary>Possession was not proven. Final.</summary>
    public static UnifyOutcome False { get; } = new("false");

    /// <summary>Not decided yet: ask again.</summary>
    public static UnifyOutcome Pending { get; } = new("pending");

    /// <summary>
    /// With <see cref="FlowType.None"/>: check possession yourself, then say so with <see cref="IUnifyOperations.BindAsync"/>.
    /// </summary>
    public static UnifyOutcome PossessionRequired { get; } = new("possession_required");

    /// <summary>The flow ended undecided, because its 15 minutes passed. Final. Only <c>WaitForResultAsync</c> says this.</summary>
    public static UnifyOutcome Expired { get; } = new("expired");

    /// <summary>The name in the contract; empty for the default value.</summary>
    public string Value => _value ?? "";

    /// <summary>Whether it is known that the outcome cannot change any more: true, false or expired.</summary>
    public bool IsFinal => this == True || this == False || this == Expired;

    /// <inheritdoc cref="Value"/>
    public override string ToString() => Value;
}
