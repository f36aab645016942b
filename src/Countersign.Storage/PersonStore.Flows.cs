using System.Security.Cryptography;
using System.Text;
using Countersign.Core;
using Countersign.Core.Erasure;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>What is found by the ids of flows, and by projects.</summary>
internal sealed partial class PersonStore
{
    // An answer is remembered with the moment at which its call came in: before its flow began, and by no more than a source may take.
    private static readonly TimeSpan _callTakes = TimeSpan.FromMinutes(1);

    private static readonly byte[] _idInAnswer = "\"correlationId\":\""u8.ToArray();

    public async Task<IReadOnlyList<CorrelationId>> ListAnsweredAsync(
        IReadOnlyCollection<CorrelationId> ids, CancellationToken cancellationToken) =>
        [.. (await FindAnswersAsync(ids, cancellationToken)).Select(answer => answer.Id).Distinct()];

    /// <summary>One transaction for each: nothing that is found by the id alone is left behind when the flow is gone.</summary>
    public async Task<ErasedCounts> EraseFlowsAsync(IReadOnlyCollection<CorrelationId> ids, CancellationToken cancellationToken)
    {
        var counts = new ErasedCounts();
        var answers = (await FindAnswersAsync(ids, cancellationToken)).ToLookup(answer => answer.Id, answer => answer.Key);
        foreach (var id in ids)
        {
            (string, SqlValue) value = ("@id", id.ToBytes());
            counts.Add(await WriteAsync(
                [
                    // First: whoever makes it an outcome at this moment is waited for.
                    (DataClass.Flows, new Statement("DELETE FROM flows WHERE id = @id", value)),
                    (DataClass.Outcomes, TellingForm("DELETE FROM outcomes WHERE id = @id", "body", value)),
                    (DataClass.Receipts, TellingForm("DELETE FROM receipts WHERE flow_id = @id", "receipt", value)),
                    (DataClass.Texts, new Statement("DELETE FROM texts WHERE flow_id = @id", value)),
                    // While its events tell which they are; those that wait first, since they become events.
                    (DataClass.Events, new Statement("DELETE FROM event_outbox WHERE flow_id = @id", value)),
                    (DataClass.Events, new Statement(
                        "DELETE FROM webhook_deliveries WHERE position IN (SELECT position FROM events WHERE flow_id = @id)", value)),
                    (null, new Statement(
                        """
                        INSERT INTO erased_events (id, project_id, position, happened_at)
                        SELECT id, project_id, position, happened_at FROM events WHERE flow_id = @id
                        ON CONFLICT (id) DO NOTHING
                        """,
                        value)),
                    (DataClass.Events, new Statement("DELETE FROM events WHERE flow_id = @id", value)),
                    .. answers[id].Select(key => ((DataClass?)DataClass.Answers, new Statement(
                        "DELETE FROM idempotency WHERE key_hash = @key_hash", ("@key_hash", key)))),
                ],
                cancellationToken));
        }
        return counts;
    }

    public async Task<ErasedCounts> EraseProjectAsync(ProjectId project, CancellationToken cancellationToken)
    {
        var counts = new ErasedCounts();
        foreach (var (of, isBare, piece) in ProjectPieces(project))
        {
            int some;
            do
            {
                some = Math.Max(0, (await database.WriteAsync([piece], cancellationToken))[0].Changed);
                if (isBare)
                {
                    counts.AddBare(of, some);
                }
                else
                {
                    counts.Add(of, some);
                }
            }
            while (some == ProjectStore.MaxInPiece);
        }
        return counts;
    }

    /// <summary>Removes one row and tells whether it was under its project's key, as <c>number_form</c> does.</summary>
    private static Statement TellingForm(string delete, string sealedColumn, (string, SqlValue) id) =>
        new("", id, ("@format", (byte[])[Sealer.LineFormat]))
        {
            Sql = $"{delete} RETURNING CAST(CASE WHEN substr({sealedColumn}, 1, 1) = @format THEN 2 ELSE 1 END AS bigint)",
            ReturnsRow = true,
        };

    /// <summary>Of each class, and whether it is of rows from before projects had keys, which go first.</summary>
    private static (DataClass Class, bool IsBare, Statement Sql)[] ProjectPieces(ProjectId project) =>
    [
        (DataClass.Devices, false, ProjectStore.Piece(
            """
            DELETE FROM passkeys WHERE credential_id IN (SELECT credential_id FROM passkeys WHERE project_id = @project_id LIMIT @limit)
            """,
            project)),
        (DataClass.Devices, false, ProjectStore.Piece(
            "DELETE FROM devices WHERE id IN (SELECT id FROM devices WHERE project_id = @project_id LIMIT @limit)", project)),
        (DataClass.Identities, false, ProjectStore.Piece(
            "DELETE FROM identity_aliases WHERE id IN (SELECT id FROM identity_aliases WHERE project_id = @project_id LIMIT @limit)",
            project)),
        (DataClass.Identities, true, ProjectStore.Piece(
            """
            DELETE FROM identities
            WHERE id IN (SELECT id FROM identities WHERE project_id = @project_id AND number_form < 3 LIMIT @limit)
            """,
            project)),
        (DataClass.Identities, false, ProjectStore.Piece(
            "DELETE FROM identities WHERE id IN (SELECT id FROM identities WHERE project_id = @project_id LIMIT @limit)", project)),
        (DataClass.Verified, true, ProjectStore.Piece(
            """
            DELETE FROM verified_numbers WHERE project_id = @project_id AND number_hash IN (
                SELECT number_hash FROM verified_numbers WHERE project_id = @project_id AND number_form < 3 LIMIT @limit)
            """,
            project)),
        (DataClass.Verified, false, ProjectStore.Piece(
            """
            DELETE FROM verified_numbers WHERE project_id = @project_id AND number_hash IN (
                SELECT number_hash FROM verified_numbers WHERE project_id = @project_id LIMIT @limit)
            """,
            project)),
        (DataClass.Audit, true, ProjectStore.Piece(
            $"""
            UPDATE audit_entries SET subject = NULL, subject_hash = NULL WHERE position IN (
                SELECT position FROM audit_entries
                WHERE project_id = @project_id AND subject_hash IS NOT NULL AND happened_at {BareRows.BeforeProjects}
                ORDER BY position LIMIT @limit)
            """,
            project)),
        (DataClass.Audit, false, ProjectStore.Piece(
            """
            UPDATE audit_entries SET subject = NULL, subject_hash = NULL WHERE position IN (
                SELECT position FROM audit_entries
                WHERE project_id = @project_id AND subject_hash IS NOT NULL ORDER BY position LIMIT @limit)
            """,
            project)),
    ];

    /// <summary>
    /// A remembered answer names its flows in what is sealed alone. It was written when they began, and is looked for there: a moment is
    /// indexed, and few answers are of any one.
    /// </summary>
    private async Task<IReadOnlyList<(CorrelationId Id, byte[] Key)>> FindAnswersAsync(
        IReadOnlyCollection<CorrelationId> ids, CancellationToken cancellationToken)
    {
        var found = new List<(CorrelationId, byte[])>();
        var wanted = ids.ToHashSet();
        foreach (var (from, to) in MomentsOf(ids))
        {
            foreach (var (key, answer) in await ReadAnswersAsync(from, to, cancellationToken))
            {
                found.AddRange(IdsIn(answer).Where(wanted.Contains).Select(id => (id, key)));
            }
        }
        return found;
    }

    private async Task<IReadOnlyList<(byte[] Key, byte[] Answer)>> ReadAnswersAsync(
        long from, long to, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            new Statement(
                """
                SELECT key_hash, answer FROM idempotency WHERE created_at >= @from AND created_at <= @to AND answer IS NOT NULL
                """,
                ("@from", from), ("@to", to))
            {
                TakesLong = true,
            },
            row =>
            {
                var key = row.GetFieldValue<byte[]>(0);
                return (key, Open(key, row.GetFieldValue<byte[]>(1)));
            },
            cancellationToken);

    /// <summary>Nothing for an answer that cannot be read: it cannot be repeated either.</summary>
    private byte[] Open(byte[] key, byte[] answer)
    {
        try
        {
            return sealer.Open(answer, SealedAnswer.PlaceOf(new SecretHash(Convert.ToHexStringLower(hashes.Open(key)))));
        }
        catch (CryptographicException)
        {
            return [];
        }
    }

    /// <summary>In which moments the calls came that these ids are of, in Unix milliseconds, each moment once.</summary>
    private static List<(long From, long To)> MomentsOf(IEnumerable<CorrelationId> ids)
    {
        var moments = new List<(long From, long To)>();
        foreach (var begun in ids.Select(TimeOrderedId.MomentOf).Order())
        {
            var (from, to) = (begun - (long)_callTakes.TotalMilliseconds, begun + (long)_callTakes.TotalMilliseconds);
            if (moments.Count > 0 && moments[^1].To >= from)
            {
                moments[^1] = (moments[^1].From, to);
            }
            else
            {
                moments.Add((from, to));
            }
        }
        return moments;
    }

    private static IEnumerable<CorrelationId> IdsIn(byte[] answer)
    {
        for (var at = 0; answer.AsSpan(at).IndexOf(_idInAnswer) is >= 0 and var next;)
        {
            at += next + _idInAnswer.Length;
            var length = Math.Min(36, answer.Length - at);
            if (CorrelationId.TryParse(Encoding.UTF8.GetString(answer, at, length), out var id))
            {
                yield return id;
            }
        }
    }
}
