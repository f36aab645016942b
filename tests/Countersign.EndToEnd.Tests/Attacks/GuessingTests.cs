using System.Globalization;
using System.Text.Json.Nodes;
using Countersign.EndToEnd.Tests.Fixtures;

namespace Countersign.EndToEnd.Tests.Attacks;

/// <summary>Whoever begins many flows, in several projects, with a number in several spellings, gets no more guesses and texts.</summary>
public abstract class GuessingTests(ConfiguredServer server)
{
    [Theory]
    [Trait("attack", "S01")]
    [Trait("attack", "S02")]
    [InlineData("+1202{0}", "202{0}", "1202{0}")]
    [InlineData("+447400{1}", "+4407400{1}", "447400{1}")]
    public async Task Wrong_codes_count_over_flows_projects_and_spellings_of_a_line(params string[] spellings)
    {
        string[] written = [.. spellings.Select(Written(server.NextNumber()))];
        BackEnd[] projects = [await server.ClientAsync("shop"), await server.ClientAsync("bank")];
        using var early = await projects[0].VerifyAsync(written[0]);
        await early.AskForCodeAsync();

        var compared = 0;
        var refusals = new List<string>();
        for (var n = 0; n < 10; n++)
        {
            var project = projects[n % 2];
            var begun = await project.AskToVerifyAsync(written[n % 3]);
            if (begun.Status != 200)
            {
                refusals.Add($"{begun.Status} {begun.Message.Split('\'')[1]} {begun.Header("Retry-After") is not null}");
                continue;
            }
            compared += await GuessAsync(project, begun, written[0]);
        }
        await early.EnterAsync(server.LastProof(written[0]));

        // Ten codes of six digits are what a line permits in a day; half of them to each project.
        Assert.Equal(10, compared);
        Assert.Equal(6, refusals.Count);
        Assert.All(refusals, refusal => Assert.Equal("429 guesses.project True", refusal));
        // Not even the right one is compared any more, in a flow that was there before.
        Assert.Equal("9916", ReasonOf(await early.ResultAsync()));
        var third = await (await server.ProjectAsync()).AskToVerifyAsync(written[1]);
        Assert.Equal("429 8429 too many requests: the limit 'guesses.line' is reached for this phone number", third.Fault);
    }

    [Fact]
    [Trait("attack", "S10")]
    public async Task Who_was_locked_out_by_guesses_of_others_is_let_in_again_by_support_and_nobody_else_is_concerned()
    {
        var (number, neighbour) = (server.NextNumber(), server.NextNumber());
        var shop = await server.ClientAsync("shop");
        await GuessAsync(shop, await shop.AskToVerifyAsync(number), number);
        await GuessAsync(shop, await shop.AskToVerifyAsync(number), number);
        var locked = await shop.AskToVerifyAsync(number);

        await server.AdminAsync(HttpMethod.Post, "/admin/budget/lift", new { phoneNumber = number });

        Assert.Equal(429, locked.Status);
        foreach (var line in (string[])[number, neighbour])
        {
            using var flow = await shop.VerifyAsync(line);
            await flow.AskForCodeAsync();
            await flow.EnterAsync(server.LastProof(line));
            Assert.Equal("success", (await flow.ResultAsync()).Text("possessionResult"));
        }
    }

    [Fact]
    [Trait("attack", "L06")]
    [Trait("attack", "F02")]
    [Trait("attack", "F04")]
    public async Task Texts_to_a_line_count_over_products_projects_and_spellings()
    {
        var number = server.NextNumber();
        BackEnd[] projects = [await server.ClientAsync("shop"), await server.ClientAsync("bank")];
        (string Path, JsonObject Body)[] products =
        [
            ("/v3/verify", new JsonObject { ["flowType"] = "mobile", ["firstName"] = "Lori", ["lastName"] = "Montgomery" }),
            ("/v3/start", new JsonObject { ["flowType"] = "mobile" }),
            ("/v3/unify", new JsonObject { ["possessionType"] = "mobile" }),
            ("/v3/unify", new JsonObject { ["possessionType"] = "desktop", ["finalTargetUrl"] = ConfiguredServer.Target }),
        ];

        var refused = 0;
        for (var n = 0; n < 16; n++)
        {
            var (path, body) = products[n / 2 % 4];
            body["phoneNumber"] = n % 3 == 0 ? number : number[(n % 3)..];
            var begun = await projects[n % 2].PostAsync(path, body);
            if (begun.Status != 200)
            {
                Assert.Equal("429 8429 too many requests: the limit 'texts.project.hour' is reached for this phone number", begun.Fault);
                refused++;
                continue;
            }
            using var flow = projects[n % 2].Browser(path, begun);
            await SendAsync(flow, isDesktop: body.ContainsKey("finalTargetUrl"));
        }

        Assert.Equal((12, 4), (server.Texts(number).Count, refused));
    }

    [Fact]
    public async Task A_number_that_is_given_in_the_browser_gets_no_more_texts_than_one_that_the_call_names()
    {
        var victim = server.NextNumber();
        BackEnd[] projects =
        [
            await server.ProjectAsync(new JsonObject { ["numberChange"] = "on" }),
            await server.ProjectAsync(new JsonObject { ["numberChange"] = "on" }),
        ];

        var answers = new List<Reply>();
        for (var n = 0; n < 14; n++)
        {
            using var flow = await projects[n % 2].BeginAsync(
                "/v3/unify", new { possessionType = "mobile", phoneNumber = server.NextNumber() });
            answers.Add(await flow.AskForCodeAsync(victim));
        }

        Assert.Equal(12, server.Texts(victim).Count);
        Assert.All(answers[..12], answer => Assert.Null(answer.Json!["error"]));
        Assert.All(answers[12..], answer => Assert.Equal(10005, (int)answer.Json!["error"]!["code"]!));
    }

    [Theory]
    [InlineData("/v3/verify", "#### is your code")]
    [InlineData("/v3/verify", "Your code: #####")]
    [InlineData("/v3/start", "#### is your code")]
    [InlineData("/v3/unify", "Your code: #####")]
    public async Task A_code_is_not_made_shorter_by_the_text_that_a_call_brings(string path, string text)
    {
        var shop = await server.ClientAsync("shop");
        var number = server.NextNumber();
        var body = new JsonObject
        {
            ["flowType"] = "mobile", ["phoneNumber"] = number, ["firstName"] = "Lori", ["lastName"] = "Montgomery", ["smsMessage"] = text,
        };

        var refused = await shop.PostAsync(path, body);
        body["smsMessage"] = "###### is your code";
        using var flow = await shop.BeginAsync(path, body);
        await flow.AskForCodeAsync();

        Assert.Equal((400, 8001), (refused.Status, refused.Code));
        Assert.StartsWith("field 'smsMessage' is invalid: a code of ", refused.Message, StringComparison.Ordinal);
        Assert.Equal(6, server.LastProof(number).Length);
    }

    [Fact]
    public async Task A_code_is_not_made_shorter_by_the_text_of_a_project()
    {
        var project = await server.ProjectAsync();

        var refused = await server.AdminAsync(
            HttpMethod.Patch, $"/admin/projects/{project.Project}", new { otpText = "#### is your code" });

        Assert.Equal(400, refused.Status);
        Assert.Contains("otpText", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("attack", "I03")]
    public async Task Names_without_the_phone_count_over_calls_spellings_and_projects()
    {
        var number = server.NextNumber();
        var settings = new JsonObject { ["oneCall"] = new JsonArray("verifiedUser", "accountOpening") };
        BackEnd[] projects =
            [await server.ProjectAsync(settings), await server.ProjectAsync(settings), await server.ProjectAsync(settings)];

        var answers = new List<string>();
        foreach (var project in projects)
        {
            answers.Add(Rule(await project.AskForNameAsync(number, "Anna")));
            // The same name again is no other one.
            answers.Add(Rule(await project.AskForNameAsync(number[2..], "ANNÁ")));
            answers.Add(Rule(await OneCallAsync(project, "verifiedUser", number[1..], "Berta")));
            answers.Add(Rule(await OneCallAsync(project, "accountOpening", number, "Clara")));
            answers.Add(Rule(await BatchAsync(project, number, "Dora")));
            answers.Add(Rule(await project.AskForNameAsync(number, "Emma")));
            answers.Add(Rule(await project.AskForNameAsync(number, "Frida")));
            answers.Add(Rule(await BatchAsync(project, number[2..], "Gerda")));
        }

        string[] five = ["", "", "", "", "", "", "names.project", "names.project"];
        // All projects try the same names, which the line counts once: five differing ones.
        Assert.Equal([.. five, .. five, .. five], answers);
    }

    [Fact]
    public async Task Names_that_differ_from_project_to_project_count_for_the_line()
    {
        var number = server.NextNumber();
        BackEnd[] projects = [await server.ClientAsync("shop"), await server.ClientAsync("bank"), await server.ProjectAsync()];

        var answers = new List<string>();
        foreach (var (index, project) in projects.Index())
        {
            for (var n = 0; n < 5; n++)
            {
                answers.Add(Rule(await project.AskForNameAsync(number, $"{(char)('A' + index)}nna{(char)('a' + n)}")));
            }
        }

        Assert.Equal([.. Enumerable.Repeat("", 10), .. Enumerable.Repeat("names.line", 5)], answers);
    }

    [Fact]
    public async Task A_batch_tries_one_name_for_a_line_however_its_number_is_written()
    {
        var number = server.NextNumber();
        var project = await server.ProjectAsync(new JsonObject { ["oneCall"] = new JsonArray("verifiedUser") });
        await server.ImportAsync(project.Project, server.NextName("batch"), $"{number},Zoe,Montgomery,,,,,,,,");

        var items = new JsonArray([.. Enumerable.Range(0, 1000).Select(n => Item(number[(n % 3)..], n == 999 ? "Zoe" : $"Nina{n:x}"))]);
        var answer = await project.PostAsync("/v3/verify/batch", new JsonObject { ["items"] = items });

        var results = answer.Json!["results"]!.AsArray();
        Assert.Equal(1000, results.Count);
        Assert.All(results, result => Assert.Equal("false", (string?)result!["success"]));
        Assert.Null(results[0]!["error"]);
        Assert.All(
            results.Skip(1),
            result => Assert.Equal("field 'phoneNumber' is invalid: is the number of an earlier item", (string?)result!["error"]));
        Assert.Equal("true", (await OneCallAsync(project, "verifiedUser", number, "Zoe")).Text("success"));
    }

    /// <summary>Enters what is wrong until the flow takes no more; returns how often it was compared.</summary>
    private async Task<int> GuessAsync(BackEnd project, Reply begun, string number)
    {
        using var flow = project.Browser("/v3/verify", begun);
        await flow.AskForCodeAsync();
        var wrong = PersonsBrowser.WrongFor(server.LastProof(number));
        for (var entry = 0; entry < 3; entry++)
        {
            await flow.EnterAsync(wrong);
        }
        return ReasonOf(await flow.ResultAsync()) == "9910" ? 3 : 2;
    }

    private static async Task SendAsync(PersonsBrowser flow, bool isDesktop) =>
        Assert.Null((isDesktop ? await flow.PostAsync("mobile/instantlink/start") : await flow.AskForCodeAsync()).Json!["error"]);

    private static Task<Reply> OneCallAsync(BackEnd project, string verificationType, string phoneNumber, string firstName) =>
        project.PostAsync("/v3/verify", new { verificationType, phoneNumber, firstName, lastName = "Montgomery" });

    private static Task<Reply> BatchAsync(BackEnd project, string number, string firstName) =>
        project.PostAsync("/v3/verify/batch", new JsonObject { ["items"] = new JsonArray(Item(number, firstName)) });

    private static JsonObject Item(string number, string firstName) => new()
    {
        ["verificationType"] = "verifiedUser", ["phoneNumber"] = number, ["firstName"] = firstName, ["lastName"] = "Montgomery",
    };

    /// <summary>The limit that has refused, of a call or of the only item of a batch; empty for an answer.</summary>
    private static string Rule(Reply reply)
    {
        var message = reply.Status == 200 ? (string?)(reply.Json!["results"]?[0]?["error"]) : reply.Message;
        return message?.Split('\'')[1] ?? "";
    }

    /// <summary>Why possession failed: beside the general reason stands one other.</summary>
    private static string ReasonOf(Reply result) =>
        result.Json!["evaluation"]!["authentication"]!["failureReasons"]!.AsObject().Single(reason => reason.Key != "9100").Key;

    private static Func<string, string> Written(string number) =>
        format => string.Format(CultureInfo.InvariantCulture, format, number[5..], number[6..]);
}

[Collection<OnConfiguredSqlite>]
public sealed class GuessingOnSqlite(ConfiguredSqlite server) : GuessingTests(server);

[Collection<OnConfiguredPostgres>]
[Trait("tier", "long")]
public sealed class GuessingOnPostgres(ConfiguredPostgres server) : GuessingTests(server);
