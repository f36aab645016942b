using Countersign.EndToEnd.Tests.Fixtures;

namespace Countersign.EndToEnd.Tests;

/// <summary>Two processes on one PostgreSQL, with nothing between them but the database.</summary>
public sealed class TwoNodesTests(PostgresServer postgres, Chromium chromium)
{
    private const string Number = "2001009002";

    private static readonly Dictionary<string,
        string> _withoutPoll = new(StringComparer.Ordinal) { ["Countersign__FallbackPoll"] = "00:00:00" };

    [Theory, InlineData(Sdk.Published), InlineData(Sdk.Ours)]
    public async Task A_desktop_at_one_node_is_woken_by_a_link_confirmed_at_the_other(Sdk sdk)
    {
        var database = await postgres.CreateDatabaseAsync();
        await using var desktopsNode = await Stage.SetAsync(database, chromium, _withoutPoll);
        await using var phonesNode = await ServerProcess.StartAsync(database, _withoutPoll);

        var visit = await desktopsNode.VisitAsync(sdk, "desktop", Number);
        var link = new Uri(await desktopsNode.WaitForLinkAsync(Number));
        var phone = await chromium.OpenAsync();
        await phone.GotoAsync(new Uri(phonesNode.Http.BaseAddress!, link.PathAndQuery).ToString());
        await phone.Locator("button").First.ClickAsync();

        await visit.ExpectSuccessAsync();
    }

    [Fact]
    public async Task A_clock_moved_at_one_node_ends_a_link_at_the_other()
    {
        var database = await postgres.CreateDatabaseAsync();
        await using var desktopsNode = await Stage.SetAsync(database, chromium, _withoutPoll);
        await using var otherNode = await ServerProcess.StartAsync(database, _withoutPoll);

        var visit = await desktopsNode.VisitAsync(Sdk.Published, "desktop", Number);
        await desktopsNode.WaitForLinkAsync(Number);
        await otherNode.AdvanceAsync(TimeSpan.FromMinutes(3));

        await visit.ExpectFailureAsync();
    }
}
