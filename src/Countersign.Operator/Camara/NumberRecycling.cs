using System.Text.Json.Nodes;
using Countersign.Operator.Hosting;
using Countersign.Operator.State;

namespace Countersign.Operator.Camara;

/// <summary>CAMARA Number Recycling 0.2.0: has the number gone to another person since a day?</summary>
internal sealed class NumberRecycling
{
    private readonly Subscribers _subscribers;
    private readonly TimeProvider _time;

    public NumberRecycling(Subscribers subscribers, TimeProvider time)
    {
        (_subscribers, _time) = (subscribers, time);
        Check = new CamaraOperation(["number-recycling:check"], ["phoneNumber", "specifiedDate"], AnswerCheck);
    }

    public CamaraOperation Check { get; }

    private Answer AnswerCheck(CamaraCall call)
    {
        if (!CamaraDate.TryParse(call.Text("specifiedDate") ?? "", out var since)
            || since > DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime))
        {
            return Answer.CamaraError(400, "INVALID_ARGUMENT", "specifiedDate must be a date such as 2026-01-31, not in the future.");
        }
        var (subscriber, refusal) = Addressed.Once(call, _subscribers);
        // A day has no hours here, so a change on the day itself counts.
        return subscriber is null ? refusal! : new Answer(200, new JsonObject
        {
            ["phoneNumberRecycled"] = subscriber.RecycledAt is { } at && DateOnly.FromDateTime(at.UtcDateTime) >= since,
        });
    }
}
