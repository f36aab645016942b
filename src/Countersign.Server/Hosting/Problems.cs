using Countersign.Core;
using Countersign.Hosting;
using Microsoft.Extensions.Options;

namespace Countersign.Server.Hosting;

/// <summary>All that is wrong with a configuration.</summary>
/// <param name="named">
/// What is wrong with names and shapes. What else would be said of the same settings follows from it and is left out.
/// </param>
internal sealed class Problems(IReadOnlyList<SettingProblem> named)
{
    private readonly List<string> _sentences = [.. named.Select(problem => problem.Sentence)];

    public bool Any => _sentences.Count > 0;

    /// <summary>True when it cannot be told what a setting was to be.</summary>
    public bool IsNamed(string path) => named.Any(problem => problem.IsAbout(path));

    public void Add(string sentence)
    {
        if (!IsNamed(sentence))
        {
            _sentences.Add(sentence);
        }
    }

    public void AddRange(IEnumerable<string> sentences)
    {
        foreach (var sentence in sentences)
        {
            Add(sentence);
        }
    }

    /// <summary>Adds what a section's validator finds.</summary>
    /// <returns>True when it finds nothing.</returns>
    public bool Check<T>(T options, IValidateOptions<T> validator) where T : class
    {
        var result = validator.Validate(Options.DefaultName, options);
        AddRange(result.Failures ?? []);
        return !result.Failed;
    }

    /// <exception cref="ConfigurationException">There are problems; the message tells them all, each on a line.</exception>
    public void ThrowIfAny() => ConfigurationException.ThrowIfAny(_sentences);
}
