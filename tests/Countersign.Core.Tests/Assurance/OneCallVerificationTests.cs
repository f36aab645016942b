using Countersign.Core.Assurance;
using Countersign.Core.History;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Keys;
using Countersign.Core.Limits;
using Countersign.Core.Numbers;
using Countersign.Core.Projects;
using Countersign.Core.Tests.Fakes;

namespace Countersign.Core.Tests.Assurance;

public sealed class OneCallVerificationTests
{
    private static readonly SecretHasher _hasher = new(new byte[32]);

    private static readonly Admission.Admitted _admitted = new(PhoneNumber.Parse("+12025550142"));

    private static readonly ProjectSettings _mayAsk = new() { OneCall = Enum.GetValues<VerificationType>() };
    private readonly MemoryCounters _counters = new();
    private readonly BudgetOptions _budget = new();
    private readonly MemoryIdentities _identities = new();
    private readonly Journal _journal = new();
    private readonly MemoryHistory _history = new();

    [Theory]
    [InlineData(Verdict.NameBelongs, true)]
    [InlineData(Verdict.NameDiffers, false)]
    [InlineData(Verdict.Untrusted, false)]
    public async Task Only_who_is_known_to_be_a_person_gets_an_id(Verdict verdict, bool gets)
    {
        var answered = Assert.IsType<OneCallAnswer.Answered>(await AskAsync(VerificationType.VerifiedUser, verdict));

        Assert.Equal(gets, answered.Identity is not null);
        Assert.Equal(gets ? 1 : 0, _identities.Kept.Count);
    }

    [Theory]
    [InlineData(VerificationType.VerifiedUser, IdentityReasons.Proven, true)]
    [InlineData(VerificationType.VerifiedUser, IdentityReasons.Full, false)]
    [InlineData(VerificationType.HumanAssurance, IdentityReasons.Proven, false)]
    public async Task Who_asks_for_a_name_is_not_told_whether_there_is_a_record(VerificationType type, IdentityReasons reasons, bool hides)
    {
        var settings = _mayAsk with { IdentityReasons = reasons };

        var answered = Assert.IsType<OneCallAnswer.Answered>(await AskAsync(type, verdict: null, settings: settings));

        Assert.Equal(hides, answered.Answer is AssuranceAnswer.NotTold);
    }

    [Theory]
    [InlineData(VerificationType.VerifiedUser, Verdict.NameBelongs, Disclosures.Name)]
    [InlineData(VerificationType.VerifiedUser, Verdict.NameDiffers, Disclosures.None)]
    [InlineData(VerificationType.HumanAssurance, Verdict.Recorded, Disclosures.Age)]
    [InlineData(VerificationType.Prefill, Verdict.Untrusted, Disclosures.None)]
    public async Task An_answer_that_is_less_than_was_asked_for_tells_nothing_of_a_record(
        VerificationType type, Verdict verdict, Disclosures told) =>
        Assert.Equal(told, Assert.IsType<OneCallAnswer.Answered>(await AskAsync(type, verdict)).Told);

    [Theory]
    [InlineData(Verdict.NameBelongs, false)]
    [InlineData(Verdict.NameDiffers, true)]
    [InlineData(null, true)]
    public async Task A_name_that_does_not_belong_to_the_number_uses_up_the_lines_tries(Verdict? verdict, bool isLimited)
    {
        (_budget.NamesPerProject, _budget.NamesPerLine) = (1, 1);
        await AskAsync(VerificationType.VerifiedUser, verdict);

        var next = await AskAsync(VerificationType.VerifiedUser, Verdict.NameBelongs, givenName: "Luisa");

        Assert.Equal(isLimited, next is OneCallAnswer.Limited);
        Assert.Equal(isLimited ? 1 : 0, _journal.Limits.Count);
    }

    [Fact]
    public async Task A_question_that_nobody_could_answer_uses_up_no_try()
    {
        (_budget.NamesPerProject, _budget.NamesPerLine) = (1, 1);
        await AskAsync(VerificationType.VerifiedUser, verdict: null, answer: new AssuranceAnswer.SourceDown());

        Assert.IsType<OneCallAnswer.Answered>(await AskAsync(VerificationType.VerifiedUser, Verdict.NameBelongs, givenName: "Luisa"));
    }

    [Fact]
    public async Task A_number_has_one_alias_in_a_project_and_another_in_each_other_one()
    {
        var first = await AliasAsync("shop");

        Assert.Equal(first, await AliasAsync("shop"));
        Assert.NotEqual(first, await AliasAsync("bank"));
    }

    [Fact]
    public async Task A_number_that_is_refused_is_asked_of_nobody()
    {
        var refused = new Admission.Refused("no such line");

        Assert.Equal(new OneCallAnswer.Refused(refused), await AskAsync(VerificationType.VerifiedUser, Verdict.NameBelongs, refused));
        Assert.Empty(_identities.Kept);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task What_a_project_may_not_ask_is_asked_of_nobody(VerificationType type)
    {
        var others = new ProjectSettings { OneCall = [.. Enum.GetValues<VerificationType>().Where(other => other != type)] };

        Assert.IsType<OneCallAnswer.NotPermitted>(
            await AskAsync(type, Verdict.ElementBelongs, new Admission.Refused("no such line"), settings: others));
        Assert.IsType<OneCallAnswer.Answered>(
            await AskAsync(type, Verdict.ElementBelongs, settings: new ProjectSettings { OneCall = [type] }));
        Assert.Single(_identities.Kept);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task An_ssn_is_whole_for_who_may_see_it(bool discloses, bool isWhole)
    {
        var settings = _mayAsk with { DisclosesSsn = discloses };

        var answered = Assert.IsType<OneCallAnswer.Answered>(
            await AskAsync(VerificationType.Prefill, Verdict.Recorded, settings: settings));

        Assert.Equal(isWhole, answered.Told.HasFlag(Disclosures.WholeSsn));
        Assert.True(answered.Told.HasFlag(Disclosures.Record));
    }

    [Theory]
    [InlineData(VerificationType.VerifiedUser, Verdict.NameBelongs, "AL2a")]
    [InlineData(VerificationType.HumanAssurance, Verdict.Untrusted, "AL-1a")]
    public async Task What_was_answered_leaves_an_outcome_under_the_id_of_the_answer(VerificationType type, Verdict verdict, string reason)
    {
        var answered = Assert.IsType<OneCallAnswer.Answered>(await AskAsync(type, verdict));

        var outcome = Assert.Single(await _history.WrittenAsync());
        Assert.Equal(
            (answered.Id, FlowEnd.Answered, reason, type.ToString(), Product.OneCall),
            (outcome.Id, outcome.End, outcome.Reason, outcome.Question, outcome.Product));
        Assert.Equal(("request", "customer", "+1202555"), (outcome.ClientRequestId, outcome.ClientCustomerId, outcome.Prefix));
        Assert.NotNull(outcome.Line);
    }

    /// <summary>Whoever reads the history learns no more of a record than whoever asked.</summary>
    [Fact]
    public async Task An_outcome_tells_no_more_of_a_record_than_the_answer()
    {
        var settings = _mayAsk with { IdentityReasons = IdentityReasons.Proven };
        await AskAsync(VerificationType.VerifiedUser, verdict: null, settings: settings);
        await AskAsync(VerificationType.VerifiedUser, Verdict.NameDiffers, settings: settings);

        var outcomes = await _history.WrittenAsync();

        Assert.Single(outcomes.Select(outcome => (outcome.End, outcome.Reason)).Distinct());
    }

    [Fact]
    public async Task A_number_that_is_refused_is_handed_on_with_why()
    {
        var why = new Admission.Refused("no such line");

        await AskAsync(VerificationType.VerifiedUser, Verdict.NameBelongs, why);

        var call = Assert.Single(_journal.Refused);
        Assert.Equal((why, Product.OneCall, "request"), (call.Admission, call.Product, call.ClientRequestId));
        Assert.Empty(await _history.WrittenAsync());
    }

    public static TheoryData<VerificationType> Types => [.. Enum.GetValues<VerificationType>()];

    private async Task<string> AliasAsync(string project) => Assert.IsType<OneCallAnswer.Answered>(
        await AskAsync(VerificationType.HumanAssurance, Verdict.Recorded, project: project)).PhoneAlias;

    private Task<OneCallAnswer> AskAsync(
        VerificationType type, Verdict? verdict, Admission? admission = null, ProjectSettings? settings = null, string project = "shop",
        string givenName = "Lori", AssuranceAnswer? answer = null)
    {
        var person = new Person(new PersonName("Lori", "Ray"), [], []);
        answer ??= verdict is { } known
            ? new AssuranceAnswer.Found(new AssessedPerson(person, known), [], [])
            : new AssuranceAnswer.NoRecord();
        return new OneCallVerification(
                new Admits(admission ?? _admitted), new Says(answer), new NoRisk(), _identities, new RecordPrivacy(isKept: true),
                new ProjectPermissions(areKept: true),
                new NameLimits(_counters, new CounterKeys(_hasher), new Turns(new StillClock()), _budget), _journal, _history.Calls,
                _hasher,
                new StillClock())
            .AnswerAsync(
                new Project(ProjectId.Parse(project), "Project", settings ?? _mayAsk),
                new OneCallQuestion(type, "2025550142", new PersonName(givenName, "Ray"), null, [])
                {
                    ClientRequestId = "request", ClientCustomerId = "customer",
                },
                TestContext.Current.CancellationToken);
    }

    private sealed class Says(AssuranceAnswer answer) : IAssuranceSource
    {
        public Task<AssuranceAnswer> AssessAsync(AssuranceQuestion question, CancellationToken cancellationToken) =>
            Task.FromResult(answer);
    }
}
