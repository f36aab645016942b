namespace Countersign.Core;

/// <summary>A code, token, digit string or client secret in clear, for the moment of its use. It does not print itself.</summary>
public readonly struct Secret(string value) : IEquatable<Secret>
{
    private readonly string _value = value;

    /// <summary>The clear text. Whoever calls this sends, shows or hashes it at once.</summary>
    public string Reveal() => _value ?? "";

    public override string ToString() => "***";

    public bool Equals(Secret other) => string.Equals(Reveal(), other.Reveal(), StringComparison.Ordinal);
    public override bool Equals(object? obj) => obj is Secret other && Equals(other);
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Reveal());
    public static bool operator ==(Secret left, Secret right) => left.Equals(right);
    public static bool operator !=(Secret left, Secret right) => !left.Equals(right);
}
