using System.Globalization;
using System.Security.Cryptography;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.Possession;
using Countersign.Core.Receipts;
using Countersign.Core.Texts;

namespace Countersign.Outcomes;

/// <summary>
/// Outcomes as a server in Live keeps them of flows that were verified by a code: most go well at once, some after a wrong code, some
/// never. A line has three flows in the time, a project half of them.
/// </summary>
internal sealed class Samples(int count, DateTimeOffset until)
{
    public static readonly TimeSpan Days = TimeSpan.FromDays(30);

    private static readonly GatewayName _gateway = GatewayName.Parse("kannel");
    private static readonly ProjectId[] _projects = [ProjectId.Parse("shop"), ProjectId.Parse("bank"), ProjectId.Parse("shop")];

    private readonly LinePseudonym[] _lines = [.. Enumerable.Range(0, Math.Max(1, count / 3)).Select(_ => LinePseudonym.New())];
    private readonly CorrelationId[] _ids = [.. Enumerable.Range(0, count).Select(n => CorrelationId.New(BegunAt(n, count, until)))];

    public static ProjectId Project => _projects[0];

    /// <summary>Where to look, by chance, among what the project has.</summary>
    public Sought Any()
    {
        var n = RandomNumberGenerator.GetInt32(count);
        n -= n % 3;
        return new Sought(_ids[n], RequestOf(n), CustomerOf(n), _lines[n % _lines.Length], BegunAt(n, count, until));
    }

    public Outcome Make(int n)
    {
        var at = BegunAt(n, count, until);
        var (hasWrongCode, isProven) = (n % 10 == 0, n % 7 != 0);
        var ended = at.AddSeconds(isProven ? 45 : 900);
        return new Outcome
        {
            Id = _ids[n],
            ProjectId = _projects[n % _projects.Length],
            Client = ClientId.Parse("shop-production"),
            Product = Product.VerifiedUsers,
            Type = FlowType.Mobile,
            BegunAt = at,
            EndedAt = ended,
            ExpiresAt = at.AddMinutes(15),
            End = isProven ? FlowEnd.Matched : FlowEnd.Expired,
            Reason = isProven ? "exact" : null,
            Possession = isProven ? PossessionVerdict.Proven : PossessionVerdict.Open,
            Method = PossessionMethod.Otp.Name,
            Line = _lines[n % _lines.Length],
            Country = n % 5 == 0 ? "GB" : "US",
            Prefix = "+1202555" + (n % 40).ToString("D2", CultureInfo.InvariantCulture),
            ClientRequestId = RequestOf(n),
            ClientCustomerId = CustomerOf(n),
            Facts = [.. FactsOf(at, hasWrongCode, isProven)],
            Texts = [TextOf(at)],
            Assurance = new FlowAssurance
            {
                Method = "otp", Channel = "text", Binding = "code", IsPhishingResistant = false, SimSwap = "unknown", Line = "mobile",
            },
            // Of number, first and last name.
            Commitments = [DigestOf(n, 1), DigestOf(n, 2), DigestOf(n, 3)],
            Currency = "USD",
        };
    }

    private static DateTimeOffset BegunAt(int n, int count, DateTimeOffset until) => until - Days + (Days * ((double)n / count));

    private static string RequestOf(int n) => string.Create(CultureInfo.InvariantCulture, $"order-{n:D8}");

    private static string CustomerOf(int n) => string.Create(CultureInfo.InvariantCulture, $"customer-{n / 3:D8}");

    private static IEnumerable<FlowEvent> FactsOf(DateTimeOffset at, bool hasWrongCode, bool isProven)
    {
        yield return new FlowEvent(at.AddMilliseconds(812), FlowEventCode.MobileAuthUnavailable) { Reason = "no-operator", Next = "otp" };
        yield return new FlowEvent(at.AddMilliseconds(1433), FlowEventCode.OtpBegun);
        yield return new FlowEvent(at.AddMilliseconds(1790), FlowEventCode.TextAccepted) { Gateway = _gateway };
        yield return new FlowEvent(at.AddMilliseconds(4211), FlowEventCode.TextDelivered) { Gateway = _gateway };
        if (hasWrongCode)
        {
            yield return new FlowEvent(at.AddSeconds(30), FlowEventCode.EntryWrong);
        }
        if (isProven)
        {
            yield return new FlowEvent(at.AddSeconds(44), FlowEventCode.PossessionProven) { Method = "otp" };
            yield return new FlowEvent(at.AddSeconds(45), FlowEventCode.IdentityMatched)
            {
                Rule = "exact", Source = SourceName.Parse("crm"),
            };
        }
        else
        {
            yield return new FlowEvent(at.AddSeconds(122), FlowEventCode.OtpExpired);
        }
    }

    private static OutcomeText TextOf(DateTimeOffset at) => new(
        TextKind.Otp, at.AddMilliseconds(1433), TextState.Sent, 1,
        [
            new TextAttempt(_gateway, at.AddMilliseconds(1440), false, AttemptState.Delivered, at.AddMilliseconds(4211))
            {
                Cost = new AttemptCost(0.0079m, _projects[0], IsOfServer: true),
            },
        ]);

    private static string DigestOf(int n, int which) =>
        System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(BitConverter.GetBytes(((long)n * 10) + which)));
}

/// <summary>The keys of one outcome.</summary>
internal sealed record Sought(CorrelationId Id, string Request, string Customer, LinePseudonym Line, DateTimeOffset At);
