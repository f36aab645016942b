using System.Globalization;
using System.Security.Cryptography;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>Keeps the days' secrets in the pseudonyms' database, each encrypted, and nowhere else.</summary>
internal sealed class DayKeyStore(KeyDatabase keys, Sealer sealer, KeyRing ring, DayKeys days)
{
    // What was destroyed is still in memory while this is false.
    private bool _hasForgotten = true;

    /// <summary>
    /// Reads them all, and makes those that are missing of today and tomorrow. Of many who do so at once one makes each, and all have that
    /// one.
    /// </summary>
    /// <returns>Those that no key opens.</returns>
    public async Task<IReadOnlyList<Row>> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ReadOrMakeAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            days.Fail();
            throw;
        }
    }

    /// <summary>Takes away one that no key opens, unless somebody else has: the next reading makes another.</summary>
    public Task RemoveAsync(Row row, CancellationToken cancellationToken) => keys.Database.WriteAsync(
        [
            new Statement(
                "DELETE FROM day_keys WHERE kept_for = @kept_for AND day = @day AND secret = @secret",
                ("@kept_for", row.Name.KeptFor), ("@day", row.Name.Day), ("@secret", row.Secret)),
        ],
        cancellationToken);

    /// <summary>Destroys those of days of which nothing can be alive, and says how many.</summary>
    public async Task<int> DestroyAsync(CancellationToken cancellationToken)
    {
        var outcomes = await keys.Database.WriteAsync(
            [new Statement("DELETE FROM day_keys WHERE day + kept_for < @today", ("@today", ring.Day))], cancellationToken);
        if (outcomes[0].Changed > 0)
        {
            _hasForgotten = false;
            keys.Owe("day_keys");
        }
        if (!_hasForgotten)
        {
            await ReadAsync(cancellationToken);
            _hasForgotten = true;
        }
        return outcomes[0].Changed;
    }

    public static string PlaceOf(long keptFor, long day) =>
        string.Create(CultureInfo.InvariantCulture, $"day_keys.secret:{keptFor}:{day}");

    private async Task<IReadOnlyList<Row>> ReadOrMakeAsync(CancellationToken cancellationToken)
    {
        var rows = await ListAsync(cancellationToken);
        // Those in memory, too: a database that was lost and made anew must not part the nodes.
        var missing = DayKeys.Needed(ring.Day).Concat(days.All.Keys.Where(name => !name.IsOver(ring.Day)))
            .Except(rows.Select(row => row.Name)).ToList();
        if (missing.Count > 0)
        {
            await keys.Database.WriteAsync([.. missing.Select(Put)], cancellationToken);
            rows = await ListAsync(cancellationToken);
        }
        var (secrets, unreadable) = (new Dictionary<DayKeyName, byte[]>(), new List<Row>());
        foreach (var row in rows)
        {
            try
            {
                secrets.Add(row.Name, sealer.Open(row.Secret, PlaceOf(row.Name.KeptFor, row.Name.Day)));
            }
            catch (CryptographicException)
            {
                unreadable.Add(row);
            }
        }
        days.Put(secrets);
        return unreadable;
    }

    private Task<List<Row>> ListAsync(CancellationToken cancellationToken) => keys.Database.ReadAsync(
        new Statement("SELECT kept_for, day, secret FROM day_keys"),
        row => new Row(new DayKeyName((byte)row.GetInt64(0), (ushort)row.GetInt64(1)), row.GetFieldValue<byte[]>(2)),
        cancellationToken);

    private Statement Put(DayKeyName name) => new(
        "INSERT INTO day_keys (kept_for, day, secret) VALUES (@kept_for, @day, @secret) ON CONFLICT (kept_for, day) DO NOTHING",
        ("@kept_for", name.KeptFor),
        ("@day", name.Day),
        ("@secret", sealer.Seal(days.Peek(name) ?? RandomNumberGenerator.GetBytes(MasterKey.Size), PlaceOf(name.KeptFor, name.Day))));

    /// <param name="Secret">Encrypted.</param>
    internal sealed record Row(DayKeyName Name, byte[] Secret)
    {
        public override string ToString() => nameof(Row);
    }
}
