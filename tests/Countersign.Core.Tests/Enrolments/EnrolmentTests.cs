using Countersign.Core.Enrolments;
using Countersign.Core.Numbers;
using Countersign.Core.Tests.Fakes;

namespace Countersign.Core.Tests.Enrolments;

public sealed class EnrolmentTests
{
    private static readonly PhoneNumber _line = PhoneNumber.Parse("+12025550142");

    private readonly MemoryIdentities _identities = new();
    private readonly Heard _journal = new();

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_person_is_enrolled_behind_their_line_with_what_is_said_of_them()
    {
        var outcome = await EnrolAsync(new Admission.Admitted(_line), new GivenFact("tier", "gold"));

        var person = Assert.Single(_identities.Kept);
        Assert.Equal(new EnrolOutcome.Enrolled(person.Id), outcome);
        Assert.Equal((ProjectId.Parse("shop"), _line, "2025550142", "customer-7"),
            (person.ProjectId, person.Number, person.Details.NumberAsGiven, person.Details.ClientCustomerId));
        Assert.Equal(("tier", "gold"), Assert.Single(person.Details.Facts!.Select(fact => (fact.Type, fact.Value))));
        Assert.Equal([$"enrolled {person.Id}"], _journal.Lines);
    }

    [Fact]
    public async Task Where_no_fact_is_given_those_that_are_known_are_left_alone()
    {
        await EnrolAsync(new Admission.Admitted(_line));

        Assert.Null(Assert.Single(_identities.Kept).Details.Facts);
    }

    [Fact]
    public async Task Nobody_is_enrolled_with_a_number_that_is_refused()
    {
        var refused = new Admission.Refused("no such line");

        Assert.Equal(new EnrolOutcome.Refused(refused), await EnrolAsync(refused));
        Assert.Empty(_identities.Kept);
        Assert.Empty(_journal.Lines);
    }

    [Fact]
    public async Task Who_is_enrolled_is_found_by_their_number()
    {
        var nobody = await LookUpAsync(new Admission.Admitted(_line));
        await EnrolAsync(new Admission.Admitted(_line));

        var found = await LookUpAsync(new Admission.Admitted(_line));

        Assert.IsType<LookUpOutcome.Nobody>(nobody);
        Assert.Equal(Assert.Single(_identities.Kept), Assert.IsType<LookUpOutcome.Found>(found).Identity);
    }

    [Fact]
    public async Task A_refused_number_is_not_looked_up()
    {
        var refused = new Admission.Refused("no such line");

        Assert.Equal(new LookUpOutcome.Refused(refused), await LookUpAsync(refused));
    }

    [Fact]
    public async Task What_changes_nothing_is_not_told()
    {
        var id = Guid.CreateVersion7(Sample.Now);

        Assert.False(await Enrolment(new Admission.Admitted(_line)).TrySetActiveAsync(FlowStage.Shop, id, isActive: false, Test));
        Assert.False(await Enrolment(new Admission.Admitted(_line)).TryRemoveAsync(FlowStage.Shop, id, Test));
        Assert.Empty(_journal.Lines);
    }

    [Fact]
    public async Task Deactivating_and_removing_are_told()
    {
        await EnrolAsync(new Admission.Admitted(_line));
        var id = Assert.Single(_identities.Kept).Id;

        Assert.True(await Enrolment(new Admission.Admitted(_line)).TrySetActiveAsync(FlowStage.Shop, id, isActive: false, Test));
        Assert.True(await Enrolment(new Admission.Admitted(_line)).TryRemoveAsync(FlowStage.Shop, id, Test));
        Assert.Equal([$"enrolled {id}", $"active {id} False", $"removed {id}"], _journal.Lines);
        Assert.Empty(_identities.Kept);
    }

    private Task<EnrolOutcome> EnrolAsync(Admission admission, params GivenFact[] facts) =>
        Enrolment(admission).EnrolAsync(FlowStage.Shop, new EnrolRequest("2025550142", "customer-7", null, null, facts), Test);

    private Task<LookUpOutcome> LookUpAsync(Admission admission) => Enrolment(admission).LookUpAsync(FlowStage.Shop, "2025550142", Test);

    private Enrolment Enrolment(Admission admission) => new(new Admits(admission), _identities, _journal, new StillClock());

    private sealed class Heard : IIdentityJournal
    {
        public List<string> Lines { get; } = [];

        public void Enrolled(Guid identity) => Lines.Add($"enrolled {identity}");

        public void SetActive(Guid identity, bool isActive) => Lines.Add($"active {identity} {isActive}");

        public void Removed(Guid identity) => Lines.Add($"removed {identity}");
    }
}
