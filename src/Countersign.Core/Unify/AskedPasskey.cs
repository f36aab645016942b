namespace Countersign.Core.Unify;

/// <summary>
/// A passkey that the browser was asked to make or to use, and has not yet handed in. The first answer takes it away, whatever its outcome.
/// </summary>
/// <param name="Origin">The page that asked: an answer given to another is refused.</param>
/// <param name="Registration">What a new passkey is checked against; null when none may be made.</param>
/// <param name="Assertion">What a proof is checked against; null when none may be used.</param>
public sealed record AskedPasskey(string Origin, string? Registration = null, string? Assertion = null)
{
    public override string ToString() => nameof(AskedPasskey);
}
