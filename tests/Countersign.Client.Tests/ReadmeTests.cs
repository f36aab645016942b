using Countersign.Client.Tests.Support;

namespace Countersign.Client.Tests;

public sealed class ReadmeTests
{
    [Fact]
    public void The_example_of_the_readme_is_the_code_that_is_compiled()
    {
        var compiled = Lines(Fixture.Read("ReadmeExample.cs"));

        var shown = Lines(Fixture.Read("README.md").Split("```csharp")[1].Split("```")[0]);

        Assert.NotEmpty(shown);
        Assert.Equal(shown, compiled.Where(shown.ToHashSet(StringComparer.Ordinal).Contains));
    }

    private static List<string> Lines(string text) => [.. text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 1)];
}
