using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Possession;
using Countersign.Core.PreFill;
using Countersign.Core.Projects;
using Countersign.Core.Unify;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Endpoints.RelyingParty.PreFill;

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
        Assert.Equal("""{"success":true,"challengeMissing":true,"phoneNumber":"2001001695","next":{"v3-challenge":"/v3/challenge"}}""",
            validated.Body);
        Assert.Equal(
            """{"success":true,"individual":{"firstName":"Milo","lastName":"Pinson","addresses":["""
                + """{"address":"6377 Birchwood Hill","city":"Littleton","region":"CO","postalCode":"80161-2001"}]"""
            + ""","emailAddresses":["mpinsonm@dyndns.org"],"dob":"1981-01-17","ssn":"847350596"},"next":{"v3-complete":"/v3/complete"}}""",
            challenged.Body);
        Assert.Equal(
            """{"success":true,"next":{"done":"done"},"idv":{"multiCIPConfidence":"high","dataSource1":"""
                + """{"cipConfidence":"high","address":{"street":true,"city":true,"region":true,"postalCode":true}"""
                + ""","identifiers":{"dob":true,"ssn":true,"last4":true}"""
            + ""","name":{"firstName":100,"lastName":100,"nameScore":100},"email":{"emailAddress":true}}},"kyc":{"totalHits":0"""
            + ""","amlTypeLists":[]}}""",
            completed.Body);
    }

    [Fact]
    public async Task What_a_person_typed_is_checked_without_a_challenge()
    {
        var flow = await Server.BeginPreFillAsync(PreFillSteps.Martina, "desktop");

        var validated = await Server.ValidateAsync(flow.Id);
        var challenged = await Server.ChallengeAsync(flow.Id, new() { ["ssn"] = "9347" });
        var completed = await Server.CompleteAsync(flow.Id);

        Assert.Equal("""{"success":true,"challengeMissing":false,"phoneNumber":"2001004000","next":{"v3-complete":"/v3/complete"}}""",
            validated.Body);
        Assert.Equal(OutOfOrder, challenged.Fault);
        Assert.Equal(
            """{"success":true,"next":{"done":"done"},"idv":{"multiCIPConfidence":"high","dataSource1":"""
                + """{"cipConfidence":"high","name":{"firstName":100,"lastName":100,"nameScore":100}}}}""",
            completed.Body);
    }

    [Fact]
    public async Task While_possession_is_undecided_validate_says_so_and_nothing_else_is_allowed()
    {
        var flow = await Server.BeginPreFillAsync("2001001693", more: new() { ["dob"] = "07-19" });

        var first = await Server.ValidateAsync(flow.Id);
        var challenged = await Server.ChallengeAsync(flow.Id);
        var completed = await Server.CompleteAsync(flow.Id);
        var second = await Server.ValidateAsync(flow.Id);

        Assert.Equal(
            """{"success":false,"challengeMissing":false,"phoneNumber":"2001001693","next":{"v3-validate":"/v3/validate"}}""", first.Body);
        Assert.Equal((OutOfOrder, OutOfOrder), (challenged.Fault, completed.Fault));
        Assert.Equal(first.Body, second.Body);
    }

    [Theory]
    [InlineData("2001001693", "desktop", "v3-challenge")]
    [InlineData("2001001688", "mobile", "v3-challenge")]
    [InlineData("2001004009", "mobile", "v3-complete")]
    [InlineData("2001001698", "desktop", "v3-complete")]
    public async Task A_code_or_a_link_leads_to_the_next_step(string number, string type, string next)
    {
        var flow = await Server.BeginPreFillAsync(number, type);
        if (type == "desktop")
        {
            await Server.Browser(flow.AuthToken!).Post("mobile/instantlink/start");
            await Server.ConfirmLinkAsync((await Server.LastMessageAsync(number)).Link!);
        }
        else
        {
            await Server.ProveAsync(flow);
        }

        var validated = await Server.ValidateAsync(flow.Id);

        Assert.True((bool)validated.Json!["success"]!);
        Assert.Equal(next, validated.Json["next"]!.AsObject().Single().Key);
    }

    [Theory]
    [InlineData("5550000000")]
    [InlineData("2001009101")]
    [InlineData("2001009201")]
    public async Task The_mobile_network_proves_without_a_text(string number)
    {
        var flow = await Server.BeginPreFillAsync(number);
        var page = Server.Browser(flow.AuthToken!);
        var begun = await page.Post("mobile/instant/start");
        await page.Post("mobile/instant/finish",
            new JsonObject { ["vfp"] = ((string)begun["data"]!["redirectUrl"]!).Split("testVfp=")[1] }.ToJsonString());

        var validated = await Server.ValidateAsync(flow.Id);

        Assert.True((bool)validated.Json!["success"]!);
        Assert.Empty(await Server.MessagesAsync(number));
    }

    [Theory]
    [InlineData("2001009103", true)]
    [InlineData("2001009203", false)]
    public async Task When_possession_has_failed_the_flow_is_over(string number, bool isChallengeMissing)
    {
        var flow = await Server.BeginPreFillAsync(number);
        await Server.AskForTextAsync(flow);

        var validated = await Server.ValidateAsync(flow.Id);
        var again = await Server.ValidateAsync(flow.Id);

        Assert.Equal(
            $$$"""{"success":false,"challengeMissing":{{{(isChallengeMissing ? "true" : "false")}}}"""
                + $$$""","phoneNumber":"{{{number}}}","next":{"done":"done"},"""
            + "\"evaluation\":{\"authentication\":{\"result\":\"fail\",\"failureReasons\":{\"9100\":\"possession check "
                + "incomplete\",\"9914\":\"text refused or not delivered\"}}}}",
            validated.Body);
        Assert.Equal(validated.Body, again.Body);
        Assert.Equal(OutOfOrder, (await Server.ChallengeAsync(flow.Id, new() { ["ssn"] = "0103" })).Fault);
        Assert.Equal(OutOfOrder, (await Server.CompleteAsync(flow.Id)).Fault);
    }

    [Fact]
    public async Task A_challenge_that_ran_out_is_told_by_validate()
    {
        await using var server = await fixture.StartAsync();
        var flow = await server.BeginPreFillAsync("2001001688");
        await server.AskForTextAsync(flow);

        await server.AdvanceAsync(TimeSpan.FromMinutes(2));
        var validated = await server.ValidateAsync(flow.Id);

        Assert.Equal("""{"done":"done"}""", validated.Json!["next"]!.ToJsonString());
    }

    [Fact]
    public async Task Validate_may_be_repeated_until_the_challenge_was_accepted()
    {
        var id = await Server.ReadyAsync(PreFillSteps.Milo);

        var first = await Server.ValidateAsync(id);
        var second = await Server.ValidateAsync(id);
        await Server.ChallengeAsync(id, new() { ["dob"] = "1981-01" });
        var afterChallenge = await Server.ValidateAsync(id);
        await Server.CompleteAsync(id);
        var afterComplete = await Server.ValidateAsync(id);

        Assert.Equal((200, first.Body), (second.Status, second.Body));
        Assert.Equal((OutOfOrder, OutOfOrder), (afterChallenge.Fault, afterComplete.Fault));
    }

    [Fact]
    public async Task Validate_may_be_repeated_until_complete_was_accepted()
    {
        var id = await Server.ReadyAsync(PreFillSteps.Martina);

        var again = await Server.ValidateAsync(id);
        await Server.CompleteAsync(id);
        var afterComplete = await Server.ValidateAsync(id);

        Assert.Equal(200, again.Status);
        Assert.Equal(OutOfOrder, afterComplete.Fault);
    }

    [Fact]
    [Trait("attack", "T05")]
    public async Task Each_step_is_accepted_once_and_in_order()
    {
        var flow = await Server.BeginPreFillAsync(PreFillSteps.Milo);
        var ssn = new JsonObject { ["ssn"] = "0596" };

        var challengeFirst = await Server.ChallengeAsync(flow.Id, ssn);
        await Server.ValidateAsync(flow.Id);
        var completeFirst = await Server.CompleteAsync(flow.Id);
        var challenged = await Server.ChallengeAsync(flow.Id, ssn);
        var challengedAgain = await Server.ChallengeAsync(flow.Id, ssn);
        var completed = await Server.CompleteAsync(flow.Id);
        var completedAgain = await Server.CompleteAsync(flow.Id);

        Assert.Equal((OutOfOrder, OutOfOrder), (challengeFirst.Fault, completeFirst.Fault));
        Assert.Equal((200, 200), (challenged.Status, completed.Status));
        Assert.Equal((OutOfOrder, OutOfOrder), (challengedAgain.Fault, completedAgain.Fault));
    }

    [Theory]
    [InlineData(PreFillSteps.Milo, "{}", true)]
    [InlineData(PreFillSteps.Milo, """{"dob":"01-17"}""", false)]
    [InlineData(PreFillSteps.Milo, """{"ssn":"847350596"}""", false)]
    [InlineData(PreFillSteps.Milo, """{"last4SSN":"0596"}""", false)]
    [InlineData(PreFillSteps.Milo, """{"dob":"","ssn":null}""", true)]
    [InlineData(PreFillSteps.Martina, "{}", false)]
    [InlineData(PreFillSteps.Martina, """{"dob":"1995-07-26"}""", false)]
    public async Task A_challenge_is_missing_until_it_has_something_to_compare(string number, string more, bool isMissing)
    {
        var flow = await Server.BeginPreFillAsync(number, more: (JsonObject)JsonNode.Parse(more)!);

        var validated = await Server.ValidateAsync(flow.Id);

        Assert.Equal(isMissing, (bool)validated.Json!["challengeMissing"]!);
    }

    [Fact]
    public async Task A_challenge_with_nothing_to_compare_is_refused_and_does_not_count()
    {
        var flow = await Server.BeginPreFillAsync(PreFillSteps.Milo);
        var tooEarly = await Server.ChallengeAsync(flow.Id);
        await Server.ValidateAsync(flow.Id);

        var empty = await Server.ChallengeAsync(flow.Id);
        var blank = await Server.ChallengeAsync(flow.Id, new() { ["dob"] = "", ["ssn"] = null });
        var good = await Server.ChallengeAsync(flow.Id, new() { ["last4SSN"] = "0596" });

        Assert.Equal(OutOfOrder, tooEarly.Fault);
        Assert.Equal("400 8001 field 'dob' is missing; field 'ssn' is missing", empty.Fault);
        Assert.Equal(empty.Body, blank.Body);
        Assert.Equal(200, good.Status);
    }

    [Theory]
    [InlineData("""{"dob":"1985-04-12"}""", "{}", "")]
    [InlineData("""{"dob":"1985-04"}""", "{}", "")]
    [InlineData("""{"dob":"04-12"}""", "{}", "")]
    [InlineData("""{"ssn":"900550104"}""", "{}", "")]
    [InlineData("""{"last4SSN":"0104"}""", "{}", "")]
    [InlineData("{}", """{"dob":"04-12","ssn":"0104"}""", "")]
    [InlineData("""{"ssn":"9999"}""", """{"ssn":"0104"}""", "")]
    [InlineData("""{"dob":"1999-01"}""", """{"dob":"1985-04"}""", "")]
    [InlineData("""{"ssn":"0104"}""", """{"dob":"04-12"}""", "")]
    [InlineData("""{"ssn":"0104"}""", """{"ssn":"9999"}""", "9012")]
    [InlineData("""{"ssn":"9999"}""", """{"dob":"04-12"}""", "9012")]
    [InlineData("""{"dob":"04-13"}""", "{}", "9013")]
    [InlineData("{}", """{"dob":"1985-05"}""", "9013")]
    [InlineData("{}", """{"ssn":"900550105"}""", "9012")]
    [InlineData("{}", """{"dob":"04-13","last4SSN":"0105"}""", "9012 9013")]
    [InlineData("{}", """{"dob":"04-12","ssn":"0105"}""", "9012")]
    public async Task What_the_challenge_brings_replaces_what_start_brought_and_all_of_it_must_agree(
        string start, string challenge, string reasons)
    {
        var id = await Server.ReadyAsync("2001009104", (JsonObject)JsonNode.Parse(start)!);

        var challenged = await Server.ChallengeAsync(id, (JsonObject)JsonNode.Parse(challenge)!);
        var completed = await Server.CompleteAsync(id);

        Assert.Equal(reasons.Length == 0, (bool)challenged.Json!["success"]!);
        Assert.Equal(reasons, string.Join(' ', ReasonsOf(challenged, "identification")));
        Assert.Equal(reasons.Length == 0, challenged.Json["individual"] is not null);
        Assert.Equal("""{"v3-complete":"/v3/complete"}""", challenged.Json["next"]!.ToJsonString());
        Assert.True((bool)completed.Json!["success"]!);
    }

    [Theory]
    [InlineData("2001009105", "9013", true, "")]
    [InlineData("2001009106", "", false, "9014")]
    [InlineData("2001009107", "", true, "")]
    [InlineData("2001009108", "9900", false, "9900")]
    [InlineData("2001009109", "9003", false, "9003")]
    [InlineData("2001001693", "", true, "")]
    [InlineData("2001001687", "", true, "")]
    [InlineData("5555555555", "", true, "")]
    [InlineData("2001009102", "", true, "")]
    [InlineData("2002000000", "", true, "")]
    public async Task The_number_alone_selects_what_challenge_and_complete_say(
        string number, string challengeReason, bool isConfirmed, string completeReason)
    {
        var id = await Server.ReadyAsync(number);

        var challenged = await Server.ChallengeAsync(id, new() { ["dob"] = "1990-01-01" });
        var completed = await Server.CompleteAsync(id);

        Assert.Equal(challengeReason.Length == 0, (bool)challenged.Json!["success"]!);
        Assert.Equal(challengeReason, string.Join(' ', ReasonsOf(challenged, "identification")));
        Assert.Equal(isConfirmed, (bool)completed.Json!["success"]!);
        Assert.Equal(completeReason, string.Join(' ', ReasonsOf(completed, "identification")));
        Assert.Equal("""{"done":"done"}""", completed.Json["next"]!.ToJsonString());
    }

    [Theory]
    [InlineData("2001001699", true, "")]
    [InlineData("2001009202", true, "")]
    [InlineData("2001009206", false, "9014")]
    [InlineData("2001009207", true, "")]
    [InlineData("2001009208", false, "9900")]
    public async Task The_number_alone_selects_what_complete_says(string number, bool isConfirmed, string reason)
    {
        var completed = await Server.CompleteAsync(await Server.ReadyAsync(number));

        Assert.Equal(isConfirmed, (bool)completed.Json!["success"]!);
        Assert.Equal(reason, string.Join(' ', ReasonsOf(completed, "identification")));
    }

    [Theory]
    [InlineData("""{"firstName":"Felix","lastName":"Grant"}""", "9014",
        """{"multiCIPConfidence":"low","dataSource1":{"cipConfidence":"low","name":{"firstName":0,"lastName":0,"nameScore":0}}}""")]
    [InlineData("""{"ssn":"0106"}""", "9012",
        """{"multiCIPConfidence":"low","dataSource1":{"cipConfidence":"low","identifiers":{"last4":false}}}""")]
    [InlineData("""{"ssn":"900550106","dob":"1975-06-15"}""", "9012",
        """{"multiCIPConfidence":"low","dataSource1":{"cipConfidence":"low","identifiers":{"dob":true,"ssn":false,"last4":false}}}""")]
    public async Task A_description_that_differs_has_low_confidence(string individual, string reason, string idv)
    {
        var id = await Server.ReadyToCompleteAsync("2001009106");

        var completed = await Server.CompleteAsync(id, (JsonObject)JsonNode.Parse(individual)!);

        Assert.False((bool)completed.Json!["success"]!);
        Assert.Equal([reason], ReasonsOf(completed, "identification"));
        Assert.Equal(idv, completed.Json["idv"]!.ToJsonString());
    }

    [Theory]
    [InlineData("2001009108")]
    [InlineData("2001009109")]
    public async Task Where_nothing_was_compared_no_confidence_is_told(string number)
    {
        var id = await Server.ReadyToCompleteAsync(number);

        var completed = await Server.CompleteAsync(id);

        Assert.Equal(["success", "next", "evaluation"], completed.Json!.AsObject().Select(member => member.Key));
    }

    [Theory]
    [InlineData("2001009107", """{"firstName":"A","lastName":"B","dob":"1990-01-01","ssn":"0107"}""")]
    [InlineData("2001009207", """{"firstName":"Nils","lastName":"Orchard","dob":"1990-01-01","addresses":[{"city":"X"}]}""")]
    public async Task A_hit_on_a_watch_list_is_told_and_decides_nothing(string number, string individual)
    {
        var id = await Server.ReadyToCompleteAsync(number);

        var completed = await Server.CompleteAsync(id, (JsonObject)JsonNode.Parse(individual)!);

        Assert.True((bool)completed.Json!["success"]!);
        Assert.Equal(1, (int)completed.Json["kyc"]!["totalHits"]!);
        Assert.Equal(1, (int)completed.Json["kyc"]!["amlTypeLists"]![0]!["listHits"]!);
    }

    [Theory]
    [InlineData("2001009107", """{"ssn":"0107"}""")]
    [InlineData("2001009207", """{"firstName":"Nils","lastName":"Orchard"}""")]
    public async Task There_is_no_hit_where_too_little_is_given_to_search_by(string number, string individual)
    {
        var id = await Server.ReadyToCompleteAsync(number);

        var completed = await Server.CompleteAsync(id, (JsonObject)JsonNode.Parse(individual)!);

        Assert.True((bool)completed.Json!["success"]!);
        Assert.Null(completed.Json["kyc"]);
    }

    [Theory]
    [InlineData("""{"firstName":"A","lastName":"B","dob":"1990-01-01","ssn":"0000"}""", true)]
    [InlineData("""{"firstName":"A","lastName":"B","dob":"1990-01-01","addresses":[{"city":"X"}]}""", true)]
    [InlineData("""{"firstName":"A","lastName":"B","dob":"1990-01-01"}""", false)]
    [InlineData("""{"firstName":"A","lastName":"B","ssn":"0000"}""", false)]
    [InlineData("""{"firstName":"A","dob":"1990-01-01","ssn":"0000"}""", false)]
    public async Task Watch_lists_are_searched_when_enough_is_given(string individual, bool isSearched)
    {
        var completed = await Server.CompleteAsync(
            await Server.ReadyToCompleteAsync("2002000001"), (JsonObject)JsonNode.Parse(individual)!);

        Assert.Equal(isSearched ? """{"totalHits":0,"amlTypeLists":[]}""" : null, completed.Json!["kyc"]?.ToJsonString());
    }

    [Fact]
    public async Task A_record_without_an_ssn_is_given_out_without_one()
    {
        var challenged = await Server.ChallengeAsync(await Server.ReadyAsync("5555555555"), new() { ["ssn"] = "1234" });

        Assert.Equal(["firstName", "lastName", "addresses", "emailAddresses", "dob"],
            challenged.Json!["individual"]!.AsObject().Select(member => member.Key));
    }

    [Fact]
    public async Task A_record_with_two_addresses_is_given_out_with_both()
    {
        var challenged = await Server.ChallengeAsync(await Server.ReadyAsync("2001001693"), new() { ["ssn"] = "1234" });

        Assert.Equal(["New Orleans", "Memphis"],
            challenged.Json!["individual"]!["addresses"]!.AsArray().Select(address => (string)address!["city"]!));
    }

    [Fact]
    public async Task All_load_numbers_are_the_same_made_up_person()
    {
        var one = await Server.ChallengeAsync(await Server.ReadyAsync("2002000002"), new() { ["ssn"] = "1234" });
        var other = await Server.ChallengeAsync(await Server.ReadyAsync("2002999999"), new() { ["ssn"] = "1234" });

        Assert.Equal(["firstName", "lastName", "addresses", "emailAddresses", "dob", "ssn"],
            one.Json!["individual"]!.AsObject().Select(member => member.Key));
        Assert.Equal(one.Body, other.Body);
    }

    [Theory]
    [InlineData("2001001695")]
    [InlineData("12001001695")]
    [InlineData("+12001001695")]
    public async Task A_number_is_answered_as_it_was_written(string number)
    {
        var flow = await Server.BeginPreFillAsync(number);

        Assert.Equal(number, (await Server.ValidateAsync(flow.Id)).Text("phoneNumber"));
    }

    [Theory]
    [InlineData(StartShape.PreFill, "v3-challenge")]
    [InlineData(StartShape.Identity, "v3-complete")]
    public async Task The_project_decides_the_shape_where_the_test_user_does_not(StartShape shape, string next)
    {
        var project = await Server.AddProjectAsync($"shape-{(int)shape}", new ProjectSettings { StartShape = shape });
        var load = await Server.BeginPreFillAsync("2002000003", credentials: project);
        var milo = await Server.BeginPreFillAsync(PreFillSteps.Milo, credentials: project);
        await Server.ProveAsync(load, project);

        var ofLoad = await Server.ValidateAsync(load.Id, project);
        var ofMilo = await Server.ValidateAsync(milo.Id, project);

        Assert.Equal(next, ofLoad.Json!["next"]!.AsObject().Single().Key);
        Assert.Equal("v3-challenge", ofMilo.Json!["next"]!.AsObject().Single().Key);
    }

    [Fact]
    public async Task Birth_date_and_ssn_leave_the_store_once_the_challenge_is_answered()
    {
        var secrets = new JsonObject { ["dob"] = "1981-01-17", ["ssn"] = "847350596" };
        var id = await Server.ReadyAsync(PreFillSteps.Milo, secrets);
        var withoutChallenge = await Server.BeginPreFillAsync(PreFillSteps.Martina, more: secrets);

        var before = await StoredAsync(id);
        await Server.ChallengeAsync(id, new() { ["ssn"] = "0596" });
        var after = await StoredAsync(id);

        Assert.Equal(("1981-01-17", "847350596"), (before.BirthDate?.ToText(), before.Ssn?.Digits));
        Assert.Equal(new PreFillProgress(StartShape.PreFill, new PreFillState.AwaitingComplete(IsChallenged: true)), after);
        Assert.Equal((null, null), ((await StoredAsync(withoutChallenge.Id)).BirthDate, (await StoredAsync(withoutChallenge.Id)).Ssn));
    }

    [Theory]
    [InlineData("2001004011", 403, 8009)]
    [InlineData("2001004018", 403, 8009)]
    [InlineData("2001004053", 403, 8009)]
    [InlineData("2001004031", 403, 8009)]
    [InlineData("2001000000", 400, 8007)]
    [InlineData("FLOWERS", 400, 8007)]
    public async Task A_number_of_another_product_or_of_nobody_begins_nothing(string number, int status, int code)
    {
        var flows = await Server.CountAsync("flows");

        var reply = await Server.PostAsync("/v3/start", PreFillSteps.StartBody(number));

        Assert.Equal((status, code), (reply.Status, reply.Code));
        Assert.Equal(flows, await Server.CountAsync("flows"));
    }

    [Fact]
    public async Task The_same_key_and_body_begin_one_flow()
    {
        var body = PreFillSteps.StartBody(PreFillSteps.Milo);
        var first = await Server.PostAsync("/v3/start", body, idempotencyKey: "start-once");

        var second = await Server.PostAsync("/v3/start", body, idempotencyKey: "start-once");
        var otherBody = await Server.PostAsync("/v3/start", body + " ", idempotencyKey: "start-once");
        var otherPath = await Server.VerifyAsync(TestServer.VerifyBody("mobile", "2001004011"), idempotencyKey: "start-once");

        Assert.Equal((200, first.Body), (second.Status, second.Body));
        Assert.Equal((422, 8422), (otherBody.Status, otherBody.Code));
        Assert.Equal(200, otherPath.Status);
    }

    [Fact]
    public async Task An_id_is_known_to_its_own_project_and_product_alone()
    {
        var other = await Server.AddProjectAsync("other-prefill");
        var verify = await Server.BeginAsync("mobile", "2001004011");
        var own = await Server.ReadyAsync(PreFillSteps.Milo);
        var unify = await AddUnifyFlowAsync();
        var secret = new JsonObject { ["ssn"] = "0596" };

        foreach (var (id, credentials) in ((string, Credentials?)[])[(verify.Id, null), (unify, null), (own, other),
            ("0199d5a4-1b2c-7d3e-8f40-5a6b7c8d9e0f", null)])
        {
            Assert.Equal(Unknown, (await Server.ValidateAsync(id, credentials)).Fault);
            Assert.Equal(Unknown, (await Server.ChallengeAsync(id, secret, credentials)).Fault);
            Assert.Equal(Unknown, (await Server.ChallengeAsync(id, null, credentials)).Fault);
            Assert.Equal(Unknown, (await Server.CompleteAsync(id, null, credentials)).Fault);
        }
        Assert.Equal(Unknown, (await Server.StatusAsync(own)).Fault);
        Assert.True((bool)(await Server.ChallengeAsync(own, secret)).Json!["success"]!);
    }

    [Fact]
    public async Task After_fifteen_minutes_the_flow_is_unknown()
    {
        await using var server = await fixture.StartAsync();
        var id = await server.ReadyAsync(PreFillSteps.Milo);

        await server.AdvanceAsync(TimeSpan.FromMinutes(15));

        Assert.Equal(Unknown, (await server.ValidateAsync(id)).Fault);
        Assert.Equal(Unknown, (await server.ChallengeAsync(id, new() { ["ssn"] = "0596" })).Fault);
        Assert.Equal(Unknown, (await server.CompleteAsync(id)).Fault);
    }

    [Fact]
    public async Task A_changed_sim_is_told_and_decides_nothing()
    {
        await using var server = await fixture.StartAsync(substitute: builder =>
            builder.Services.AddSingleton<IPhoneRiskSource>(new SwappedSim()));
        var id = await server.ReadyAsync(PreFillSteps.Milo);

        var challenged = await server.ChallengeAsync(id, new() { ["ssn"] = "0596" });
        var completed = await server.CompleteAsync(id);

        Assert.All([challenged, completed], reply =>
        {
            Assert.True((bool)reply.Json!["success"]!);
            Assert.Equal(["9135"], ReasonsOf(reply, "risk"));
        });
    }

    [Theory]
    [InlineData("{}", 1001, "field 'correlationId' is missing")]
    [InlineData("""{"correlationId":"0199d5a4-1b2c-7d3e-8f40-5a6b7c8d9e0f"}""", 8008, "correlation id is not valid")]
    public async Task A_project_that_wants_the_older_codes_gets_them(string body, int code, string message)
    {
        var legacy = await Server.AddProjectAsync("legacy-prefill", new ProjectSettings { ErrorCodes = ErrorCodes.Legacy });
        var flow = await Server.BeginPreFillAsync(PreFillSteps.Milo, credentials: legacy);

        var reply = await Server.PostAsync("/v3/validate", body, legacy);
        var tooEarly = await Server.CompleteAsync(flow.Id, null, legacy);

        Assert.Equal((code, message), (reply.Code, reply.Message));
        Assert.Equal("403 1003 step not allowed", tooEarly.Fault);
    }

    private static IEnumerable<string> ReasonsOf(Reply reply, string kind) =>
        reply.Json!["evaluation"]?[kind]?["failureReasons"]!.AsObject().Select(reason => reason.Key) ?? [];

    private async Task<PreFillProgress> StoredAsync(string id) =>
        (PreFillProgress)(await Server.Services.GetRequiredService<IFlowStore>()
            .FindAsync(CorrelationId.Parse(id), TestContext.Current.CancellationToken))!.Tail;

    private async Task<string> AddUnifyFlowAsync()
    {
        var now = Server.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var flow = new Flow
        {
            Id = CorrelationId.New(now),
            ProjectId = ProjectId.Parse("sandbox"),
            Type = FlowType.Mobile,
            Number = PhoneNumber.Parse("2001004018"),
            CreatedAt = now,
            ExpiresAt = now.AddMinutes(15),
            Possession = FlowType.Mobile.ToPossession(Product.Unify),
            Tail = new UnifyProgress(new UnifyState.AwaitingPossession()),
        };
        await Server.Services.GetRequiredService<IFlowStore>().AddAsync(flow, TestContext.Current.CancellationToken);
        return flow.Id.ToString();
    }

    private sealed class SwappedSim : IPhoneRiskSource
    {
        public Task<PhoneRisk> AssessAsync(RiskQuestion question, CancellationToken cancellationToken) =>
            Task.FromResult(new PhoneRisk(WasSimSwapped: true));
    }
}


public sealed class PreFillOnSqlite(OnSqlite fixture) : PreFillTests(fixture), IClassFixture<OnSqlite>;

public sealed class PreFillOnPostgres(OnPostgres fixture) : PreFillTests(fixture), IClassFixture<OnPostgres>;
