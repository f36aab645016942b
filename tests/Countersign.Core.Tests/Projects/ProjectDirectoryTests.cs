using Countersign.Core.Projects;
using Countersign.Core.Tests.Fakes;

namespace Countersign.Core.Tests.Projects;

public sealed class ProjectDirectoryTests
{
    private readonly StillClock _clock = new();
    private readonly MemoryProjects _store = new(FlowStage.Shop);

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_project_is_read_once_in_half_a_minute()
    {
        var directory = new ProjectDirectory(_store, _clock);

        await directory.FindProjectAsync(ProjectId.Parse("shop"), Test);
        _clock.Now += TimeSpan.FromSeconds(29);
        await directory.FindProjectAsync(ProjectId.Parse("shop"), Test);
        Assert.Equal(1, _store.Reads);

        _clock.Now += TimeSpan.FromSeconds(1);
        _store.Projects.Clear();
        Assert.Null(await directory.FindProjectAsync(ProjectId.Parse("shop"), Test));
    }

    [Fact]
    public async Task What_is_not_there_is_looked_for_each_time()
    {
        var directory = new ProjectDirectory(_store, _clock);

        Assert.Null(await directory.FindClientAsync(ClientId.Parse("till"), Test));
        Assert.Null(await directory.FindClientAsync(ClientId.Parse("till"), Test));
        Assert.Equal(2, _store.Reads);
    }

    [Fact]
    public async Task What_this_node_has_changed_is_seen_at_once()
    {
        var directory = new ProjectDirectory(_store, _clock);
        await directory.FindProjectAsync(ProjectId.Parse("shop"), Test);
        _store.Projects[0] = _store.Projects[0] with { Name = "Another" };

        directory.Forget();

        Assert.Equal("Another", (await directory.FindProjectAsync(ProjectId.Parse("shop"), Test))?.Name);
    }
}
