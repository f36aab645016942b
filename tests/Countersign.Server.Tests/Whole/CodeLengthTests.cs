using System.Globalization;
using System.Text.Json.Nodes;
using Countersign.Core.Projects;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Whole;

/// <summary>
/// How short a code may be in Live: an entry of n digits is right by chance once in 10ⁿ times, and a flow may use up half of what the
/// project allows.
/// </summary>
public sealed class CodeLengthTests(LiveServer live) : IClassFixture<LiveServer>
{
    private const string Number = "+12025550142";
    private const string Verify = "/v3/verify";
    private const string Start = "/v3/start";
    private const string Unify = "/v3/unify";

    [Theory]
    // Digits, retries, the project's probability, and the least that permits them.
    [InlineData(4, false, "0.00001", "0.0002", 6)]
    [InlineData(4, true, "0.00001", "0.0006", 6)]
    [InlineData(5, false, "0.00001", "0.00002", 6)]
    [InlineData(5, true, "0.00001", "0.00006", 6)]
    [InlineData(4, false, "0.000199", "0.0002", 5)]
    [InlineData(4, true, "0.0002", "0.0006", 5)]
    [InlineData(5, true, "0.00002", "0.00006", 6)]
    [InlineData(4, false, "0.0002", null, 0)]
    [InlineData(4, true, "0.0006", null, 0)]
    [InlineData(5, false, "0.00002", null, 0)]
    [InlineData(5, true, "0.00006", null, 0)]
    [InlineData(6, true, "0.000001", null, 0)]
    [InlineData(6, false, "0.00001", null, 0)]
    public async Task A_code_is_as_long_as_the_projects_probability_asks_for(
        int digits, bool retry, string probability, string? least, int permitted)
    {
        var client = await ProjectAsync(
            new ProjectSettings { GuessProbability = decimal.Parse(probability, CultureInfo.InvariantCulture) });
        var refusal = least is null ? "200"
            : $"400 8001 field 'smsMessage' is invalid: a code of {digits} digits is too easy to guess: write {permitted} #, or "
                + $"set the project's GuessProbability to at least {least}";

        foreach (var path in (string[])[Verify, Start, Unify])
        {
            var reply = await live.Server.PostAsync(
                path, Body(path, "mobile",
                    new JsonObject { ["smsMessage"] = $"Shop: {new string('#', digits)}", ["allowOTPRetry"] = retry }), client);

            Assert.Equal(refusal, reply.Fault);
        }
    }

    [Theory]
    [InlineData(Verify)]
    [InlineData(Start)]
    [InlineData(Unify)]
    public async Task Four_signs_of_a_desktop_flow_are_its_link(string path)
    {
        var reply = await live.Server.PostAsync(
            path, Body(path, "desktop", new JsonObject { ["smsMessage"] = "Shop: ####", ["finalTargetUrl"] = "https://shop.example/done" }),
            live.Shop);

        Assert.Equal("200", reply.Fault);
    }

    [Theory]
    [InlineData(Verify)]
    [InlineData(Unify)]
    public async Task Without_a_possession_check_there_is_no_code_to_be_short(string path)
    {
        var reply = await live.Server.PostAsync(path, Body(path, "none", new JsonObject { ["smsMessage"] = "Shop: ####" }), live.Shop);

        Assert.Equal("200", reply.Fault);
    }

    [Theory]
    [InlineData(Verify)]
    [InlineData(Start)]
    [InlineData(Unify)]
    public async Task The_projects_own_wording_is_held_to_it_too(string path)
    {
        // As when the server's entries were fewer when it was set.
        var client = await ProjectAsync(new ProjectSettings { OtpText = "Shop: #####", GuessProbability = 0.00002m });

        var once = await live.Server.PostAsync(path, Body(path, "mobile", []), client);
        var retried = await live.Server.PostAsync(path, Body(path, "mobile", new JsonObject { ["allowOTPRetry"] = true }), client);
        var own = await live.Server.PostAsync(
            path, Body(path, "mobile", new JsonObject { ["allowOTPRetry"] = true, ["smsMessage"] = "Shop: ######" }), client);

        Assert.Equal(("200", "200"), (once.Fault, own.Fault));
        Assert.Equal(
            "400 8001 field 'smsMessage' is invalid: absent, and in the project's OtpText a code of 5 digits is too easy to guess: write "
                + "6 #, or set the project's GuessProbability to at least 0.00006",
            retried.Fault);
    }

    [Fact]
    public async Task All_that_is_wrong_is_named_in_its_order()
    {
        var reply = await live.Server.PostAsync(
            Verify, Body(Verify, "mobile", new JsonObject { ["firstName"] = "", ["smsMessage"] = "Shop: ####", ["allowOTPRetry"] = "yes" }),
            live.Shop);

        Assert.Equal(
            "400 8001 field 'firstName' is missing; field 'smsMessage' is invalid: a code of 4 digits is too easy to guess: write 6 #, or "
            + "set the project's "
                + "GuessProbability to at least 0.0002; field 'allowOTPRetry' is invalid: must be true or false",
            reply.Fault);
    }

    [Theory]
    [InlineData(
        """{"id":"short","name":"x","linkConfirmation":"tap","otpText":"Code ####"}""",
        "field 'otpText' is invalid: a code of 4 digits is too easy to guess: write 6 #, or set the project's GuessProbability to at "
            + "least 0.0006")]
    [InlineData(
        """{"id":"short","name":"x","linkConfirmation":"tap","otpText":"Code #####","guessProbability":0.00005}""",
        "field 'otpText' is invalid: a code of 5 digits is too easy to guess: write 6 #, or set the project's GuessProbability to at "
            + "least 0.00006")]
    [InlineData(
        """{"id":"short","name":"x","linkConfirmation":"tap","guessProbability":0}""",
        "field 'guessProbability' is invalid: must be from 0.000001 to 0.01")]
    [InlineData(
        """{"id":"short","name":"x","linkConfirmation":"tap","guessProbability":"0.0006"}""",
        "field 'guessProbability' is invalid: must be a number")]
    [InlineData(
        """{"id":"short","name":"x","linkConfirmation":"tap","guessProbability":1e400}""",
        "field 'guessProbability' is invalid: must be a number")]
    [InlineData(
        """{"id":"short","name":"x","linkConfirmation":"tap","guessProbability":""}""",
        "field 'guessProbability' is invalid: must be a number")]
    public async Task A_projects_wording_needs_the_probability_that_permits_it(string body, string message)
    {
        var reply = await live.Server.AdminAsync(HttpMethod.Post, "/admin/projects", body);

        Assert.Equal($"400 8001 {message}", reply.Fault);
    }

    [Fact]
    public async Task A_probability_cannot_be_taken_from_under_a_wording()
    {
        await live.Server.AdminAsync(
            HttpMethod.Post, "/admin/projects",
            """{"id":"under","name":"x","linkConfirmation":"tap","otpText":"Code ####","guessProbability":6E-4}""");

        var refused = await live.Server.AdminAsync(HttpMethod.Patch, "/admin/projects/under", """{"guessProbability":null}""");
        var both = await live.Server.AdminAsync(HttpMethod.Patch, "/admin/projects/under", """{"guessProbability":null,"otpText":null}""");

        Assert.Equal(
            "400 8001 field 'otpText' is invalid: the stored wording does not go with this change: a code of 4 digits is too easy to "
            + "guess: write 6 #, or set the project's "
                + "GuessProbability to at least 0.0006",
            refused.Fault);
        Assert.Equal(200, both.Status);
    }

    private async Task<Credentials> ProjectAsync(ProjectSettings settings) =>
        await live.Server.AddProjectAsync($"codes-{Guid.NewGuid():N}", settings);

    private static string Body(string path, string type, JsonObject more)
    {
        var body = new JsonObject { ["flowType"] = type, ["phoneNumber"] = Number };
        if (path == Verify)
        {
            (body["firstName"], body["lastName"]) = ("Lori", "Montgomery");
        }
        foreach (var (name, value) in more)
        {
            body[name] = value?.DeepClone();
        }
        return body.ToJsonString();
    }
}
