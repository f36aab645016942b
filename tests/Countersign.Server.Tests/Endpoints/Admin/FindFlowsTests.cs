using System.Text.Json.Nodes;
using Countersign.Server.Hosting;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Endpoints.Admin;

/// <summary>Support finds a flow by what the relying party or the person has at hand, while it lives.</summary>
public abstract class FindFlowsTests(ServerFixture fixture)
{
    private TestServer Server => fixture.Server;

    [Fact]
    public async Task Flows_of_all_products_are_found_by_the_relying_partys_ids()
    {
        var ids = new JsonObject { ["clientRequestId"] = "order 4711/ü", ["clientCustomerId"] = "customer-1" };
        var verify = await Server.BeginAsync("mobile", "2001009002", ids);
        var unify = await Server.BeginUnifyAsync("mobile", "2002000156", ids);
        var start = await Server.PostAsync("/v3/start", PreFillSteps.StartBody(PreFillSteps.Milo, more: ids));

        var byRequest = await FindAsync("clientRequestId", "order 4711/ü");
        var byCustomer = await FindAsync("clientCustomerId", "customer-1");

        Assert.Equal(200, start.Status);
        string[] expected = [start.Text("correlationId"), unify.Id, verify.Id];
        Assert.Equal(expected, Found(byRequest));
        Assert.Equal(expected, Found(byCustomer));
        Assert.True((bool)byRequest.Json!["isComplete"]!);
        Assert.Equal(
            ["pre-fill", "unify", "verified-users"], byRequest.Json!["flows"]!.AsArray().Select(flow => (string)flow!["product"]!));
        Assert.DoesNotContain("4711", byRequest.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(Server.Logs.All, line => line.ToString().Contains("4711", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("+12002000155")]
    [InlineData("2002000155")]
    [InlineData("1 (200) 200-0155")]
    [InlineData("+1.200.200.0155")]
    public async Task A_flow_is_found_by_its_number_as_people_write_it(string number)
    {
        await using var server = await fixture.StartAsync();
        var flow = await server.BeginAsync("mobile", "2002000155");

        var reply = await FindAsync("phoneNumber", number, server);

        Assert.Equal([flow.Id], Found(reply));
        Assert.DoesNotContain("2002000155", reply.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_over_is_found_as_long_as_it_is_kept_and_nothing_of_what_nobody_sent()
    {
        await using var server = await fixture.StartAsync();
        await server.BeginAsync("mobile", "2001009002", new() { ["clientRequestId"] = "short-lived" });

        Assert.Empty(Found(await FindAsync("clientRequestId", "short", server)));
        Assert.Empty(Found(await FindAsync("clientCustomerId", "short-lived", server)));
        Assert.Single(Found(await FindAsync("clientRequestId", "short-lived", server)));
        await server.AdvanceAsync(TimeSpan.FromMinutes(15));
        Assert.Single(Found(await FindAsync("clientRequestId", "short-lived", server)));
        await CleanAsync(server);
        Assert.Equal(0, await server.CountAsync("flows"));
        Assert.Single(Found(await FindAsync("clientRequestId", "short-lived", server)));
        await server.AdvanceAsync(TimeSpan.FromDays(30));
        Assert.Empty(Found(await FindAsync("clientRequestId", "short-lived", server)));
    }

    [Fact]
    public async Task Fifty_are_told_and_that_there_are_more()
    {
        await using var server = await fixture.StartAsync();
        for (var i = 0; i < 51; i++)
        {
            await server.BeginAsync("mobile", "2001009002", new() { ["clientCustomerId"] = "busy" });
        }

        var reply = await FindAsync("clientCustomerId", "busy", server);

        Assert.Equal(50, Found(reply).Count);
        Assert.False((bool)reply.Json!["isComplete"]!);
        var rest = await server.AdminAsync(
            HttpMethod.Post, "/admin/flows/find", $$"""{"clientCustomerId":"busy","cursor":"{{reply.Text("next")}}"}""");
        Assert.Single(Found(rest));
        Assert.True((bool)rest.Json!["isComplete"]!);
    }

    [Theory]
    [InlineData("{}",
        "400 8001 field 'clientRequestId' is invalid: one of clientRequestId, clientCustomerId, phoneNumber must be given, and no other")]
    [InlineData("""{"clientRequestId":""}""", "400 8001 field 'clientRequestId' is invalid: must not be empty")]
    [InlineData("""{"clientRequestId":"a","clientCustomerId":""}""",
        "400 8001 field 'clientCustomerId' is invalid: must not be empty; field 'clientRequestId' is invalid: one of clientRequestId, "
            + "clientCustomerId, phoneNumber must be given, and no other")]
    [InlineData("""{"clientRequestId":"a","phoneNumber":"+12025550142"}""",
        "400 8001 field 'clientRequestId' is invalid: one of clientRequestId, clientCustomerId, phoneNumber must be given, and no other")]
    [InlineData("""{"clientRequestId":4711}""", "400 8001 field 'clientRequestId' is invalid: must be text")]
    [InlineData("""{"phoneNumber":"call me"}""", "400 8001 field 'phoneNumber' is invalid: must be a number with its country code")]
    public async Task One_thing_is_looked_for(string body, string fault) =>
        Assert.Equal(fault, (await Server.AdminAsync(HttpMethod.Post, "/admin/flows/find", body)).Fault);

    [Fact]
    public async Task A_list_holds_the_flows_of_the_projects_that_the_key_sees_and_is_narrowed()
    {
        await using var server = await fixture.StartAsync();
        var bank = await server.AddProjectAsync("bank");
        var mine = await server.BeginAsync("none", "2001009002");
        var theirs = await server.BeginAsync("mobile", "2001009002", credentials: bank);
        var made = await server.AdminAsync(HttpMethod.Post, "/admin/keys", """{"name":"desk","scopes":["support"],"projects":["bank"]}""");

        var (all, ended) = (await ListAsync(""), await ListAsync("?state=ended&end=identity.matched"));
        var (ofBank, limited) = (await ListAsync("?projectId=bank"), await ListAsync("", made.Text("key")));
        var (others, page) = (await ListAsync("?projectId=sandbox", made.Text("key")), await ListAsync("?limit=1"));

        Assert.Equal([theirs.Id, mine.Id], Found(all));
        Assert.Equal([mine.Id], Found(ended));
        Assert.Equal([theirs.Id], Found(ofBank));
        Assert.Equal([theirs.Id], Found(limited));
        Assert.Equal("400 8001 field 'projectId' is invalid: there is no project 'sandbox'", others.Fault);
        Assert.Equal([mine.Id], Found(await ListAsync($"?limit=1&cursor={page.Text("next")}")));
        Assert.All(all.Json!["flows"]!.AsArray(), flow => Assert.Null(flow!["timeline"] ?? flow["texts"]));
        Assert.Equal("400 8001 field 'project' is invalid: this call has no such member; did you mean 'projectId'?",
            (await ListAsync("?project=bank")).Fault);

        Task<Reply> ListAsync(string query, string? key = null) => server.AdminAsync(HttpMethod.Get, "/admin/flows" + query, key: key);
    }

    private static async Task CleanAsync(TestServer server) => await server.Services.GetRequiredService<FlowUpkeep>().TryCleanAsync(
        async (_, remove) => await remove(256), server.Services.GetRequiredService<TimeProvider>().GetUtcNow(), default);

    private Task<Reply> FindAsync(string key, string value, TestServer? server = null) =>
        (server ?? Server).AdminAsync(HttpMethod.Post, "/admin/flows/find", new JsonObject { [key] = value }.ToJsonString());

    private static List<string> Found(Reply reply) =>
        reply.Status == 200 ? [.. reply.Json!["flows"]!.AsArray().Select(flow => (string)flow!["correlationId"]!)]
            : throw new InvalidOperationException($"{reply}");
}

public sealed class FindFlowsOnSqlite(OnSqlite fixture) : FindFlowsTests(fixture), IClassFixture<OnSqlite>;

public sealed class FindFlowsOnPostgres(OnPostgres fixture) : FindFlowsTests(fixture), IClassFixture<OnPostgres>;
