using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.IdentityMatching;
using Countersign.Providers.Camara;
using Countersign.Providers.Tests.Fakes;
using Countersign.Providers.Tests.Identity;
using Microsoft.Extensions.Logging.Abstractions;

namespace Countersign.Providers.Tests.Camara;

public sealed class CamaraRiskTests : RiskSourceContract
{
    private SimulatedNetwork _network = null!;
    private MobileOperator _operator = null!;

    protected override PhoneNumber Swapped => PhoneNumber.Parse("+12025550150");
    protected override PhoneNumber Unknown => PhoneNumber.Parse("+12025550199");
    private protected override IPhoneRiskSource Source =>
        new CamaraRiskSource(_operator, new RiskSourceOptions(), TimeProvider.System, NullLogger.Instance);

    public override async ValueTask InitializeAsync()
    {
        (_network, _operator) = await OperatorOf.StartAsync();
        var now = TimeProvider.System.GetUtcNow();
        await _network.PutSubscriberAsync(Swapped.E164, new JsonObject
        {
            ["simSwappedAt"] = Moment(now.AddHours(-1)), ["recycledAt"] = Moment(now.AddDays(-3)), ["tenureSince"] = Day(now.AddDays(-3)),
        });
        await _network.PutSubscriberAsync("+12025550151", new JsonObject
        {
            ["simSwappedAt"] = Moment(now.AddDays(-3)), ["recycledAt"] = Moment(now.AddYears(-2)), ["tenureSince"] = Day(now.AddDays(-20)),
        });
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _operator.Dispose();
        await _network.DisposeAsync();
    }

    protected override Task BreakAsync() => _network.SetFaultAsync(new JsonObject { ["status"] = new JsonObject { ["verify"] = 503 } });

    [Theory]
    [InlineData("+12025550150", 30, true, true, true, true, true)]
    [InlineData("+12025550151", 30, false, true, false, false, true)]
    [InlineData("+12025550142", 30, false, false, false, false, false)]
    [InlineData("+12025550150", null, true, true, null, true, true)]
    public async Task Each_signal_is_the_operators(
        string number, int? daysAgo, bool day, bool week, bool? recycled, bool veryShort, bool isShort)
    {
        var lastVerified = daysAgo is { } days ? TimeProvider.System.GetUtcNow().AddDays(-days) : (DateTimeOffset?)null;

        var risk = await Source.AssessAsync(new RiskQuestion(PhoneNumber.Parse(number), lastVerified), Test);

        Assert.Equal(new PhoneRisk(day, week, recycled, veryShort, isShort), risk);
    }

    private static string Moment(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);

    private static string Day(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
