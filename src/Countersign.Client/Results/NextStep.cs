namespace Countersign.Client;

/// <summary>What a pre-fill flow expects next.</summary>
/// <remarks>An open set: a server may answer a value that this version has no name for.</remarks>
public readonly record struct NextStep
{
    private readonly string? _value;

    /// <summary>A value by its name in the contract.</summary>
    /// <param name="value">The name exactly as the contract spells it, such as <c>v3-challenge</c>.</param>
    /// <exception cref="ArgumentException"><paramref name="value"/> is null, empty or white space.</exception>
    public NextStep(string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value);
        _value = value;
    }

    /// <summary>Possession is not decided: ask <see cref="IPreFillOperations.ValidateAsync"/>.</summary>
    public static NextStep Validate { get; } = new("v3-validate");

    /// <summary>Possession is proven: go on with <see cref="IPreFillOperations.ChallengeAsync"/>.</summary>
    public static NextStep Challenge { get; } = new("v3-challenge");

    /// <summary>Go on with <see cref="IPreFillOperations.CompleteAsync"/>.</summary>
    public static NextStep Complete { get; } = new("v3-complete");

    /// <summary>The flow has ended.</summary>
    public static NextStep Done { get; } = new("done");

    /// <summary>The name in the contract; empty for the default value.</summary>
    public string Value => _value ?? "";

    /// <inheritdoc cref="Value"/>
    public override string ToString() => Value;
}
