using System.Reflection;
using Countersign.Core;
using Countersign.Core.History;
using Countersign.Server.Tests.Fixtures;
using Countersign.Server.Timeline;

namespace Countersign.Server.Tests.Timeline;

public sealed class FlowSentencesTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> Codes => [.. FlowEventCode.All];

    public static TheoryData<string> Reasons => [.. Constants(typeof(FlowReason))];

    [Theory]
    [MemberData(nameof(Codes))]
    public void The_documents_have_the_sentence_of_every_code(string code)
    {
        var happened = new FlowEvent(_now, code)
        {
            Method = "<method>", Next = "<method>", Reason = "<reason>", Cause = "<cause>", Gateway = GatewayName.Parse("gateway-name"),
            OperatorWord = "<operator's word>", Rule = "<rule>", Source = SourceName.Parse("source-name"),
        };

        var sentence = FlowSentences.Of(happened)
            .Replace("gateway-name", "<gateway>", StringComparison.Ordinal).Replace("source-name", "<source>", StringComparison.Ordinal);

        Assert.Contains($"| `{code}` | `{sentence}` | ", Page(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Reasons))]
    public void The_documents_have_the_words_of_every_reason(string reason)
    {
        var words = reason switch
        {
            FlowReason.WithoutBrowser => "without a browser",
            FlowReason.NoGatewayLeft => "and no other gateway is left",
            FlowReason.WithDevice => "with a device",
            _ => FlowSentences.Of(
                new FlowEvent(_now, FlowEventCode.PossessionNotAccepted) { Reason = reason })["possession not accepted: ".Length..],
        };

        Assert.NotEqual(reason == FlowReason.Refused || reason == FlowReason.GivenUp ? "" : reason, words);
        Assert.Contains($"| `{reason}` | {words} |", Page(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_documents_have_every_end()
    {
        var ends = Page()[Page().IndexOf("## Ends", StringComparison.Ordinal)..];

        Assert.All(FlowEnd.All, end => Assert.Contains($"\n| `{end}` | ", ends, StringComparison.Ordinal));
    }

    [Fact]
    public void The_set_of_codes_is_closed() =>
        Assert.Equal(Constants(typeof(FlowEventCode)).Order(StringComparer.Ordinal), FlowEventCode.All.Order(StringComparer.Ordinal));

    [Theory]
    [InlineData(null, "tied to its identity")]
    [InlineData("with-device", "tied to its identity, with a device")]
    [InlineData("recycled", "tied to its identity (number recycled)")]
    [InlineData("with-device,recycled", "tied to its identity, with a device (number recycled)")]
    public void A_binding_says_what_was_tied_along(string? reason, string sentence) =>
        Assert.Equal(sentence, FlowSentences.Of(new FlowEvent(_now, FlowEventCode.BindingDone) { Reason = reason }));

    [Fact]
    public void Every_signal_that_is_refused_is_named() =>
        Assert.Equal(
            "possession not accepted: SIM changed within 24 hours, number recycled",
            FlowSentences.Of(new FlowEvent(_now, FlowEventCode.PossessionNotAccepted) { Reason = "sim-swap,recycled" }));

    [Fact]
    public void An_adapters_own_words_are_printed_as_they_are() =>
        Assert.Equal(
            "mobile-auth not available (the modem is off), otp follows",
            FlowSentences.Of(new FlowEvent(_now, FlowEventCode.MobileAuthUnavailable) { Reason = "the modem is off", Next = "otp" }));

    [Theory]
    [InlineData("absent, off", "mobile-auth not available (absent, off), otp follows")]
    [InlineData("expired,odd", "mobile-auth not available (expired,odd), otp follows")]
    public void Words_with_commas_are_no_list_of_codes(string words, string sentence) =>
        Assert.Equal(sentence, FlowSentences.Of(new FlowEvent(_now, FlowEventCode.MobileAuthUnavailable) { Reason = words, Next = "otp" }));

    [Theory]
    [InlineData(FlowEventCode.TextRefused, "main did not take the text: refused (throttled)")]
    [InlineData(FlowEventCode.TextUndelivered, "main could not deliver the text (throttled)")]
    [InlineData(FlowEventCode.TextExpired, "main could not deliver the text in time (throttled)")]
    public void An_operators_word_is_no_code_even_if_it_looks_like_one(string code, string sentence) =>
        Assert.Equal(
            sentence, FlowSentences.Of(
                new FlowEvent(_now, code) { Gateway = GatewayName.Parse("main"), Reason = "refused", OperatorWord = "throttled" }));

    [Fact]
    public void What_an_older_server_has_stripped_says_so() =>
        Assert.Equal("not known: a former version has changed the flow since", FlowSentences.Of(new FlowEvent(_now, null)));

    [Fact]
    public void What_a_former_version_stored_is_its_sentence() =>
        Assert.Equal("otp begun", FlowSentences.Of(new FlowEvent(_now, null) { What = "otp begun" }));

    private static string Page() => File.ReadAllText(Path.Combine(Repository.Root, "docs", "flow-events.md"));

    private static IEnumerable<string> Constants(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral)
            .Select(field => (string)field.GetValue(null)!);
}
