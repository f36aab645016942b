using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Limits;
using Countersign.Core.Projects;
using Countersign.Core.Texts;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Whole;

/// <summary>What is remembered between flows: guesses, texts and names of a line, over projects, nodes and restarts.</summary>
public abstract class LimitTests(ServerFixture fixture) : IAsyncLifetime
{
    private const string Number = "+12025550142";
    private const string NoEntryLeft = """{"next":"done","error":{"code":10005,"message":"no entry is left"}}""";
    private const string Stay = """{"next":""}""";

    private readonly Lori _identity = new();
    private TestServer _server = null!;

    private static JsonObject Retry => new() { ["allowOTPRetry"] = true };

    public async ValueTask InitializeAsync() => _server = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _server.DisposeAsync();
    }

    [Fact]
    [Trait("attack", "S01")]
    [Trait("attack", "S03")]
    public async Task Of_two_hundred_guesses_at_once_exactly_the_budget_is_evaluated()
    {
        await using var server = await StartAsync(textsPerHour: "1000");
        await using var otherNode = await server.StartSecondNodeAsync();
        Credentials[] clients = [await server.AddProjectAsync("shop"), await server.AddProjectAsync("bank")];
        var flows = new List<(Begun Flow, Credentials Client)>();
        for (var i = 0; i < 20; i++)
        {
            flows.Add((await BeginAsync(server, clients[i % 2]), clients[i % 2]));
        }

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i =>
            (i / 20 % 2 == 0 ? server : otherNode).Browser(flows[i % 20].Flow.AuthToken!).SendAsync(
                "mobile/otp/finish", """{"otp":"999999"}""")));

        var counter = await CounterAsync(server);
        Assert.Equal(10, counter.Charges.Count);
        Assert.Equal(GuessLimits.Day, counter.Charges.Sum(charge => charge.Cost));
        Assert.Equal([5, 5], counter.Charges.GroupBy(charge => charge.Project).Select(project => project.Count()));
        // A call that others were always first of is told to come again: it was not evaluated.
        Assert.All(answers, answer => Assert.True(answer.Status is 200 or 503, $"{answer}"));
        var facts = await FactsAsync(server, flows.Select(flow => flow.Flow));
        var compared = facts.Count(fact => fact.Code == FlowEventCode.EntryWrong || fact.Reason == FlowReason.WrongEntries);
        Assert.Equal(10, compared);
        Assert.All(facts.Where(fact => fact.Code == FlowEventCode.BudgetSpent), fact =>
            Assert.Equal((GuessLimits.Day / 2, 86400), (fact.Limit!.Max, fact.Limit.Seconds)));
    }

    [Fact]
    [Trait("attack", "S10")]
    public async Task A_right_code_is_worth_nothing_when_no_guess_is_left_and_something_the_day_after()
    {
        var client = await _server.AddProjectAsync("shop");
        for (var i = 0; i < 5; i++)
        {
            var flow = await BeginAsync(_server, client);
            await _server.Browser(flow.AuthToken!).Enter("999999");
        }
        var last = _server.Gateway.Submissions.Count;
        Assert.Equal(5, last);

        // The flow was begun before; a new one would not.
        var refused = await _server.VerifyAsync(TestServer.VerifyBody("mobile", Number), client);
        Assert.Equal("429 8429 too many requests: the limit 'guesses.project' is reached for this phone number", refused.Fault);
        Assert.Equal("86400", refused.Header("Retry-After"));
        // A link is no guess.
        Assert.Equal("200", (await _server.VerifyAsync(TestServer.VerifyBody("desktop", Number), client)).Fault);

        await _server.RestartAsync();
        Assert.Equal(429, (await _server.VerifyAsync(TestServer.VerifyBody("mobile", Number), client)).Status);
        await _server.AdvanceAsync(TimeSpan.FromDays(1));

        var right = await BeginAsync(_server, client);
        Assert.Equal("""{"next":"done"}""", (await _server.Browser(right.AuthToken!).Enter(LastCode(_server))).ToJsonString());
    }

    [Fact]
    public async Task A_code_that_was_sent_before_the_budget_was_spent_is_not_compared()
    {
        var client = await _server.AddProjectAsync("shop");
        var waiting = await BeginAsync(_server, client);
        var code = LastCode(_server);
        for (var i = 0; i < 5; i++)
        {
            await _server.Browser((await BeginAsync(_server, client)).AuthToken!).Enter("999999");
        }

        var answer = await _server.Browser(waiting.AuthToken!).Enter(code);

        Assert.Equal(NoEntryLeft, answer.ToJsonString());
        var status = await _server.StatusAsync(waiting.Id, client);
        Assert.Equal("false failed failed", status.Outcome);
        Assert.Equal(
            "a limit or a cap stood in the way", (string?)status.Json!["evaluation"]!["authentication"]!["failureReasons"]!["9916"]);
        var spent = Assert.Single(await FactsAsync(_server, [waiting]), fact => fact.Code == FlowEventCode.BudgetSpent);
        Assert.Equal(LimitRule.GuessesOfProject, spent.Limit!.Rule);
    }

    [Fact]
    public async Task What_cannot_be_right_and_what_is_right_cost_the_line_nothing()
    {
        await using var server = await StartAsync(textsPerHour: "1000");
        var client = await server.AddProjectAsync("shop");
        foreach (var entry in (string[])["12345", "", "abcdef", "1234567"])
        {
            var flow = await BeginAsync(server, client);
            await server.Browser(flow.AuthToken!).Enter(entry);
            Assert.Contains(await FactsAsync(server, [flow]), fact => fact.Code == FlowEventCode.EntryWrong);
        }
        for (var i = 0; i < 12; i++)
        {
            var flow = await BeginAsync(server, client);
            Assert.Equal("""{"next":"done"}""", (await server.Browser(flow.AuthToken!).Enter(LastCode(server))).ToJsonString());
        }

        Assert.Empty((await CounterAsync(server)).Charges);
    }

    [Fact]
    [Trait("attack", "L06")]
    [Trait("attack", "F04")]
    public async Task The_seventh_text_of_an_hour_is_not_sent()
    {
        var client = await _server.AddProjectAsync("shop");
        Begun flow = null!;
        for (var i = 0; i < 6; i++)
        {
            flow = await BeginAsync(_server, client);
        }
        var early = _server.Browser(flow.AuthToken!);

        // The page of a flow that was begun in time.
        var refused = await _server.VerifyAsync(TestServer.VerifyBody("mobile", Number), client);
        Assert.Equal("429 8429 too many requests: the limit 'texts.project.hour' is reached for this phone number", refused.Fault);
        await _server.AdvanceAsync(TimeSpan.FromSeconds(31));
        Assert.Equal(Stay, (await early.Post("mobile/otp/start")).ToJsonString());
        await _server.AdvanceAsync(TimeSpan.FromSeconds(31));
        Assert.Equal(Stay, (await early.Post("mobile/otp/start")).ToJsonString());

        Assert.Equal(6, _server.Gateway.Submissions.Count);
        Assert.Single(await FactsAsync(_server, [flow]), fact => fact.Code == FlowEventCode.BudgetSpent);
        Assert.Equal("""{"next":"done"}""", (await early.Enter(LastCode(_server))).ToJsonString());
        // What another project has sent counts for the line, and leaves it as many.
        var other = await _server.AddProjectAsync("bank");
        for (var i = 0; i < 6; i++)
        {
            await BeginAsync(_server, other);
        }
        var third = await _server.AddProjectAsync("school");
        Assert.Equal(
            "429 8429 too many requests: the limit 'texts.line.hour' is reached for this phone number",
            (await _server.VerifyAsync(TestServer.VerifyBody("desktop", Number), third)).Fault);
        await _server.AdvanceAsync(TimeSpan.FromHours(1));
        await BeginAsync(_server, client);
    }

    [Fact]
    public async Task A_first_text_that_may_not_be_sent_ends_the_flow()
    {
        var client = await _server.AddProjectAsync("shop");
        var begun = await _server.BeginAsync("desktop", Number, credentials: client);
        for (var i = 0; i < 6; i++)
        {
            await BeginAsync(_server, client);
        }

        await using var socket = await _server.Browser(begun.AuthToken!).ConnectSocketAsync();
        await _server.Browser(begun.AuthToken!).Post("mobile/instantlink/start");

        var status = await _server.StatusAsync(begun.Id, client);
        Assert.Equal("false failed failed", status.Outcome);
        Assert.NotNull(status.Json!["evaluation"]!["authentication"]!["failureReasons"]!["9916"]);
        Assert.Equal(6, _server.Gateway.Submissions.Count);
    }

    [Fact]
    public async Task Of_many_texts_at_once_no_more_are_sent_than_the_limit_allows()
    {
        await using var otherNode = await _server.StartSecondNodeAsync();
        var client = await _server.AddProjectAsync("shop");
        var flows = new List<Begun>();
        for (var i = 0; i < 40; i++)
        {
            flows.Add(await _server.BeginAsync("mobile", Number, credentials: client));
        }

        await Task.WhenAll(flows.Select(async (flow, i) =>
        {
            var page = (i % 2 == 0 ? _server : otherNode).Browser(flow.AuthToken!);
            await page.SendAsync("mobile/instant/start");
            await page.SendAsync("mobile/otp/start");
        }));

        Assert.Equal(6, _server.Gateway.Submissions.Count + otherNode.Gateway.Submissions.Count);
    }

    [Fact]
    public async Task The_sixth_wrong_name_is_not_asked_and_a_name_counts_once()
    {
        var client = await _server.AddProjectAsync("shop");
        foreach (var name in (string[])["Ann", "Bob", "ann", "Cem", "ANN", "Dan", "Eva", "Ánn"])
        {
            Assert.Equal("false", (await AskAsync(client, name)).Text("success"));
        }

        var refused = await AskAsync(client, "Lori");
        Assert.Equal("429 8429 too many requests: the limit 'names.project' is reached for this phone number", refused.Fault);
        // What was told before is told again.
        Assert.Equal("false", (await AskAsync(client, "Bob")).Text("success"));
        Assert.Equal(8 + 1, _identity.Asked);
        // The line has ten, and another project's names are its own.
        var other = await _server.AddProjectAsync("bank");
        Assert.Equal("true", (await AskAsync(other, "Lori")).Text("success"));
        foreach (var name in (string[])["Ann", "Fay", "Gil", "Hal", "Ida"])
        {
            Assert.Equal("false", (await AskAsync(other, name)).Text("success"));
        }
        Assert.Equal(429, (await AskAsync(other, "Lori")).Status);
        await _server.AdvanceAsync(TimeSpan.FromDays(1));
        Assert.Equal("true", (await AskAsync(client, "Lori")).Text("success"));
    }

    [Fact]
    [Trait("attack", "I03")]
    public async Task Of_a_hundred_names_at_once_no_more_are_told_than_the_limit_allows()
    {
        var client = await _server.AddProjectAsync("shop");

        var replies = await Task.WhenAll(Enumerable.Range(0, 100).Select(i =>
            AskAsync(client, $"Name{(char)('a' + (i / 26))}{(char)('a' + (i % 26))}")));

        Assert.Equal(5, replies.Count(reply => reply.Status == 200));
        Assert.Equal(5, _identity.Asked);
    }

    [Fact]
    public async Task A_name_that_matches_costs_nothing_however_often_it_is_asked()
    {
        var client = await _server.AddProjectAsync("shop");
        for (var i = 0; i < 8; i++)
        {
            Assert.Equal("true", (await AskAsync(client, "Lori")).Text("success"));
        }
        var counters = _server.Services.GetRequiredService<ICounterStore>();
        var key = _server.Services.GetRequiredService<CounterKeys>().OfNames(PhoneNumber.Parse(Number));
        Assert.Empty((await counters.ReadAsync(key, TestContext.Current.CancellationToken)).Charges);
    }

    [Fact]
    public async Task Names_of_the_one_call_contract_count_with_the_others()
    {
        var client = await _server.AddProjectAsync("shop", new ProjectSettings { OneCall = [VerificationType.VerifiedUser] });
        foreach (var name in (string[])["Ann", "Bob", "Cem"])
        {
            await AskAsync(client, name);
        }

        Assert.Equal(200, (await _server.VerifyAsync(OneCall("Dan").ToJsonString(), client)).Status);
        Assert.Null(await ErrorOfAsync("Eva"));
        Assert.Equal("too many requests: the limit 'names.project' is reached for this phone number", await ErrorOfAsync("Fay"));
        Assert.Null(await ErrorOfAsync("Ann"));
        Assert.Equal(429, (await _server.VerifyAsync(OneCall("Gil").ToJsonString(), client)).Status);

        async Task<string?> ErrorOfAsync(string name)
        {
            var batch = new JsonObject { ["items"] = new JsonArray(OneCall(name)) };
            return (string?)(await _server.PostAsync("/v3/verify/batch", batch.ToJsonString(), client)).Json!["results"]![0]!["error"];
        }
    }

    [Fact]
    public async Task Support_sees_what_is_spent_of_a_number_and_begins_it_anew()
    {
        var client = await _server.AddProjectAsync("shop");
        for (var i = 0; i < 5; i++)
        {
            await _server.Browser((await BeginAsync(_server, client)).AuthToken!).Enter("999999");
        }
        await AskAsync(client, "Ann");
        Assert.Equal(429, (await _server.VerifyAsync(TestServer.VerifyBody("mobile", Number), client)).Status);

        var shown = await BudgetAsync("show", "+1 (202) 555-0142");
        var lifted = await BudgetAsync("lift", Number);

        string[] spent =
        [
            "guesses.project shop 500000000000/500000000000 86400 reached", "guesses.line all 500000000000/1000000000000 86400",
            "names.project shop 1/5 86400", "names.line all 1/10 86400",
            "texts.project.hour shop 5/6 3600", "texts.line.hour all 5/12 3600",
            "texts.project.day shop 5/12 86400", "texts.line.day all 5/24 86400",
        ];
        Assert.Equal(spent, shown);
        Assert.Equal(shown, lifted);
        Assert.DoesNotContain(await BudgetAsync("show", Number), one => !one.Contains(" all 0/", StringComparison.Ordinal));
        Assert.Empty(await BudgetAsync("lift", Number));
        var flow = await BeginAsync(_server, client);
        Assert.Equal("""{"next":"done"}""", (await _server.Browser(flow.AuthToken!).Enter(LastCode(_server))).ToJsonString());
        var refused = await _server.AdminAsync(HttpMethod.Post, "/admin/budget/lift", """{"phoneNumber":"+1202"}""");
        Assert.StartsWith("400 8001", refused.Fault, StringComparison.Ordinal);

        async Task<IReadOnlyList<string>> BudgetAsync(string what, string number)
        {
            var reply = await _server.AdminAsync(
                HttpMethod.Post, $"/admin/budget/{what}", new JsonObject { ["phoneNumber"] = number }.ToJsonString());
            Assert.Equal(200, reply.Status);
            return
            [
                .. reply.Json!["budgets"]!.AsArray().Select(one =>
                    $"{one!["rule"]} {(string?)one["project"] ?? "all"} {one["count"]}/{one["max"]} {one["windowSeconds"]}"
                        + (one["until"] is null ? "" : " reached")),
            ];
        }
    }

    private static JsonObject OneCall(string name) => new()
    {
        ["verificationType"] = "verifiedUser",
        ["phoneNumber"] = Number,
        ["firstName"] = name,
        ["lastName"] = "Montgomery",
        ["clientCustomerId"] = name,
    };

    private Task<TestServer> StartAsync(string? textsPerHour = null) => fixture.StartAsync(
        new Dictionary<string, string?>(TestServer.Live)
        {
            ["Countersign:TextLimits:PerHour"] = textsPerHour,
            ["Countersign:TextLimits:PerDay"] = textsPerHour,
            ["Countersign:Budget:NamesPerProject"] = null,
            ["Countersign:Budget:NamesPerLine"] = null,
        },
        builder => builder.Services.AddSingleton<IIdentitySource>(_identity));

    private static async Task<Begun> BeginAsync(TestServer server, Credentials client)
    {
        var flow = await server.BeginAsync("mobile", Number, Retry, client);
        var page = server.Browser(flow.AuthToken!);
        await page.Post("mobile/instant/start");
        await page.Post("mobile/otp/start");
        return flow;
    }

    private Task<Reply> AskAsync(Credentials client, string name) =>
        _server.VerifyAsync(TestServer.VerifyBody("none", Number, new JsonObject { ["firstName"] = name }), client);

    private static string LastCode(TestServer server) => server.Gateway.Submissions[^1].Text.Proof.Reveal();

    private static async Task<Counter> CounterAsync(TestServer server)
    {
        var key = server.Services.GetRequiredService<CounterKeys>().OfGuesses(PhoneNumber.Parse(Number));
        var counters = server.Services.GetRequiredService<ICounterStore>();
        return await counters.ReadAsync(key, TestContext.Current.CancellationToken);
    }

    private static async Task<IReadOnlyList<FlowEvent>> FactsAsync(TestServer server, IEnumerable<Begun> flows)
    {
        var store = server.Services.GetRequiredService<IFlowStore>();
        var facts = new List<FlowEvent>();
        foreach (var begun in flows)
        {
            var flow = await store.FindAsync(CorrelationId.Parse(begun.Id), TestContext.Current.CancellationToken);
            facts.AddRange(flow!.Timeline);
        }
        return facts;
    }

    /// <summary>Knows Lori and nobody else.</summary>
    private sealed class Lori : IIdentitySource
    {
        private int _asked;

        public int Asked => _asked;

        public Task<IdentityAnswer> MatchAsync(IdentityQuestion question, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _asked);
            return Task.FromResult(
                new IdentityAnswer(question.Name.Given == "Lori" ? IdentityMatch.Matched : IdentityMatch.Differs));
        }
    }
}

public sealed class LimitTestsOnSqlite(OnSqlite fixture) : LimitTests(fixture), IClassFixture<OnSqlite>;

public sealed class LimitTestsOnPostgres(OnPostgres fixture) : LimitTests(fixture), IClassFixture<OnPostgres>;
