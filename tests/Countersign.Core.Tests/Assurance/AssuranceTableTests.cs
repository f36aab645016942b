using Countersign.Core.Assurance;
using static Countersign.Core.Assurance.Verdict;

namespace Countersign.Core.Tests.Assurance;

public sealed class AssuranceTableTests
{
    [Theory]
    [InlineData(Untrusted, -1, "AL-1a")]
    [InlineData(NoRecord, 0, "AL0a")]
    [InlineData(NameDiffers, 0, "AL0b")]
    [InlineData(Recorded, 1, "AL1a")]
    [InlineData(NameBelongs, 2, "AL2a")]
    [InlineData(ElementBelongs, 3, "AL3a")]
    public void A_verdict_has_a_level_and_a_reason(Verdict verdict, int level, string reason)
    {
        var grade = AssuranceTable.GradeOf(verdict);

        Assert.Equal((level, reason), ((int)grade.Level, grade.Reason));
    }

    [Theory]
    [InlineData(VerificationType.VerifiedUser, NameBelongs, ElementBelongs)]
    [InlineData(VerificationType.AccountOpening, NameBelongs, ElementBelongs)]
    [InlineData(VerificationType.HumanAssurance, Recorded, NameBelongs, ElementBelongs)]
    [InlineData(VerificationType.Prefill, Recorded, NameBelongs, ElementBelongs)]
    [InlineData(VerificationType.PrefillForBiz, Recorded, NameBelongs, ElementBelongs)]
    [InlineData(VerificationType.IdentityResolution, Recorded, NameBelongs, ElementBelongs)]
    public void A_type_is_content_with_these_verdicts_and_no_others(VerificationType type, params Verdict[] enough)
    {
        Assert.Equal(enough, Enum.GetValues<Verdict>().Where(verdict => AssuranceTable.IsEnough(verdict, type)));
    }

    [Theory]
    [InlineData(VerificationType.VerifiedUser, Disclosures.Name)]
    [InlineData(VerificationType.AccountOpening, Disclosures.Name)]
    [InlineData(VerificationType.HumanAssurance, Disclosures.Age)]
    [InlineData(VerificationType.Prefill, Disclosures.Name | Disclosures.Record)]
    [InlineData(VerificationType.PrefillForBiz, Disclosures.Name | Disclosures.Record | Disclosures.Businesses)]
    [InlineData(VerificationType.IdentityResolution, Disclosures.Name | Disclosures.Record | Disclosures.Others)]
    public void A_type_tells_what_its_question_needs(VerificationType type, Disclosures told)
    {
        Assert.Equal(told, AssuranceTable.DisclosedBy(type));
    }

    [Fact]
    public void Every_type_has_its_rows() =>
        Assert.All(Enum.GetValues<VerificationType>(), type => Assert.NotEqual(Disclosures.None, AssuranceTable.DisclosedBy(type)));

    [Fact]
    public void Without_a_record_no_type_is_content_whoever_could_not_be_asked()
    {
        AssuranceAnswer[] answers = [new AssuranceAnswer.NoRecord(), new AssuranceAnswer.SourceDown()];

        Assert.All(answers, answer =>
            Assert.DoesNotContain(Enum.GetValues<VerificationType>(), type => AssuranceTable.IsEnough(answer.Verdict, type)));
    }
}
