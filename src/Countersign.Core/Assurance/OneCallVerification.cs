using Countersign.Core.Enrolments;
using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Keys;
using Countersign.Core.Limits;
using Countersign.Core.Numbers;
using Countersign.Core.Projects;

namespace Countersign.Core.Assurance;

/// <summary>
/// Answers questions of the one-call contract: for the single call and for each item of a batch. Kept is the person's id, and that it was
/// asked.
/// </summary>
public sealed class OneCallVerification(
    INumberAdmission admission, IAssuranceSource source, IPhoneRiskSource risk, IIdentityStore identities, RecordPrivacy privacy,
    ProjectPermissions permissions, NameLimits names, IFlowJournal journal, CallHistory history, SecretHasher hasher, TimeProvider time)
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
            journal.Refused(RefusedOf(project, asked) with { Admission = admitting });
            return new OneCallAnswer.Refused(admitting);
        }

        var now = time.GetUtcNow();
        var tried = AssuranceTable.AsksForName(asked.Type) && asked.Name is { } name
            ? await names.ChargeAsync(number, project.Id, name, now, cancellationToken)
            : new NameTry.Free();
        if (tried is NameTry.Over { Reached: var reached })
        {
            journal.Refused(RefusedOf(project, asked) with { Reached = reached });
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
        var id = CorrelationId.New(now);
        var (_, reason) = AssuranceTable.GradeOf(answer.Verdict);
        await history.AddAsync(new AnsweredCall(
            id, project.Id, Product.OneCall, FlowType.None, asked.PhoneNumber, FlowEnd.Answered, reason, now)
        {
            Client = asked.Client,
            ClientRequestId = asked.ClientRequestId,
            ClientCustomerId = asked.ClientCustomerId,
            Question = asked.Type.ToString(),
        });
        return new OneCallAnswer.Answered(id, asked.Type, answer, phone, identity, AliasOf(project, number), told, now);
    }

    private RefusedCall RefusedOf(Project project, OneCallQuestion asked) =>
        new(project.Id, Product.OneCall, FlowType.None, asked.PhoneNumber, time.GetUtcNow())
        {
            Client = asked.Client,
            ClientRequestId = asked.ClientRequestId,
            ClientCustomerId = asked.ClientCustomerId,
        };

    /// <summary>Names a number to one project and to nobody else, without telling it.</summary>
    private string AliasOf(Project project, PhoneNumber number) => hasher.Hash($"phone-alias:{project.Id}", new Secret(number.E164)).Hex;
}

/// <summary>A well-formed question of the one-call contract.</summary>
/// <param name="PhoneNumber">Exactly as received.</param>
/// <param name="Name">Null unless both names are given.</param>
public sealed record OneCallQuestion(
    VerificationType Type, string PhoneNumber, PersonName? Name, string? EmailAddress, IReadOnlyList<GivenElement> Elements)
{
    /// <summary>Who asks; null for this server itself.</summary>
    public ClientId? Client { get; init; }

    public string? ClientRequestId { get; init; }

    public string? ClientCustomerId { get; init; }

    public override string ToString() => Type.ToString();
}

/// <summary>What a question of the one-call contract came to: a closed set.</summary>
public abstract record OneCallAnswer
{
    private OneCallAnswer() { }

    /// <param name="Id">By which what was asked is found again.</param>
    /// <param name="Identity">Who the person is to the project; null when the answer is less than what was asked for.</param>
    /// <param name="PhoneAlias">Names the number to the project, without telling it.</param>
    /// <param name="Told">What of the record may be told; nothing when the answer is less than what was asked for.</param>
    public sealed record Answered(
        CorrelationId Id, VerificationType Type, AssuranceAnswer Answer, PhoneRisk Risk, ProjectIdentity? Identity, string PhoneAlias,
        Disclosures Told, DateTimeOffset At)
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
