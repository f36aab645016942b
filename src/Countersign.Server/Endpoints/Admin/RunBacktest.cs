using Countersign.Core.Backtesting;
using Countersign.Core.Limits;
using Countersign.Core.Money;
using Countersign.Core.Pumping;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>POST /admin/abuse/backtest: what rules would have stopped of the texts of the last days.</summary>
internal sealed class RunBacktest(Backtester backtester, IRuleSettings settings, ServerCaps caps) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.Of(Read, HandleAsync);

    private BacktestRequest Read(RequestBody body)
    {
        var (days, rules) = (body.Read(BacktestMembers.Days), settings.Read(body.Read(BacktestMembers.Rules)));
        foreach (var problem in rules.Problems)
        {
            body.Invalid(BacktestMembers.Rules.Name, problem);
        }
        return new BacktestRequest(days, rules.Pumping, rules.Texts);
    }

    private async Task<Answer> HandleAsync(AdminCall<BacktestRequest> call) =>
        await backtester.RunAsync(call.Request.Days, call.Request.Pumping, call.Request.Texts, call.Aborted) is { } result
            ? Answer.Ok(BacktestResponse.Of(result, call.Request.Days, caps.Prices?.Currency), AdminJson.Answers.BacktestResponse)
            : Answer.Of(Fault.Invalid(BacktestMembers.Days.Name, "these days have more than 2,000,000 texts; name fewer"));
}

/// <summary>Reads rules that are written as settings, as a configuration would be read.</summary>
internal interface IRuleSettings
{
    /// <param name="lines">Each a name below <c>Countersign</c>, an equals sign and a value.</param>
    ReadRules Read(IReadOnlyList<string> lines);
}

/// <param name="Problems">What is wrong with them; none of the rest counts then.</param>
internal sealed record ReadRules(PumpingOptions Pumping, TextLimitOptions Texts, IReadOnlyList<string> Problems)
{
    public override string ToString() => $"{Problems.Count} problems";
}

internal sealed record BacktestRequest(int Days, PumpingOptions Pumping, TextLimitOptions Texts)
{
    public override string ToString() => $"{Days} days";
}

internal static class BacktestMembers
{
    public static Member<int> Days { get; } = Member.Standard(
        "days", Shape.Number(1, 366, "days"), 30, "Of how many days, as far as outcomes are kept. Default: 30.");

    public static ListMember<string> Rules { get; } = new(
        "rules",
        "The rules, as settings below `Countersign`: their name, an equals sign and their value. A rule about pumping that is not named "
        + "is off; a limit of texts counts where its number is named.",
        Shape.Text(
            text => text.IndexOf('=', StringComparison.Ordinal) > 0 ? null : "must be a name, = and a value: Pumping:Growth=Enforce") with
        {
            Min = 3, Max = 100,
        },
        "`Pumping:PrefixFloor=10`", 40, 1, IsRequired: true);
}

/// <param name="Days">That were asked for.</param>
/// <param name="People">Lines that texts went to.</param>
/// <param name="Cost">Absent without prices, as what would be saved.</param>
/// <param name="NotTold">Rules that need more than outcomes have.</param>
internal sealed record BacktestResponse(
    int Days, long Texts, long People, decimal? Cost, string? Currency, IReadOnlyList<BacktestLine> Alone, BacktestLine Together,
    IReadOnlyList<string> NotTold)
{
    public static BacktestResponse Of(BacktestResult result, int days, string? currency) => new(
        days, result.Texts, result.People, MoneyOf(result.Cost, currency), currency,
        [.. result.Rules.Select(rule => LineOf(rule, currency))], LineOf(result.Together, currency), result.Untold);

    public override string ToString() => $"{Texts} texts";

    private static BacktestLine LineOf(StoppedTexts rule, string? currency) =>
        new(rule.Rule, rule.Texts, rule.People, rule.Lost, MoneyOf(rule.Saved, currency));

    private static decimal? MoneyOf(long millionths, string? currency) => currency is null ? null : Amounts.FromMillionths(millionths);
}

/// <param name="Texts">That would not have been sent.</param>
/// <param name="People">Lines that these were for.</param>
/// <param name="Lost">Of them those that proved.</param>
internal sealed record BacktestLine(string Rule, long Texts, long People, long Lost, decimal? Saved)
{
    public override string ToString() => nameof(BacktestLine);
}
