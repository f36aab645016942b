using System.Text.RegularExpressions;

namespace Countersign.Server.Tests.Conventions;

/// <summary>
/// Which folders of source know which: read from the names of types and extension methods that a file mentions, of those that its namespace
/// and its <c>using</c> lines let it see. Comments and texts do not count.
/// </summary>
internal sealed partial class Folders
{
    private readonly SortedDictionary<string, SortedDictionary<string, SortedSet<string>>> _known = new(StringComparer.Ordinal);

    /// <param name="files">Each with its folder, its name and its text.</param>
    public Folders(IEnumerable<(string Folder, string Name, string Text)> files)
    {
        var sources = files.Select(file => new Source(file.Folder, file.Name, WithoutWords(file.Text))).ToArray();
        var types = sources.SelectMany(source => source.Types, (source, name) => (source.Namespace, Name: name, source.Folder)).Distinct()
            .ToLookup(type => type.Namespace, type => (type.Name, type.Folder), StringComparer.Ordinal);
        var extensions = sources.SelectMany(source => source.Extensions, (source, name) => (source.Namespace, Name: name, source.Folder))
            .Distinct()
            .ToLookup(method => method.Namespace, method => (method.Name, method.Folder), StringComparer.Ordinal);
        foreach (var source in sources)
        {
            _known.TryAdd(source.Folder, new(StringComparer.Ordinal));
            var own = types[source.Namespace].Select(type => type.Name).ToHashSet(StringComparer.Ordinal);
            foreach (var seen in source.Sees)
            {
                // A name that is nearer hides the same one further out.
                Record(source,
                    types[seen].Where(type =>
                        source.Mentions.Contains(type.Name) && (seen == source.Namespace || !own.Contains(type.Name))));
                Record(source, extensions[seen].Where(method => source.Calls.Contains(method.Name)));
            }
            foreach (var (space, name) in source.Qualified)
            {
                Record(source, types[space].Where(type => type.Name == name));
            }
        }
    }

    /// <summary>Every folder with those it knows.</summary>
    public IEnumerable<string> Lines =>
        _known.Select(folder => $"{folder.Key} -> {(folder.Value.Count == 0 ? "nobody" : string.Join(", ", folder.Value.Keys))}");

    /// <summary>Each set of folders that know one another, with what ties it.</summary>
    public IReadOnlyList<string> Circles
    {
        get
        {
            var reached = _known.Keys.ToDictionary(folder => folder, Reach, StringComparer.Ordinal);
            return
            [
                .. _known.Keys.Where(folder => reached[folder].Contains(folder))
                    .GroupBy(folder =>
                        string.Join(" <-> ", reached[folder].Where(other => reached[other].Contains(folder))), StringComparer.Ordinal)
                    .Select(circle => circle.Key + string.Concat(
                        from folder in circle
                        from other in _known[folder]
                        where circle.Contains(other.Key)
                        select $"\n    {folder} -> {other.Key} by {string.Join(", ", other.Value.Take(5))}")),
            ];
        }
    }

    private SortedSet<string> Reach(string folder)
    {
        var reached = new SortedSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>([folder]);
        while (open.TryPop(out var next))
        {
            foreach (var other in _known[next].Keys.Where(reached.Add))
            {
                open.Push(other);
            }
        }
        return reached;
    }

    private void Record(Source source, IEnumerable<(string Name, string Folder)> names)
    {
        foreach (var (name, folder) in names.Where(name => name.Folder != source.Folder))
        {
            if (!_known[source.Folder].TryGetValue(folder, out var ties))
            {
                _known[source.Folder][folder] = ties = new(StringComparer.Ordinal);
            }
            ties.Add($"{source.Name} ({name})");
        }
    }

    private static string WithoutWords(string text) => Text().Replace(Comment().Replace(text, ""), "\"\"");

    private sealed class Source
    {
        public Source(string folder, string name, string text)
        {
            (Folder, Name) = (folder, name);
            Namespace = NamespaceLine().Match(text).Groups[1].Value;
            var parts = Namespace.Split('.');
            var enclosing = Enumerable.Range(1, parts.Length).Select(length => string.Join('.', parts.Take(length))).ToArray();
            var code = HeadLine().Replace(text, "");
            Sees = [.. enclosing, .. UsingLine().Matches(text).Select(match => match.Groups[1].Value)];
            Types = [.. TypeName().Matches(text).Select(match => match.Groups[1].Value)];
            Extensions = [.. ExtensionName().Matches(text).Select(match => match.Groups[1].Value)];
            Mentions = [.. Mention().Matches(code).Select(match => match.Value)];
            Calls = [.. Call().Matches(code).Select(match => match.Groups[1].Value)];
            // Browser.Steps, in whatever namespace around this one, and static usings.
            Qualified =
            [
                .. from match in QualifiedName().Matches(text)
                   let names = match.Value.Split('.')
                   from length in Enumerable.Range(1, names.Length - 1)
                   from start in enclosing.Select(space => space + ".").Append("")
                   select (start + string.Join('.', names.Take(length)), names[length]),
            ];
        }

        public string Folder { get; }
        public string Name { get; }
        public string Namespace { get; }
        public HashSet<string> Sees { get; }
        public HashSet<string> Types { get; }
        public HashSet<string> Extensions { get; }
        public HashSet<string> Mentions { get; }
        public HashSet<string> Calls { get; }
        public HashSet<(string Namespace, string Name)> Qualified { get; }
    }

    [GeneratedRegex(@"/\*.*?\*/|(?<!:)//[^\n]*", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex("\"(?:[^\"\\\\\n]|\\\\.)*\"")]
    private static partial Regex Text();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^using ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex UsingLine();

    [GeneratedRegex(@"^(using|namespace) [^\n]*", RegexOptions.Multiline)]
    private static partial Regex HeadLine();

    [GeneratedRegex(@"^(?:public |internal )(?:[a-z]+ )*(?:class|struct|record|interface|enum|delegate [\w<>?\[\], ]+) (\w+)\b(?! struct)",
        RegexOptions.Multiline)]
    private static partial Regex TypeName();

    [GeneratedRegex(@" static [^(=;{}]*?\b(\w+)(?:<[\w, ]+>)?\(\s*this ")]
    private static partial Regex ExtensionName();

    [GeneratedRegex(@"(?<![.\w])[A-Z]\w*")]
    private static partial Regex Mention();

    [GeneratedRegex(@"\.(\w+)(?:<[^()]*?>)?\(")]
    private static partial Regex Call();

    [GeneratedRegex(@"(?<![.\w])[A-Z]\w*(?:\.[A-Z]\w*)+")]
    private static partial Regex QualifiedName();
}
