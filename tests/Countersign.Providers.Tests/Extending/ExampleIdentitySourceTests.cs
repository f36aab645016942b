using Countersign.Core;
using Countersign.Core.IdentityMatching;
using Countersign.Providers.Tests.Identity;

namespace Countersign.Providers.Tests.Extending;

public sealed class ExampleIdentitySourceTests : IdentitySourceContract
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("countersign-example-");

    protected override PhoneNumber Known => PhoneNumber.Parse("+12025550142");
    protected override PersonName KnownName => new("Lori", "Montgomery");
    protected override PhoneNumber Unknown => PhoneNumber.Parse("+12025550199");
    private protected override IIdentitySource Source => new ExampleIdentitySource(File);

    private string File => Path.Combine(_folder.FullName, "customers.csv");

    public override async ValueTask InitializeAsync() =>
        await System.IO.File.WriteAllTextAsync(File, "+12025550142;Lori;Montgomery\n", Test);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    protected override Task<bool> BreakAsync()
    {
        System.IO.File.Delete(File);
        return Task.FromResult(true);
    }

    [Fact]
    public void It_stands_in_the_document_as_it_is_compiled()
    {
        var example = System.IO.File.ReadAllText(
            Path.Combine(Repository.Root, "tests", "Countersign.Providers.Tests", "Extending", "ExampleIdentitySource.cs"));

        Assert.Contains(
            $"```csharp\n{example}```",
            System.IO.File.ReadAllText(Path.Combine(Repository.Root, "docs", "extending.md")), StringComparison.Ordinal);
    }
}
