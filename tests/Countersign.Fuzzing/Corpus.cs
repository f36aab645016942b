namespace Countersign.Fuzzing;

/// <summary>The committed inputs, a folder for each target.</summary>
internal static class Corpus
{
    private static readonly string _root = Path.Combine(Repository.Root, "tests", "Countersign.Fuzzing", "corpus");

    public static IEnumerable<string> Folders => Directory.GetDirectories(_root).Select(folder => Path.GetFileName(folder));

    public static IReadOnlyList<(string Name, byte[] Bytes)> Of(string target) =>
        [.. Directory.GetFiles(Path.Combine(_root, target)).Order().Select(file => (Path.GetFileName(file), File.ReadAllBytes(file)))];

    /// <summary>What each input of a target comes to, or how that begins, by its name: outcomes.tsv.</summary>
    public static IReadOnlyDictionary<string, string> Outcomes(string target) => File.ReadLines(Path.Combine(_root, "..", "outcomes.tsv"))
        .Select(line => line.Split('\t'))
        .Where(row => row[0] == target)
        .ToDictionary(row => row[1], row => row[2], StringComparer.Ordinal);
}
