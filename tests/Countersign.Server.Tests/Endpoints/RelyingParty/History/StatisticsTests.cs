using System.Globalization;
using System.Text.Json.Nodes;
using Countersign.Core.History;
using Countersign.Server.Hosting;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Endpoints.RelyingParty.History;

/// <summary>What flows came to, as the relying party and the operator are told.</summary>
public sealed class StatisticsTests(OnSqlite fixture) : IClassFixture<OnSqlite>
{
    // Enough that chance does not take them for fewer than five.
    private static readonly string[] _people = [.. Enumerable.Range(0, 24).Select(i => $"20020007{i + 10}")];

    [Fact]
    public async Task Flows_that_are_over_are_counted_and_few_people_are_not_told_to_relying_parties()
    {
        await using var server = await fixture.StartAsync();
        foreach (var person in _people)
        {
            await server.BeginAsync("mobile", person);
        }
        await server.BeginAsync("none", "2001009002", new JsonObject { ["firstName"] = "Bram", ["lastName"] = "Okafor" });
        Assert.Empty(Counts(await server.CallAsync(HttpMethod.Get, "/statistics?by=end")));
        await EndAsync(server);

        var ends = await server.CallAsync(HttpMethod.Get, "/statistics?by=end");
        var all = await server.AdminAsync(HttpMethod.Get, "/admin/statistics?by=end");

        Assert.Equal([$"{FlowEnd.RanOutReady} 24 0 0"], Counts(ends));
        Assert.Equal(1, (int)ends.Json!["hidden"]!);
        Assert.Equal([$"{FlowEnd.RanOutReady} 24 0 0", $"{FlowEnd.Matched} 1 0 1"], Counts(all));
        Assert.Equal(0, (int)all.Json!["hidden"]!);
        Assert.Equal(1m, (decimal)all.Json!["counts"]![1]!["conversion"]!);
        // Numbers of the sandbox are of no country's plan.
        var count = Assert.Single((await server.AdminAsync(HttpMethod.Get, "/admin/statistics?by=country")).Json!["counts"]!.AsArray())!;
        Assert.Equal((null, 25), (count["value"], (int)count["flows"]!));
    }

    [Theory]
    [InlineData("", "field 'by' is missing")]
    [InlineData("by=colour", "field 'by' is invalid: must be hour, country, prefix, method, gateway or end")]
    [InlineData("by=end&from=2026-11-22&to=2026-11-21", "field 'to' is invalid: must be later than 'from'")]
    [InlineData("by=end&from=9999-01-01", "field 'from' is invalid: must be earlier than 'to', which is now where it is left out")]
    [InlineData("by=end&from=1999-01-01", "field 'from' is invalid: must not be more than 400 days ago")]
    [InlineData("by=end&limit=1001", "field 'limit' is invalid: must be a whole number from 1 to 1000")]
    [InlineData("by=end&country=US", "field 'country' is invalid: this call has no such member")]
    public async Task What_is_asked_wrongly_is_named(string query, string message)
    {
        var reply = await fixture.Server.CallAsync(HttpMethod.Get, $"/statistics?{query}");

        Assert.Equal(400, reply.Status);
        Assert.StartsWith(message, reply.Text("message"), StringComparison.Ordinal);
    }

    private static string[] Counts(Reply reply) =>
    [
        .. reply.Json!["counts"]!.AsArray().Select(one => string.Create(
            CultureInfo.InvariantCulture, $"{one!["value"]} {one["flows"]} {one["proven"]} {one["succeeded"]}")),
    ];

    private static async Task EndAsync(TestServer server)
    {
        await server.AdvanceAsync(TimeSpan.FromMinutes(16));
        await server.Services.GetRequiredService<FlowUpkeep>().TryCleanAsync(
            async (_, remove) => await remove(256), server.Services.GetRequiredService<TimeProvider>().GetUtcNow(),
            TestContext.Current.CancellationToken);
    }
}
