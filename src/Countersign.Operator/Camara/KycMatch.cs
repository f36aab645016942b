using System.Text;
using System.Text.Json.Nodes;
using Countersign.Operator.Hosting;
using Countersign.Operator.State;

namespace Countersign.Operator.Camara;

/// <summary>CAMARA KYC Match 0.4.0, and 0.3.0 with fewer attributes.</summary>
internal sealed class KycMatch
{
    private readonly Subscribers _subscribers;

    public KycMatch(Subscribers subscribers)
    {
        _subscribers = subscribers;
        V03 = Operation([.. KycAttribute.All.Where(attribute => !attribute.IsNew)]);
        V04 = Operation(KycAttribute.All);
    }

    public CamaraOperation V03 { get; }
    public CamaraOperation V04 { get; }

    private CamaraOperation Operation(IReadOnlyList<KycAttribute> attributes) =>
        new(["kyc-match:match"], ["phoneNumber", .. attributes.Select(attribute => attribute.Name)], call => AnswerMatch(call, attributes));

    private Answer AnswerMatch(CamaraCall call, IReadOnlyList<KycAttribute> attributes)
    {
        KycAttribute[] asked = [.. attributes.Where(attribute => call.Body.ContainsKey(attribute.Name))];
        if (asked.Length == 0)
        {
            return Answer.CamaraError(400, "KNOW_YOUR_CUSTOMER.INVALID_PARAM_COMBINATION", "Give at least one attribute to compare.");
        }
        if (asked.FirstOrDefault(attribute => !attribute.Accepts(call.Text(attribute.Name)!)) is { } wrong)
        {
            return Answer.CamaraError(400, "INVALID_ARGUMENT", $"{wrong.Name} must be {wrong.Form}.");
        }
        var (subscriber, refusal) = Addressed.Repeated(call, _subscribers);
        if (subscriber is null)
        {
            return refusal!;
        }

        var answer = new JsonObject();
        foreach (var attribute in asked)
        {
            if (!subscriber.Kyc.TryGetValue(attribute.Name, out var known))
            {
                answer[attribute.Name + "Match"] = "not_available";
                continue;
            }
            var (asPlain, knownPlain) = (Plain(call.Text(attribute.Name)!), Plain(known));
            var isSame = asPlain == knownPlain;
            answer[attribute.Name + "Match"] = isSame ? "true" : "false";
            if (!isSame && attribute.IsScored)
            {
                // 100 would be "true", which is not sent as a score.
                answer[attribute.Name + "MatchScore"] = Math.Min(99, (int)(JaroWinkler.Similarity(asPlain, knownPlain) * 100));
            }
        }
        return new Answer(200, answer);
    }

    // The specification has no rule of normalisation; this operator overlooks case, width of spaces and forms of one letter.
    private static string Plain(string text) =>
        string.Join(
            ' ', text.Normalize(NormalizationForm.FormC).ToUpperInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
