namespace Countersign.Client;

/// <summary>
/// A national identification number; in the United States a social security number, whole or its last four digits. It does not print
/// itself, and serialisers that go by properties do not see it.
/// </summary>
public readonly record struct NationalId
{
    private readonly string? _value;

    /// <summary>A number as it is sent.</summary>
    /// <param name="value">Nine or four digits for a social security number. Sent exactly as given; the server judges it.</param>
    /// <exception cref="ArgumentException"><paramref name="value"/> is null, empty or white space.</exception>
    public NationalId(string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value);
        _value = value;
    }

    /// <summary>The number in clear. Use it at once and keep it nowhere.</summary>
    /// <returns>The number as it was given or answered; empty for the default value.</returns>
    public string Reveal() => _value ?? "";

    /// <summary>Three asterisks; nothing for the default value.</summary>
    public override string ToString() => Mask.Presence(_value);
}
