namespace Countersign.Core;

/// <summary>The configuration cannot work; the message says what to change. It ends the start.</summary>
public sealed class ConfigurationException : Exception
{
    public ConfigurationException() { }
    public ConfigurationException(string message) : base(message) { }
    public ConfigurationException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>What has to be changed, each in a sentence.</summary>
    public IReadOnlyList<string> Problems { get => field ?? [Message]; private init; }

    /// <summary>
    /// Throws where something is wrong, and tells all of it: who corrects one thing at a time starts the server ten times.
    /// </summary>
    /// <param name="problems">Each in a sentence; what is said twice is told once.</param>
    /// <exception cref="ConfigurationException">There are problems; of several each stands on a line.</exception>
    public static void ThrowIfAny(IEnumerable<string> problems)
    {
        var sentences = problems.Distinct(StringComparer.Ordinal).ToList();
        if (sentences.Count == 1)
        {
            throw new ConfigurationException(sentences[0]);
        }
        if (sentences.Count > 1)
        {
            throw new ConfigurationException(
                $"{sentences.Count} things in the configuration have to be changed:\n"
                    + string.Join('\n', sentences.Select(sentence => $"- {sentence}")))
            {
                Problems = sentences,
            };
        }
    }
}
