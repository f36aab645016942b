using System.Security.Cryptography;
using System.Text;
using Countersign.Core.Audit;
using Countersign.Core.Keys;

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
    public void The_hash_of_an_entry_is_the_documented_one()
    {
        var link = AuditLink.Of(258, AuditLink.Genesis, "{}"u8.ToArray());

        byte[] hashed =
        [
            .. Encoding.ASCII.GetBytes("countersign audit entry 1\n"), 0, 0, 0, 0, 0, 0, 1, 2, .. new byte[32], .. "{}"u8,
        ];
        Assert.Equal(SHA256.HashData(hashed), link.Hash);
    }

    [Fact]
    public void An_entry_reads_as_it_was_written_and_opens_for_its_person_alone()
    {
        var hasher = new SecretHasher(new byte[32]);
        var act = new AuditAct(AuditKind.Disclosure, "client:ä", "disclose")
        {
            From = "2001:db8::1", Project = "shop", Target = "flow:1", Subject = AuditSubject.Of(hasher, "proveId", "1"),
            Asked = [new AuditValue("type", "prefill")], Changes = [new AuditChange("name", null, "new")], Status = 200,
        };
        var entry = AuditEntry.Of("run", 7, _at, act);
        var other = AuditEntry.Of("run", 7, _at, act);

        var read = AuditEntry.Parse(entry.Text, entry.Opening)!;

        Assert.Equal((entry.Writer, entry.Number, entry.At), (read.Writer, read.Number, read.At));
        Assert.Equal(act with { Asked = [], Changes = [] }, read.Act with { Asked = [], Changes = [] });
        Assert.Equal(act.Asked, read.Act.Asked);
        Assert.Equal(act.Changes, read.Act.Changes);
        Assert.True(read.IsOpenedBy(entry.Opening));
        Assert.True(read.IsOpenedBy(null));
        // The same act of the same person: nobody can tell.
        Assert.False(read.IsOpenedBy(other.Opening));
        Assert.NotEqual(entry.Text, other.Text);
        Assert.Equal(entry.Abandoned().Text, read.Abandoned().Text);
        Assert.Null(AuditEntry.Parse("{}"u8.ToArray(), null));
        Assert.Null(AuditEntry.Parse("no"u8.ToArray(), null));
    }

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
        IEnumerable<AuditLink> links, IReadOnlyList<AuditCheckpoint> checkpoints, IReadOnlyList<AuditCheckpoint>? kept = null)
    {
        var verifier = new AuditVerifier([_key.Public], checkpoints, [], _at);
        verifier.HoldTo(kept ?? []);
        foreach (var link in links)
        {
            verifier.Take(link);
        }
        return [.. verifier.End().Select(problem => (problem.Position, problem.Flaw))];
    }
}
