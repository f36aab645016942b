using Countersign.Core;
using Countersign.Hosting;
using Microsoft.Extensions.Options;

namespace Countersign.Server.Hosting;

/// <summary>All that is wrong with a configuration.</summary>
/// <param name="named">
/// What is wrong with names and shapes. What else would be said of the same settings follows from it and is left out.
/// </param>
/// <param name="renumbered">
/// The entries of lists that have other numbers in the configuration, as <see cref="KnownSettings.Renumbered(IConfiguration)"/> tells them.
/// </param>
internal sealed class Problems(IReadOnlyList<SettingProblem> named, IEnumerable<(string Bound, string Written)> renumbered)
{
    private readonly (string Bound, string Written)[] _renumbered = [.. renumbered];
    private readonly List<string> _sentences = [.. named.Select(problem => problem.Sentence)];

    public bool Any => _sentences.Count > 0;

    /// <summary>True when it cannot be told what a setting was to be.</summary>
    public bool IsNamed(string path) => named.Any(problem => problem.IsAbout(path));

    /// <summary>True when something at a path or below it could not be read.</summary>
    public bool IsSpoiled(string path) => IsNamed(Written(path)) || named.Any(problem => problem.IsWithin(Written(path)));

    public void Add(string sentence)
    {
        var written = Written(sentence);
        if (!IsNamed(written))
        {
            _sentences.Add(written);
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

    /// <summary>A path, or a sentence with some, in which entries have the numbers of the configuration.</summary>
    private string Written(string text) => _renumbered.Aggregate(text, (written, entry) => written
        .Replace($"{entry.Bound}:", $"{entry.Written}:", StringComparison.Ordinal)
        .Replace($"{entry.Bound} ", $"{entry.Written} ", StringComparison.Ordinal));
}
