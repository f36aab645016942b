using Countersign.Core.Audit;

namespace Countersign.Core.Tests.Audit;

/// <summary>What no store lets happen, and a file may hold all the same. Tampering by SQL is tested on the stores.</summary>
public sealed class AuditVerifierTests
{
    private static readonly DateTimeOffset _at = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly AuditKey _key = new(AuditKey.New());

    [Fact]
    public void A_whole_chain_has_no_problem()
    {
        var chain = Chain(5);

        Assert.Empty(Verify(chain, [Signed(chain[4])]));
    }

    [Fact]
    public void An_entry_that_is_there_a_second_time_or_out_of_its_order_is_named()
    {
        var chain = Chain(3);
        var twice = AuditLink.Of(4, chain[2].Hash, chain[0].Text);

        Assert.Equal([(4, AuditFlaw.Twice)], Verify([.. chain, twice], []));
        Assert.Equal(
            [(2, AuditFlaw.Removed), (2, AuditFlaw.Order)],
            Verify([chain[0], chain[2], chain[1]], []).Order());
    }

    [Fact]
    public void An_entry_of_another_chain_does_not_follow()
    {
        var (chain, other) = (Chain(4), Chain(4));

        Assert.Equal([(3, AuditFlaw.Order), (4, AuditFlaw.Order)], Verify([chain[0], chain[1], other[2], chain[3]], []).Order());
    }

    [Fact]
    public void A_checkpoint_by_another_key_is_named_and_counts_for_nothing()
    {
        var chain = Chain(2);
        using var stranger = new AuditKey(AuditKey.New());
        var forged = AuditCheckpoint.Sign(AuditCheckpointKind.Checkpoint, 9, chain[0].Hash, _at, stranger);
        var pruned = AuditCheckpoint.Sign(AuditCheckpointKind.Pruned, 1, chain[0].Hash, _at, stranger);

        Assert.Equal([(9, AuditFlaw.CheckpointForged)], Verify(chain, [forged]));
        Assert.Equal([(1, AuditFlaw.Removed), (1, AuditFlaw.CheckpointForged)], Verify([chain[1]], [pruned]).Order());
    }

    [Fact]
    public void A_checkpoint_that_was_kept_and_has_been_pruned_since_is_told_as_such()
    {
        var chain = Chain(5);
        var pruned = AuditCheckpoint.Sign(AuditCheckpointKind.Pruned, 3, chain[2].Hash, _at, _key);

        Assert.Empty(Verify(chain[3..], [pruned], [Signed(chain[3])]));
        Assert.Empty(Verify(chain[3..], [pruned], [Signed(chain[1]), Signed(chain[3])]));
        Assert.Equal([(2, AuditFlaw.KeptTooOld)], Verify(chain[3..], [pruned], [Signed(chain[1])]));
    }

    [Fact]
    public void A_number_that_may_still_come_is_not_missed_and_one_that_waits_is_none()
    {
        var chain = Chain(numbers: [1, 2, 4]);
        var late = new AuditVerifier([_key.Public], [], [], _at.AddSeconds(29));
        var waiting = new AuditVerifier([_key.Public], [], [("run", 3)], _at.AddHours(1));
        var missing = new AuditVerifier([_key.Public], [], [], _at.AddHours(1));
        foreach (var verifier in (AuditVerifier[])[late, waiting, missing])
        {
            foreach (var link in chain)
            {
                verifier.Take(link);
            }
        }

        Assert.Empty(late.End());
        Assert.Empty(waiting.End());
        Assert.Equal(AuditFlaw.NeverLinked, Assert.Single(missing.End()).Flaw);
    }

    [Fact]
    public void Each_finding_names_its_entry_in_words()
    {
        var chain = Chain(8);
        AuditLink[] changed =
        [
            chain[0] with { Flaw = "its key is not that of its project" }, chain[1] with { Text = chain[2].Text }, chain[2], chain[3],
            chain[7],
        ];
        using var stranger = new AuditKey(AuditKey.New());
        AuditCheckpoint[] checkpoints =
        [
            Signed(chain[3]), Signed(chain[7]) with { Signature = new byte[64] }, Signed(chain[7] with { Position = 10 }),
            AuditCheckpoint.Sign(AuditCheckpointKind.Pruned, 9, chain[0].Hash, _at, stranger),
        ];

        Assert.Equal(
            [
                (1, AuditFlaw.Changed, "entry 1 is not as it was written: its key is not that of its project"),
                (2, AuditFlaw.Changed, "entry 2 is not as it was written"),
                (5, AuditFlaw.Removed, "entries 5 to 7 are not there: they were removed"),
                (8, AuditFlaw.CheckpointForged,
                    "the checkpoint of entry 8 is not signed by the audit key: it was changed, or put there"),
                (9, AuditFlaw.CheckpointForged, "the pruning of entry 9 is not signed by the audit key: it was changed, or put there"),
                (9, AuditFlaw.Removed, "entries 9 to 10 are not there: they were removed"),
            ],
            Judge(changed, checkpoints));
    }

    [Fact]
    public void What_is_at_the_wrong_place_is_told_with_the_place()
    {
        var (chain, other) = (Chain(4), Chain(1));

        Assert.Equal(
            [
                (1, AuditFlaw.Order, "entry 1 does not follow the one before it: one of them was put there or moved"),
                (2, AuditFlaw.Order, "entry 2 does not follow the one before it: one of them was put there or moved"),
                (2, AuditFlaw.Order, "entry 2 stands behind entry 2"),
                (3, AuditFlaw.Twice, "entry 3 is there a second time"),
                (4, AuditFlaw.Removed, "entry 4 is not there: it was removed"),
            ],
            Judge(
                [AuditLink.Of(1, chain[3].Hash, chain[0].Text), chain[1], chain[1], AuditLink.Of(3, chain[1].Hash, chain[1].Text)],
                [Signed(other[0] with { Position = 4 })]));
    }

    [Fact]
    public void A_chain_that_was_written_anew_is_not_the_one_that_was_signed_or_kept()
    {
        var (chain, other) = (Chain(4), Chain(4));

        Assert.Equal(
            [
                (2, AuditFlaw.NotAsSigned,
                    "entry 2 is not the one that its checkpoint signs: the chain was written anew somewhere behind its beginning"),
                (3, AuditFlaw.NotAsKept,
                    "entry 3 is not the one of the checkpoint that was kept elsewhere: the chain was written anew"),
            ],
            Judge(chain, [Signed(other[1])], [Signed(other[2])]));
        Assert.Equal(
            [
                (4, AuditFlaw.NotAsSigned,
                    "entry 4 is not the one that its checkpoint signs: the chain was written anew somewhere behind entry 1"),
            ],
            Judge(chain, [Signed(chain[0]), Signed(other[3])], [Signed(chain[2])]));
    }

    [Theory]
    [InlineData(2, "entry 3 is not there: it was removed")]
    [InlineData(1, "entries 2 to 3 are not there: they were removed")]
    public void An_end_that_was_cut_off_is_missed_by_what_was_signed_or_kept_of_it(int left, string sentence)
    {
        var chain = Chain(3);
        (long, AuditFlaw, string)[] removed = [(left + 1, AuditFlaw.Removed, sentence)];

        Assert.Equal(removed, Judge(chain[..left], [Signed(chain[0]), Signed(chain[2])]));
        Assert.Equal(removed, Judge(chain[..left], [Signed(chain[0])], [Signed(chain[2])]));
    }

    [Fact]
    public void A_kept_checkpoint_by_another_key_is_named_and_one_that_was_pruned_since_is_told_once()
    {
        var chain = Chain(4);
        using var stranger = new AuditKey(AuditKey.New());
        var pruned = AuditCheckpoint.Sign(AuditCheckpointKind.Pruned, 2, chain[1].Hash, _at, _key);
        var forged = Signed(chain[1]) with { Signature = new byte[64] };
        const string Forged = "the checkpoint of entry 2 that was kept elsewhere is not signed by the audit key that is here: it is "
            + "another installation's, or the key was replaced";

        Assert.Empty(Judge(chain[2..], [pruned], [Signed(chain[1])]));
        Assert.Equal([(2, AuditFlaw.KeptForged, Forged)], Judge(chain[2..], [pruned], [forged]));
        Assert.Equal(
            [(2, AuditFlaw.KeptForged, Forged)],
            Judge(chain, [], [AuditCheckpoint.Sign(AuditCheckpointKind.Checkpoint, 2, chain[1].Hash, _at, stranger)]));
        Assert.Equal(
            [
                (1, AuditFlaw.KeptTooOld, "the checkpoint that was kept elsewhere is of entry 1, which was pruned since: nothing can be "
                    + "held to it. Keep a newer one"),
            ],
            Judge(chain[2..], [pruned], [Signed(chain[0])]));
    }

    [Fact]
    public void A_chain_goes_on_behind_the_last_pruning_while_the_server_takes_away_what_is_before()
    {
        var chain = Chain(5);
        AuditCheckpoint[] pruned =
        [
            AuditCheckpoint.Sign(AuditCheckpointKind.Pruned, 3, chain[2].Hash, _at, _key),
            AuditCheckpoint.Sign(AuditCheckpointKind.Pruned, 1, chain[0].Hash, _at, _key),
        ];
        var verifier = new AuditVerifier([_key.Public, _key.Public], [.. pruned, Signed(chain[4])], [], _at);

        foreach (var link in chain[1..])
        {
            verifier.Take(link);
        }

        Assert.Empty(verifier.End());
        Assert.Equal((3, 2, 5, 5L), (verifier.PrunedUpTo, verifier.Count, verifier.Last, verifier.LastSigned?.Position));
    }

    [Fact]
    public void A_checkpoint_that_the_chain_tells_of_and_that_is_not_there_was_removed()
    {
        var links = new List<AuditLink>(Chain(4));
        Add(Tells(2));
        // Pruned since, taken away with what was pruned, or made since the checkpoints were read: nobody misses it.
        Add(Tells(1));
        Add(Tells(3));
        Add(Tells(4), _at.AddSeconds(1));
        var pruned = AuditCheckpoint.Sign(AuditCheckpointKind.Pruned, 1, links[0].Hash, _at, _key);

        Assert.Equal(
            [(2, AuditFlaw.CheckpointRemoved, "the checkpoint of entry 2, of which entry 5 tells, is not there: it was removed")],
            Judge(links[1..], [pruned, Signed(links[2])], isSettled: true));

        void Add(AuditAct act, DateTimeOffset? at = null) => links.Add(AuditLink.Of(
            links.Count + 1, links[^1].Hash, AuditEntry.Of("run", links.Count + 1, at ?? _at, act).Text));

        AuditAct Tells(int position) => new(AuditKind.Audit, "server", "checkpoint") { Target = $"entry:{position}:ab" };
    }

    [Theory]
    [InlineData("1 3 4 7", "number 2", "numbers 5 to 6")]
    [InlineData("2 3", "number 1")]
    [InlineData("3 1 5", "number 2", "number 4")]
    [InlineData("2 3 1")]
    public void Numbers_of_a_server_run_that_are_missing_are_named(string numbers, params string[] missing)
    {
        var chain = Chain([.. numbers.Split(' ').Select(long.Parse)]);

        Assert.Equal(missing.Select(NeverLinked), Judge(chain, [], isSettled: true));
    }

    [Theory]
    [InlineData("5 4 7", "number 6")]
    [InlineData("4 5 6")]
    public void Where_the_beginning_was_pruned_numbers_count_from_the_first_that_is_there(string numbers, params string[] missing)
    {
        var chain = Chain([9, .. numbers.Split(' ').Select(long.Parse)]);
        var pruned = AuditCheckpoint.Sign(AuditCheckpointKind.Pruned, 1, chain[0].Hash, _at, _key);

        Assert.Equal(missing.Select(NeverLinked), Judge(chain[1..], [pruned], isSettled: true));
    }

    [Theory]
    [InlineData(4096, false)]
    [InlineData(4097, true)]
    public void Of_a_pruned_chain_a_number_from_before_the_first_comes_among_the_first_four_thousand_or_twice(int count, bool isTwice)
    {
        // From 11 on, without 12, and then 10.
        var chain = Chain([1, 11, .. Enumerable.Range(13, count - 1).Select(i => (long)i), 10]);
        var pruned = AuditCheckpoint.Sign(AuditCheckpointKind.Pruned, 1, chain[0].Hash, _at, _key);

        Assert.Equal(
            isTwice ? [NeverLinked("number 12"), (chain.Length, AuditFlaw.Twice, $"entry {chain.Length} is there a second time")]
                : [NeverLinked("number 12")],
            Judge(chain[1..], [pruned], isSettled: true));
    }

    [Fact]
    public void Of_a_whole_chain_the_first_number_may_come_however_late() =>
        Assert.Empty(Judge(Chain([.. Enumerable.Range(2, 4097).Select(i => (long)i), 1]), [], isSettled: true));

    private static (long, AuditFlaw, string) NeverLinked(string what) => (0, AuditFlaw.NeverLinked,
        $"what server run run wrote as {what} is not there: removed before it was linked or with the end of the chain, or the server was "
            + "killed while its store was away");

    private static AuditLink[] Chain(int count) => Chain([.. Enumerable.Range(1, count).Select(i => (long)i)]);

    private static AuditLink[] Chain(long[] numbers)
    {
        var links = new List<AuditLink>();
        foreach (var number in numbers)
        {
            var entry = AuditEntry.Of("run", number, _at, new AuditAct(AuditKind.Admin, "admin-key:ops", "createProject"));
            links.Add(AuditLink.Of(links.Count + 1, links.Count == 0 ? AuditLink.Genesis : links[^1].Hash, entry.Text));
        }
        return [.. links];
    }

    private static AuditCheckpoint Signed(AuditLink link) =>
        AuditCheckpoint.Sign(AuditCheckpointKind.Checkpoint, link.Position, link.Hash, _at, _key);

    private static (long, AuditFlaw)[] Verify(
        IEnumerable<AuditLink> links, IReadOnlyList<AuditCheckpoint> checkpoints, IReadOnlyList<AuditCheckpoint>? kept = null) =>
        [.. Judge(links, checkpoints, kept).Select(told => (told.Position, told.Flaw))];

    /// <param name="isSettled">Half a minute has passed since all entries, so that whatever was written is there.</param>
    private static (long Position, AuditFlaw Flaw, string Sentence)[] Judge(
        IEnumerable<AuditLink> links, IReadOnlyList<AuditCheckpoint> checkpoints, IReadOnlyList<AuditCheckpoint>? kept = null,
        bool isSettled = false)
    {
        var verifier = new AuditVerifier([_key.Public], checkpoints, [], isSettled ? _at.AddSeconds(30) : _at);
        verifier.HoldTo(kept ?? []);
        foreach (var link in links)
        {
            verifier.Take(link);
        }
        return [.. verifier.End().Select(problem => (problem.Position, problem.Flaw, problem.Sentence))];
    }
}
