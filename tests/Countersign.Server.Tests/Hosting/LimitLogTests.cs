using System.Globalization;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.Limits;
using Countersign.Core.Money;
using Countersign.Providers.Numbers;
using Countersign.Server.Hosting;
using Microsoft.Extensions.Logging;

namespace Countersign.Server.Tests.Hosting;

/// <summary>What a refusal was counted by stands in fields beside the sentence, for formats that have fields.</summary>
public sealed class LimitLogTests : IDisposable
{
    private static readonly DateTimeOffset _until = new(2026, 1, 2, 13, 0, 0, TimeSpan.Zero);

    private readonly LoggerFactory _factory;
    private readonly LogLines _lines = new();

    public LimitLogTests() => _factory = new LoggerFactory([_lines]);

    public static TheoryData<Reached, string, string> Cases => new()
    {
        {
            new LimitReached("texts.line.hour", 5, 5, TimeSpan.FromHours(1), _until),
            "limit texts.line.hour is reached (5 of 5 in 60 min) until 2026-01-02 13:00:00Z",
            "Rule=texts.line.hour Count=5 Max=5 Currency= Window=PT1H Until=2026-01-02T13:00:00Z"
        },
        {
            new LimitReached("guesses.line", 10, 20, TimeSpan.FromDays(1), _until),
            "limit guesses.line is reached (50% of the day's guesses) until 2026-01-02 13:00:00Z",
            "Rule=guesses.line Count=10 Max=20 Currency= Window=P1D Until=2026-01-02T13:00:00Z"
        },
        {
            new CapReached(SpendingOwner.Server, CapWindow.Month, 0.99m, 0.02m, 1m, "USD", _until),
            "cap cap.server.month is reached (0.99 of 1.00 USD a month spent, the text would cost 0.02) until 2026-01-02 13:00:00Z",
            "Rule=cap.server.month Count=0.99 Max=1 Currency=USD Window=P1M Until=2026-01-02T13:00:00Z"
        },
        {
            new CapUnpriced(GatewayName.Parse("main")),
            "no text is sent: there is a cap on what texts may cost, and Countersign:Prices has no price of the gateway main",
            "Rule=cap.unpriced Count= Max= Currency= Window= Until="
        },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_refused_call_is_told_with_its_evidence(Reached reached, string sentence, string fields)
    {
        var history = new CallHistory(
            null!, null!, new NumberPlan(), new HistoryOptions { Mode = HistoryMode.Off }, new Turns(TimeProvider.System));
        new FlowLog(history, _factory.CreateLogger<FlowLog>()).Refused(
            new RefusedCall(ProjectId.Parse("shop"), Product.VerifiedUsers, FlowType.Mobile, "+12025550142", DateTimeOffset.UnixEpoch)
            {
                Reached = reached,
            });

        var line = Assert.Single(_lines.All);
        Assert.Equal((1107, $"A call of project shop was refused: {sentence}"), (line.Event.Id, line.Text));
        Assert.Equal($"Project=shop Limit={sentence} {fields}", FieldsOf(line));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_text_of_no_flow_that_is_held_back_is_told_in_the_same_fields(Reached reached, string sentence, string fields)
    {
        new CapLog(_factory.CreateLogger<Caps>()).Refused(reached);

        var line = Assert.Single(_lines.All);
        Assert.Equal((1512, $"A text of no flow was not sent: {sentence}"), (line.Event.Id, line.Text));
        Assert.Equal($"Limit={sentence} {fields}", FieldsOf(line));
    }

    [Theory]
    [InlineData(80, null, 1510, "80% of a cap is spent: cap.server.day of the server, 0.50 of 1.00 USD a day, which ends at "
        + "2026-01-02 13:00:00Z", "cap.server.day")]
    [InlineData(100, "shop", 1511, "A cap is spent: cap.project.day of project shop, 0.50 of 1.00 USD a day, which ends at "
        + "2026-01-02 13:00:00Z. Texts that would pass it are not sent before", "cap.project.day")]
    public void What_is_spent_of_a_cap_is_told_in_the_same_fields(int percent, string? project, int id, string text, string rule)
    {
        var owner = project is null ? SpendingOwner.Server : SpendingOwner.Of(ProjectId.Parse(project));

        new CapLog(_factory.CreateLogger<Caps>()).Passed(owner, CapWindow.Day, percent, 0.5m, 1m, "USD", _until);

        var line = Assert.Single(_lines.All);
        Assert.Equal((id, text), (line.Event.Id, line.Text));
        Assert.EndsWith(
            $"Project={project} Rule={rule} Count=0.5 Max=1 Currency=USD Window=P1D Until=2026-01-02T13:00:00Z", FieldsOf(line),
            StringComparison.Ordinal);
        Assert.Equal(
            [("count", typeof(decimal)), ("max", typeof(decimal)), ("until", typeof(string))],
            from field in line.Fields
            where field.Key is "count" or "max" or "until"
            select (field.Key, field.Value!.GetType()));
    }

    public void Dispose()
    {
        _factory.Dispose();
        _lines.Dispose();
    }

    private static string FieldsOf(LogLine line) => string.Join(
        ' ',
        from field in line.Fields
        where field.Key != "{OriginalFormat}"
        select $"{char.ToUpperInvariant(field.Key[0])}{field.Key[1..]}="
            + string.Create(CultureInfo.InvariantCulture, $"{field.Value}"));
}
