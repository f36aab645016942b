using System.Globalization;
using Countersign.Core.Doctor;
using Countersign.Core.History;

namespace Countersign.Server.Doctor;

/// <summary>How those whom the server asks have answered: pure.</summary>
internal static class StandingChecks
{
    /// <summary>So many failures in a row are no chance.</summary>
    private const int Many = 3;

    /// <summary>Of fewer texts nothing can be said.</summary>
    private const int FewTexts = 20;

    public static IReadOnlyList<Check> All { get; } = [Checks.GatewaysFailing, Checks.OperatorsFailing, Checks.SourcesFailing];

    /// <param name="isRunning">False where nobody has asked anybody.</param>
    public static IEnumerable<Finding> Of(IEnumerable<ProviderStanding> standings, bool isRunning) => standings.Select(one => Of(
        one,
        one.Kind switch
        {
            ProviderKind.Gateway => Checks.GatewaysFailing,
            ProviderKind.Operator => Checks.OperatorsFailing,
            _ => Checks.SourcesFailing,
        },
        isRunning) with { About = one.Name });

    /// <param name="gateways">All that are configured.</param>
    /// <param name="counts">What was counted of the last days, by gateway.</param>
    public static IEnumerable<Finding> OfReceipts(IEnumerable<string> gateways, IReadOnlyList<OutcomeCount> counts, int days)
    {
        foreach (var gateway in gateways)
        {
            var own = counts.FirstOrDefault(count => count.Value == gateway);
            var (texts, delivered) = (own?.Texts ?? 0, own?.Delivered ?? 0);
            var words = string.Create(
                CultureInfo.InvariantCulture, $"Of {texts} texts of the last {days} days it has told of {delivered} that they arrived.");
            yield return (texts < FewTexts ? Checks.GatewaysReceipts.IsUnknown($"{words} Of so few nothing can be said.")
                : delivered == 0 ? Checks.GatewaysReceipts.IsWeak(words)
                : Checks.GatewaysReceipts.IsFine(words)) with { About = gateway };
        }
    }

    private static Finding Of(ProviderStanding one, Check check, bool isRunning) => one switch
    {
        _ when !isRunning => check.IsUnknown("A running server alone knows."),
        { Rests: true } => check.IsBroken("It fails too often, and is left alone for a while."),
        { Failures: >= Many and var failures } => check.IsBroken(
            string.Create(CultureInfo.InvariantCulture, $"The last {failures} calls have failed.")),
        { Failures: > 0 } => check.IsWeak("The last call has failed."),
        { SeldomDelivers: true } => check.IsWeak("Too few of its last texts have arrived."),
        { Failures: null } => check.IsUnknown("Nobody has asked it since this server was started."),
        _ => check.IsFine("The last call was answered, be it with a refusal."),
    };
}
