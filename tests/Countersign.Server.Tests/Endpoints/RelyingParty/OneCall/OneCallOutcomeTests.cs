using Countersign.Core;
using Countersign.Core.Assurance;
using Countersign.Core.Enrolments;
using Countersign.Core.IdentityMatching;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Endpoints.RelyingParty.OneCall;

namespace Countersign.Server.Tests.Endpoints.RelyingParty.OneCall;

public sealed class OneCallOutcomeTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("123-45-6789", false, "6789")]
    [InlineData("12-3456789", false, "6789")]
    [InlineData("6789", false, "6789")]
    [InlineData("123-45-6789", true, "123-45-6789")]
    [InlineData(null, false, null)]
    public void A_tax_number_is_told_as_an_SSN_is(string? taxId, bool isWhole, string? told)
    {
        var outcome = Of(Disclosures.Businesses | (isWhole ? Disclosures.WholeSsn : Disclosures.None), taxId);

        Assert.Equal(told, Assert.Single(outcome.Businesses!).TaxId);
    }

    [Theory]
    [InlineData(Disclosures.None)]
    [InlineData(Disclosures.Name)]
    [InlineData(Disclosures.Name | Disclosures.Record | Disclosures.Businesses)]
    [InlineData(Disclosures.Name | Disclosures.Record | Disclosures.Others | Disclosures.WholeSsn)]
    public void As_much_is_counted_in_an_answer_that_was_kept_as_in_its_first(Disclosures told)
    {
        var outcome = Of(told, "123456789");
        var request = new OneCallRequest(
            new OneCallQuestion(VerificationType.Prefill, "+12025550142", null, null, []), null, null, null);

        var kept = Answer.Ok(OneCallResponse.Of(CorrelationId.New(_now), request, outcome), OneCallJson.Answers.OneCallResponse);

        Assert.Equal(told == Disclosures.None, outcome.CountTold() == 0);
        Assert.Equal(outcome.CountTold(), OneCallResponse.CountToldIn(kept.Body.ToArray()));
    }

    private static OneCallOutcome Of(Disclosures told, string? taxId)
    {
        var person = new AssessedPerson(
            new Person(
                new PersonName("Lori", "Montgomery"), [new PostalAddress("1 Road", null, "Town", null, null)], [],
                PartialDate.Parse("1980-02-03"), Ssn.Parse("123456789")),
            Verdict.NameBelongs);
        var business = new Business("Lori's", null, taxId, null, null, []);
        return OneCallOutcome.Of(new OneCallAnswer.Answered(
            CorrelationId.New(_now),
            told.HasFlag(Disclosures.Others) ? VerificationType.IdentityResolution : VerificationType.PrefillForBiz,
            new AssuranceAnswer.Found(person, [person], [business]), PhoneRisk.Unknown,
            new ProjectIdentity(
                Guid.NewGuid(), ProjectId.Parse("shop"), PhoneNumber.Parse("+12025550142"), IdentityStatus.Known, _now,
                new IdentityDetails()),
            "alias", told, _now));
    }
}
