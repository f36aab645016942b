namespace Countersign.Cli;

/// <summary>Ends the command with a sentence that says what to change.</summary>
/// <param name="message">The sentence.</param>
internal sealed class CommandFailure(string message) : Exception(message);
