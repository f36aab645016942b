using System.Globalization;
using System.Text.Json.Nodes;
using Countersign.Operator.Hosting;
using Countersign.Operator.State;

namespace Countersign.Operator.Camara;

/// <summary>CAMARA SIM Swap 2.1.0.</summary>
internal sealed class SimSwap
{
    private const int DefaultHours = 240;
    private const int MaxHours = 2400;

    private readonly Subscribers _subscribers;
    private readonly TimeProvider _time;

    public SimSwap(Subscribers subscribers, TimeProvider time)
    {
        (_subscribers, _time) = (subscribers, time);
        Check = new CamaraOperation(["sim-swap", "sim-swap:check"], ["phoneNumber"], AnswerCheck) { Numbers = ["maxAge"] };
        RetrieveDate = new CamaraOperation(["sim-swap", "sim-swap:retrieve-date"], ["phoneNumber"], AnswerDate);
    }

    public CamaraOperation Check { get; }
    public CamaraOperation RetrieveDate { get; }

    private Answer AnswerCheck(CamaraCall call)
    {
        var hours = call.Body.TryGetValue("maxAge", out var value) ? value.GetInt32() : DefaultHours;
        if (hours is < 1 or > MaxHours)
        {
            return Answer.CamaraError(400, "OUT_OF_RANGE", $"maxAge must be 1 to {MaxHours} hours.");
        }
        var (subscriber, refusal) = Addressed.Once(call, _subscribers);
        return subscriber is null
            ? refusal!
            : new Answer(200,
                new JsonObject { ["swapped"] = subscriber.SimSwappedAt is { } at && _time.GetUtcNow() - at <= TimeSpan.FromHours(hours) });
    }

    private Answer AnswerDate(CamaraCall call)
    {
        var (subscriber, refusal) = Addressed.Once(call, _subscribers);
        // A SIM that was never swapped was last changed when it was given out.
        return subscriber is null ? refusal! : new Answer(200, new JsonObject
        {
            ["latestSimChange"] = subscriber.SimSwappedAt is { } at
                ? at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)
                : subscriber.TenureSince is { } since ? CamaraDate.Format(since) + "T00:00:00.000Z"
                : null,
        });
    }
}
