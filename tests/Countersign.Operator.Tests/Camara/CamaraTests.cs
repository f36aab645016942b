using System.Text.Json.Nodes;
using Countersign.Operator.Tests.Fixtures;

namespace Countersign.Operator.Tests.Camara;

/// <summary>The CAMARA calls: what they answer, and the errors of their specifications.</summary>
public sealed class CamaraTests
{
    private const string Purpose = "openid dpv:FraudPreventionAndDetection ";

    public static TheoryData<string, string, string, string, int, string> Errors => new()
    {
        // who, path, scope, body, status, code
        { "person", "/number-verification/v2/verify", "number-verification:verify", "{}", 400, "INVALID_ARGUMENT" },
        { "person", "/number-verification/v2/verify", "number-verification:verify", """{"phoneNumber":"2025550142"}""", 400,
            "INVALID_ARGUMENT" },
        { "person", "/number-verification/v2/verify", "number-verification:verify", """{"phoneNumber":12025550142}""", 400,
            "INVALID_ARGUMENT" },
        { "person", "/number-verification/v2/verify", "number-verification:verify", """{"phoneNumber":"+12025550142","extra":"1"}""", 400,
            "INVALID_ARGUMENT" },
        { "person", "/number-verification/v2/verify", "number-verification:verify",
            """{"phoneNumber":"+12025550142","phoneNumber":"+12025550142"}""", 400, "INVALID_ARGUMENT" },
        { "person", "/number-verification/v2/verify", "number-verification:verify", """{"hashedPhoneNumber":"abc"}""", 400,
            "INVALID_ARGUMENT" },
        { "person", "/number-verification/v2/verify", "number-verification:verify", "[]", 400, "INVALID_ARGUMENT" },
        { "person", "/number-verification/v2/verify", "number-verification:verify", "{", 400, "INVALID_ARGUMENT" },
        { "person", "/number-verification/v2/verify", "number-verification:device-phone-number:read", """{"phoneNumber":"+12025550142"}""",
            403, "PERMISSION_DENIED" },
        { "client", "/number-verification/v2/verify", "sim-swap", """{"phoneNumber":"+12025550142"}""", 403, "PERMISSION_DENIED" },
        { "nobody", "/number-verification/v2/verify", "", """{"phoneNumber":"+12025550142"}""", 401, "UNAUTHENTICATED" },
        { "client", "/kyc-match/v0.4/match", "kyc-match:match", """{"phoneNumber":"+12025550142"}""", 400,
            "KNOW_YOUR_CUSTOMER.INVALID_PARAM_COMBINATION" },
        { "client", "/kyc-match/v0.4/match", "kyc-match:match", """{"givenName":"Ada"}""", 422, "MISSING_IDENTIFIER" },
        { "client", "/kyc-match/v0.4/match", "kyc-match:match", """{"phoneNumber":"+12025550199","givenName":"Ada"}""", 404,
            "IDENTIFIER_NOT_FOUND" },
        { "client", "/kyc-match/v0.4/match", "kyc-match:match", """{"phoneNumber":"+12025550142","birthdate":"12/10/1985"}""", 400,
            "INVALID_ARGUMENT" },
        { "client", "/kyc-match/v0.4/match", "kyc-match:match", """{"phoneNumber":"+12025550142","gender":"female"}""", 400,
            "INVALID_ARGUMENT" },
        { "client", "/kyc-match/v0.4/match", "kyc-match:match", """{"phoneNumber":"+12025550142","given_name":"Ada"}""", 400,
            "INVALID_ARGUMENT" },
        { "client", "/kyc-match/v0.3/match", "kyc-match:match", """{"phoneNumber":"+12025550142","nationality":"GB"}""", 400,
            "INVALID_ARGUMENT" },
        { "person", "/kyc-match/v0.4/match", "kyc-match:match", """{"phoneNumber":"+12025550143","givenName":"Ada"}""", 403,
            "INVALID_TOKEN_CONTEXT" },
        { "client", "/kyc-match/v0.4/match", "sim-swap", """{"phoneNumber":"+12025550142","givenName":"Ada"}""", 403, "PERMISSION_DENIED" },
        { "person", "/sim-swap/v2/check", "sim-swap", """{"phoneNumber":"+12025550142"}""", 422, "UNNECESSARY_IDENTIFIER" },
        { "client", "/sim-swap/v2/check", "sim-swap", "{}", 422, "MISSING_IDENTIFIER" },
        { "client", "/sim-swap/v2/check", "sim-swap", """{"phoneNumber":"+12025550142","maxAge":0}""", 400, "OUT_OF_RANGE" },
        { "client", "/sim-swap/v2/check", "sim-swap", """{"phoneNumber":"+12025550142","maxAge":2401}""", 400, "OUT_OF_RANGE" },
        { "client", "/sim-swap/v2/check", "sim-swap", """{"phoneNumber":"+12025550142","maxAge":1.5}""", 400, "INVALID_ARGUMENT" },
        { "client", "/sim-swap/v2/check", "sim-swap:retrieve-date", """{"phoneNumber":"+12025550142"}""", 403, "PERMISSION_DENIED" },
        { "client", "/sim-swap/v2/check", "sim-swap", """{"phoneNumber":"+12025550199"}""", 404, "IDENTIFIER_NOT_FOUND" },
        { "person", "/sim-swap/v2/retrieve-date", "sim-swap", """{"phoneNumber":"+12025550142"}""", 422, "UNNECESSARY_IDENTIFIER" },
        { "person", "/number-recycling/v0.2/check", "number-recycling:check",
            """{"phoneNumber":"+12025550142","specifiedDate":"2026-01-01"}""", 422, "UNNECESSARY_IDENTIFIER" },
        { "client", "/number-recycling/v0.2/check", "number-recycling:check", """{"phoneNumber":"+12025550142"}""", 400,
            "INVALID_ARGUMENT" },
        { "client", "/number-recycling/v0.2/check", "number-recycling:check",
            """{"phoneNumber":"+12025550142","specifiedDate":"2026-11-24"}""", 400, "INVALID_ARGUMENT" },
        { "person", "/kyc-tenure/v0.2/check-tenure", "kyc-tenure:check-tenure",
            """{"phoneNumber":"+12025550142","tenureDate":"2026-01-01"}""", 422, "UNNECESSARY_IDENTIFIER" },
        { "client", "/kyc-tenure/v0.2/check-tenure", "kyc-tenure:check-tenure", """{"tenureDate":"2026-01-01"}""", 422,
            "MISSING_IDENTIFIER" },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task An_error_is_as_specified(string who, string path, string scope, string body, int status, string code)
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        var token = await TokenAsync(party, who, scope);

        var answer = await party.CallAsync(path, token, body, ("x-correlator", "test-1"));

        Assert.Equal((status, code), (answer.Status, answer.Body["code"]!.GetValue<string>()));
        Assert.Equal(status, answer.Body["status"]!.GetValue<int>());
        Assert.NotEmpty(answer.Body["message"]!.GetValue<string>());
    }

    public static TheoryData<string, string, string, string, string> Answers => new()
    {
        { "client", "/kyc-match/v0.4/match", "kyc-match:match",
            """{"phoneNumber":"+12025550142","givenName":"ada","familyName":" Lovelace ","birthdate":"1985-12-10"}""",
            """{"givenNameMatch":"true","familyNameMatch":"true","birthdateMatch":"true"}""" },
        { "client", "/kyc-match/v0.3/match", "kyc-match:match", """{"phoneNumber":"+12025550142","familyName":"Lovelave"}""",
            """{"familyNameMatch":"false","familyNameMatchScore":95}""" },
        { "client", "/kyc-match/v0.4/match", "kyc-match:match",
            """{"phoneNumber":"+12025550142","birthdate":"1985-12-11","postalCode":"20002","gender":"MALE","""
                + "\"country\":\"GB\",\"idDocument\":\"1\"}",
            """{"idDocumentMatch":"not_available","postalCodeMatch":"false","countryMatch":"false","""
                + "\"birthdateMatch\":\"false\",\"genderMatch\":\"false\"}" },
        { "person", "/kyc-match/v0.4/match", "kyc-match:match", """{"phoneNumber":"+12025550142","name":"Ada Lovelace"}""",
            """{"nameMatch":"true"}""" },
        { "person", "/kyc-match/v0.4/match", "kyc-match:match", """{"name":"Ada Lovelace"}""", """{"nameMatch":"true"}""" },
        { "client", "/sim-swap/v2/check", "sim-swap:check", """{"phoneNumber":"+12025550142"}""", """{"swapped":true}""" },
        { "client", "/sim-swap/v2/check", "sim-swap", """{"phoneNumber":"+12025550142","maxAge":24}""", """{"swapped":false}""" },
        { "client", "/sim-swap/v2/check", "sim-swap", """{"phoneNumber":"+12025550142","maxAge":48}""", """{"swapped":true}""" },
        { "person", "/sim-swap/v2/check", "sim-swap", "{}", """{"swapped":true}""" },
        { "client", "/sim-swap/v2/check", "sim-swap", """{"phoneNumber":"+12025550143"}""", """{"swapped":false}""" },
        { "client", "/sim-swap/v2/retrieve-date", "sim-swap:retrieve-date", """{"phoneNumber":"+12025550142"}""",
            """{"latestSimChange":"2026-11-21T09:00:00.000Z"}""" },
        { "client", "/sim-swap/v2/retrieve-date", "sim-swap", """{"phoneNumber":"+12025550143"}""",
            """{"latestSimChange":"2018-07-15T00:00:00.000Z"}""" },
        { "client", "/number-recycling/v0.2/check", "number-recycling:check",
            """{"phoneNumber":"+12025550142","specifiedDate":"2026-05-31"}""", """{"phoneNumberRecycled":true}""" },
        { "client", "/number-recycling/v0.2/check", "number-recycling:check",
            """{"phoneNumber":"+12025550142","specifiedDate":"2026-06-02"}""", """{"phoneNumberRecycled":false}""" },
        { "client", "/kyc-tenure/v0.2/check-tenure", "kyc-tenure:check-tenure",
            """{"phoneNumber":"+12025550142","tenureDate":"2015-03-01"}""", """{"tenureDateCheck":true,"contractType":"PAYM"}""" },
        { "person", "/kyc-tenure/v0.2/check-tenure", "kyc-tenure:check-tenure", """{"tenureDate":"2015-02-28"}""",
            """{"tenureDateCheck":false,"contractType":"PAYM"}""" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task An_answer_is_as_the_record_says(string who, string path, string scope, string body, string expected)
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        await running.ControlAsync(HttpMethod.Patch, "/sim/subscribers/+12025550142", new JsonObject
        {
            ["simSwappedAt"] = "2026-11-21T09:00:00Z",
            ["recycledAt"] = "2026-06-01T12:00:00Z",
        });

        var answer = await party.CallAsync(path, await TokenAsync(party, who, scope), body);

        Assert.Equal(200, answer.Status);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), answer.Body), answer.Body.ToJsonString());
    }

    [Fact]
    public async Task A_token_for_other_APIs_is_used_more_than_once()
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        var token = await party.ClientsTokenAsync("sim-swap");

        var first = await party.CallAsync("/sim-swap/v2/check", token, """{"phoneNumber":"+12025550142"}""");
        var second = await party.CallAsync("/sim-swap/v2/retrieve-date", token, """{"phoneNumber":"+12025550142"}""");

        Assert.Equal((200, 200), (first.Status, second.Status));
    }

    [Fact]
    public async Task The_correlator_comes_back_and_a_wrong_one_does_not()
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();

        using var right = await party.SendAsync("/sim-swap/v2/check", token: null, "{}", ("x-correlator", "b4333c46-49c0/<1>;{2}"));
        using var wrong = await party.SendAsync("/sim-swap/v2/check", token: null, "{}", ("x-correlator", "a b"));

        Assert.Equal("b4333c46-49c0/<1>;{2}", Assert.Single(right.Headers.GetValues("x-correlator")));
        Assert.Equal(400, (int)wrong.StatusCode);
        Assert.False(wrong.Headers.Contains("x-correlator"));
    }

    [Fact]
    public async Task A_body_that_is_not_JSON_by_its_header_is_refused()
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sim-swap/v2/check") { Content = new StringContent("{}") };
        request.Headers.Add("Authorization", "Bearer " + await party.ClientsTokenAsync("sim-swap"));

        using var answer = await running.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(400, (int)answer.StatusCode);
    }

    private static async Task<string?> TokenAsync(RelyingParty party, string who, string scope) => who switch
    {
        "person" => await party.PersonsTokenAsync(scope: Purpose + scope),
        "client" => await party.ClientsTokenAsync(scope),
        _ => null,
    };
}
