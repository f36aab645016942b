namespace Countersign.Client;

/// <summary>Whether the person has proven that they hold the phone.</summary>
/// <remarks>An open set: a server may answer a value that this version has no name for.</remarks>
public readonly record struct PossessionResult
{
    private readonly string? _value;

    /// <summary>A value by its name in the contract.</summary>
    /// <param name="value">The name exactly as the contract spells it, such as <c>pending</c>.</param>
    /// <exception cref="ArgumentException"><paramref name="value"/> is null, empty or white space.</exception>
    public PossessionResult(string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value);
        _value = value;
    }

    /// <summary>Possession was proven.</summary>
    public static PossessionResult Success { get; } = new("success");

    /// <summary>Possession was not proven, and the flow allows no further try.</summary>
    public static PossessionResult Failed { get; } = new("failed");

    /// <summary>The check has not ended.</summary>
    public static PossessionResult Pending { get; } = new("pending");

    /// <summary>The flow has no possession check (<see cref="FlowType.None"/>).</summary>
    public static PossessionResult NotApplicable { get; } = new("not_applicable");

    /// <summary>The name in the contract; empty for the default value.</summary>
    public string Value => _value ?? "";

    /// <inheritdoc cref="Value"/>
    public override string ToString() => Value;
}
