namespace Countersign.Client;

/// <summary>What kind of device the person starts on; it decides how possession of the phone is proven.</summary>
/// <remarks>An open set: <see langword="new"/> makes a value that this version has no name for.</remarks>
public readonly record struct FlowType
{
    private readonly string? _value;

    /// <summary>A value by its name in the contract.</summary>
    /// <param name="value">The name exactly as the contract spells it, such as <c>desktop</c>.</param>
    /// <exception cref="ArgumentException"><paramref name="value"/> is null, empty or white space.</exception>
    public FlowType(string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value);
        _value = value;
    }

    /// <summary>The person sits at a computer: the phone gets a link, and <see cref="VerifyRequest.FinalTargetUrl"/> is required.</summary>
    public static FlowType Desktop { get; } = new("desktop");

    /// <summary>The person holds the phone: the network confirms the number, else a code is sent.</summary>
    public static FlowType Mobile { get; } = new("mobile");

    /// <summary>Possession is not checked; the answer is final at once and has no auth token.</summary>
    public static FlowType None { get; } = new("none");

    /// <summary>The name in the contract; empty for the default value.</summary>
    public string Value => _value ?? "";

    /// <inheritdoc cref="Value"/>
    public override string ToString() => Value;
}
