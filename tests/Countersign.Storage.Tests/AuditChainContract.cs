using Countersign.Core;
using Countersign.Core.Audit;
using Countersign.Core.Erasure;
using Countersign.Core.Keys;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Storage.Tests;

/// <summary>The chain of the audit, as nodes write it and as somebody with SQL changes it.</summary>
public abstract class AuditChainContract(StoreFixture fixture) : StoreContract(fixture)
{
    private readonly FakeTimeProvider _time = new(Sample.Now);
    private readonly Journal _journal = new();

    private Stores Stores => new(Fixture, StoreFixture.Ring);

    private AuditStore Store => Stores.Audit;

    [Fact]
    public async Task What_was_done_is_linked_signed_and_found()
    {
        var node = NewNode();
        var line = AuditSubject.OfNumber(Fixture.Hasher, Sample.Number);
        await Fixture.AddProjectAsync(Sample.Shop);
        await node.Writer.AddAsync(new AuditAct(AuditKind.Disclosure, "client:shop-1", "disclose")
        {
            From = "192.0.2.7", Project = "shop", Target = "flow:1", Subject = line, Asked = [new AuditValue("type", "prefill")],
        });
        var begun = await node.Writer.BeginAsync(new AuditAct(AuditKind.Admin, "admin-key:ops", "changeProject"));
        await node.Writer.EndAsync(begun, begun.Act with
        {
            Outcome = AuditOutcome.Done, Status = 200, Changes = [new AuditChange("numberChange", "off", "on")],
        });

        await node.Chainer.RoundAsync(Test);

        Assert.Equal(0, await Fixture.CountAsync("audit_waiting") - 1);
        var byLine = Assert.Single(await Store.FindAsync(new AuditSearch(Subject: line), 10, Test));
        Assert.Equal(("client:shop-1", "192.0.2.7", "flow:1"), (byLine.Entry.Act.Actor, byLine.Entry.Act.From, byLine.Entry.Act.Target));
        var byActor = Assert.Single(await Store.FindAsync(new AuditSearch(Actor: "admin-key:ops"), 10, Test));
        Assert.Equal((AuditOutcome.Done, 200), (byActor.Entry.Act.Outcome, byActor.Entry.Act.Status));
        Assert.Equal(new AuditChange("numberChange", "off", "on"), Assert.Single(byActor.Entry.Act.Changes));
        var since = await Store.FindAsync(new AuditSearch(From: Sample.Now.AddSeconds(-1)), 10, Test);
        Assert.Equal([2, 1], since.Select(one => one.Position));
        Assert.Empty(await Store.FindAsync(new AuditSearch(To: Sample.Now.AddSeconds(-1)), 10, Test));
        Assert.Empty(await Store.FindAsync(new AuditSearch(Act: "disclose", Project: "bank"), 10, Test));
        Assert.Equal(1, Assert.Single(await Store.FindAsync(new AuditSearch(Before: 2), 10, Test)).Position);
        Assert.Equal(2, Assert.Single(_journal.Checkpoints).Position);
        Assert.Empty(await VerifyAsync());
    }

    [Fact]
    public async Task Two_nodes_at_once_make_one_chain_and_lose_nothing()
    {
        var nodes = Enumerable.Range(0, 2).Select(_ => NewNode()).ToArray();

        await Task.WhenAll(nodes.Select(async node =>
        {
            for (var i = 0; i < 60; i++)
            {
                await node.Writer.AddAsync(Act($"act-{i}"));
                if (i % 10 == 0)
                {
                    await node.Chainer.RoundAsync(Test);
                }
            }
            await node.Chainer.RoundAsync(Test);
        }));
        await nodes[0].Chainer.RoundAsync(Test);
        await nodes[0].Chainer.RoundAsync(Test);

        var acts = await Store.FindAsync(new AuditSearch(Actor: "admin-key:ops"), 1000, Test);
        Assert.Equal(120, acts.Count);
        Assert.Equal(120, acts.Select(one => (one.Entry.Writer, one.Entry.Number)).Distinct().Count());
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(await VerifyAsync());
    }

    [Fact]
    public async Task Links_that_another_node_made_are_not_made_twice()
    {
        var node = NewNode();
        await node.Writer.AddAsync(Act("one"), Act("two"));
        var waiting = await Store.ListWaitingAsync(Sample.Now, 10, Test);
        var first = AuditLink.Of(1, AuditLink.Genesis, waiting[0].Text);
        var second = AuditLink.Of(2, first.Hash, waiting[1].Text);
        var stranger = AuditLink.Of(2, AuditLink.Genesis, waiting[1].Text);

        Assert.Equal(1, await Store.LinkAsync([first], [waiting[0]], Test));
        Assert.Equal(0, await Store.LinkAsync([stranger], [waiting[1]], Test));
        Assert.Equal(0, await Store.LinkAsync([first, second], waiting, Test) - 1);
        Assert.Equal(0, await Store.LinkAsync([first, second], waiting, Test));

        Assert.Equal(new AuditHead(2, second.Hash).Position, (await Store.FindHeadAsync(Test))!.Position);
        Assert.Equal(0, await Fixture.CountAsync("audit_waiting"));
    }

    [Fact]
    public async Task An_act_that_nobody_ended_is_linked_as_unknown_and_who_comes_late_is_heard()
    {
        var node = NewNode();
        var begun = await node.Writer.BeginAsync(Act("removeRecords"));
        await node.Chainer.RoundAsync(Test);
        Assert.Null(await Store.FindHeadAsync(Test));

        _time.Advance(AuditChainer.AbandonedAfter + TimeSpan.FromSeconds(1));
        await node.Chainer.RoundAsync(Test);
        var late = Act("removeRecords") with { Status = 200 };
        await node.Writer.EndAsync(begun, late);
        await node.Chainer.RoundAsync(Test);

        var found = await Store.FindAsync(new AuditSearch(Act: "removeRecords"), 10, Test);
        Assert.Equal([AuditOutcome.Done, AuditOutcome.Unknown], found.Select(one => one.Entry.Act.Outcome));
        Assert.Equal($"{begun.Writer}:{begun.Number}", Assert.Single(found[0].Entry.Act.Asked).Value);
        Assert.Empty(await VerifyAsync());
    }

    [Fact]
    public async Task What_is_removed_before_it_is_linked_is_written_again_and_told()
    {
        var node = NewNode();
        await node.Writer.AddAsync(Act("one"), Act("two"));

        await Fixture.ExecuteAsync("DELETE FROM audit_waiting WHERE number = 1");
        await node.Chainer.RoundAsync(Test);
        _time.Advance(TimeSpan.FromMinutes(1));
        await node.Chainer.RoundAsync(Test);
        await node.Chainer.RoundAsync(Test);

        Assert.Equal(1, _journal.Again);
        Assert.Equal(2, (await Store.FindAsync(new AuditSearch(Actor: "admin-key:ops"), 10, Test)).Count);
        Assert.Empty(await VerifyAsync());
    }

    [Fact]
    public async Task What_is_removed_before_it_is_linked_and_never_written_again_is_missed()
    {
        var node = NewNode();
        await node.Writer.AddAsync(Act("one"), Act("two"), Act("three"));

        await Fixture.ExecuteAsync("DELETE FROM audit_waiting WHERE number = 2");
        await NewNode().Chainer.RoundAsync(Test);

        Assert.Empty(await VerifyAsync());
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((AuditFlaw.NeverLinked, true), Told(await VerifyAsync(), "number 2"));
    }

    [Fact]
    public async Task What_is_changed_before_it_is_linked_keeps_no_other_waiting_and_is_written_again()
    {
        var node = NewNode();
        await node.Writer.AddAsync([.. Enumerable.Range(1, 120).Select(i => Act($"act-{i}"))]);

        await Fixture.ExecuteAsync(
            """
            UPDATE audit_waiting SET body = (SELECT body FROM audit_waiting other WHERE other.number = 120) WHERE number < 120
            """);
        await node.Chainer.RoundAsync(Test);
        Assert.Single(await Store.FindAsync(new AuditSearch(Actor: "admin-key:ops"), 1000, Test));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((AuditFlaw.NeverLinked, true), Told(await VerifyAsync(), "numbers 1 to 119"));
        _time.Advance(TimeSpan.FromMinutes(5));
        await node.Chainer.RoundAsync(Test);
        await node.Chainer.RoundAsync(Test);

        Assert.Equal(119, _journal.Again);
        Assert.Equal(120, (await Store.FindAsync(new AuditSearch(Actor: "admin-key:ops"), 1000, Test)).Count);
        Assert.Empty(await VerifyAsync());
    }

    [Theory]
    [InlineData("DELETE FROM audit_entries WHERE position = 1", AuditFlaw.Removed, "entry 1 is")]
    [InlineData("DELETE FROM audit_entries WHERE position = 5", AuditFlaw.Removed, "entry 5 is")]
    [InlineData("DELETE FROM audit_entries WHERE position BETWEEN 5 AND 7", AuditFlaw.Removed, "entries 5 to 7 are")]
    [InlineData("DELETE FROM audit_entries WHERE position <= 7", AuditFlaw.Removed, "entries 1 to 7 are")]
    [InlineData("DELETE FROM audit_entries WHERE position >= 10", AuditFlaw.Removed, "entry 10 is")]
    [InlineData("DELETE FROM audit_entries WHERE position >= 8", AuditFlaw.Removed, "entries 8 to 10 are")]
    [InlineData("DELETE FROM audit_entries", AuditFlaw.Removed, "entries 1 to 10 are")]
    [InlineData("UPDATE audit_entries SET actor = 'admin-key:other' WHERE position = 5", AuditFlaw.Changed, "entry 5 is")]
    [InlineData("UPDATE audit_entries SET act = 'checkpoint' WHERE position = 5", AuditFlaw.Changed, "entry 5 is")]
    [InlineData("UPDATE audit_entries SET happened_at = 1 WHERE position = 5", AuditFlaw.Changed, "entry 5 is")]
    [InlineData("UPDATE audit_entries SET number = 99 WHERE position = 5", AuditFlaw.Changed, "entry 5 is")]
    [InlineData("UPDATE audit_entries SET hash = previous WHERE position = 5", AuditFlaw.Changed, "entry 5 is")]
    [InlineData("UPDATE audit_entries SET previous = hash WHERE position = 5", AuditFlaw.Changed, "entry 5 is")]
    [InlineData("UPDATE audit_entries SET body = hash WHERE position = 5", AuditFlaw.Changed, "entry 5 is")]
    [InlineData(
        "UPDATE audit_entries SET body = (SELECT body FROM audit_entries WHERE position = 4) WHERE position = 5", AuditFlaw.Changed,
        "entry 5 is")]
    [InlineData("UPDATE audit_entries SET position = 50 WHERE position = 10", AuditFlaw.Changed, "entry 50 is")]
    [InlineData("UPDATE audit_entries SET position = 50 WHERE position = 5", AuditFlaw.Removed, "entry 5 is")]
    [InlineData("UPDATE audit_checkpoints SET body = replace(body, '\"position\":10', '\"position\":9')", AuditFlaw.CheckpointForged,
        "entry 10")]
    [InlineData("UPDATE audit_checkpoints SET position = 9", AuditFlaw.CheckpointForged, "entry 9")]
    [InlineData("UPDATE audit_checkpoints SET kind = 'pruned'", AuditFlaw.CheckpointForged, "entry 10")]
    [InlineData("DELETE FROM audit_checkpoints", AuditFlaw.CheckpointRemoved, "entry 10")]
    [InlineData("DELETE FROM audit_state", AuditFlaw.CheckpointForged, "entry 10")]
    public async Task What_is_changed_by_hand_is_named(string sql, AuditFlaw flaw, string words)
    {
        await FillAsync();
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(await VerifyAsync());

        await Fixture.ExecuteAsync(sql);

        Assert.Equal((flaw, true), Told(await VerifyAsync(), words));
    }

    [Fact]
    public async Task One_row_that_is_changed_is_one_problem()
    {
        await FillAsync();

        await Fixture.ExecuteAsync("UPDATE audit_entries SET hash = previous WHERE position = 5");
        await Fixture.ExecuteAsync("UPDATE audit_entries SET body = hash WHERE position = 7");

        Assert.Equal([5, 7], (await VerifyAsync()).Select(problem => problem.Position));
    }

    [Fact]
    public async Task Rows_that_were_swapped_are_named()
    {
        await FillAsync();

        await Fixture.ExecuteAsync("UPDATE audit_entries SET position = 100 WHERE position = 4");
        await Fixture.ExecuteAsync("UPDATE audit_entries SET position = 4 WHERE position = 6");
        await Fixture.ExecuteAsync("UPDATE audit_entries SET position = 6 WHERE position = 100");

        Assert.Equal(
            [(4, AuditFlaw.Changed), (6, AuditFlaw.Changed)],
            (await VerifyAsync()).Where(problem => problem.Position > 0).Select(problem => (problem.Position, problem.Flaw)));
    }

    [Fact]
    public async Task A_row_that_was_put_there_is_named()
    {
        await FillAsync();
        await Fixture.ExecuteAsync("DELETE FROM audit_entries WHERE position > 11");

        await Fixture.ExecuteAsync(
            """
            INSERT INTO audit_entries (position, writer, number, happened_at, actor, act, previous, hash, body)
            SELECT 12, 'ffff', 1, happened_at, actor, act, hash, hash, body FROM audit_entries WHERE position = 11
            """);

        Assert.Equal((AuditFlaw.Changed, true), Told(await VerifyAsync(), "entry 12 is not"));
    }

    [Fact]
    public async Task An_end_that_was_cut_off_with_its_checkpoint_is_missed_by_the_next_entry_of_its_writer_and_by_who_saw_it()
    {
        var node = await FillAsync();
        await node.Writer.AddAsync(Act("later"));
        await node.Chainer.RoundAsync(Test);
        var kept = await CheckpointsAsync();

        await Fixture.ExecuteAsync("DELETE FROM audit_entries WHERE position > 8");
        await Fixture.ExecuteAsync("DELETE FROM audit_checkpoints");
        Assert.Empty(await VerifyAsync());
        Assert.Equal((AuditFlaw.Removed, true), Told(await VerifyAsync(kept), "entries 9 to 10 are"));
        await node.Chainer.RoundAsync(Test);
        await node.Writer.AddAsync(Act("and on"));
        _time.Advance(TimeSpan.FromMinutes(1));
        await node.Chainer.RoundAsync(Test);

        Assert.Equal(12, Assert.Single(_journal.Cuts));
        Assert.Equal((AuditFlaw.NeverLinked, true), Told(await VerifyAsync(), "numbers 9 to 12"));
        Assert.Equal((AuditFlaw.NotAsKept, true), Told(await VerifyAsync(kept), "entry 10 is not the one of the checkpoint"));
        Assert.Single(await Store.FindAsync(new AuditSearch(Act: AuditChainer.CutAct), 10, Test));
    }

    [Fact]
    [Trait("attack", "O04")]
    public async Task A_chain_that_was_written_anew_with_all_its_hashes_is_not_the_one_that_was_signed()
    {
        await FillAsync();

        // As somebody does who has the encryption key, and not the key that signs.
        var (previous, forged) = (AuditLink.Genesis, new List<AuditLink>());
        foreach (var link in await Store.ReadAsync(0, 100, Test))
        {
            var text = link.Position == 5 ? AuditEntry.Of("0123456789abcdef", 1, Sample.Now, Act("harmless")).Text : link.Text;
            forged.Add(AuditLink.Of(link.Position, previous, text));
            previous = forged[^1].Hash;
        }

        var problems = await VerifyAsync(forged, kept: []);
        Assert.Equal((AuditFlaw.NotAsSigned, true), Told(problems, "entry 10 is not the one that its checkpoint signs"));
    }

    [Fact]
    public async Task What_is_too_old_goes_up_to_a_checkpoint_and_the_rest_verifies_from_there()
    {
        var node = await FillAsync();
        _time.Advance(TimeSpan.FromDays(1));
        for (var i = 0; i < 5; i++)
        {
            await node.Writer.AddAsync(Act("young"));
        }
        await node.Chainer.RoundAsync(Test);
        var kept = await CheckpointsAsync();

        Assert.Equal(0, await node.Chainer.PruneAsync(Sample.Now, 100, Test));
        Assert.Equal(4, await node.Chainer.PruneAsync(Sample.Now.AddHours(1), 4, Test));
        Assert.Empty(await VerifyAsync());
        Assert.Equal(6, await node.Chainer.PruneAsync(Sample.Now.AddHours(1), 100, Test));
        Assert.Equal(0, await node.Chainer.PruneAsync(Sample.Now.AddHours(1), 100, Test));

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(await VerifyAsync(kept));
        Assert.Equal([10], _journal.Prunings);
        Assert.Equal(10, (await VerifierAsync()).PrunedUpTo);
        await Fixture.ExecuteAsync("DELETE FROM audit_entries WHERE position = 11");
        Assert.Equal((AuditFlaw.Removed, true), Told(await VerifyAsync(), "entry 11 is"));
        await Fixture.ExecuteAsync("DELETE FROM audit_checkpoints WHERE kind = 'pruned'");
        Assert.Equal((AuditFlaw.Removed, true), Told(await VerifyAsync(), "entries 1 to 11 are"));
    }

    [Fact]
    public async Task Nothing_is_pruned_behind_which_nothing_stands()
    {
        var node = NewNode();
        await node.Writer.AddAsync(Act("one"));
        await node.Chainer.RoundAsync(Test);

        Assert.Equal(0, await node.Chainer.PruneAsync(Sample.Now.AddYears(2), 100, Test));
    }

    [Fact]
    public async Task Whom_entries_were_about_can_be_erased_and_the_chain_stays_whole()
    {
        var node = NewNode();
        var line = AuditSubject.OfNumber(Fixture.Hasher, Sample.Number);
        await node.Writer.AddAsync(Act("one") with { Subject = line });
        await node.Chainer.RoundAsync(Test);
        await node.Writer.AddAsync(Act("two") with { Subject = line });

        Assert.Equal(new ErasedAudit(2, 0), await Store.EraseAsync(line, null, Test));
        await node.Chainer.RoundAsync(Test);

        Assert.Empty(await Store.FindAsync(new AuditSearch(Subject: line), 10, Test));
        Assert.All(
            await Store.FindAsync(new AuditSearch(Actor: "admin-key:ops"), 10, Test), one => Assert.Null(one.Entry.Act.Subject));
        Assert.Empty(await VerifyAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_entry_that_was_read_before_it_was_erased_whom_it_is_about_is_linked_as_about_nobody(bool isLine)
    {
        var node = NewNode();
        var subject = isLine
            ? AuditSubject.OfNumber(Fixture.Hasher, Sample.Number) : AuditSubject.Of(Fixture.Hasher, "clientCustomerId", "42");
        await node.Writer.AddAsync(Act("one") with { Subject = subject }, Act("two"));
        var read = await Store.ListWaitingAsync(Sample.Now, 10, Test);
        var first = AuditLink.Of(1, AuditLink.Genesis, read[0].Text);

        Assert.Equal(1, (await Store.EraseAsync(subject, null, Test)).Count);
        Assert.Equal(2, await Store.LinkAsync([first, AuditLink.Of(2, first.Hash, read[1].Text)], read, Test));

        Assert.Empty(await Store.FindAsync(new AuditSearch(Subject: subject), 10, Test));
        Assert.All(
            await Store.FindAsync(new AuditSearch(Actor: "admin-key:ops"), 10, Test), one => Assert.Null(one.Entry.Act.Subject));
        Assert.Equal(
            0, await Fixture.CountAsync("audit_entries WHERE subject IS NOT NULL OR subject_hash IS NOT NULL"));
        Assert.Empty(await VerifyAsync());
    }

    [Fact]
    public async Task When_the_key_of_a_line_is_gone_entries_are_about_nobody_and_the_chain_stays_whole()
    {
        var (node, other) = (NewNode(), PhoneNumber.Parse("+12025550143"));
        var (line, kept) = (AuditSubject.OfNumber(Fixture.Hasher, Sample.Number), AuditSubject.OfNumber(Fixture.Hasher, other));
        await node.Writer.AddAsync(Act("linked") with { Subject = line }, Act("of another") with { Subject = kept });
        await node.Chainer.RoundAsync(Test);
        await node.Writer.AddAsync(Act("waits") with { Subject = line });
        Assert.Single(await Store.FindAsync(new AuditSearch(Subject: line), 10, Test));

        var key = await Stores.LineKeys.DestroyAsync(Sample.Number, successor: null, Test);
        await node.Chainer.RoundAsync(Test);
        await node.Writer.AddAsync(Act("afterwards") with { Subject = line });
        await node.Chainer.RoundAsync(Test);

        Assert.Equal("afterwards", Assert.Single(await Store.FindAsync(new AuditSearch(Subject: line), 10, Test)).Entry.Act.Act);
        Assert.Equal(kept, Assert.Single(await Store.FindAsync(new AuditSearch(Subject: kept), 10, Test)).Entry.Act.Subject);
        Assert.All(
            (await Store.FindAsync(new AuditSearch(Actor: "admin-key:ops"), 10, Test))
                .Where(one => one.Entry.Act.Act is "linked" or "waits"),
            one => Assert.Null(one.Entry.Act.Subject));
        Assert.Empty(await VerifyAsync());
        // What its key still leads to.
        Assert.Equal(new ErasedAudit(1, 0), await Store.EraseAsync(line, key, Test));
        Assert.Equal(new ErasedAudit(1, 0), await Store.EraseAsync(line, null, Test));
        Assert.Empty(await VerifyAsync());
    }

    [Fact]
    public async Task Whom_entries_were_about_before_lines_had_keys_is_found_and_erased()
    {
        var node = NewNode();
        var line = AuditSubject.OfNumber(Fixture.Hasher, Sample.Number);
        // That it was a number is not known, and so it is under no key.
        var former = AuditSubject.Of(Fixture.Hasher, "number", Sample.Number.E164);
        await node.Writer.AddAsync(Act("linked") with { Subject = former });
        await node.Chainer.RoundAsync(Test);
        await node.Writer.AddAsync(Act("waits") with { Subject = former }, Act("new") with { Subject = line });

        Assert.Single(await Store.FindAsync(new AuditSearch(Subject: line), 10, Test));
        Assert.Equal(new ErasedAudit(3, 2), await Store.EraseAsync(line, null, Test));
        await node.Chainer.RoundAsync(Test);

        Assert.Empty(await Store.FindAsync(new AuditSearch(Subject: line), 10, Test));
        Assert.Empty(await VerifyAsync());
    }

    [Fact]
    public async Task When_the_key_of_a_project_is_gone_its_entries_are_about_nobody_and_the_chain_stays_whole()
    {
        var node = NewNode();
        var bank = ProjectId.Parse("bank");
        AuditSubject[] both =
            [AuditSubject.OfNumber(Fixture.Hasher, Sample.Number), AuditSubject.Of(Fixture.Hasher, "clientCustomerId", "42")];
        await Fixture.AddProjectAsync(Sample.Shop);
        await Fixture.AddProjectAsync(bank);
        await node.Writer.AddAsync([.. both.SelectMany(subject => new[] { "shop", "bank", null }.Select(project =>
            Act("linked") with { Subject = subject, Project = project }))]);
        await node.Chainer.RoundAsync(Test);
        await node.Writer.AddAsync([.. both.Select(subject => Act("waits") with { Subject = subject, Project = "shop" })]);
        foreach (var subject in both)
        {
            Assert.Equal(3, (await Store.FindAsync(new AuditSearch(Subject: subject), 10, Test)).Count);
            Assert.Single(await Store.FindAsync(new AuditSearch(Subject: subject, Project: "shop"), 10, Test));
        }

        await Stores.LineKeys.DestroyAsync(Sample.Shop, successor: null, Test);
        await node.Chainer.RoundAsync(Test);

        foreach (var subject in both)
        {
            Assert.Equal(
                ["bank", null],
                (await Store.FindAsync(new AuditSearch(Subject: subject), 10, Test)).Select(one => one.Entry.Act.Project).Order()
                    .OrderBy(project => project is null));
        }
        var ofShop = await Store.FindAsync(new AuditSearch(Project: "shop"), 10, Test);
        Assert.Equal(4, ofShop.Count);
        Assert.All(ofShop, one => Assert.Null(one.Entry.Act.Subject));
        Assert.Empty(await VerifyAsync());
        // Of each the two that others know it by.
        Assert.Equal([new ErasedAudit(2, 0), new ErasedAudit(2, 0)], [.. await EraseAsync(both)]);
        Assert.Empty(await VerifyAsync());
    }

    [Fact]
    public async Task Whom_an_entry_is_about_is_found_where_it_names_a_project_that_there_is_not()
    {
        var node = NewNode();
        AuditSubject[] both =
            [AuditSubject.OfNumber(Fixture.Hasher, Sample.Number), AuditSubject.Of(Fixture.Hasher, "clientCustomerId", "42")];
        await Fixture.AddProjectAsync(Sample.Shop);

        await node.Writer.AddAsync([.. both.Select(subject => Act("misspelt") with { Subject = subject, Project = "shpo" })]);
        await node.Chainer.RoundAsync(Test);

        foreach (var subject in both)
        {
            Assert.Single(await Store.FindAsync(new AuditSearch(Subject: subject), 10, Test));
        }
        Assert.Equal([1, 1], (await EraseAsync(both)).Select(erased => erased.Count));
        Assert.Empty(await VerifyAsync());
    }

    [Fact]
    public async Task Whom_entries_of_a_project_were_about_before_it_had_a_key_is_found_and_told_from_what_copies_cannot_open()
    {
        var (node, customer) = (NewNode(), AuditSubject.Of(Fixture.Hasher, "clientCustomerId", "42"));
        var bare = new BareRows(Fixture.Database, _time);
        await Fixture.AddProjectAsync(Sample.Shop);
        await node.Writer.AddAsync(Act("former") with { Subject = customer, Project = "shop" });
        var opening = Assert.Single(await Store.ListWaitingAsync(DateTimeOffset.MaxValue, 10, Test)).Opening!;
        await node.Chainer.RoundAsync(Test);
        await Fixture.Database.WriteAsync(
            [
                new Statement(
                    "UPDATE audit_entries SET subject = @subject, subject_hash = @subject_hash WHERE position = 1",
                    ("@subject", Fixture.Sealer.Seal(opening, AuditStore.SubjectPlaceOf(1))),
                    ("@subject_hash", Fixture.Hashes.Seal(customer.Hash.ToBytes()))),
            ],
            Test);
        _time.Advance(TimeSpan.FromMinutes(1));
        await bare.BeginAsync(Test);
        await node.Writer.AddAsync(Act("later") with { Subject = customer, Project = "shop" });
        await node.Chainer.RoundAsync(Test);

        var found = await Store.FindAsync(new AuditSearch(Subject: customer, Project: "shop"), 10, Test);
        var (with, erased) = (await AbsentAsync(), await Stores.Persons.EraseProjectAsync(Sample.Shop, Test));

        Assert.Equal(["later", "former"], found.Select(one => one.Entry.Act.Act));
        Assert.Empty(await VerifyAsync());
        Assert.Equal((2, true), (erased.Of(DataClass.Audit), erased.HadBare(DataClass.Audit)));
        Assert.DoesNotContain(DataClass.Audit, with);
        Assert.Contains(DataClass.Audit, await AbsentAsync());

        async Task<IEnumerable<DataClass>> AbsentAsync() => (await bare.AbsentSinceAsync(ErasureOf.Project, Test)).Keys;
    }

    private async Task<IReadOnlyList<ErasedAudit>> EraseAsync(IEnumerable<AuditSubject> subjects)
    {
        var erased = new List<ErasedAudit>();
        foreach (var subject in subjects)
        {
            erased.Add(await Store.EraseAsync(subject, null, Test));
        }
        return erased;
    }

    [Fact]
    public async Task Whom_an_entry_is_about_cannot_be_exchanged()
    {
        var node = NewNode();
        await node.Writer.AddAsync(Act("one") with { Subject = AuditSubject.OfNumber(Fixture.Hasher, Sample.Number) });
        await node.Writer.AddAsync(Act("two") with { Subject = AuditSubject.Of(Fixture.Hasher, "clientCustomerId", "42") });
        await node.Chainer.RoundAsync(Test);

        await Fixture.ExecuteAsync(
            "UPDATE audit_entries SET subject_hash = (SELECT subject_hash FROM audit_entries WHERE position = 2) WHERE position = 1");

        Assert.Equal((AuditFlaw.Changed, true), Told(await VerifyAsync(), "whom it is about was changed"));
    }

    [Fact]
    public async Task What_a_server_started_with_is_kept_with_its_entry()
    {
        var node = NewNode();
        Assert.Null(await Store.FindConfigurationAsync(Test));

        await Store.PutConfigurationAsync(
            new Dictionary<string, string> { ["Countersign:Mode"] = "Live" }, node.Writer.New(Act("start")), Test);
        await Store.PutConfigurationAsync(
            new Dictionary<string, string> { ["Countersign:Mode"] = "Sandbox" }, node.Writer.New(Act("start")), Test);
        await node.Chainer.RoundAsync(Test);

        Assert.Equal("Sandbox", (await Store.FindConfigurationAsync(Test))!["Countersign:Mode"]);
        Assert.Equal(2, (await Store.FindAsync(new AuditSearch(Act: "start"), 10, Test)).Count);
    }

    [Fact]
    public async Task Checkpoints_come_by_count_and_by_time_and_not_for_themselves()
    {
        var node = NewNode(new AuditOptions { CheckpointEvery = 3, CheckpointAfter = TimeSpan.FromMinutes(10) });
        await AddAsync(1);
        await AddAsync(2);
        await AddAsync(1);
        Assert.Equal([1, 5], _journal.Checkpoints.Select(one => one.Position));

        _time.Advance(TimeSpan.FromMinutes(10));
        await node.Chainer.RoundAsync(Test);
        Assert.Equal([1, 5], _journal.Checkpoints.Select(one => one.Position));
        await AddAsync(1);
        _time.Advance(TimeSpan.FromMinutes(10));
        await node.Chainer.RoundAsync(Test);
        await node.Chainer.RoundAsync(Test);

        Assert.Equal([1, 5, 7], _journal.Checkpoints.Select(one => one.Position));

        async Task AddAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                await node.Writer.AddAsync(Act("act"));
            }
            await node.Chainer.RoundAsync(Test);
        }
    }

    private Node NewNode(AuditOptions? options = null)
    {
        var writer = new AuditWriter(Store, _time, _journal);
        return new Node(writer, new AuditChainer(Store, writer, options ?? new AuditOptions(), _time, _journal));
    }

    /// <summary>Ten entries, a checkpoint, and the entry that tells of it.</summary>
    private async Task<Node> FillAsync()
    {
        var node = NewNode();
        await node.Writer.AddAsync([.. Enumerable.Range(1, 10).Select(i => Act($"act-{i}"))]);
        await node.Chainer.RoundAsync(Test);
        await node.Chainer.RoundAsync(Test);
        return node;
    }

    private async Task<IReadOnlyList<AuditProblem>> VerifyAsync(IReadOnlyList<AuditCheckpoint>? kept = null) =>
        await VerifyAsync(await Store.ReadAsync(0, 1000, Test), kept ?? []);

    private async Task<IReadOnlyList<AuditProblem>> VerifyAsync(IReadOnlyList<AuditLink> links, IReadOnlyList<AuditCheckpoint> kept)
    {
        var verifier = await VerifierAsync();
        verifier.HoldTo(kept);
        foreach (var link in links)
        {
            verifier.Take(link);
        }
        return verifier.End();
    }

    private async Task<AuditVerifier> VerifierAsync()
    {
        using var key = new AuditKey(await Store.FindKeyAsync(Test) ?? AuditKey.New());
        return new AuditVerifier(
            [key.Public], await CheckpointsAsync(), await Store.ListUnlinkedAsync(Test), _time.GetUtcNow());
    }

    private async Task<IReadOnlyList<AuditCheckpoint>> CheckpointsAsync() =>
    [
        .. await Store.ListCheckpointsAsync(AuditCheckpointKind.Pruned, 0, 10, Test),
        .. await Store.ListCheckpointsAsync(AuditCheckpointKind.Checkpoint, 0, 1000, Test),
    ];

    private static (AuditFlaw Flaw, bool IsTold) Told(IReadOnlyList<AuditProblem> problems, string words)
    {
        var told = problems.FirstOrDefault(problem => problem.Sentence.Contains(words, StringComparison.Ordinal));
        Assert.True(told is not null, string.Join("\n", problems.Select(problem => problem.Sentence)));
        return (told.Flaw, true);
    }

    private static AuditAct Act(string act) => new(AuditKind.Admin, "admin-key:ops", act);

    private sealed record Node(AuditWriter Writer, AuditChainer Chainer)
    {
        public override string ToString() => Writer.Id;
    }

    private sealed class Journal : IAuditJournal
    {
        public List<AuditCheckpoint> Checkpoints { get; } = [];

        public List<long> Cuts { get; } = [];

        public List<long> Prunings { get; } = [];

        public int Again { get; private set; }

        public void CheckpointMade(AuditCheckpoint checkpoint)
        {
            lock (Checkpoints)
            {
                Checkpoints.Add(checkpoint);
            }
        }

        public void WrittenAgain(int count) => Again += count;

        public void Cut(long position) => Cuts.Add(position);

        public void Pruned(long upTo) => Prunings.Add(upTo);
    }
}

public sealed class AuditChainOnSqlite(SqliteFixture fixture) : AuditChainContract(fixture), IClassFixture<SqliteFixture>;

public sealed class AuditChainOnPostgres(PostgresFixture fixture) : AuditChainContract(fixture), IClassFixture<PostgresFixture>;
