using System.Collections.Frozen;

namespace Countersign.Core.Texts;

/// <summary>
/// The endings by which phones know the name of a host: <c>com</c>, <c>рф</c>. The list and its date are in <c>Data/endings.txt</c>.
/// </summary>
public static class HostEndings
{
    private const string Resource = "texts/endings.txt";

    private static readonly FrozenSet<string> _all = Read().ToFrozenSet(StringComparer.Ordinal);

    /// <param name="label">In lower case; an internationalised one as people write it, not in Punycode.</param>
    public static bool Contains(string label) => _all.Contains(label);

    private static IEnumerable<string> Read()
    {
        using var stream = typeof(HostEndings).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The embedded file {Resource} is missing.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            foreach (var ending in line.StartsWith('#') ? [] : line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                yield return Characters.Fold(ending);
            }
        }
    }
}
