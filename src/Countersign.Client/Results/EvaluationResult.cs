namespace Countersign.Client;

/// <summary>How one category of an evaluation ended.</summary>
/// <remarks>An open set: a server may answer a value that this version has no name for.</remarks>
public readonly record struct EvaluationResult
{
    private readonly string? _value;

    /// <summary>A value by its name in the contract.</summary>
    /// <param name="value">The name exactly as the contract spells it, such as <c>pass</c>.</param>
    /// <exception cref="ArgumentException"><paramref name="value"/> is null, empty or white space.</exception>
    public EvaluationResult(string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value);
        _value = value;
    }

    /// <summary>Nothing speaks against the person.</summary>
    public static EvaluationResult Pass { get; } = new("pass");

    /// <summary>Something does; <see cref="CategoryEvaluation.FailureReasons"/> says what.</summary>
    public static EvaluationResult Fail { get; } = new("fail");

    /// <summary>The name in the contract; empty for the default value.</summary>
    public string Value => _value ?? "";

    /// <inheritdoc cref="Value"/>
    public override string ToString() => Value;
}
