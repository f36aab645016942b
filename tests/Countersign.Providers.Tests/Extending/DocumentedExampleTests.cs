
namespace Countersign.Providers.Tests.Extending;

/// <summary>What docs/extending.md shows is what is compiled and tested here, to the letter.</summary>
public sealed class DocumentedExampleTests
{
    private static readonly string _folder = Path.Combine(Repository.Root, "tests", "Countersign.Providers.Tests", "Extending");

    public static TheoryData<string> Examples => [.. Directory.GetFiles(_folder, "Example*.cs")
        .Select(file => Path.GetFileName(file)!).Where(file => !file.EndsWith("Tests.cs", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_stands_in_the_document_as_it_is_compiled(string file)
    {
        var document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "extending.md"));

        Assert.Contains($"```csharp\n{File.ReadAllText(Path.Combine(_folder, file))}```", document, StringComparison.Ordinal);
    }
}
