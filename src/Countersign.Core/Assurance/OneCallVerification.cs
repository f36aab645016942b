using Countersign.Core.Enrolments;
using Countersign.Core.Flows;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Keys;
using Countersign.Core.Limits;
using Countersign.Core.Numbers;
using Countersign.Core.Projects;

namespace Countersign.Core.Assurance;

/// <summary>
/// Answers questions of the one-call contract: for the single call and for each item of a batch. Nothing is kept but the person's id.
/// </summary>
public sealed class OneCallVerification(
    INumberAdmission admission, IAssuranceSource source, IPhoneRiskSource risk, IIdentityStore identities, RecordPrivacy privacy,
    ProjectPermissions permissions, NameLimits names, IFlowJournal journal, SecretHasher hasher, TimeProvider time)
{
    public async Task<OneCallAnswer> AnswerAsync(Project project, OneCallQuestion asked, CancellationToken cancellationToken)
    {
        if (!permissions.MayAsk(project.Settings, asked.Type))
        {
            return new OneCallAnswer.NotPermitted();
        }
        var admitting = (await admission.AdmitAsync(asked.PhoneNumber, NumberUse.OneCall(asked.Type), cancellationToken)).In(
            project.Settings);
        if (admitting is not Admission.Admitted { Number: var number })
        {
            return new OneCallAnswer.Refused(admitting);
        }

        var now = time.GetUtcNow();
        var tried = AssuranceTable.AsksForName(asked.Type) && asked.Name is { } name
            ? await names.ChargeAsync(number, project.Id, name, now, cancellationToken)
            : new NameTry.Free();
        if (tried is NameTry.Over { Reached: var reached })
        {
            journal.Refused(project.Id, reached);
            return new OneCallAnswer.Limited(reached);
        }

        var question = new AssuranceQuestion(
            number, project.Id, asked.Type, asked.Name, asked.EmailAddress, asked.Elements, project.Settings.NamePolicy.ToMatchPolicy());
        var asking = source.AssessAsync(question, cancellationToken);
        var signals = risk.AssessAsync(new RiskQuestion(number), cancellationToken);
        var (answer, phone) = (await asking, await signals);
        if (answer is AssuranceAnswer.SourceDown || AssuranceTable.IsEnough(answer.Verdict, asked.Type))
        {
            await names.GiveBackAsync(tried);
        }
        if (AssuranceTable.AsksForName(asked.Type) && privacy.Hides(project.Settings, isPossessionProven: false))
        {
            answer = answer.WithoutRecord();
        }

        // A person gets an id once they are known to be one: a question that came to nothing leaves nothing behind.
        var identity = AssuranceTable.IsEnough(answer.Verdict, asked.Type)
            ? await identities.ObtainAsync(project.Id, number, now, cancellationToken)
            : null;
        var told = identity is null ? Disclosures.None
            : AssuranceTable.DisclosedBy(asked.Type)
                | (permissions.SeesWholeSsn(project.Settings) ? Disclosures.WholeSsn : Disclosures.None);
        return new OneCallAnswer.Answered(asked.Type, answer, phone, identity, AliasOf(project, number), told, now);
    }

    /// <summary>Names a number to one project and to nobody else, without telling it.</summary>
    private string AliasOf(Project project, PhoneNumber number) => hasher.Hash($"phone-alias:{project.Id}", new Secret(number.E164)).Hex;
}

/// <summary>A well-formed question of the one-call contract.</summary>
/// <param name="PhoneNumber">Exactly as received.</param>
/// <param name="Name">Null unless both names are given.</param>
public sealed record OneCallQuestion(
    VerificationType Type, string PhoneNumber, PersonName? Name, string? EmailAddress, IReadOnlyList<GivenElement> Elements)
{
    public override string ToString() => Type.ToString();
}

/// <summary>What a question of the one-call contract came to: a closed set.</summary>
public abstract record OneCallAnswer
{
    private OneCallAnswer() { }

    /// <param name="Identity">Who the person is to the project; null when the answer is less than what was asked for.</param>
    /// <param name="PhoneAlias">Names the number to the project, without telling it.</param>
    /// <param name="Told">What of the record may be told; nothing when the answer is less than what was asked for.</param>
    public sealed record Answered(
        VerificationType Type, AssuranceAnswer Answer, PhoneRisk Risk, ProjectIdentity? Identity, string PhoneAlias, Disclosures Told,
        DateTimeOffset At)
        : OneCallAnswer
    {
        public override string ToString() => $"{Type}: {Answer.Verdict}";
    }

    /// <summary>More names were asked for the line than may be.</summary>
    public sealed record Limited(LimitReached Reached) : OneCallAnswer;

    /// <summary>The number may not be used; never <see cref="Admission.Admitted"/>.</summary>
    public sealed record Refused(Admission Why) : OneCallAnswer;

    /// <summary>The project may not ask this; nothing was looked up.</summary>
    public sealed record NotPermitted : OneCallAnswer;
}
