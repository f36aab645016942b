namespace Countersign.Core.Assurance;

/// <summary>
/// The rules of a one-call verification. The levels and the reasons AL-1a, AL0b, AL1a, AL2a and AL3a are published, their meanings and AL0a
/// are this server's own: they are told in docs/api.md.
/// </summary>
public static class AssuranceTable
{
    /// <summary>The level and the reason that a verdict is answered with.</summary>
    public static (AssuranceLevel Level, string Reason) GradeOf(Verdict verdict) => verdict switch
    {
        Verdict.Untrusted      => (AssuranceLevel.Distrust,       FlowReason.Untrusted),
        Verdict.NoRecord       => (AssuranceLevel.None,           FlowReason.NothingKnown),
        Verdict.NameDiffers    => (AssuranceLevel.None,           FlowReason.AnotherName),
        Verdict.Recorded       => (AssuranceLevel.Somebody,       FlowReason.OnRecord),
        Verdict.NameBelongs    => (AssuranceLevel.Name,           FlowReason.NameBelongs),
        Verdict.ElementBelongs => (AssuranceLevel.NameAndElement, FlowReason.ElementBelongs),
        _ => throw new ArgumentOutOfRangeException(nameof(verdict)),
    };

    /// <summary>
    /// True when the relying party has got what it asked for: the name where it asked for one, somebody where it did not.
    /// </summary>
    public static bool IsEnough(Verdict verdict, VerificationType type) => GradeOf(verdict).Level >= MinLevelFor(type);

    /// <summary>
    /// What a successful answer may tell: no more than its question needs. An unsuccessful one tells nothing of a record.
    /// </summary>
    public static Disclosures DisclosedBy(VerificationType type) => type switch
    {
        VerificationType.VerifiedUser       => Disclosures.Name,
        VerificationType.AccountOpening     => Disclosures.Name,
        VerificationType.HumanAssurance     => Disclosures.Age,
        VerificationType.Prefill            => Disclosures.Name | Disclosures.Record,
        VerificationType.PrefillForBiz      => Disclosures.Name | Disclosures.Record | Disclosures.Businesses,
        VerificationType.IdentityResolution => Disclosures.Name | Disclosures.Record | Disclosures.Others,
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>True for the types that ask whether a name belongs to a number, and so cannot do without one.</summary>
    public static bool AsksForName(VerificationType type) => type is VerificationType.VerifiedUser or VerificationType.AccountOpening;

    private static AssuranceLevel MinLevelFor(VerificationType type) => AsksForName(type) ? AssuranceLevel.Name : AssuranceLevel.Somebody;
}
