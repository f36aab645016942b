using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Countersign.Core;
using Countersign.Core.IdentityMatching;
using Countersign.Providers.Http;

namespace Countersign.Providers.Camara;

/// <summary>
/// Asks a mobile operator whose number a number is, by CAMARA KYC Match. The operator compares: its verdict counts, its score is told and
/// decides nothing. The values go in clear, since the specification has no form to hash them in.
/// </summary>
/// <param name="version">The path that the operator offers: <c>v0.3</c> or <c>v0.4</c>.</param>
internal sealed class CamaraIdentitySource(MobileOperator one, string version, ILogger logger) : IIdentitySource
{
    private const string Scope = "kyc-match:match";
    private const string Same = "true";
    private const string Other = "false";
    private const string NotAvailable = "not_available";

    public async Task<IdentityAnswer> MatchAsync(IdentityQuestion question, CancellationToken cancellationToken)
    {
        if (!one.Settings.IsResponsibleFor(question.Number))
        {
            return new IdentityAnswer(IdentityMatch.NotAvailable, Source: Name, Rule: "other-operator");
        }

        var (given, family) = (Written(question.Name.Given), Written(question.Name.Family));
        // The whole name too, in the same call: not every operator has it in parts.
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new KycMatchRequest(question.Number.E164, given, family, $"{given} {family}"), CamaraApiJson.Wire.KycMatchRequest);
        try
        {
            var answer = await one.Apis.PostAsync("kyc-match", $"/kyc-match/{version}/match", Scope, body, cancellationToken);
            return answer.IsSuccess ? Read(answer) : Refused(answer);
        }
        catch (OperatorFailure)
        {
            return Down;
        }
    }

    private SourceName Name => SourceName.Parse(one.Settings.Name);

    private IdentityAnswer Down => IdentityAnswer.SourceDown with { Source = Name };

    // The specification has no rules of normalisation, so the form that people write.
    private static string Written(string name) => Characters.Normalize(name.Trim(), NormalizationForm.FormC);

    private IdentityAnswer Read(ProviderAnswer answer)
    {
        var (given, family, whole) =
            (answer.Json?.Text("givenNameMatch"), answer.Json?.Text("familyNameMatch"), answer.Json?.Text("nameMatch"));
        if (new[] { given, family, whole }.Any(value => value is not (null or Same or Other or NotAvailable))
            || (given ?? family ?? whole) is null)
        {
            Log.AnswerUnreadable(logger, one.Settings.Name, "kyc-match");
            return Down;
        }
        return (given, family, whole) switch
        {
            (_, Other, _) => Differs("family-differs", answer.Json?.Number("familyNameMatchScore")),
            (Other, _, _) => Differs("given-differs", answer.Json?.Number("givenNameMatchScore")),
            (Same, Same, _) => Matched("operator-match"),
            // Of a name that the operator has in one piece the parts are not available.
            (_, _, Same) => Matched("operator-match-whole"),
            (_, _, Other) => Differs("name-differs", answer.Json?.Number("nameMatchScore")),
            _ => new IdentityAnswer(IdentityMatch.NotAvailable, Source: Name, Rule: "operator-has-no-name"),
        };
    }

    private IdentityAnswer Matched(string rule) => new(IdentityMatch.Matched, Source: Name, Rule: rule, Score: 100);

    private IdentityAnswer Differs(string rule, int? score) =>
        new(IdentityMatch.Differs, Source: Name, Rule: rule, Score: score is >= 0 and <= 99 ? score : null);

    /// <summary>What the operator's refusals come to: it has nobody of the number, or it could not be asked.</summary>
    private IdentityAnswer Refused(ProviderAnswer answer)
    {
        switch (answer.Status, answer.Json?.Text("code"))
        {
            case (404, "NOT_FOUND" or "IDENTIFIER_NOT_FOUND"):
            case (422, "SERVICE_NOT_APPLICABLE"):
                return new IdentityAnswer(IdentityMatch.NotAvailable, Source: Name);
            case (403, "KNOW_YOUR_CUSTOMER.ID_DOCUMENT_REQUIRED"):
                return new IdentityAnswer(IdentityMatch.NotAvailable, Source: Name, Rule: "id-document-required");
            default:
                Log.CallRefused(logger, one.Settings.Name, "kyc-match", answer.Status);
                return Down;
        }
    }
}

internal sealed record KycMatchRequest(string PhoneNumber, string GivenName, string FamilyName, string Name)
{
    public override string ToString() => "***";
}

[JsonSerializable(typeof(KycMatchRequest))]
[JsonSerializable(typeof(SimSwapRequest))]
[JsonSerializable(typeof(RecyclingRequest))]
[JsonSerializable(typeof(TenureRequest))]
internal sealed partial class CamaraApiJson : JsonSerializerContext
{
    public static CamaraApiJson Wire { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // Names as they are: an operator may compare before it reads escapes.
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
