namespace Countersign.Client;

/// <summary>How sure the server is that a person and a number belong together.</summary>
/// <remarks>An open set: a server may answer a value that this version has no name for.</remarks>
public readonly record struct AssuranceLevel
{
    private readonly string? _value;

    /// <summary>A value by its name in the contract.</summary>
    /// <param name="value">The name exactly as the contract spells it, such as <c>AL2</c>.</param>
    /// <exception cref="ArgumentException"><paramref name="value"/> is null, empty or white space.</exception>
    public AssuranceLevel(string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value);
        _value = value;
    }

    /// <summary>The number or its record cannot be trusted.</summary>
    public static AssuranceLevel MinusOne { get; } = new("AL-1");

    /// <summary>There is no record, or the name differs.</summary>
    public static AssuranceLevel Zero { get; } = new("AL0");

    /// <summary>A record exists; no name was compared.</summary>
    public static AssuranceLevel One { get; } = new("AL1");

    /// <summary>Name and number belong together.</summary>
    public static AssuranceLevel Two { get; } = new("AL2");

    /// <summary>Name and one further element do: birth date, identification number, address or e-mail.</summary>
    public static AssuranceLevel Three { get; } = new("AL3");

    /// <summary>The name in the contract; empty for the default value.</summary>
    public string Value => _value ?? "";

    private int Rank => Value switch
    {
        "AL-1" => 1,
        "AL0" => 2,
        "AL1" => 3,
        "AL2" => 4,
        "AL3" => 5,
        _ => 0,
    };

    /// <summary>Whether this level is as sure as another, or surer.</summary>
    /// <param name="level">The level that is asked for.</param>
    /// <returns>False when either is a value that this version has no name for.</returns>
    public bool IsAtLeast(AssuranceLevel level) => level.Rank > 0 && Rank >= level.Rank;

    /// <inheritdoc cref="Value"/>
    public override string ToString() => Value;
}
