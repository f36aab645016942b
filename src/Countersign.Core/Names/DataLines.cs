namespace Countersign.Core.Names;

/// <summary>The lines of an embedded text file: without comments (from # on) and without empty lines.</summary>
internal static class DataLines
{
    public static IEnumerable<string> Of(string resource)
    {
        using var stream = typeof(DataLines).Assembly.GetManifestResourceStream($"names/{resource}")
            ?? throw new InvalidOperationException($"The embedded file names/{resource} is missing.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            var text = line.Split('#')[0].Trim();
            if (text.Length > 0)
            {
                yield return text;
            }
        }
    }
}
