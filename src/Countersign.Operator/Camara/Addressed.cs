using Countersign.Operator.Hosting;
using Countersign.Operator.State;

namespace Countersign.Operator.Camara;

/// <summary>Whom a call is about, by its token or by its body.</summary>
internal static class Addressed
{
    /// <summary>
    /// The subscriber by the rule of SIM Swap, Number Recycling and Tenure: the number stands in the token or in the body, never in both.
    /// </summary>
    public static (Subscriber? Subscriber, Answer? Refusal) Once(CamaraCall call, Subscribers subscribers)
    {
        var named = call.Text("phoneNumber");
        if (call.Grant.Subject is not null && named is not null)
        {
            // Also when both are the same: else one could ask with it whose token one has.
            return (null,
                Answer.CamaraError(422, "UNNECESSARY_IDENTIFIER", "The access token names the number already; leave phoneNumber out."));
        }
        return Find(call, named, subscribers);
    }

    /// <summary>The subscriber by the rule of KYC Match: the body may repeat the number of the token.</summary>
    public static (Subscriber? Subscriber, Answer? Refusal) Repeated(CamaraCall call, Subscribers subscribers)
    {
        var named = call.Text("phoneNumber");
        return call.Grant.Subject is { } subject && named is not null && named != subject.Value
            ? (null, Answer.CamaraError(403, "INVALID_TOKEN_CONTEXT", "phoneNumber is not the number of the access token."))
            : Find(call, named, subscribers);
    }

    private static (Subscriber? Subscriber, Answer? Refusal) Find(CamaraCall call, string? named, Subscribers subscribers)
    {
        var number = call.Grant.Subject ?? (Msisdn.TryParse(named, out var parsed) ? parsed : null);
        if (number is null)
        {
            return (null, Answer.CamaraError(422, "MISSING_IDENTIFIER", "The access token names no number; give phoneNumber."));
        }
        return subscribers.Find(number) is { } subscriber
            ? (subscriber, null)
            : (null, Answer.CamaraError(404, "IDENTIFIER_NOT_FOUND", "The number is of no subscriber of this operator."));
    }
}
