using System.Text.Json.Nodes;
using Countersign.Cli.Tests.Fixtures;

namespace Countersign.Cli.Tests.Server;

/// <summary><c>countersign flow list</c> and <c>export</c>: what became of many flows.</summary>
public sealed class FlowCommandTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task Flows_are_listed_newest_first_and_no_more_than_were_asked_for()
    {
        var first = await server.BeginFlowAsync("2001004011");
        var second = await server.BeginFlowAsync("2001004011");

        var all = await server.RunAsync("flow", "list", "--from", "2020-01-01");
        var one = await server.RunAsync("flow", "list", "--limit", "1", "--json");
        var none = await server.RunAsync("flow", "list", "--to", "2020-01-01");

        Assert.Equal((0, 0, 0), (all.Code, one.Code, none.Code));
        Assert.True(
            all.Output.IndexOf(second, StringComparison.Ordinal) < all.Output.IndexOf(first, StringComparison.Ordinal), all.Output);
        Assert.Matches($"(?m)^ *[0-9]{{2}}-[0-9]{{2}} [0-9:]{{5}} +{second} +identity\\.matched *$", all.Output);
        Assert.Equal(second, (string?)Assert.Single(one.Json["flows"]!.AsArray())!["correlationId"]);
        Assert.False((bool)one.Json["isComplete"]!);
        Assert.Equal("There is no such flow.\n", none.Output);
    }

    [Fact]
    public async Task What_has_ended_is_exported_a_line_a_flow_through_all_pages()
    {
        var running = await server.BeginFlowAsync("2001009002");
        var ended = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            ended.Insert(0, await server.BeginFlowAsync("2001004011"));
        }

        var lines = await server.RunAsync("flow", "export", "--end", "identity.matched", "--language", "de");
        var table = await server.RunAsync("flow", "export", "--format", "csv", "--product", "verified-users");

        var objects = lines.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
        var exported = objects.Select(flow => (string)flow["correlationId"]!).ToList();
        Assert.Equal(ended, exported.Take(3));
        Assert.DoesNotContain(running, exported);
        Assert.StartsWith("Erfolg: ", (string)objects[0]["explanation"]!["what"]!, StringComparison.Ordinal);
        var rows = table.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("correlationId,projectId,product,type,createdAt,endedAt,end,reason,", rows[0], StringComparison.Ordinal);
        Assert.StartsWith($"{ended[0]},sandbox,verified-users,mobile,", rows[1], StringComparison.Ordinal);
        Assert.All(rows, row => Assert.Equal(15, row.Count(character => character == ',')));
        Assert.DoesNotContain(running, table.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("2001004011", lines.Output + table.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fr", "Succès")]
    [InlineData("es", "Éxito")]
    public async Task A_flow_is_shown_in_the_language_that_is_wanted(string language, string word)
    {
        var flow = await server.BeginFlowAsync("2001004011");

        var shown = await server.RunAsync("flow", "show", flow, "--language", language);

        Assert.Matches($"(?m)^ *What +{word}", shown.Output);
    }

    [Theory]
    [InlineData("field 'end' is invalid: must be a code of docs/flow-events.md", "list", "--end", "gone")]
    [InlineData("field 'from' is invalid: must be a date", "export", "--from", "yesterday")]
    [InlineData("field 'projectId' is invalid: there is no project 'nope'", "list", "--project", "nope")]
    [InlineData("field 'projectId' is invalid: there is no project 'nope'", "export", "--project", "nope")]
    [InlineData("--limit must be a whole number from 1 to 10000", "list", "--limit", "0")]
    [InlineData("--language must be one of ", "list", "--language", "it")]
    [InlineData("Look for one thing at a time, not for --client-request-id and --number together.",
        "find", "--client-request-id", "order-4711", "--number", "+12025550142")]
    [InlineData("Say what to look for: --client-request-id, ", "find")]
    public async Task What_is_wrong_with_a_filter_is_told(string error, params string[] arguments)
    {
        var run = await server.RunAsync(["flow", .. arguments]);

        Assert.Equal(1, run.Code);
        Assert.Contains(error, run.Error, StringComparison.Ordinal);
    }
}
