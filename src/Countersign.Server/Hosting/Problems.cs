using Countersign.Core;

namespace Countersign.Server.Hosting;

/// <summary>All that is wrong with a configuration, told at once: who corrects one thing at a time starts the server ten times.</summary>
internal sealed class Problems
{
    private readonly List<string> _sentences = [];

    public void Add(string? sentence)
    {
        if (sentence is not null)
        {
            _sentences.Add(sentence);
        }
    }

    public void AddRange(IEnumerable<string> sentences) => _sentences.AddRange(sentences);

    /// <summary>Runs a check that throws its complaint.</summary>
    public void Check(Action check)
    {
        try
        {
            check();
        }
        catch (ConfigurationException problem)
        {
            Add(problem.Message);
        }
    }

    /// <exception cref="ConfigurationException">There are problems; the message tells them all, each on a line.</exception>
    public void ThrowIfAny()
    {
        var sentences = _sentences.Distinct(StringComparer.Ordinal).ToList();
        if (sentences.Count > 0)
        {
            throw new ConfigurationException(sentences.Count == 1
                ? sentences[0]
                : $"{sentences.Count} things in the configuration have to be changed:\n" + string.Join('\n', sentences.Select(sentence => $"- {sentence}")));
        }
    }
}
