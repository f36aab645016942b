namespace Countersign.Client;

/// <summary>How well what was given fits what data sources know.</summary>
/// <remarks>An open set: a server may answer a value that this version has no name for.</remarks>
public readonly record struct IdvConfidence
{
    private readonly string? _value;

    /// <summary>A value by its name in the contract.</summary>
    /// <param name="value">The name exactly as the contract spells it, such as <c>high</c>.</param>
    /// <exception cref="ArgumentException"><paramref name="value"/> is null, empty or white space.</exception>
    public IdvConfidence(string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value);
        _value = value;
    }

    /// <summary>It fits.</summary>
    public static IdvConfidence High { get; } = new("high");

    /// <summary>It does not, or too little is known.</summary>
    public static IdvConfidence Low { get; } = new("low");

    /// <summary>The name in the contract; empty for the default value.</summary>
    public string Value => _value ?? "";

    /// <inheritdoc cref="Value"/>
    public override string ToString() => Value;
}
