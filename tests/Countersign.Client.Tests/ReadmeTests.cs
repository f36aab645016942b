using Countersign.Client.Tests.Support;

namespace Countersign.Client.Tests;

public sealed class ReadmeTests
{
    [Fact]
    public void The_example_of_the_readme_is_the_code_that_is_compiled() => AssertIsCompiled("ReadmeExample.cs", Fixture.Read("README.md"));

    [Fact]
    public void The_examples_of_the_other_operations_are_the_code_that_is_compiled() =>
        AssertIsCompiled("DocsExample.cs", Fixture.Read("sdk-dotnet.md").Split("\n## The other operations\n")[1].Split("\n## ")[0]);

    private static void AssertIsCompiled(string file, string text)
    {
        var compiled = Lines(Fixture.Read(file));

        var shown = text.Split("```csharp").Skip(1).SelectMany(block => Lines(block.Split("```")[0])).ToList();

        Assert.NotEmpty(shown);
        Assert.Equal(shown, compiled.Where(shown.ToHashSet(StringComparer.Ordinal).Contains));
    }

    private static List<string> Lines(string text) => [.. text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 1)];
}
