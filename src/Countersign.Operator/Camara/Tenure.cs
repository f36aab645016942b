using System.Text.Json.Nodes;
using Countersign.Operator.Hosting;
using Countersign.Operator.State;

namespace Countersign.Operator.Camara;

/// <summary>CAMARA Tenure 0.2.0: has this person had the number since a day?</summary>
internal sealed class Tenure
{
    private readonly Subscribers _subscribers;
    private readonly TimeProvider _time;

    public Tenure(Subscribers subscribers, TimeProvider time)
    {
        (_subscribers, _time) = (subscribers, time);
        Check = new CamaraOperation(["kyc-tenure:check-tenure"], ["phoneNumber", "tenureDate"], AnswerCheck);
    }

    public CamaraOperation Check { get; }

    private Answer AnswerCheck(CamaraCall call)
    {
        if (!CamaraDate.TryParse(call.Text("tenureDate") ?? "", out var since)
            || since > DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime))
        {
            return Answer.CamaraError(400, "INVALID_ARGUMENT", "tenureDate must be a date such as 2020-01-31, not in the future.");
        }
        var (subscriber, refusal) = Addressed.Once(call, _subscribers);
        if (subscriber is null)
        {
            return refusal!;
        }
        if (subscriber.TenureSince is not { } from)
        {
            return Answer.CamaraError(422, "SERVICE_NOT_APPLICABLE", "The operator does not know since when this person has the number.");
        }
        var answer = new JsonObject { ["tenureDateCheck"] = from <= since };
        if (subscriber.ContractType is { } contract)
        {
            answer["contractType"] = contract;
        }
        return new Answer(200, answer);
    }
}
