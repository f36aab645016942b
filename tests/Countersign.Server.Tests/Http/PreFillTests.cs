using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.PreFill;
using Countersign.Core.Projects;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Http;

/// <summary>start, validate, challenge and complete: their order, what each says, and what stays in the store.</summary>
public abstract class PreFillTests(ServerFixture fixture)
{
    private const string OutOfOrder = "403 8003 step not allowed";
    private const string Unknown = "400 8008 correlation id is not valid";

    private TestServer Server => fixture.Server;

    [Fact]
    public async Task A_person_is_filled_in_and_confirmed()
    {
        var flow = await Server.BeginPreFillAsync(PreFillSteps.Milo);

        var validated = await Server.ValidateAsync(flow.Id);
        var challenged = await Server.ChallengeAsync(flow.Id, new() { ["ssn"] = "0596" });
        var completed = await Server.CompleteAsync(flow.Id, (JsonObject)challenged.Json!["individual"]!);

        Assert.Equal("""{"v3-validate":"/v3/validate"}""", flow.Reply.Json!["next"]!.ToJsonString());
        Assert.Equal("""{"success":true,"challengeMissing":true,"phoneNumber":"2001001695","next":{"v3-challenge":"/v3/challenge"}}""", validated.Body);
        Assert.Equal(
            """{"success":true,"individual":{"firstName":"Milo","lastName":"Pinson","addresses":[{"address":"6377 Birchwood Hill","city":"Littleton","region":"CO","postalCode":"80161-2001"}]"""
            + ""","emailAddresses":["mpinsonm@dyndns.org"],"dob":"1981-01-17","ssn":"847350596"},"next":{"v3-complete":"/v3/complete"}}""",
            challenged.Body);
        Assert.Equal(
            """{"success":true,"next":{"done":"done"},"idv":{"multiCIPConfidence":"high","dataSource1":{"cipConfidence":"high","address":{"street":true,"city":true,"region":true,"postalCode":true},"identifiers":{"dob":true,"ssn":true,"last4":true}"""
            + ""","name":{"firstName":100,"lastName":100,"nameScore":100},"email":{"emailAddress":true}}},"kyc":{"totalHits":0}}""",
            completed.Body);
    }

    [Fact]
    public async Task What_a_person_typed_is_checked_without_a_challenge()
    {
        var flow = await Server.BeginPreFillAsync(PreFillSteps.Martina, "desktop");

        var validated = await Server.ValidateAsync(flow.Id);
        var challenged = await Server.ChallengeAsync(flow.Id, new() { ["ssn"] = "9347" });
        var completed = await Server.CompleteAsync(flow.Id);

        Assert.Equal("""{"success":true,"challengeMissing":false,"phoneNumber":"2001004000","next":{"v3-complete":"/v3/complete"}}""", validated.Body);
        Assert.Equal(OutOfOrder, challenged.Fault);
        Assert.Equal(
            """{"success":true,"next":{"done":"done"},"idv":{"multiCIPConfidence":"high","dataSource1":{"cipConfidence":"high","name":{"firstName":100,"lastName":100,"nameScore":100}}}}""",
            completed.Body);
    }
}

public sealed class PreFillOnSqlite(OnSqlite fixture) : PreFillTests(fixture), IClassFixture<OnSqlite>;

public sealed class PreFillOnPostgres(OnPostgres fixture) : PreFillTests(fixture), IClassFixture<OnPostgres>;
