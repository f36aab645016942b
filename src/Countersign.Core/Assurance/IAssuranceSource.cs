using Countersign.Core.IdentityMatching;
using Countersign.Core.Names;

namespace Countersign.Core.Assurance;

/// <summary>Knows who is behind a number, and how surely.</summary>
public interface IAssuranceSource
{
    /// <summary>
    /// Never throws for what the world may do: a source that cannot be reached answers <see cref="AssuranceAnswer.SourceDown"/>.
    /// </summary>
    /// <remarks>Many may ask at once: a batch does.</remarks>
    Task<AssuranceAnswer> AssessAsync(AssuranceQuestion question, CancellationToken cancellationToken);
}

/// <summary>Who is behind this number, and is it the person described? Prints its type alone.</summary>
/// <param name="Project">Whose question it is: own records are those that it sees.</param>
/// <param name="Name">Null when the relying party gave none, or half of one: then none is compared.</param>
/// <param name="EmailAddress">A further element to compare; null when not given.</param>
/// <param name="Elements">Further elements to compare, in the relying party's words.</param>
/// <param name="Policy">How much the names may differ; null for <see cref="MatchPolicy.Standard"/>.</param>
public sealed record AssuranceQuestion(
    PhoneNumber Number, ProjectId Project, VerificationType Type, PersonName? Name, string? EmailAddress,
    IReadOnlyList<GivenElement> Elements, MatchPolicy? Policy = null)
{
    public override string ToString() => Type.ToString();
}

/// <summary>Something that a relying party says of a person. Prints masked.</summary>
public sealed record GivenElement(string Type, string Value)
{
    public override string ToString() => "***";
}

/// <summary>A closed set of answers.</summary>
public abstract record AssuranceAnswer
{
    private AssuranceAnswer() { }

    /// <summary>What the answer as a whole amounts to; without a record, never more than that.</summary>
    public Verdict Verdict => this is Found found ? found.Person.Verdict : Verdict.NoRecord;

    /// <param name="Person">Whom the question was about.</param>
    /// <param name="Others">Further persons behind the number.</param>
    public sealed record Found(AssessedPerson Person, IReadOnlyList<AssessedPerson> Others, IReadOnlyList<Business> Businesses)
        : AssuranceAnswer;

    public sealed record NoRecord : AssuranceAnswer;

    /// <summary>No record, or another name: which one is not to be told.</summary>
    public sealed record NotTold : AssuranceAnswer;

    /// <summary>The answer without what it says of there being a record.</summary>
    public AssuranceAnswer WithoutRecord() =>
        this is not SourceDown && Verdict is Verdict.NoRecord or Verdict.NameDiffers ? new NotTold() : this;

    /// <summary>Nobody could be asked.</summary>
    public sealed record SourceDown : AssuranceAnswer;
}

/// <summary>A person on record and how surely they belong to the number.</summary>
public sealed record AssessedPerson(Person Person, Verdict Verdict);
