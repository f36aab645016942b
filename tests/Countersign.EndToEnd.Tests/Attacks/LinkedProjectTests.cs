using System.Security.Cryptography;
using System.Text;
using Countersign.EndToEnd.Tests.Fixtures;

namespace Countersign.EndToEnd.Tests.Attacks;

/// <summary>What one project sees of another before and after that one has agreed: no more than it agreed to.</summary>
public abstract class LinkedProjectTests(ConfiguredServer server)
{
    [Fact]
    public async Task Who_asks_learns_neither_a_name_nor_a_person_before_the_other_has_agreed()
    {
        var (asks, keeps) = (await server.ProjectAsync(), await server.ProjectAsync());
        var number = server.NextNumber();
        var own = (await asks.PostAsync("/v3/identity", new { phoneNumber = number })).Text("proveId");
        await EnrolAsync(keeps, number);
        await LinkAsync(asks, keeps, "identities", "attributes");

        var linked = await asks.GetAsync("/v3/domain/linked");
        var persons = await asks.PostAsync($"/v3/identity/{own}/cross-domain", new { });
        var facts = await asks.GetAsync($"/v3/discover?proveId={own}");

        Assert.Single(linked.Json!["requestsTo"]!.AsArray());
        Assert.DoesNotContain(keeps.Project, linked.Body, StringComparison.Ordinal);
        Assert.Empty(persons.Json!["identities"]!.AsArray());
        Assert.Empty(facts.Json!["results"]!.AsArray());
    }

    [Fact]
    public async Task A_request_that_was_widened_after_it_was_read_is_not_agreed_to()
    {
        var (asks, keeps) = (await server.ProjectAsync(), await server.ProjectAsync());
        var number = server.NextNumber();
        var own = (await asks.PostAsync("/v3/identity", new { phoneNumber = number })).Text("proveId");
        await EnrolAsync(keeps, number);
        await LinkAsync(asks, keeps, "identities");
        var read = await keeps.GetAsync("/v3/domain/linked");
        await LinkAsync(asks, keeps, "identities", "attributes");

        var pcid = await PcidAsync(asks);
        var blind = await keeps.PostAsync("/v3/domain/confirm-link", new { pcid });
        var asRead = await keeps.PostAsync("/v3/domain/confirm-link", new { pcid, scopes = new[] { "identities" } });
        var facts = await asks.GetAsync($"/v3/discover?proveId={own}");

        Assert.Single(read.Json!["requestsFrom"]!.AsArray());
        Assert.Equal((8011, 8011), (blind.Code, asRead.Code));
        Assert.Empty(facts.Json!["results"]!.AsArray());
        await keeps.GetAsync("/v3/domain/linked");
        Assert.Equal(200, (await keeps.PostAsync("/v3/domain/confirm-link", new { pcid })).Status);
        Assert.Single((await asks.GetAsync($"/v3/discover?proveId={own}")).Json!["results"]!.AsArray());
    }

    [Fact]
    public async Task Nobody_tests_which_projects_there_are()
    {
        var (asks, keeps) = (await server.ProjectAsync(), await server.ProjectAsync());

        // What the ids were made of before they were keyed.
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"countersign.pcid\0{keeps.Project}"));
        hash[6] = (byte)((hash[6] & 0x0f) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        Guid[] guesses = [new(hash.AsSpan(0, 16), bigEndian: true), new(hash.AsSpan(0, 16)), Guid.NewGuid()];

        foreach (var pcid in guesses)
        {
            var answer = await asks.PostAsync("/v3/domain/link", new { pcid = pcid.ToString(), scopes = new[] { "identities" } });
            Assert.Equal((404, 8011), (answer.Status, answer.Code));
        }
        await LinkAsync(asks, keeps, "identities");
    }

    private static async Task EnrolAsync(BackEnd project, string phoneNumber)
    {
        var enrolled = await project.PostAsync(
            "/v3/identity",
            new { phoneNumber, identityAttributes = new[] { new { attributeType = "tier", attributeValue = "gold" } } });
        Assert.Equal(200, enrolled.Status);
    }

    private static async Task LinkAsync(BackEnd asks, BackEnd keeps, params string[] scopes)
    {
        var asked = await asks.PostAsync("/v3/domain/link", new { pcid = await PcidAsync(keeps), scopes });
        Assert.True(asked.Status == 200, asked.ToString());
    }

    private static async Task<string> PcidAsync(BackEnd project) => (await project.GetAsync("/v3/domain/id")).Text("pcid");
}

[Collection<OnConfiguredSqlite>]
public sealed class LinkedProjectsOnSqlite(ConfiguredSqlite server) : LinkedProjectTests(server);

[Collection<OnConfiguredPostgres>]
[Trait("tier", "long")]
public sealed class LinkedProjectsOnPostgres(ConfiguredPostgres server) : LinkedProjectTests(server);
