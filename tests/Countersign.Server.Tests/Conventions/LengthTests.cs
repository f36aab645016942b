using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Conventions;

/// <summary>How long lines and files may be. The length of methods is held by the build (MA0051).</summary>
public sealed class LengthTests
{
    private const int MaxColumns = 140;
    private const int MaxLines = 400;

    private static readonly string[] _written = ["src", "tests", "bench", "samples", "eng"];
    private static readonly string[] _generated = ["bin", "obj", "node_modules", "dist"];

    // What the product is made of beside C#: pages and the browser SDK.
    private static readonly string[] _withPages = ["src", "samples", "web"];
    private static readonly string[] _ofPages = [".css", ".js", ".mjs", ".ts", ".html", ".cshtml"];

    [Fact]
    public void No_line_is_wider_than_a_window()
    {
        string[] code = [.. _written.SelectMany(folder => Files(folder, ".cs"))];
        string[] pages = [.. _withPages.SelectMany(folder => Files(folder, _ofPages))];

        Assert.NotEmpty(code);
        Assert.All(_ofPages, kind => Assert.Contains(pages, file => file.EndsWith(kind, StringComparison.Ordinal)));
        AssertNone(code.Concat(pages).SelectMany(file => TooWide(file, Lines(file))));
    }

    [Fact]
    public void No_file_of_the_product_is_longer_than_a_reader_stays_with_it()
    {
        var files = Files("src", ".cs").Select(file => (Name: file, Lines: Lines(file).Count())).ToArray();

        Assert.NotEmpty(files);
        AssertNone(files.Where(file => file.Lines > MaxLines).Select(file => $"{file.Name} has {file.Lines} lines"));
    }

    [Fact]
    public void A_line_that_is_too_wide_is_named_by_its_place() =>
        Assert.Equal(
            ["src/A.cs:2 has 141 columns"],
            TooWide("src/A.cs", [new string('x', MaxColumns), new string('x', MaxColumns + 1), ""]));

    // The whole list: a collection's assertion shows its beginning.
    private static void AssertNone(IEnumerable<string> found) => Assert.Equal("", string.Join('\n', found));

    private static IEnumerable<string> Lines(string file) => File.ReadLines(Path.Combine(Repository.Root, file));

    private static IEnumerable<string> TooWide(string name, IEnumerable<string> lines) =>
        lines.Index().Where(line => line.Item.Length > MaxColumns)
            .Select(line => $"{name}:{line.Index + 1} has {line.Item.Length} columns");

    private static IEnumerable<string> Files(string folder, params string[] kinds) =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*", SearchOption.AllDirectories)
            .Where(file => kinds.Contains(Path.GetExtension(file), StringComparer.Ordinal))
            .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))
            .Where(file => !file.Split('/').Intersect(_generated, StringComparer.Ordinal).Any());
}
