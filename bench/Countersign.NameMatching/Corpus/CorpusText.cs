namespace Countersign.NameMatching.Corpus;

/// <summary>The embedded files of the corpus, without comments.</summary>
internal static class CorpusText
{
    public static IEnumerable<string> Lines(string file)
    {
        using var stream = typeof(CorpusText).Assembly.GetManifestResourceStream($"corpus/{file}")
            ?? throw new InvalidOperationException($"The embedded file corpus/{file} is missing.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
            {
                yield return line;
            }
        }
    }
}
