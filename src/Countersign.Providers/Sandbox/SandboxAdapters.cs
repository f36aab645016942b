using System.Security.Cryptography;
using System.Threading.Channels;
using Countersign.Core;
using Countersign.Core.Assurance;
using Countersign.Core.Flows;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Numbers;
using Countersign.Core.Possession.MobileAuth;
using Countersign.Core.PreFill;
using Countersign.Core.Texts;

namespace Countersign.Providers.Sandbox;

/// <summary>Admits test users of the called product and nobody else.</summary>
internal sealed class SandboxNumberAdmission(TestUsers users) : INumberAdmission
{
    public Task<Admission> AdmitAsync(string text, NumberUse use, CancellationToken cancellationToken) =>
        Task.FromResult(Admit(text, use));

    private Admission Admit(string text, NumberUse use)
    {
        if (!PhoneNumber.TryParse(text, out var number) || users.Find(number) is not { } user)
        {
            return new Admission.UnknownTestUser();
        }
        return user.Product == TestUser.EveryProduct || UseOf(user.Product) == use
            ? new Admission.Admitted(number, user.ProvesItself, ShapeOf(user.Product))
            : new Admission.OtherProduct();
    }

    private static NumberUse UseOf(string product) => product switch
    {
        TestUser.VerifiedUsers => NumberUse.VerifiedUsers,
        TestUser.PreFill or TestUser.PreFillMobileAuth or TestUser.ProveIdentity => NumberUse.PreFill,
        TestUser.Unify or TestUser.UnifyMobileAuth => NumberUse.Unify,
        TestUser.IdentityManager => NumberUse.Identities,
        _ => NumberUse.OneCall(Enum.Parse<VerificationType>(product[TestUser.OneCall.Length..], ignoreCase: true)),
    };

    private static StartShape? ShapeOf(string product) => product switch
    {
        TestUser.PreFill or TestUser.PreFillMobileAuth => StartShape.PreFill,
        TestUser.ProveIdentity => StartShape.Identity,
        _ => null,
    };
}

/// <summary>The mobile network of the sandbox: no request is made, the browser hands back what stands in the address.</summary>
internal sealed class SandboxNumberVerifier(TestUsers users, PublicAddress address) : INumberVerifier
{
    private const string NotAvailable = FlowReason.TestUser;

    public bool MayVerify(PhoneNumber number) => users.Find(number)?.Role is Roles.MobileAuthPasses or Roles.MobileAuthOtherNumber;

    public Task<NumberCheck> BeginAsync(Flow flow, Secret proof, BrowserConnection browser, CancellationToken cancellationToken)
    {
        // Browser SDKs take an address with testVfp as "do not go there, this is the answer".
        NumberCheck check = MayVerify(flow.Number)
            ? new NumberCheck.Open($"{address.Origin}/sandbox/mobile-auth?testVfp={proof.Reveal()}")
            : new NumberCheck.NotAvailable(NotAvailable);
        return Task.FromResult(check);
    }

    public Secret? ReadProof(Flow flow, Secret returned) => returned;

    public Task<NumberAnswer> CompleteAsync(Flow flow, Secret returned, CancellationToken cancellationToken) =>
        Task.FromResult<NumberAnswer>(users.Find(flow.Number)?.Role switch
        {
            Roles.MobileAuthPasses => new NumberAnswer.SameNumber(),
            Roles.MobileAuthOtherNumber => new NumberAnswer.OtherNumber(),
            _ => new NumberAnswer.NotAvailable(NotAvailable),
        });
}

/// <summary>Takes every text and sends none: they are read at /sandbox/messages.</summary>
internal sealed class SandboxGateway(TestUsers users, SandboxHandset handset) : ISmsGateway
{
    public GatewayName Name { get; } = GatewayName.Parse("sandbox");

    public bool ReportsHandover => true;

    public Task<SmsResult> SubmitAsync(SmsSubmission submission, CancellationToken cancellationToken)
    {
        var text = submission.Text;
        SmsResult result = users.Find(text.To)?.Role switch
        {
            Roles.TextRefused => new SmsResult.Rejected(SmsRefusal.BlockedDestination),
            Roles.TextUndelivered => new SmsResult.Accepted(ReceiptState.Undelivered),
            _ => new SmsResult.Accepted(ReceiptState.Delivered),
        };
        if (text.Kind == TextKind.Link && users.Find(text.To)?.Role == Roles.LinkDeclined)
        {
            handset.DeclineSoon(text.Flow, text.To);
        }
        return Task.FromResult(result);
    }
}

/// <summary>A person who answers every link with "this was not me", on behalf of the test users who do.</summary>
internal sealed class SandboxHandset
{
    private readonly Channel<(CorrelationId Flow, PhoneNumber Number)> _declining = Channel.CreateUnbounded<(CorrelationId, PhoneNumber)>();

    public IAsyncEnumerable<(CorrelationId Flow, PhoneNumber Number)> Declining(CancellationToken cancellationToken) =>
        _declining.Reader.ReadAllAsync(cancellationToken);

    public void DeclineSoon(CorrelationId flow, PhoneNumber number) => _declining.Writer.TryWrite((flow, number));
}

/// <summary>"1234", or as many digits of "123456" as the text asks for.</summary>
internal sealed class SandboxCodeGenerator(TestUsers users) : ICodeGenerator
{
    public OneTimeCode NewCode(PhoneNumber to, int length)
    {
        var code = new Secret("123456"[..length]);
        return users.Find(to) is { NeverEntersTheRightCode: true }
            ? new OneTimeCode(code, Accepted: new Secret(RandomNumberGenerator.GetHexString(32)))
            : new OneTimeCode(code);
    }
}

/// <summary>Identity records of the sandbox. The number alone selects the answer, but for the users whose names are the point.</summary>
internal sealed class SandboxIdentitySource(TestUsers users) : IIdentitySource
{
    public Task<IdentityAnswer> MatchAsync(IdentityQuestion question, CancellationToken cancellationToken)
    {
        var user = users.Find(question.Number);
        var answer = user?.Role switch
        {
            null or Roles.IdentityNotAvailable => new IdentityAnswer(IdentityMatch.NotAvailable),
            Roles.IdentitySourceDown => IdentityAnswer.SourceDown,
            Roles.IdentityDiffers => new IdentityAnswer(IdentityMatch.Differs),
            Roles.NameVariants =>
                new IdentityAnswer(
                    NameRules.Agree(new PersonName(user.Given, user.Family), question.Name) ? IdentityMatch.Matched
                        : IdentityMatch.Differs),
            _ => new IdentityAnswer(IdentityMatch.Matched),
        };
        return Task.FromResult(answer);
    }
}

internal sealed class SandboxRiskSource(TestUsers users) : IPhoneRiskSource
{
    public Task<PhoneRisk> AssessAsync(RiskQuestion question, CancellationToken cancellationToken) =>
        Task.FromResult(users.Find(question.Number)?.Role == Roles.SimSwapped ? new PhoneRisk(WasSimSwapped: true) : PhoneRisk.Unknown);
}

/// <summary>Assurance records of the sandbox: the number alone selects the answer, whatever name is given.</summary>
internal sealed class SandboxAssuranceSource(TestUsers users) : IAssuranceSource
{
    public Task<AssuranceAnswer> AssessAsync(AssuranceQuestion question, CancellationToken cancellationToken) =>
        Task.FromResult(Assess(users.Find(question.Number), question.Type));

    private static AssuranceAnswer Assess(TestUser? user, VerificationType type)
    {
        if (user is null)
        {
            return new AssuranceAnswer.NoRecord();
        }
        if (user.Role == Roles.IdentitySourceDown)
        {
            return new AssuranceAnswer.SourceDown();
        }

        // Whatever is asked of a load user is answered.
        var verdict = user.Assurance is { } reason ? VerdictOf(reason)
            : AssuranceTable.AsksForName(type) ? Verdict.NameBelongs
            : Verdict.Recorded;
        return verdict == Verdict.NoRecord
            ? new AssuranceAnswer.NoRecord()
            : new AssuranceAnswer.Found(
                new AssessedPerson(user.Record, verdict),
                [.. (user.Others ?? []).Select(other => new AssessedPerson(PersonOf(other), VerdictOf(other.Assurance)))],
                [.. (user.Businesses ?? []).Select(BusinessOf)]);
    }

    private static Verdict VerdictOf(string reason) =>
        Enum.GetValues<Verdict>().Single(verdict => AssuranceTable.GradeOf(verdict).Reason == reason);

    private static Person PersonOf(OtherPerson other) => new(new PersonName(other.Given, other.Family), [], []);

    private static Business BusinessOf(RecordedBusiness business) => new(
        business.Name, business.TradeName, business.TaxId, business.Address,
        new RegistrationFiling(business.FiledOn, business.Region, business.RegistrationNumber, business.RegistrationType),
        business.RelatedPersons ?? []);
}
