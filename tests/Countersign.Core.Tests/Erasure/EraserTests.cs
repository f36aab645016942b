using Countersign.Core.Audit;
using Countersign.Core.Enrolments;
using Countersign.Core.Erasure;
using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.Possession;
using Countersign.Core.Tests.Fakes;
using Countersign.Core.Texts;

namespace Countersign.Core.Tests.Erasure;

public sealed class EraserTests
{
    private static readonly ProjectId _shop = ProjectId.Parse("shop");
    private static readonly ProjectId _bank = ProjectId.Parse("bank");
    private static readonly PhoneNumber _other = PhoneNumber.Parse("+12025550199");

    private readonly ErasureStage _stage = new();

    [Fact]
    public async Task All_that_is_held_of_a_line_goes_and_is_counted()
    {
        var running = Run();
        _stage.Outcomes.Add(Over());
        _stage.Outcomes.Add(Over() with { ProjectId = _bank });
        _stage.Identities.Add(Person("person-1"));
        _stage.OfLine.AddRange([DataClass.Records, DataClass.Stops, DataClass.Stops]);
        _stage.Audit.About[(AuditSubject.OfNumber(_stage.Flows.Hasher, ErasureStage.Line), null)] = new ErasedAudit(3, 1);
        About("proveId", _stage.Identities[0].Id.ToString());
        About("clientCustomerId", "person-1");

        var done = (await _stage.Eraser.EraseAsync(ErasureStage.Line, keepsStop: false))!;

        Assert.Equal((ErasureOf.Number, Sample.Now.AddSeconds(3)), (done.Of, done.At));
        Assert.Equal(
            [
                (DataClass.Flows, 1), (DataClass.Outcomes, 2), (DataClass.Pseudonyms, 1), (DataClass.Identities, 1), (DataClass.Records, 1),
                (DataClass.Stops, 2), (DataClass.Audit, 5),
            ],
            Counted(done));
        Assert.Equal((true, false), (done.Counts.HadBare(DataClass.Audit), done.Counts.HadBare(DataClass.Records)));
        Assert.Equal(13, done.Counts.Total);
        Assert.Equal(DataClass.All, done.Classes);
        Assert.Empty(done.Kept);
        Assert.Equal(ErasureStage.KeyedSince, done.KeyedSince[DataClass.Records]);
        Assert.Empty(_stage.Audit.About);
        Assert.Equal(["unreadable key destroyed", "key destroyed", "key destroyed", "scrubbed"], _stage.Done);
        // Once more after the time in which all that was under way is there.
        Assert.Equal([TimeSpan.FromSeconds(3)], _stage.Pauses);
        // Whoever waits for the flow hears of its end before it is gone.
        Assert.Equal(running.Id, Assert.Single(_stage.ErasedFlows).Id);
        AssertCancelled(_stage.ErasedFlows[0]);
    }

    [Fact]
    public async Task Of_other_lines_nothing_goes()
    {
        Run(number: _other);
        _stage.Outcomes.Add(Over() with { Line = LinePseudonym.New() });
        _stage.Identities.Add(Person("person-1") with { Number = _other });

        var done = (await _stage.Eraser.EraseAsync(ErasureStage.Line, keepsStop: false))!;

        Assert.Equal([(DataClass.Pseudonyms, 1)], Counted(done));
        Assert.Equal((1, 1, 1), (_stage.Flows.Flows.Kept.Count, _stage.Outcomes.Count, _stage.Identities.Count));
    }

    [Fact]
    public async Task However_many_flows_there_are_all_go_with_what_the_audit_calls_them_by()
    {
        for (var i = 0; i < 250; i++)
        {
            _stage.Outcomes.Add(Over() with { ClientRequestId = $"order-{i}" });
        }
        Run(flow => flow with { ClientRequestId = "order-running", ClientCustomerId = "person-2" });
        About("clientRequestId", "order-0");
        About("clientRequestId", "order-249");
        About("clientRequestId", "order-running");
        About("clientCustomerId", "person-2");

        var done = (await _stage.Eraser.EraseAsync(ErasureStage.Line, keepsStop: false))!;

        Assert.Equal(
            [(DataClass.Flows, 1), (DataClass.Outcomes, 250), (DataClass.Pseudonyms, 1), (DataClass.Audit, 4)], Counted(done));
        Assert.Empty(_stage.Outcomes);
    }

    [Fact]
    public async Task What_is_written_meanwhile_by_whoever_was_under_way_is_found_by_the_next_look()
    {
        var flow = Run();
        var person = Person("person-1");
        _stage.Identities.Add(person);
        _stage.Meanwhile = () =>
        {
            if (_stage.Pauses.Count == 1)
            {
                // The pseudonym is gone, and so is what leads from the number to the identity.
                _stage.Outcomes.Add(Over() with { Id = flow.Id, Line = null });
                _stage.Identities.Add(person with { Number = _other });
            }
        };

        var done = (await _stage.Eraser.EraseAsync(ErasureStage.Line, keepsStop: false))!;

        Assert.Equal(
            [(DataClass.Flows, 1), (DataClass.Outcomes, 1), (DataClass.Pseudonyms, 1), (DataClass.Identities, 2)], Counted(done));
        Assert.Equal(2, _stage.Pauses.Count);
    }

    [Fact]
    public async Task What_was_written_under_the_key_while_that_was_destroyed_goes_too()
    {
        _stage.LateIdentities.Add(Person("person-1"));
        _stage.Late.AddRange([DataClass.Verified, DataClass.Stops]);
        _stage.Audit.About[(AuditSubject.OfNumber(_stage.Flows.Hasher, ErasureStage.Line), _stage.Key)] = new ErasedAudit(2, 0);

        var done = (await _stage.Eraser.EraseAsync(ErasureStage.Line, keepsStop: false))!;

        Assert.Equal(
            [
                (DataClass.Pseudonyms, 1), (DataClass.Identities, 1), (DataClass.Verified, 1), (DataClass.Stops, 1), (DataClass.Audit, 2),
            ],
            Counted(done));
    }

    [Fact]
    public async Task Of_a_line_that_has_no_key_nothing_is_looked_for_under_it()
    {
        (_stage.Key, _stage.Pseudonym) = (null, null);
        _stage.Late.Add(DataClass.Verified);

        var done = (await _stage.Eraser.EraseAsync(ErasureStage.Line, keepsStop: false))!;

        Assert.Equal(0, done.Counts.Total);
        Assert.Single(_stage.Late);
    }

    [Fact]
    public async Task Of_a_line_that_is_in_use_without_a_pause_it_cannot_be_said_that_nothing_is_left()
    {
        _stage.Meanwhile = () => _stage.OfLine.Add(DataClass.Limits);

        Assert.Null(await _stage.Eraser.EraseAsync(ErasureStage.Line, keepsStop: false));

        Assert.Equal(4, _stage.Pauses.Count);
        Assert.Equal("scrubbed", _stage.Done[^1]);
    }

    [Fact]
    public async Task Who_wrote_stop_stays_left_alone_under_a_new_key()
    {
        _stage.Stops.Add(new Suppression(null, null, Sample.Now));
        _stage.OfLine.AddRange([DataClass.Stops, DataClass.Records]);
        _stage.Late.AddRange([DataClass.Stops, DataClass.Verified]);

        var done = (await _stage.Eraser.EraseAsync(ErasureStage.Line, keepsStop: true))!;

        Assert.Equal([(DataClass.Pseudonyms, 1), (DataClass.Records, 1), (DataClass.Verified, 1)], Counted(done));
        Assert.Equal([DataClass.Stops], done.Kept);
        Assert.Equal(DataClass.All.Where(one => one != DataClass.Stops), done.Classes);
        // By the second look nothing but that stands under the new key.
        Assert.Equal(["key replaced", "scrubbed"], _stage.Done);
        Assert.NotNull(_stage.Key);
        Assert.Equal([DataClass.Stops], _stage.OfLine);
        Assert.Empty(_stage.Late);
    }

    [Theory]
    [InlineData("a row")]
    [InlineData("an identity")]
    [InlineData("START")]
    public async Task A_new_key_under_which_something_else_came_is_changed_again(string what)
    {
        _stage.Stops.Add(new Suppression(null, null, Sample.Now));
        _stage.Meanwhile = () =>
        {
            if (_stage.Pauses.Count == 1 && what == "a row")
            {
                _stage.OfLine.Add(DataClass.Verified);
            }
            else if (_stage.Pauses.Count == 1 && what == "an identity")
            {
                _stage.Identities.Add(Person("person-1"));
            }
            else if (what == "START")
            {
                _stage.Stops.Clear();
            }
        };

        Assert.NotNull(await _stage.Eraser.EraseAsync(ErasureStage.Line, keepsStop: true));

        Assert.Equal(["key replaced", what == "START" ? "key destroyed" : "key replaced", "scrubbed"], _stage.Done);
    }

    [Fact]
    public async Task Who_never_wrote_stop_has_no_key_left()
    {
        await _stage.Eraser.EraseAsync(ErasureStage.Line, keepsStop: true);

        Assert.Equal(["key destroyed", "key destroyed", "scrubbed"], _stage.Done);
        Assert.Null(_stage.Key);
    }

    [Fact]
    public async Task One_flow_is_ended_and_goes_and_what_is_known_of_its_person_stays()
    {
        var (flow, other) = (Run(), Run());
        _stage.Identities.Add(Person("person-1"));

        var done = await _stage.Eraser.EraseAsync(flow.Id);

        Assert.Equal((ErasureOf.Flow, Sample.Now), (done.Of, done.At));
        Assert.Equal([(DataClass.Flows, 1)], Counted(done));
        Assert.Equal(DataClass.OfFlow, done.Classes);
        Assert.Empty(done.KeyedSince);
        AssertCancelled(Assert.Single(_stage.ErasedFlows));
        Assert.Equal([other.Id], _stage.Flows.Flows.Kept.Keys);
        Assert.Empty(_stage.Done);
        Assert.Equal(0, (await _stage.Eraser.EraseAsync(flow.Id)).Counts.Total);
    }

    [Fact]
    public async Task What_a_project_holds_of_persons_goes_as_far_as_it_began_before()
    {
        Run();
        Run(flow => flow with { ProjectId = _bank });
        _stage.Outcomes.Add(Over());
        _stage.Identities.AddRange([Person("person-1"), Person("person-2") with { ProjectId = _bank }]);
        _stage.Meanwhile = () =>
        {
            // One that began while the first look was taken, and one that began after it.
            Run(flow => flow with { CreatedAt = Sample.Now.AddSeconds(2) });
            Run(flow => flow with { CreatedAt = Sample.Now.AddSeconds(3) });
            _stage.Identities.Add(Person("person-3"));
        };

        var done = await _stage.Eraser.EraseAsync(_shop);

        Assert.Equal(ErasureOf.Project, done.Of);
        Assert.Equal([(DataClass.Flows, 2), (DataClass.Outcomes, 1), (DataClass.Identities, 2)], Counted(done));
        Assert.Equal(DataClass.OfProject, done.Classes);
        Assert.Equal(ErasureStage.KeyedSince, done.KeyedSince[DataClass.Outcomes]);
        Assert.Equal([TimeSpan.FromSeconds(3)], _stage.Pauses);
        Assert.Equal(
            ["shop's rows", "shop's key destroyed", "shop's rows", "shop's key destroyed", "shop's rows", "scrubbed"], _stage.Done);
        Assert.Equal(2, _stage.Flows.Flows.Kept.Count);
        Assert.All(_stage.ErasedFlows, AssertCancelled);
    }

    [Fact]
    public async Task What_is_written_until_the_key_is_destroyed_is_counted_with_the_rest()
    {
        _stage.OnKeyDestroyed = () => _stage.Identities.Add(Person("late"));

        var done = await _stage.Eraser.EraseAsync(_shop);

        Assert.Equal([(DataClass.Identities, 2)], Counted(done));
        Assert.Empty(_stage.Identities);
    }

    [Fact]
    public void Counts_are_summed_over_classes_and_may_be_told_without_one()
    {
        var counts = new ErasedCounts();
        counts.Add(DataClass.Flows, 2);
        counts.Add(DataClass.Stops, 1);
        counts.Add(DataClass.Stops, 1);

        var without = counts.Without(DataClass.Stops);

        Assert.Equal((4, 2, 2), (counts.Total, counts.Of(DataClass.Flows), counts.Of(DataClass.Stops)));
        Assert.Equal((2, 2, 0), (without.Total, without.Of(DataClass.Flows), without.Of(DataClass.Stops)));
    }

    private static void AssertCancelled(Flow flow) =>
        Assert.Equal(PossessionFailure.Cancelled, Assert.IsType<PossessionState.Failed>(flow.Possession).Reason);

    private static IEnumerable<(DataClass, int)> Counted(ErasureDone done) =>
        DataClass.All.Select(of => (of, done.Counts.Of(of))).Where(one => one.Item2 > 0);

    private static ProjectIdentity Person(string customer) => new(
        Guid.CreateVersion7(Sample.Now), _shop, ErasureStage.Line, IdentityStatus.Active, Sample.Now,
        new IdentityDetails(ClientCustomerId: customer));

    private void About(string kind, string name) =>
        _stage.Audit.About[(AuditSubject.Of(_stage.Flows.Hasher, kind, name), null)] = new ErasedAudit(1, 0);

    private Flow Run(Func<Flow, Flow>? change = null, PhoneNumber? number = null)
    {
        var flow = Sample.Flow() with { Number = number ?? ErasureStage.Line };
        flow = change is null ? flow : change(flow);
        _stage.Flows.Flows.Kept.Add(flow.Id, flow);
        return flow;
    }

    private Outcome Over() => Outcome.Of(Sample.Flow(), [], "US", null) with { Line = _stage.Pseudonym };
}
