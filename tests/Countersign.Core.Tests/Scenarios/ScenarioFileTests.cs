using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Core.Scenarios;

namespace Countersign.Core.Tests.Scenarios;

/// <summary>A scenario's file is read strictly: what is wrong is named.</summary>
public sealed class ScenarioFileTests
{
    private const string Good =
        """
        {
          "version": 1,
          "flow": {
            "product": "verified-users", "type": "mobile", "life": 900, "codeLife": 120, "linkLife": 180, "mobileAuthLife": 6, "entries": 1,
            "resends": 0, "numberChanges": 3
          },
          "texts": [{ "gateways": ["first", "second"], "handover": ["first"] }],
          "steps": [
            { "at": 0, "do": "start" },
            { "at": 1.5, "do": "code.begin" },
            { "at": 1.75, "do": "gateway.answers", "text": 1, "gateway": "first", "answer": "refused", "reason": "throttled", "pause": 2 },
            { "at": 20, "do": "code.enter", "entry": "right" },
            { "at": 20.004, "do": "source.answers", "answer": "matched" }
          ],
          "expected": {
            "timeline": [
              { "at": 1.5, "code": "otp.begun" },
              { "at": 1.75, "code": "text.refused", "reason": "throttled", "gateway": "first" },
              { "at": 20, "code": "possession.proven", "method": "otp" },
              { "at": 20.004, "code": "identity.matched" }
            ],
            "end": "identity.matched", "at": 20.004, "possession": "proven", "method": "otp"
          }
        }
        """;

    private const string LimitReached = """{ "at": 1, "do": "limit.reached", "limit": {""";

    [Fact]
    public void A_file_that_is_read_and_written_is_the_same()
    {
        var read = ScenarioFile.Read(Encoding.UTF8.GetBytes(Good), out var problem);
        Assert.Null(problem);

        var written = JsonSerializer.Serialize(read, ScenarioJson.Default.Scenario);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Good), JsonNode.Parse(written)), written);
        Assert.Equal((5, 1.75m, "throttled"), (read!.Steps.Count, read.Steps[2].At, read.Steps[2].Reason));
    }

    [Theory]
    [InlineData("version", "2", "version must be 1: this server reads no other")]
    [InlineData("flow", "[]", "flow must be an object")]
    [InlineData("flow.life", null, "flow.life is missing")]
    [InlineData("flow.life", "\"900\"", "flow.life must be a number of seconds from 0 to 100000, with three decimals at most")]
    [InlineData("flow.life", "0.0001", "flow.life must be a number of seconds from 0 to 100000, with three decimals at most")]
    [InlineData("flow.entries", "0", "flow.entries must be 1 at least")]
    [InlineData("flow.entries", "1.5", "flow.entries must be a whole number from 0 to 1000")]
    [InlineData("flow.type", "\"phone\"", "flow.type must be one of mobile, desktop, none")]
    [InlineData("flow.refuses", "[\"luck\"]",
        "flow.refuses must be one of sim-swap, sim-swap-in-week, recycled, very-short-tenure, short-tenure")]
    [InlineData("flow.matchesLinks", "1", "flow.matchesLinks must be true or false")]
    [InlineData("texts.0.gateways.1", "7", "texts[0].gateways[1] must be a word of 1 to 64 of A-Z, a-z, 0-9, _, ., : and -")]
    [InlineData("texts.0.gateways.1", "\"a.b\"", "texts[0].gateways[1] is no gateway's name")]
    [InlineData("texts.0.handover", "[\"FIRST\"]", "texts[0].handover[0] is no gateway's name")]
    [InlineData("texts.0.optedOut", "\"a:b\"", "texts[0].optedOut is no gateway's name")]
    [InlineData("texts.0.gateways", null, "texts[0].gateways is missing")]
    [InlineData("steps.0.do", "\"cancel\"", "steps[0].do must be start")]
    [InlineData("steps.1.do", "\"start\"", "steps[1].do: a flow starts once")]
    [InlineData("steps.1.at", "-1", "steps[1].at must be a number of seconds from 0 to 100000, with three decimals at most")]
    [InlineData("steps.2.at", "1", "steps[2].at must not be before the step before it")]
    [InlineData("steps.2.text", "2", "steps[2].text must be one of texts, from 1")]
    [InlineData("steps.2.answer", "\"matched\"", "steps[2].answer must be one of accepted, refused, none")]
    [InlineData("steps.2.gateway", null, "steps[2].gateway is missing")]
    [InlineData("steps.2.gateway", "\"FIRST\"", "steps[2].gateway is no gateway's name")]
    [InlineData("steps.3.entry", "\"1234\"", "steps[3].entry must be one of right, wrong")]
    [InlineData("steps.3.answer", "\"accepted\"", "steps[3].answer: code.enter takes entry")]
    [InlineData("steps.1.entry", "\"right\"", "steps[1].entry: code.begin takes number")]
    [InlineData("steps.0.number", "\"another\"", "steps[0].number: start takes nothing")]
    [InlineData("expected.end", "\"fine\"", "expected.end must be one of identity.matched, ")]
    [InlineData("expected.timeline.0.code", "\"fine\"", "expected.timeline[0].code must be one of mobile-auth.begun, ")]
    [InlineData("expected.possession", "\"perhaps\"", "expected.possession must be one of open, proven, not-accepted, failed, not-asked")]
    [InlineData("steps.1.phoneNumber", "\"+12025550142\"", "steps[1] has no member of this name: there are at, do, ")]
    [InlineData("name", "\"x\"", "the file has no member of this name: there are version, flow, texts, steps, expected")]
    [InlineData("version", null, "version is missing")]
    [InlineData("flow", null, "flow is missing")]
    [InlineData("steps", null, "steps is missing")]
    [InlineData("expected", null, "expected is missing")]
    [InlineData("flow.product", null, "flow.product is missing")]
    [InlineData("flow.type", null, "flow.type is missing")]
    [InlineData("flow.codeLife", null, "flow.codeLife is missing")]
    [InlineData("flow.linkLife", null, "flow.linkLife is missing")]
    [InlineData("flow.mobileAuthLife", null, "flow.mobileAuthLife is missing")]
    [InlineData("flow.entries", null, "flow.entries is missing")]
    [InlineData("flow.resends", null, "flow.resends is missing")]
    [InlineData("flow.numberChanges", null, "flow.numberChanges is missing")]
    [InlineData("steps.1.at", null, "steps[1].at is missing")]
    [InlineData("steps.1.do", null, "steps[1].do is missing")]
    [InlineData("expected.timeline", null, "expected.timeline is missing")]
    [InlineData("expected.end", null, "expected.end is missing")]
    [InlineData("expected.at", null, "expected.at is missing")]
    [InlineData("expected.possession", null, "expected.possession is missing")]
    [InlineData("expected.timeline.0.at", null, "expected.timeline[0].at is missing")]
    [InlineData("expected.timeline.0.code", null, "expected.timeline[0].code is missing")]
    [InlineData("flow.product", "\"one-call\"", "flow.product must be one of verified-users, pre-fill, unify")]
    [InlineData("flow.shape", "\"none\"", "flow.shape must be one of pre-fill, identity")]
    [InlineData("flow.life", "0", "flow.life must be more than 0 and at most 3600")]
    [InlineData("flow.life", "3600.001", "flow.life must be more than 0 and at most 3600")]
    [InlineData("flow.life", "100001", "flow.life must be a number of seconds from 0 to 100000, with three decimals at most")]
    [InlineData("flow.entries", "1001", "flow.entries must be a whole number from 0 to 1000")]
    [InlineData("flow.entries", "-1", "flow.entries must be a whole number from 0 to 1000")]
    [InlineData("flow.entries", "\"1\"", "flow.entries must be a whole number from 0 to 1000")]
    [InlineData("flow.matchesLinks", "null", "flow.matchesLinks must be true or false")]
    [InlineData("flow.product", "\"\"", "flow.product must be a word of 1 to 64 of A-Z, a-z, 0-9, _, ., : and -")]
    [InlineData("flow.product", "\"a b\"", "flow.product must be a word of 1 to 64 of A-Z, a-z, 0-9, _, ., : and -")]
    [InlineData("flow.refuses", "\"sim-swap\"", "flow.refuses must be a list")]
    [InlineData("texts", "{}", "texts must be a list")]
    [InlineData("steps", "{}", "steps must be a list")]
    [InlineData("expected", "[]", "expected must be an object")]
    [InlineData("expected.timeline", "1", "expected.timeline must be a list")]
    [InlineData("expected.reason", "\"a,,b\"", "expected.reason must be a word, or several with commas between them")]
    [InlineData("expected.reason", "7", "expected.reason must be a word, or several with commas between them")]
    [InlineData("expected.timeline.1.cause", "\"a, b\"", "expected.timeline[1].cause must be a word, or several with commas between them")]
    [InlineData("expected.timeline.1.name", "\"x\"",
        "expected.timeline[1] has no member of this name: there are at, code, method, next, reason, cause, gateway, operatorWord, rule, "
        + "source, limit")]
    [InlineData("expected.name", "\"x\"",
        "expected has no member of this name: there are timeline, end, reason, at, possession, method")]
    [InlineData("texts.0.name", "\"x\"", "texts[0] has no member of this name: there are gateways, handover, optedOut, isLost")]
    [InlineData("steps", "[]", "steps[0].do must be start")]
    [InlineData("steps.1.do", "\"jump\"", "steps[1].do must be one of start, cancel, validate, ")]
    [InlineData("steps.1.number", "\"same\"", "steps[1].number must be one of another")]
    [InlineData("steps.2.reason", "\"mood\"", "steps[2].reason must be one of another-number, ")]
    [InlineData("steps.2.text", "0", "steps[2].text must be one of texts, from 1")]
    [InlineData("steps.2.text", null, "steps[2].text is missing")]
    [InlineData("steps.2.answer", null, "steps[2].answer is missing")]
    [InlineData("steps.3.entry", null, "steps[3].entry is missing")]
    [InlineData("steps.4.source", "\"A\"", "steps[4].source is no source's name")]
    [InlineData("texts", null, "steps[2].text must be one of texts, from 1")]
    [InlineData("steps.1.limit", "7", "steps[1].limit must be an object")]
    [InlineData("steps.1.limit", "{}", "steps[1].limit.rule is missing")]
    [InlineData("steps.1", """{ "at": 2, "do": "risk.answers", "given": ["luck"] }""", "steps[1].given must be one of sim-swap, ")]
    [InlineData("steps.1", """{ "at": 1, "do": "risk.answers", "unknown": ["luck"] }""", "steps[1].unknown must be one of sim-swap, ")]
    [InlineData("steps.1", $"{LimitReached}\"rule\":\"texts.country\",\"count\":1,\"max\":1,\"seconds\":1,\"until\":1}}}}",
        "steps[1].limit.rule must be one of guesses.line, guesses.project, texts.line.hour, texts.line.day, texts.project.hour, "
        + "texts.project.day")]
    [InlineData("steps.1", $"{LimitReached}\"rule\":\"texts.line.day\",\"count\":0,\"max\":1,\"seconds\":1,\"until\":1}}}}",
        "steps[1].limit.count must be a whole number from 1 to 1000000000000")]
    [InlineData("steps.1", $"{LimitReached}\"rule\":\"texts.line.day\",\"count\":1,\"max\":1000000000001}}}}",
        "steps[1].limit.max must be a whole number from 1 to 1000000000000")]
    [InlineData("steps.1", $"{LimitReached}\"rule\":\"texts.line.day\",\"count\":\"1\"}}}}",
        "steps[1].limit.count must be a whole number from 1 to 1000000000000")]
    [InlineData("steps.1", $"{LimitReached}\"rule\":\"texts.line.day\",\"max\":1,\"seconds\":1,\"until\":1}}}}",
        "steps[1].limit.count is missing")]
    [InlineData("steps.1", $"{LimitReached}\"rule\":\"texts.line.day\",\"count\":1,\"seconds\":1,\"until\":1}}}}",
        "steps[1].limit.max is missing")]
    [InlineData("steps.1", $"{LimitReached}\"rule\":\"texts.line.day\",\"count\":1,\"max\":1,\"until\":1}}}}",
        "steps[1].limit.seconds is missing")]
    [InlineData("steps.1", $"{LimitReached}\"rule\":\"texts.line.day\",\"count\":1,\"max\":1,\"seconds\":1}}}}",
        "steps[1].limit.until is missing")]
    public void What_is_wrong_is_named(string path, string? value, string expected)
    {
        var file = JsonNode.Parse(Good)!;
        var parts = path.Split('.');
        var parent = parts[..^1].Aggregate(file, (node, part) => node is JsonArray list ? list[IndexOf(part)]! : node[part]!);
        if (parent is JsonArray items)
        {
            items[IndexOf(parts[^1])] = JsonNode.Parse(value!);
        }
        else if (value is null)
        {
            parent.AsObject().Remove(parts[^1]);
        }
        else
        {
            parent[parts[^1]] = JsonNode.Parse(value);
        }

        var read = ScenarioFile.Read(Encoding.UTF8.GetBytes(file.ToJsonString()), out var problem);

        Assert.Null(read);
        Assert.StartsWith(expected, problem, StringComparison.Ordinal);
    }

    private static int IndexOf(string part) => int.Parse(part, CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("", "is no JSON")]
    [InlineData("[]", "the file must be an object")]
    [InlineData("""{"version":1,"version":1}""", "version is there twice")]
    [InlineData("""{"steps":[{"do":"\ud800"}]}""", "is no JSON")]
    [InlineData("""{"\udc00":1}""", "is no JSON")]
    [InlineData("""{"flow":{"type":"mobile","type":"mobile"}}""", "flow.type is there twice")]
    public void What_is_no_scenario_is_refused(string file, string expected)
    {
        Assert.Null(ScenarioFile.Read(Encoding.UTF8.GetBytes(file), out var problem));
        Assert.Equal(expected, problem);
    }

    /// <summary>Every member that a step may have, with something that it may be.</summary>
    private static readonly Dictionary<string, string> _members = new(StringComparer.Ordinal)
    {
        ["entry"] = "\"wrong\"", ["number"] = "\"another\"", ["again"] = "true", ["silent"] = "true", ["reason"] = "\"other\"",
        ["text"] = "1", ["attempt"] = "1", ["gateway"] = "\"first\"", ["pause"] = "0.5", ["word"] = "\"33\"", ["rule"] = "\"other-name\"",
        ["source"] = "\"records\"", ["given"] = "[\"sim-swap\"]", ["unknown"] = "[\"recycled\"]",
        ["limit"] = """{ "rule": "texts.line.day", "count": 1000000000000, "max": 1, "seconds": 100000, "until": 0.001 }""",
    };

    [Theory]
    [InlineData("cancel")]
    [InlineData("validate")]
    [InlineData("challenge")]
    [InlineData("complete")]
    [InlineData("own-check")]
    [InlineData("mobile-auth.begin", "answer", "reason silent", "open unavailable page-not-allowed")]
    [InlineData("mobile-auth.return", "answer", "reason", "same-number another-number another-flow unavailable")]
    [InlineData("mobile-auth.fail")]
    [InlineData("code.begin", "", "number")]
    [InlineData("code.enter", "entry")]
    [InlineData("link.begin", "", "number again")]
    [InlineData("link.confirm", "entry")]
    [InlineData("link.decline")]
    [InlineData("give-up")]
    [InlineData("device.register")]
    [InlineData("device.fail")]
    [InlineData("device.prove")]
    [InlineData("passkey.answer", "reason")]
    [InlineData("gateway.answers", "text gateway answer", "reason pause", "accepted refused none")]
    [InlineData("gateway.reports", "text attempt answer", "word", "accepted enroute delivered undelivered expired refused")]
    [InlineData("source.answers", "answer", "rule source", "matched differs not-comparable no-record down found")]
    [InlineData("risk.answers", "", "given unknown")]
    [InlineData("number.lost")]
    [InlineData("limit.reached", "limit")]
    [InlineData("clock.flow")]
    [InlineData("clock.text", "text")]
    public void A_step_has_the_members_of_what_it_does_and_no_other(string act, string needs = "", string takes = "", string answers = "")
    {
        string[] needed = WordsOf(needs), taken = WordsOf(takes), answered = WordsOf(answers);
        var answer = answered.Length == 0 ? null : $"\"{answered[0]}\"";

        Assert.All(answered.DefaultIfEmpty(), one => Assert.Null(ProblemOf([.. needed, .. taken], one is null ? null : $"\"{one}\"")));
        Assert.All(needed, one => Assert.Equal($"steps[1].{one} is missing", ProblemOf(needed.Where(other => other != one), answer)));
        var strangers = _members.Keys.Except([.. needed, .. taken]);
        var all = needed.Length + taken.Length == 0 ? "nothing" : string.Join(", ", [.. needed, .. taken]);
        Assert.All(strangers, one => Assert.Equal($"steps[1].{one}: {act} takes {all}", ProblemOf([.. needed, one], answer)));
        if (answer is null)
        {
            Assert.Equal($"steps[1].answer: {act} takes {all}", ProblemOf([.. needed, "answer"], "\"open\""));
        }
        else
        {
            Assert.Equal($"steps[1].answer must be one of {string.Join(", ", answered)}", ProblemOf(needed, "\"mood\""));
        }

        string? ProblemOf(IEnumerable<string> members, string? answer)
        {
            var step = string.Concat(members.Select(one => $""", "{one}": {(one == "answer" ? answer : _members[one])}"""));
            var file = JsonNode.Parse(Good)!;
            file["steps"]![1] = JsonNode.Parse($$"""{ "at": 1.5, "do": "{{act}}"{{step}} }""");
            _ = ScenarioFile.Read(Encoding.UTF8.GetBytes(file.ToJsonString()), out var problem);
            return problem;
        }
    }

    private static string[] WordsOf(string words) => words.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    [Fact]
    public void A_file_may_say_all_that_there_is_to_say()
    {
        var file = JsonNode.Parse(Good)!;
        var flow = file["flow"]!;
        (flow["shape"], flow["life"], flow["entries"], flow["resends"]) = ("identity", 3600, 1000, 0);
        foreach (var flag in (string[])["mayNotChangeNumber", "matchesLinks", "provesItself", "takesNoText", "isAskedFor", "isRemembered",
            "tellsOfDevices", "refusesUnknown"])
        {
            flow[flag] = true;
        }
        flow["refuses"] = JsonNode.Parse("""["sim-swap", "sim-swap-in-week", "recycled", "very-short-tenure", "short-tenure"]""");
        (file["texts"]![0]!["optedOut"], file["texts"]![0]!["isLost"]) = ("second", true);
        file["expected"]!["reason"] = $"{new string('A', 64)},a:Z_9.0-z";
        file["expected"]!["timeline"]![3] = JsonNode.Parse(
            $$"""
            { "at": 20.004, "code": "identity.matched", "method": "otp", "next": "otp", "reason": "a,b", "cause": "c", "gateway": "first",
              "operatorWord": "33", "rule": "other-name", "source": "records", "limit": {{_members["limit"]}} }
            """);

        var read = ScenarioFile.Read(Encoding.UTF8.GetBytes(file.ToJsonString()), out var problem);

        Assert.Null(problem);
        var written = JsonSerializer.SerializeToNode(read, ScenarioJson.Default.Scenario);
        Assert.True(JsonNode.DeepEquals(file, written), written!.ToJsonString());
    }

    [Theory]
    [InlineData(500, null)]
    [InlineData(501, "steps may have 500 entries")]
    public void A_file_has_five_hundred_steps_at_most(int count, string? expected)
    {
        var file = JsonNode.Parse(Good)!;
        file["steps"] = new JsonArray([.. Enumerable.Range(0, count).Select(index =>
            JsonNode.Parse(index == 0 ? """{ "at": 0, "do": "start" }""" : """{ "at": 100000, "do": "clock.flow" }"""))]);

        _ = ScenarioFile.Read(Encoding.UTF8.GetBytes(file.ToJsonString()), out var problem);

        Assert.Equal(expected, problem);
    }
}
