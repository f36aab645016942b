using System.Text.Json.Nodes;
using Countersign.EndToEnd.Tests.Fixtures;

namespace Countersign.EndToEnd.Tests.Attacks;

/// <summary>What a stolen secret of a project reads of persons: nothing of another project's, and nothing that was not permitted.</summary>
public abstract class RecordsTests(ConfiguredServer server)
{
    private const string Ssn = "123456789";

    private static readonly string[] _types =
        ["verifiedUser", "accountOpening", "humanAssurance", "bot", "prefill", "prefillForBiz", "identityResolution"];

    public static TheoryData<string> Types => [.. _types];

    [Theory, MemberData(nameof(Types))]
    public async Task A_new_project_asks_nothing_without_the_phone_of_its_own_records_or_of_others(string type)
    {
        foreach (var project in (BackEnd[])[await server.ClientAsync("shop"), await server.ClientAsync("bank")])
        {
            var asked = new JsonObject
            {
                ["verificationType"] = type, ["phoneNumber"] = ConfiguredServer.Known, ["firstName"] = "Lori", ["lastName"] = "Montgomery",
            };

            Assert.Equal("403 8003 step not allowed", (await project.PostAsync("/v3/verify", asked)).Fault);
            var batch = new JsonObject { ["items"] = new JsonArray(asked.DeepClone()) };
            Assert.Equal("403 8003 step not allowed", (await project.PostAsync("/v3/verify/batch", batch)).Fault);
        }
    }

    [Theory, MemberData(nameof(Types))]
    public async Task Records_of_another_project_are_as_if_there_were_none(string type)
    {
        var other = await server.ProjectAsync(new JsonObject { ["oneCall"] = Permitted });
        var body = new JsonObject { ["verificationType"] = type, ["firstName"] = "Lori", ["lastName"] = "Montgomery" };

        var known = await AskAsync(other, body, ConfiguredServer.Known);
        var unknown = await AskAsync(other, body, server.NextNumber());

        Assert.Equal(unknown, known);
        Assert.Contains("AL0", known, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nine_digits_of_an_SSN_are_told_to_no_project_that_was_not_trusted_with_them()
    {
        var number = server.NextNumber();
        var project = await server.ProjectAsync(new JsonObject { ["oneCall"] = Permitted });
        await server.ImportAsync(
            project.Project, server.NextName("ssn"), $"{number},Lori,Montgomery,1980-02-03,{Ssn},,,,,,",
            $"{number},Kim,Montgomery,2001-02-03,987654321,,,,,,");

        foreach (var type in _types)
        {
            var asked = new JsonObject
            {
                ["verificationType"] = type, ["phoneNumber"] = number, ["firstName"] = "Lori", ["lastName"] = "Montgomery",
            };
            var one = await project.PostAsync("/v3/verify", asked);
            var batch = await project.PostAsync("/v3/verify/batch", new JsonObject { ["items"] = new JsonArray(asked.DeepClone()) });

            Assert.Equal((type, "true"), (type, one.Text("success")));
            Assert.DoesNotContain(Ssn, one.Body + batch.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("987654321", one.Body + batch.Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_answer_that_is_kept_for_its_key_is_sealed_has_no_whole_SSN_and_is_told_to_its_own_client_alone()
    {
        var number = server.NextNumber();
        var project = await server.ProjectAsync(new JsonObject { ["oneCall"] = Permitted });
        await server.ImportAsync(project.Project, server.NextName("kept"), $"{number},Lori,Montgomery,1980-02-03,{Ssn},,,,,,");
        var asked = new { verificationType = "prefill", phoneNumber = number };
        var key = server.NextName("key");

        var first = await project.PostAsync("/v3/verify", asked, key);
        var kept = await server.Rows.ReadAsync<byte[]>("SELECT answer FROM idempotency ORDER BY created_at DESC LIMIT 1");
        var again = await project.PostAsync("/v3/verify", asked, key);
        var another = await project.PostAsync("/v3/verify", new { verificationType = "prefill", phoneNumber = server.NextNumber() }, key);
        var colleague = await (await server.ClientAsync(project.Project)).PostAsync("/v3/verify", asked, key);
        var bank = await (await server.ClientAsync("bank")).PostAsync("/v3/verify", asked, key);

        Assert.Equal(("true", first.Body), (first.Text("success"), again.Body));
        Assert.DoesNotContain(Ssn, first.Body, StringComparison.Ordinal);
        Assert.All((string[])["Lori", "Montgomery", "6789", number[2..]], word =>
            Assert.Equal(-1, kept.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(word))));
        Assert.Equal((422, 8422), (another.Status, another.Code));
        // Of the same project it is an answer of its own.
        Assert.NotEqual(first.Text("correlationId"), colleague.Text("correlationId"));
        Assert.Equal(403, bank.Status);
    }

    [Fact]
    [Trait("attack", "I03")]
    public async Task Whatever_of_a_person_is_given_out_is_in_the_log_with_who_asked_and_without_the_person()
    {
        var number = server.NextNumber();
        var project = await server.ProjectAsync(new JsonObject { ["oneCall"] = Permitted });
        await server.ImportAsync(project.Project, server.NextName("told"), $"{number},Lori,Montgomery,1980-02-03,{Ssn},,,,,,");

        await project.PostAsync("/v3/verify", new { verificationType = "prefill", phoneNumber = number });

        await ConfiguredServer.WaitForAsync(() => server.Log.Split('\n').FirstOrDefault(line =>
            line.Contains($"Disclosed to API client {project.Id} of project {project.Project}: prefill", StringComparison.Ordinal)));
        Assert.All(
            (string[])["Lori", "Montgomery", Ssn, number[2..]],
            word => Assert.DoesNotContain(word, server.Log, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ssn")]
    [InlineData("nationalId")]
    [InlineData("social_security_number")]
    [InlineData("SSN")]
    public async Task Nor_are_they_told_by_fetch(string attributeType)
    {
        var shop = await server.ClientAsync("shop");
        var enrolled = await shop.PostAsync(
            "/v3/identity", new
            {
                phoneNumber = server.NextNumber(),
                identityAttributes = new[] { new { attributeType, attributeValue = "123-45-6789" } },
            });
        var proveId = enrolled.Text("proveId");

        var discovered = await shop.GetAsync($"/v3/discover?proveId={proveId}");
        var attribute = (string)discovered.Json!["results"]![0]!["attributeId"]!;
        var fetched = await shop.GetAsync($"/v3/fetch?proveId={proveId}&attributeId={attribute}");

        Assert.Equal(200, fetched.Status);
        Assert.Contains("\"6789\"", fetched.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proven_phone_opens_the_records_of_the_project_that_has_proven_it_and_of_no_other()
    {
        var number = server.NextNumber();
        await server.ImportAsync("shop", server.NextName("proven"), $"{number},Lori,Montgomery,1980-02-03,{Ssn},,,,,,lori@example.com");

        var own = await FillInAsync(await server.ClientAsync("shop"), number);
        var others = await FillInAsync(await server.ClientAsync("bank"), number);

        Assert.Equal(Ssn, (string?)own.Challenge.Json!["individual"]!["ssn"]);
        Assert.True((bool)own.Complete.Json!["success"]!);
        Assert.Equal((false, null), ((bool)others.Challenge.Json!["success"]!, others.Challenge.Json!["individual"]));
        Assert.False((bool)others.Complete.Json!["success"]!);
        Assert.DoesNotContain("Lori", others.Challenge.Body + others.Complete.Body, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("attack", "I03")]
    [Trait("attack", "D04")]
    public async Task Without_the_phone_nobody_learns_who_is_on_record()
    {
        var number = server.NextNumber();
        await server.ImportAsync("shop", server.NextName("oracle"), $"{number},Lori,Montgomery,,,,,,,,");
        var (shop, bank) = (await server.ClientAsync("shop"), await server.ClientAsync("bank"));

        string[] answers =
        [
            Unnamed(await shop.AskForNameAsync(number, "Karla")),
            Unnamed(await shop.AskForNameAsync(server.NextNumber(), "Karla")),
            Unnamed(await bank.AskForNameAsync(number, "Lori")),
        ];

        Assert.Single(answers.Distinct(StringComparer.Ordinal));
        Assert.Contains("9014", answers[0], StringComparison.Ordinal);
        Assert.Equal("true", (await shop.AskForNameAsync(number, "Lori")).Text("success"));
    }

    [Theory]
    [Trait("attack", "I02")]
    [InlineData("standard", "false")]
    [InlineData("lenient", "true")]
    public async Task A_letter_is_no_name_but_with_the_phone_where_the_project_takes_initials(string policy, string withPhone)
    {
        (string Number, string First, string Last)[] asked =
        [
            (server.NextNumber(), "L", "Montgomery"), (server.NextNumber(), "L.", "Montgomery"), (server.NextNumber(), "Ｌ", "Montgomery"),
            (server.NextNumber(), "l\u00AD", "Montgomery"), (server.NextNumber(), "L K", "Montgomery"), (server.NextNumber(), "Lori", "M"),
        ];
        var project = await server.ProjectAsync(new JsonObject { ["oneCall"] = Permitted, ["namePolicy"] = policy });
        await server.ImportAsync(
            project.Project, server.NextName("letter"), [.. asked.Select(line => $"{line.Number},Lori,Montgomery,,,,,,,,")]);

        foreach (var (number, firstName, lastName) in asked)
        {
            var body = new { verificationType = "verifiedUser", phoneNumber = number, firstName, lastName };
            Reply[] answers = [await project.AskForNameAsync(number, firstName, lastName), await project.PostAsync("/v3/verify", body)];
            Assert.All(answers, answer => Assert.Equal((firstName, "false"), (firstName, answer.Text("success"))));
            Assert.Equal("true", (await project.AskForNameAsync(number, "Lori")).Text("success"));
        }
        Assert.Equal(withPhone, await ProveAsync(project, asked[0].Number, "L", "Montgomery"));
    }

    [Theory]
    [InlineData("L", false)]
    [InlineData("Lori", true)]
    public async Task Nor_is_a_letter_a_name_where_a_form_is_checked(string firstName, bool agrees)
    {
        var number = server.NextNumber();
        var project = await server.ProjectAsync();
        await server.ImportAsync(project.Project, server.NextName("form"), $"{number},Lori,Montgomery,1980-02-03,,,,,,,");

        var (_, complete) = await FillInAsync(project, number, new { firstName, lastName = "Montgomery" });

        Assert.Equal(agrees, (bool)complete.Json!["success"]!);
    }

    [Fact]
    [Trait("attack", "T04")]
    [Trait("attack", "A02")]
    public async Task Persons_flows_and_devices_of_another_project_are_as_if_there_were_none()
    {
        var (shop, bank) = (await server.ClientAsync("shop"), await server.ClientAsync("bank"));
        var number = server.NextNumber();
        var proveId = (await shop.PostAsync("/v3/identity", new { phoneNumber = number })).Text("proveId");
        using var verify = await shop.VerifyAsync(server.NextNumber());
        using var start = await shop.BeginAsync("/v3/start", new { flowType = "mobile", phoneNumber = server.NextNumber() });
        using var unify = await shop.BeginAsync("/v3/unify", new { possessionType = "none", phoneNumber = number });
        const string Nobody = "01a228e7-0000-7000-8000-000000000000";

        foreach (var (path, id, rest) in (
            (string, string, JsonObject)[])
            [
                ("/v3/verify-status", verify.Id, []), ("/v3/validate", start.Id, []),
                ("/v3/challenge", start.Id, new() { ["dob"] = "1980-02-03" }),
                ("/v3/complete", start.Id, new() { ["individual"] = new JsonObject { ["ssn"] = "6789" } }),
                ("/v3/unify-status", unify.Id, []),
                ("/v3/unify-bind", unify.Id, new() { ["phoneNumber"] = number }),
            ])
        {
            var theirs = await CallAsync(bank, path, id, rest);
            Assert.StartsWith("400 8008", theirs, StringComparison.Ordinal);
            Assert.Equal(await CallAsync(bank, path, Nobody, rest), theirs);
        }
        foreach (var path in (string[])["/v3/identity/{0}", "/v3/discover?proveId={0}", "/v3/fetch?proveId={0}&attributeId=" + Nobody])
        {
            var others = await bank.GetAsync(path.Replace("{0}", proveId, StringComparison.Ordinal));
            Assert.Equal("404", others.Fault[..3]);
            Assert.Equal(others.Body, (await bank.GetAsync(path.Replace("{0}", Nobody, StringComparison.Ordinal))).Body);
        }
        Assert.NotEqual(200, (await bank.PostAsync($"/v3/identity/{proveId}/deactivate", new { })).Status);
        Assert.NotEqual(200, (await bank.PostAsync("/v3/unify", new { possessionType = "mobile", proveId })).Status);
        Assert.Equal(200, (await shop.GetAsync($"/v3/identity/{proveId}")).Status);
    }

    [Fact]
    public async Task Records_come_in_for_a_project_that_is_named_and_into_no_source_of_another()
    {
        var source = server.NextName("source");
        await server.ImportAsync("shop", source, $"{server.NextNumber()},Lori,Montgomery,,,,,,,,");
        string[] columns = ["phone", "given_name", "family_name"];
        object Import(string[]? projects) => new { source, format = "csv", columns, projects };

        var forNobody = await server.AdminAsync(HttpMethod.Post, "/admin/records/imports", Import(null));
        var forTheOther = await server.AdminAsync(HttpMethod.Post, "/admin/records/imports", Import(["bank"]));

        Assert.Equal(400, forNobody.Status);
        Assert.Contains("'projects' is missing", forNobody.Message, StringComparison.Ordinal);
        Assert.Equal(409, forTheOther.Status);
    }

    private static JsonArray Permitted =>
        ["verifiedUser", "accountOpening", "humanAssurance", "prefill", "prefillForBiz", "identityResolution"];

    private static async Task<string> AskAsync(BackEnd project, JsonObject body, string number)
    {
        body["phoneNumber"] = number;
        var one = await project.PostAsync("/v3/verify", body);
        var batch = await project.PostAsync("/v3/verify/batch", new JsonObject { ["items"] = new JsonArray(body.DeepClone()) });
        return Unnamed(one) + Unnamed(batch);
    }

    /// <summary>What an answer says, without what is different in each.</summary>
    private static string Unnamed(Reply reply)
    {
        var answer = reply.Json!.DeepClone().AsObject();
        foreach (var item in (JsonObject[])[answer, .. (answer["results"] as JsonArray ?? []).Select(result => result!.AsObject())])
        {
            item.Remove("correlationId");
            item.Remove("phoneNumber");
            item.Remove("provePhoneAlias");
        }
        return $"{reply.Status} {answer.ToJsonString()}";
    }

    private static async Task<string> CallAsync(BackEnd project, string path, string correlationId, JsonObject rest)
    {
        var body = rest.DeepClone().AsObject();
        body["correlationId"] = correlationId;
        return (await project.PostAsync(path, body)).Fault;
    }

    private async Task<(Reply Challenge, Reply Complete)> FillInAsync(BackEnd project, string number, object? typed = null)
    {
        using var flow = await project.BeginAsync("/v3/start", new { flowType = "mobile", phoneNumber = number });
        await flow.AskForCodeAsync();
        await flow.EnterAsync(server.LastProof(number));
        Assert.True((bool)(await flow.ResultAsync()).Json!["success"]!);
        var challenge = await project.PostAsync("/v3/challenge", new { correlationId = flow.Id, dob = "1980-02-03" });
        var individual = typed ?? new { firstName = "Lori", lastName = "Montgomery", ssn = "6789" };
        return (challenge, await project.PostAsync("/v3/complete", new { correlationId = flow.Id, individual }));
    }

    private async Task<string> ProveAsync(BackEnd project, string phoneNumber, string firstName, string lastName)
    {
        using var flow = await project.BeginAsync("/v3/verify", new { flowType = "mobile", phoneNumber, firstName, lastName });
        await flow.AskForCodeAsync();
        await flow.EnterAsync(server.LastProof(phoneNumber));
        var result = await flow.ResultAsync();
        Assert.Equal("success", result.Text("possessionResult"));
        return result.Text("success");
    }
}

[Collection<OnConfiguredSqlite>]
public sealed class RecordsOnSqlite(ConfiguredSqlite server) : RecordsTests(server);

[Collection<OnConfiguredPostgres>]
[Trait("tier", "long")]
public sealed class RecordsOnPostgres(ConfiguredPostgres server) : RecordsTests(server);
