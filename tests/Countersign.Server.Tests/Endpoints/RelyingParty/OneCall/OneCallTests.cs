using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Assurance;
using Countersign.Core.Enrolments;
using Countersign.Core.IdentityMatching;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Endpoints.RelyingParty.OneCall;

/// <summary>One-call verify: a question, its answer, and no more told of a person than the question needs.</summary>
public abstract class OneCallTests(ServerFixture fixture)
{
    private const string LoadNumber = "2002000701";

    private static readonly string[] _personal =
        ["firstName", "lastName", "dateOfBirth", "nationalId", "minAge", "maxAge", "emails", "addresses"];

    private TestServer Server => fixture.Server;

    [Theory]
    [InlineData(
        "verifiedUser", "2001004053", "true AL2 AL2a", """{"authentication":{"result":"pass"},"identification":{"result":"pass"}}""")]
    [InlineData("verifiedUser", "2001004054", "false AL0 AL0b",
        """{"identification":{"result":"fail","failureReasons":{"9014":"name mismatch"}}}""")]
    [InlineData(
        "verifiedUser", "2001009401", "true AL3 AL3a", """{"authentication":{"result":"pass"},"identification":{"result":"pass"}}""")]
    [InlineData("verifiedUser", "2001009402", "false AL0 AL0a",
        """{"identification":{"result":"fail","failureReasons":{"9003":"identity not found"}}}""")]
    [InlineData("verifiedUser", "2001009403", "false AL0 AL0a",
        """{"identification":{"result":"fail","failureReasons":{"9900":"identity source not available"}}}""")]
    [InlineData(
        "accountOpening", "2001004049", "true AL2 AL2a", """{"authentication":{"result":"pass"},"identification":{"result":"pass"}}""")]
    [InlineData("accountOpening", "2001009411", "false AL0 AL0b",
        """{"identification":{"result":"fail","failureReasons":{"9014":"name mismatch"}}}""")]
    [InlineData(
        "accountOpening", "2001009412", "true AL2 AL2a",
        """{"authentication":{"result":"pass"},"identification":{"result":"pass"}"""
            + ""","risk":{"result":"fail","failureReasons":{"9135":"SIM changed within the last 24 hours"}}}""")]
    [InlineData("humanAssurance", "2001004051", "true AL1 AL1a", """{"authentication":{"result":"pass"},"risk":{"result":"pass"}}""")]
    [InlineData("bot", "2001004051", "true AL1 AL1a", """{"authentication":{"result":"pass"},"risk":{"result":"pass"}}""")]
    [InlineData("humanAssurance", "2001004052", "false AL0 AL0a",
        """{"identification":{"result":"fail","failureReasons":{"9003":"identity not found"}}}""")]
    [InlineData("humanAssurance", "2001009413", "false AL-1 AL-1a",
        """{"identification":{"result":"fail","failureReasons":{"9901":"number or record not to be trusted"}}}""")]
    [InlineData("humanAssurance", "2001009414", "true AL1 AL1a", """{"authentication":{"result":"pass"},"risk":{"result":"pass"}}""")]
    [InlineData("prefill", "2001009421", "true AL1 AL1a", """{"authentication":{"result":"pass"},"identification":{"result":"pass"}}""")]
    [InlineData("prefill", "2001009422", "false AL0 AL0a",
        """{"identification":{"result":"fail","failureReasons":{"9003":"identity not found"}}}""")]
    [InlineData(
        "prefillForBiz", "2001009431", "true AL1 AL1a", """{"authentication":{"result":"pass"},"identification":{"result":"pass"}}""")]
    [InlineData("prefillForBiz", "2001009432", "false AL0 AL0a",
        """{"identification":{"result":"fail","failureReasons":{"9003":"identity not found"}}}""")]
    [InlineData(
        "identityResolution", "2001009441", "true AL1 AL1a", """{"authentication":{"result":"pass"},"identification":{"result":"pass"}}""")]
    [InlineData("identityResolution", "2001009442", "false AL0 AL0a",
        """{"identification":{"result":"fail","failureReasons":{"9003":"identity not found"}}}""")]
    [InlineData("verifiedUser", LoadNumber, "true AL2 AL2a", """{"authentication":{"result":"pass"},"identification":{"result":"pass"}}""")]
    [InlineData(
        "accountOpening", LoadNumber, "true AL2 AL2a", """{"authentication":{"result":"pass"},"identification":{"result":"pass"}}""")]
    [InlineData("humanAssurance", LoadNumber, "true AL1 AL1a", """{"authentication":{"result":"pass"},"risk":{"result":"pass"}}""")]
    [InlineData("prefill", LoadNumber, "true AL1 AL1a", """{"authentication":{"result":"pass"},"identification":{"result":"pass"}}""")]
    [InlineData(
        "prefillForBiz", LoadNumber, "true AL1 AL1a", """{"authentication":{"result":"pass"},"identification":{"result":"pass"}}""")]
    [InlineData(
        "identityResolution", LoadNumber, "true AL1 AL1a", """{"authentication":{"result":"pass"},"identification":{"result":"pass"}}""")]
    public async Task Every_test_user_is_answered_as_listed(string type, string number, string outcome, string evaluation)
    {
        var reply = await AskAsync(type, number);

        Assert.Equal(200, reply.Status);
        var identity = reply.Json!["identity"]!;
        Assert.Equal(outcome, $"{reply.Text("success")} {identity["assuranceLevel"]} {string.Join(' ', identity["reasons"]!.AsArray())}");
        Assert.Equal(evaluation, reply.Json["evaluation"]!.ToJsonString());
        Assert.Equal(number, reply.Text("phoneNumber"));
        Assert.Equal(reply.Text("success") == "true", reply.TextOrNull("proveId") is not null);
        Assert.Equal(reply.Text("success") == "true", reply.Json["isEnrolled"] is not null);
        Assert.Matches("^[0-9a-f]{64}$", reply.Text("provePhoneAlias"));
    }

    [Theory]
    [InlineData("verifiedUser", "2001009401", """{"firstName":"Ulla","lastName":"Vesper","assuranceLevel":"AL3","reasons":["AL3a"]}""")]
    [InlineData("verifiedUser", LoadNumber, """{"firstName":"Lee","lastName":"Loadman","assuranceLevel":"AL2","reasons":["AL2a"]}""")]
    [InlineData(
        "accountOpening", "2001004049", """{"firstName":"Bettina","lastName":"Halbert","assuranceLevel":"AL2","reasons":["AL2a"]}""")]
    [InlineData("humanAssurance", "2001004051", """{"assuranceLevel":"AL1","reasons":["AL1a"]}""")]
    [InlineData(
        "prefill", "2001009421",
        """{"firstName":"Alma","lastName":"Brandt","dateOfBirth":"1966-10-07","nationalId":"900550407","emails":"""
            + """["alma.brandt@example.com"],"addresses":[{"address":"76 Mill """
            + """Street","city":"Salem","region":"OR","zipCode":"97306"}],"assuranceLevel":"AL1","reasons":["AL1a"]}""")]
    [InlineData(
        "prefillForBiz", "2001009431",
        """{"firstName":"Clara","lastName":"Devlin","dateOfBirth":"1968-12-09","nationalId":"900550409","emails":"""
            + """["clara.devlin@example.com"],"addresses":[{"address":"78 Mill """
            + """Street","city":"Salem","region":"OR","zipCode":"97308"}],"assuranceLevel":"AL1","reasons":["AL1a"]}""")]
    [InlineData(
        "identityResolution", "2001009441",
        """{"firstName":"Esme","lastName":"Fairfax","dateOfBirth":"1970-11-02","nationalId":"900550411","emails":"""
            + """["esme.fairfax@example.com"],"addresses":[{"address":"80 Mill """
            + """Street","city":"Salem","region":"OR","zipCode":"97300"}],"assuranceLevel":"AL1","reasons":["AL1a"]}""")]
    [InlineData(
        "prefill", LoadNumber,
        """{"firstName":"Lee","lastName":"Loadman","dateOfBirth":"1980-01-01","nationalId":"900550000","emails":"""
            + """["lee.loadman@example.com"],"addresses":[{"address":"1 Example """
            + """Street","city":"Springfield","region":"IL","zipCode":"62701"}],"assuranceLevel":"AL1","reasons":["AL1a"]}""")]
    public async Task An_answer_tells_what_its_question_needs(string type, string number, string identity)
    {
        var reply = await AskAsync(type, number);

        Assert.Equal(identity, reply.Json!["identity"]!.ToJsonString());
    }

    [Fact]
    public async Task Businesses_and_further_persons_are_told_to_those_who_ask_for_them()
    {
        var business = await AskAsync("prefillForBiz", "2001009431");
        var persons = await AskAsync("identityResolution", "2001009441");

        Assert.Equal(
            """
            [{"businessName":"Devlin Joinery LLC","tradeName":"Devlin Joinery","taxId":"900550431",
            "businessAddress":{"address":"4 Sawmill Yard","city":"Salem","region":"OR","zipCode":"97301"},
            "registrationFiling":{"date":"2014-03-11","region":"OR","registrationNumber":"1022934-91","registrationType":"LLC"},
            "relatedPersons":[{"firstName":"Clara","lastName":"Devlin"}]}]
            """.ReplaceLineEndings(""),
            business.Json!["businesses"]!.ToJsonString());
        Assert.Null(business.Json["additionalIdentities"]);
        Assert.Equal(
            """[{"firstName":"Edmund","lastName":"Fairfax","emails":[],"addresses":[],"assuranceLevel":"AL1","reasons":["AL1a"]}]""",
            persons.Json!["additionalIdentities"]!.ToJsonString());
        Assert.Null(persons.Json["businesses"]);
    }

    [Theory]
    [InlineData("verifiedUser", Verdict.NameDiffers)]
    [InlineData("verifiedUser", Verdict.Untrusted)]
    [InlineData("verifiedUser", Verdict.Recorded)]
    [InlineData("accountOpening", Verdict.NameDiffers)]
    [InlineData("humanAssurance", Verdict.Untrusted)]
    [InlineData("prefill", Verdict.NameDiffers)]
    [InlineData("prefill", Verdict.Untrusted)]
    [InlineData("prefillForBiz", Verdict.NameDiffers)]
    [InlineData("identityResolution", Verdict.Untrusted)]
    public async Task Who_guesses_at_a_numbers_owner_learns_nothing_of_the_record(string type, Verdict verdict)
    {
        await using var server = await StartAsync(new KnowsAll(verdict));

        var reply = await AskAsync(type, LoadNumber, server: server);

        // The list that a type asks for is there, with nothing in it.
        string? list = type switch { "prefillForBiz" => "businesses", "identityResolution" => "additionalIdentities", _ => null };
        Assert.Equal("false", reply.Text("success"));
        Assert.Equal(
            ["success", "correlationId", "phoneNumber", "provePhoneAlias", "identity", .. list is null ? (string[])[] : [list],
                "evaluation"],
            Names(reply.Json));
        Assert.Empty(list is null ? [] : reply.Json![list]!.AsArray());
        Assert.Equal(["assuranceLevel", "reasons"], Names(reply.Json!["identity"]));
        Assert.Equal(0, await server.CountAsync("identities"));
    }

    [Theory]
    [InlineData("verifiedUser", "firstName lastName")]
    [InlineData("accountOpening", "firstName lastName")]
    [InlineData("humanAssurance", "minAge maxAge")]
    [InlineData("prefill", "firstName lastName dateOfBirth nationalId emails addresses")]
    [InlineData("prefillForBiz", "firstName lastName dateOfBirth nationalId emails addresses", "businesses")]
    [InlineData("identityResolution", "firstName lastName dateOfBirth nationalId emails addresses", "additionalIdentities")]
    public async Task Of_all_that_a_source_knows_a_type_is_told_its_part(string type, string told, params string[] lists)
    {
        await using var server = await StartAsync(new KnowsAll(Verdict.ElementBelongs));

        var reply = await AskAsync(type, LoadNumber, server: server);

        Assert.Equal(told.Split(' '), Names(reply.Json!["identity"]).Intersect(_personal));
        Assert.Equal(lists, Names(reply.Json).Intersect(["businesses", "additionalIdentities"]));
    }

    [Fact]
    public async Task A_further_person_who_cannot_be_trusted_is_counted_and_not_described()
    {
        await using var server = await StartAsync(new KnowsAll(Verdict.Recorded));

        var reply = await AskAsync("identityResolution", LoadNumber, server: server);

        Assert.Equal("""[{"assuranceLevel":"AL-1","reasons":["AL-1a"]}]""", reply.Json!["additionalIdentities"]!.ToJsonString());
    }

    [Fact]
    public async Task An_age_is_told_by_the_servers_clock()
    {
        await using var server = await fixture.StartAsync();
        var now = server.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var birthDate = new DateOnly(1964, 2, 29);
        var before = Age.On(DateOnly.FromDateTime(now.UtcDateTime), birthDate);

        var first = await AskAsync("humanAssurance", "2001009414", server: server);
        await server.AdvanceAsync(TimeSpan.FromDays(366));
        var second = await AskAsync("humanAssurance", "2001009414", server: server);

        Assert.Equal((before, before), Ages(first));
        Assert.Equal((before + 1, before + 1), Ages(second));

        static (int, int) Ages(Reply reply) => ((int)reply.Json!["identity"]!["minAge"]!, (int)reply.Json!["identity"]!["maxAge"]!);
    }

    [Theory]
    [InlineData("2001004053")]
    [InlineData("12001004053")]
    [InlineData("+12001004053")]
    public async Task The_number_and_the_callers_own_ids_are_answered_as_received(string number)
    {
        var reply = await AskAsync("verifiedUser", number, new JsonObject
        {
            ["clientCustomerId"] = "customer \"7\"", ["clientHumanId"] = "человек 7", ["clientRequestId"] = " request 7 ",
        });

        Assert.Equal(number, reply.Text("phoneNumber"));
        Assert.Equal("customer \"7\"", reply.Text("clientCustomerId"));
        Assert.Equal("человек 7", reply.Text("clientHumanId"));
        Assert.Equal(" request 7 ", reply.Text("clientRequestId"));
    }

    [Fact]
    public async Task What_was_not_given_is_not_echoed()
    {
        var reply = await AskAsync("verifiedUser", "2001004053", new JsonObject { ["clientCustomerId"] = "", ["clientHumanId"] = null });

        Assert.Equal(
            ["success", "correlationId", "phoneNumber", "proveId", "provePhoneAlias", "isEnrolled", "identity", "evaluation"],
            Names(reply.Json));
    }

    [Fact]
    public async Task A_person_has_one_id_and_a_number_one_alias_in_a_project_and_others_in_another()
    {
        var other = await Server.AddProjectAsync("one-call-other");

        var first = await AskAsync("verifiedUser", "2002000702");
        var again = await AskAsync("prefill", "+12002000702");
        var elsewhere = await AskAsync("verifiedUser", "2002000702", credentials: other);

        Assert.Equal(first.Text("proveId"), again.Text("proveId"));
        Assert.Equal(first.Text("provePhoneAlias"), again.Text("provePhoneAlias"));
        Assert.NotEqual(first.Text("proveId"), elsewhere.Text("proveId"));
        Assert.NotEqual(first.Text("provePhoneAlias"), elsewhere.Text("provePhoneAlias"));
    }

    [Fact]
    public async Task Of_a_hundred_parallel_first_calls_all_get_the_same_id()
    {
        await using var server = await fixture.StartAsync();
        await server.GetTokenAsync();

        var replies = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => AskAsync("verifiedUser", "2002000703", server: server)));

        Assert.Single(replies.Select(reply => reply.Text("proveId")).Distinct());
        Assert.Equal(1, await server.CountAsync("identities"));
    }

    [Fact]
    public async Task Enrolled_is_who_was_enrolled_and_is_active()
    {
        var identities = Server.Services.GetRequiredService<IIdentityStore>();
        var number = PhoneNumber.Parse("2002000704");

        var known = await AskAsync("verifiedUser", "2002000704");
        var enrolled = await identities.EnrolAsync(
            ProjectId.Parse("sandbox"), number, new IdentityDetails(), DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken);
        var active = await AskAsync("verifiedUser", "2002000704");
        await identities.SetActiveAsync(ProjectId.Parse("sandbox"), enrolled.Id, isActive: false, TestContext.Current.CancellationToken);
        var inactive = await AskAsync("verifiedUser", "2002000704");

        Assert.Equal([false, true, false], new[] { known, active, inactive }.Select(reply => (bool)reply.Json!["isEnrolled"]!));
        Assert.Equal(known.Text("proveId"), active.Text("proveId"));
    }

    [Fact]
    public async Task An_id_given_with_the_question_selects_nothing()
    {
        var other = await AskAsync("verifiedUser", "2001004053");

        var reply = await AskAsync("verifiedUser", "2001009401", new JsonObject { ["proveId"] = other.Text("proveId") });
        var unknown = await AskAsync("verifiedUser", "2001009401", new JsonObject { ["proveId"] = "0199d5a4-1b2c-7d3e-8f40-5a6b7c8d9e0f" });

        Assert.Equal(("true", "AL3"), (reply.Text("success"), (string)reply.Json!["identity"]!["assuranceLevel"]!));
        Assert.NotEqual(other.Text("proveId"), reply.Text("proveId"));
        Assert.Equal(reply.Text("proveId"), unknown.Text("proveId"));
    }

    [Fact]
    public async Task Nothing_begins_and_nothing_is_sent()
    {
        await using var server = await fixture.StartAsync();

        var reply = await AskAsync("verifiedUser", LoadNumber, server: server);

        Assert.Equal(0, await server.CountAsync("flows"));
        Assert.Equal(0, await server.CountAsync("texts"));
        Assert.Null(reply.TextOrNull("authToken"));
        Assert.Equal("400 8008 correlation id is not valid", (await server.StatusAsync(reply.Text("correlationId"))).Fault);
    }

    [Fact]
    public async Task The_same_key_and_body_get_the_same_answer_in_this_contract_too()
    {
        var body = Body("verifiedUser", "2001004053");

        var first = await Server.VerifyAsync(body, idempotencyKey: "one-call");
        var second = await Server.VerifyAsync(body, idempotencyKey: "one-call");
        var otherContract = await Server.VerifyAsync(TestServer.VerifyBody("none", "2001009002"), idempotencyKey: "one-call");

        Assert.Equal((200, first.Body), (second.Status, second.Body));
        Assert.Equal("422 8422 this idempotency key was used with another body", otherContract.Fault);
    }

    [Fact]
    public async Task What_the_source_is_asked_is_what_was_said_of_the_person()
    {
        var source = new KnowsAll(Verdict.NameBelongs);
        await using var server = await StartAsync(source);

        await AskAsync("accountOpening", "2002000705", new JsonObject
        {
            ["firstName"] = " Lori ", ["emailAddress"] = "lori@example.com",
            ["identityAttributes"] = new JsonArray(new JsonObject { ["attributeType"] = "dob", ["attributeValue"] = "1970-01-01" }),
        }, server: server);
        await AskAsync("humanAssurance", "2002000706", new JsonObject { ["lastName"] = null }, server: server);

        var (first, second) = (source.Questions[0], source.Questions[1]);
        Assert.Equal((PhoneNumber.Parse("2002000705"), VerificationType.AccountOpening), (first.Number, first.Type));
        Assert.Equal((new PersonName("Lori", "Montgomery"), "lori@example.com"), (first.Name, first.EmailAddress));
        Assert.Equal([new GivenElement("dob", "1970-01-01")], first.Elements);
        // Half a name is none.
        Assert.Null(second.Name);
    }

    [Fact]
    [Trait("attack", "I04")]
    public async Task A_source_that_is_down_is_never_success()
    {
        await using var server = await fixture.StartAsync(substitute: builder =>
            builder.Services.AddSingleton<IAssuranceSource>(new Down()));

        foreach (var type in new[] { "verifiedUser", "accountOpening", "humanAssurance", "prefill", "prefillForBiz", "identityResolution" })
        {
            var reply = await AskAsync(type, LoadNumber, server: server);

            Assert.Equal("false", reply.Text("success"));
            Assert.Equal(
                """{"identification":{"result":"fail","failureReasons":{"9900":"identity source not available"}}}""",
                reply.Json!["evaluation"]!.ToJsonString());
        }
        Assert.Equal(0, await server.CountAsync("identities"));
    }

    private Task<TestServer> StartAsync(IAssuranceSource source) =>
        fixture.StartAsync(substitute: builder => builder.Services.AddSingleton(source));

    private Task<Reply> AskAsync(
        string type, string number, JsonObject? more = null, Credentials? credentials = null, TestServer? server = null) =>
        (server ?? Server).VerifyAsync(Body(type, number, more), credentials);

    private static string Body(string type, string number, JsonObject? more = null)
    {
        var body = new JsonObject
        {
            ["verificationType"] = type, ["phoneNumber"] = number, ["firstName"] = "Lori", ["lastName"] = "Montgomery"
        };
        foreach (var (name, value) in more ?? [])
        {
            body[name] = value?.DeepClone();
        }
        return body.ToJsonString();
    }

    private static string[] Names(JsonNode? node) => [.. node!.AsObject().Select(member => member.Key)];

    /// <summary>A source with a whole record of everybody.</summary>
    private sealed class KnowsAll(Verdict verdict) : IAssuranceSource
    {
        public List<AssuranceQuestion> Questions { get; } = [];

        public Task<AssuranceAnswer> AssessAsync(AssuranceQuestion question, CancellationToken cancellationToken)
        {
            Questions.Add(question);
            var person = new Person(
                new PersonName("Odile", "Recorded"), [new PostalAddress("1 High Street", "Flat 2", "Salem", "OR", "97301")],
                ["odile@example.com"], PartialDate.Parse("1970-01-01"), Ssn.Parse("900550499"));
            return Task.FromResult<AssuranceAnswer>(new AssuranceAnswer.Found(
                new AssessedPerson(person, verdict),
                [new AssessedPerson(person, Verdict.Untrusted)],
                [new Business("Odile Ltd", null, null, null, null, [])]));
        }
    }

    private sealed class Down : IAssuranceSource
    {
        public Task<AssuranceAnswer> AssessAsync(AssuranceQuestion question, CancellationToken cancellationToken) =>
            Task.FromResult<AssuranceAnswer>(new AssuranceAnswer.SourceDown());
    }
}

public sealed class OneCallOnSqlite(OnSqlite fixture) : OneCallTests(fixture), IClassFixture<OnSqlite>;

[Trait("tier", "long")]
public sealed class OneCallOnPostgres(OnPostgres fixture) : OneCallTests(fixture), IClassFixture<OnPostgres>;
