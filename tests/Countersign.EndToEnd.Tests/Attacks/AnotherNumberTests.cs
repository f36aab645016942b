using System.Text.Json.Nodes;
using Countersign.EndToEnd.Tests.Fixtures;

namespace Countersign.EndToEnd.Tests.Attacks;

/// <summary>Whoever holds the page of a flow and another phone does not pass for the person whom the flow is about.</summary>
public abstract class AnotherNumberTests(ConfiguredServer server)
{
    [Theory]
    [Trait("attack", "T08")]
    [InlineData("mobile", false)]
    [InlineData("mobile", true)]
    [InlineData("desktop", false)]
    [InlineData("desktop", true)]
    public async Task The_number_of_a_named_person_is_not_changed_even_where_the_project_lets_numbers_change(string type, bool rebind)
    {
        var (victim, attacker) = (server.NextNumber(), server.NextNumber());
        var project = await server.ProjectAsync(new JsonObject { ["numberChange"] = "on" });
        var proveId = (await project.PostAsync("/v3/identity", new { phoneNumber = victim })).Text("proveId");
        using var flow = await project.BeginAsync(
            "/v3/unify", new
            {
                possessionType = type, proveId, rebind, clientHumanId = "victim", numberChange = true,
                finalTargetUrl = ConfiguredServer.Target,
            });

        await flow.PostAsync("mobile/instant/start");
        var changes = new List<Reply>();
        foreach (var step in (string[])["mobile/otp/start", "mobile/instantlink/start"])
        {
            changes.Add(await flow.PostAsync(step, new { mobileNumber = attacker }));
            changes.Add(await flow.PostAsync(step, new { mobileNumber = attacker[2..] }));
        }

        Assert.Empty(server.Texts(attacker));
        Assert.Equal("pending", (await flow.ResultAsync()).Text("success"));
        Assert.All(changes, change => Assert.Equal(10002, (int?)change.Json!["data"]?["code"]));
        if (type == "mobile")
        {
            await flow.PostAsync("mobile/otp/start");
            await flow.EnterAsync(server.LastProof(victim));
            var result = await flow.ResultAsync();
            Assert.Equal(("true", victim, proveId), (result.Text("success"), result.Text("phoneNumber"), result.Text("proveId")));
        }
    }

    [Fact]
    public async Task A_person_and_the_number_of_another_are_refused_together()
    {
        var shop = await server.ClientAsync("shop");
        var proveId = (await shop.PostAsync("/v3/identity", new { phoneNumber = server.NextNumber() })).Text("proveId");

        var begun = await shop.PostAsync("/v3/unify", new { possessionType = "mobile", proveId, phoneNumber = server.NextNumber() });

        Assert.Equal(400, begun.Status);
    }

    [Fact]
    public async Task Another_persons_number_does_not_bind_a_named_person()
    {
        var (victim, attacker) = (server.NextNumber(), server.NextNumber());
        var shop = await server.ClientAsync("shop");
        var proveId = (await shop.PostAsync("/v3/identity", new { phoneNumber = victim })).Text("proveId");
        using var flow = await shop.BeginAsync("/v3/unify", new { possessionType = "none", proveId });

        var bound = await shop.PostAsync("/v3/unify-bind", new { correlationId = flow.Id, phoneNumber = attacker });

        Assert.False(bound.Status == 200 && bound.Text("success") == "true", bound.ToString());
        Assert.Equal("possession_required", (await flow.ResultAsync()).Text("success"));
    }

    [Theory]
    [InlineData("/v3/start", "mobile")]
    [InlineData("/v3/start", "desktop")]
    [InlineData("/v3/unify", "mobile")]
    [InlineData("/v3/unify", "desktop")]
    [InlineData("/v3/verify", "mobile")]
    [InlineData("/v3/verify", "desktop")]
    public async Task A_new_project_lets_nobody_change_the_number_and_no_call_permits_it(string path, string type)
    {
        var (number, attacker) = (server.NextNumber(), server.NextNumber());
        var shop = await server.ClientAsync("shop");
        using var flow = await shop.BeginAsync(path, Body(type, number, numberChange: true));
        var step = type == "mobile" ? "mobile/otp/start" : "mobile/instantlink/start";

        await flow.PostAsync("mobile/instant/start");
        var changed = await flow.PostAsync(step, new { mobileNumber = attacker });
        // Its own number in another spelling is no change.
        var sent = await flow.PostAsync(step, new { mobileNumber = number[2..] });

        Assert.Equal(10002, (int?)changed.Json!["data"]?["code"]);
        Assert.Empty(server.Texts(attacker));
        Assert.Null(sent.Json!["data"]?["code"]);
        Assert.Single(server.Texts(number));
    }

    [Theory]
    [InlineData("/v3/start")]
    [InlineData("/v3/unify")]
    public async Task A_call_takes_the_change_back_that_its_project_permits(string path)
    {
        var attacker = server.NextNumber();
        var project = await server.ProjectAsync(new JsonObject { ["numberChange"] = "on" });
        using var flow = await project.BeginAsync(path, Body("mobile", server.NextNumber(), numberChange: false));

        var changed = await flow.AskForCodeAsync(attacker);

        Assert.Equal(10002, (int?)changed.Json!["data"]?["code"]);
        Assert.Empty(server.Texts(attacker));
    }

    [Theory]
    [InlineData("/v3/start")]
    [InlineData("/v3/unify")]
    public async Task Where_it_is_permitted_every_answer_says_that_the_number_was_changed(string path)
    {
        var (number, other) = (server.NextNumber(), server.NextNumber());
        var project = await server.ProjectAsync(new JsonObject { ["numberChange"] = "on" });
        await server.ImportAsync(project.Project, server.NextName("changed"), $"{other},Lori,Montgomery,1980-02-03,,,,,,,");
        using var flow = await project.BeginAsync(path, Body("mobile", number, numberChange: null));

        var early = await flow.ResultAsync();
        await flow.AskForCodeAsync(other);
        await flow.EnterAsync(server.LastProof(other));

        var result = await flow.ResultAsync();
        Assert.Null(early.Json!["numberChanged"]);
        Assert.Equal((true, other), ((bool)result.Json!["numberChanged"]!, result.Text("phoneNumber")));
        if (path == "/v3/start")
        {
            // The birth date that start was given was the first number's.
            Assert.True((bool)result.Json!["challengeMissing"]!);
            var challenge = await project.PostAsync("/v3/challenge", new { correlationId = flow.Id, dob = "1980-02-03" });
            var complete = await project.PostAsync(
                "/v3/complete", new { correlationId = flow.Id, individual = new { firstName = "Lori", lastName = "Montgomery" } });
            Assert.All((Reply[])[challenge, complete], answer => Assert.True((bool)answer.Json!["numberChanged"]!));
        }
    }

    private static JsonObject Body(string type, string number, bool? numberChange) => new()
    {
        ["flowType"] = type, ["phoneNumber"] = number, ["firstName"] = "Lori", ["lastName"] = "Montgomery", ["numberChange"] = numberChange,
        ["finalTargetUrl"] = type == "desktop" ? ConfiguredServer.Target : null, ["dob"] = "1980-02-03",
    };
}

[Collection<OnConfiguredSqlite>]
public sealed class AnotherNumberOnSqlite(ConfiguredSqlite server) : AnotherNumberTests(server);

[Collection<OnConfiguredPostgres>]
[Trait("tier", "long")]
public sealed class AnotherNumberOnPostgres(ConfiguredPostgres server) : AnotherNumberTests(server);
