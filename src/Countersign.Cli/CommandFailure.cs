namespace Countersign.Cli;

/// <summary>Ends the command with a sentence that says what to change.</summary>
/// <param name="message">The sentence.</param>
/// <param name="isPassing">True when the same call may succeed a moment later.</param>
internal sealed class CommandFailure(string message, bool isPassing = false) : Exception(message)
{
    public bool IsPassing { get; } = isPassing;

    /// <summary>The admin key may not make this call.</summary>
    public bool IsNotPermitted { get; init; }
}
