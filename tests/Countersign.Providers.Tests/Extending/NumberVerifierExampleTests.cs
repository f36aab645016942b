
namespace Countersign.Providers.Tests.Extending;

public sealed class NumberVerifierExampleTests
{
    [Fact]
    public void The_example_in_the_documentation_is_the_one_that_passes_the_contract()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "extending.md"));
        var example = File.ReadAllText(
            Path.Combine(Repository.Root, "tests", "Countersign.Providers.Tests", "Extending", "HomeNetworkVerifier.cs"));

        Assert.Contains($"```csharp\n{example}```", page, StringComparison.Ordinal);
    }
}
