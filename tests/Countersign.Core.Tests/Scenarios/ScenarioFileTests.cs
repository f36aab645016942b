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
    public void What_is_no_scenario_is_refused(string file, string expected)
    {
        Assert.Null(ScenarioFile.Read(Encoding.UTF8.GetBytes(file), out var problem));
        Assert.Equal(expected, problem);
    }
}
