using System.Security.Cryptography;
using System.Text;
using Countersign.Core;
using Countersign.Core.Administration;
using Countersign.Core.Audit;
using Countersign.Core.Flows;
using Countersign.Core.Keys;
using Countersign.Core.Limits;
using Countersign.Core.Pumping;
using Countersign.Server.Tests.Fixtures;
using Countersign.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Whole;

/// <summary>
/// Whoever takes a copy of everything and has every key of the server: the encryption keys, the hash key, and what the database of the
/// lines' and days' secrets holds on some later day. They look for one number, as who tries all numbers comes to it, too.
/// </summary>
internal sealed class Thief
{
    private readonly HashSealer _hashes;
    private readonly Sealer _sealer;
    private readonly SecretHasher _hasher;
    private readonly INumberPlan _plan;
    private readonly LineKeyStore _lines;

    private Thief(IServiceProvider services, KeyRing ring, DayKeys days)
    {
        (_hashes, _sealer, _hasher) = (new HashSealer(ring, days), new Sealer(ring, days: days), new SecretHasher(ring.Keys.HashKey));
        _plan = services.GetRequiredService<INumberPlan>();
        _lines = new LineKeyStore(services.GetRequiredService<KeyDatabase>(), _sealer, _hasher, _hashes, _plan);
    }

    /// <param name="daysLater">What goes by time is gone by then, as if a server had run on.</param>
    public static async Task<Thief> ComeAsync(TestServer server, int daysLater, CancellationToken token)
    {
        var ring = server.Services.GetRequiredService<KeyRing>();
        using var opener = new Sealer(ring);
        var rows = await server.Services.GetRequiredService<KeyDatabase>().Database.ReadAsync(
            new Statement("SELECT kept_for, day, secret FROM day_keys"),
            row => (Name: new DayKeyName((byte)row.GetInt64(0), (ushort)row.GetInt64(1)), Secret: row.GetFieldValue<byte[]>(2)), token);
        var days = new DayKeys(ring);
        days.Put(rows.Where(row => !row.Name.IsOver((ushort)(ring.Day + daysLater))).ToDictionary(
            row => row.Name, row => opener.Open(row.Secret, DayKeyStore.PlaceOf(row.Name.KeptFor, row.Name.Day))));
        return new Thief(server.Services, ring, days);
    }

    /// <summary>All rows; on SQLite the file, its log and a backup, too.</summary>
    /// <param name="files">On PostgreSQL what its files hold; null for rows alone.</param>
    public static async Task<Loot> TakeAsync(TestServer server, CancellationToken token, PostgresFiles? files = null)
    {
        var (database, rows, bytes) = (server.Services.GetRequiredService<IDatabase>(), new List<LootRow>(), new MemoryStream());
        foreach (var table in Inventory.Tables.Select(table => table.Name).Except(Inventory.OfKeys, StringComparer.Ordinal))
        {
            rows.AddRange(await database.ReadAsync(
                new Statement("") { Sql = $"SELECT * FROM {table}" },
                row => new LootRow(table, Enumerable.Range(0, row.FieldCount).ToDictionary(
                    row.GetName, i => row.IsDBNull(i) ? null : row.GetValue(i) is int number ? (long)number : row.GetValue(i),
                    StringComparer.Ordinal)),
                token));
        }
        foreach (var value in rows.SelectMany(row => row.Values.Values))
        {
            bytes.Write(value as byte[] ?? Encoding.UTF8.GetBytes($"{value}"));
        }
        await using var backup = await server.Services.GetRequiredService<IStoreBackups>().TakeAsync(token);
        if (backup is not null)
        {
            await backup.Content.CopyToAsync(bytes, token);
            var file = new SqliteConnectionStringBuilder(server.Store).DataSource;
            foreach (var one in (string[])[file, file + "-wal"])
            {
                await using var stream = new FileStream(one, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                await stream.CopyToAsync(bytes, token);
            }
        }
        if (files is not null)
        {
            bytes.Write(await files.ReadAsync(token));
        }
        foreach (var line in server.Logs.All)
        {
            bytes.Write(Encoding.UTF8.GetBytes($"{line.Text}\n"));
        }
        return new Loot(rows, bytes.ToArray());
    }

    /// <summary>The tables in which the line is found: by a hash, or by a text that opens and has one of the marks in it.</summary>
    public async Task<IReadOnlyList<string>> FindAsync(Loot loot, PhoneNumber line, IReadOnlyList<string> marks, CancellationToken token)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        var projects = loot.Rows.Where(row => row.Table is "identities" or "verified_numbers")
            .Select(row => (KeyOwner)ProjectId.Parse((string)row.Values["project_id"]!)).Distinct().ToList();
        var keys = (await LineEverywhere.OfAsync(_lines, line, projects, former: null, token)).Keys
            .Concat(await _lines.OfProjectsAsync(projects, token)).ToList();
        List<(string Table, byte[] Hash)> hashes = [.. HashesOf(line), .. marks.SelectMany(HashesOf)];
        // A hash may stand in what is sealed, too.
        List<byte[]> inSealed = [.. marks.Select(Encoding.UTF8.GetBytes), .. hashes.Select(one => one.Hash)];
        foreach (var (table, hash) in hashes)
        {
            // As it is, under an encryption key, of the line, of its day.
            byte[][] bound = [hash, .. keys.Select(one => one.Bind(hash))];
            var stored = bound.SelectMany(_hashes.AllOf).Concat(bound).Concat(bound.Select(one => OfDay(table, one)).OfType<byte[]>());
            if (stored.Any(one => loot.Bytes.AsSpan().IndexOf(one) >= 0) || loot.Rows.Any(row => row.Table == table
                && row.Values.Values.OfType<byte[]>().Any(value => IsOneOf(bound, value))))
            {
                found.Add(table);
            }
        }
        foreach (var table in SealedTables.All(_hashes).Where(one => !one.IsOfKeys))
        {
            foreach (var row in loot.Rows.Where(row => row.Table == table.Name))
            {
                if (await CanReadAsync(table, row, inSealed, token))
                {
                    found.Add(table.Name);
                }
            }
        }
        if (marks.Any(mark => loot.Bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(mark)) >= 0))
        {
            found.Add("in clear");
        }
        return [.. found];
    }

    private async Task<bool> CanReadAsync(SealedTable table, LootRow row, IReadOnlyList<byte[]> marks, CancellationToken token)
    {
        object?[] values = [.. table.Columns.Select(column => row.Values[column])];
        foreach (var column in table.Sealed.Where(one => one.Binds is null))
        {
            if (row.Values[column.Name] is not byte[] value || !column.IsSealed(value))
            {
                continue;
            }
            try
            {
                var known = await _lines.OfAsync([value], LineRows.None, token);
                var clear = Sealer.LineOf(value) is null
                    ? _sealer.Open(value, column.PlaceOf(values), column.VersionOf(values))
                    : _sealer.Open(value, column.PlaceOf(values), known);
                if (table.Name == "outcomes")
                {
                    // It is compressed. Under a project's key the line's pseudonym comes first.
                    var packed = clear.AsSpan(Sealer.LineOf(value) is null ? 0 : 16);
                    clear = Encoding.UTF8.GetBytes($"{PackedJson.Unpack(packed, StoredJson.Default.Outcome).ClientRequestId}");
                }
                if (table.Name == "receipts")
                {
                    clear = Encoding.UTF8.GetBytes(Base64Url.Read(Encoding.UTF8.GetString(clear).Split('.')[1]).ToJsonString());
                }
                if (marks.Any(mark => clear.AsSpan().IndexOf(mark) >= 0))
                {
                    return true;
                }
            }
            catch (CryptographicException)
            {
                // They cannot read it.
            }
        }
        return false;
    }

    /// <summary>Each keyed hash by which a row is found by its number.</summary>
    private IEnumerable<(string Table, byte[] Hash)> HashesOf(PhoneNumber line)
    {
        var (counters, pumping, form) = (new CounterKeys(_hasher), new PumpingKeys(_hasher, _plan), _plan.FormOf(line));
        return
        [
            ("flows", FlowRow.HashOf(new FlowSearch.ByNumber(line), _hasher)),
            ("texts", TextRow.HashOf(line, _hasher)),
            ("counters", counters.OfGuesses(line).Hash.ToBytes()),
            ("counters", counters.OfNames(line).Hash.ToBytes()),
            ("counters", counters.OfTexts(line).Hash.ToBytes()),
            ("identities", HashOf("identities.number", 32)),
            ("person_records", HashOf("records.number", 16)),
            ("verified_numbers", HashOf("verified_numbers.number", 32)),
            ("verified_numbers", HashOf("verified_numbers.left", 32)),
            ("suppressions", HashOf("suppressions.number", 32)),
            ("abuse_entries", pumping.Abuse(AbuseTarget.Number, line.E164).Hash.ToBytes()),
            ("audit_entries", AuditSubject.OfNumber(_hasher, line).Hash.ToBytes()),
            ("outcomes", HashOf("lines.number", 32)),
            ("outcomes", HashOf("line_keys.number", 32)),
        ];

        byte[] HashOf(string purpose, int size) => _hasher.Hash(purpose, new Secret(form.E164)).ToBytes()[..size];
    }

    /// <summary>The same of what a relying party calls the person or a flow.</summary>
    private IEnumerable<(string Table, byte[] Hash)> HashesOf(string mark) =>
    [
        ("outcomes", FlowRow.HashOf(new FlowSearch.ByClientCustomer(mark), _hasher)),
        ("outcomes", FlowRow.HashOf(new FlowSearch.ByClientRequest(mark), _hasher)),
        ("audit_entries", AuditSubject.Of(_hasher, "clientCustomerId", mark).Hash.ToBytes()),
        ("audit_entries", AuditSubject.Of(_hasher, "clientRequestId", mark).Hash.ToBytes()),
    ];

    private byte[]? OfDay(string table, byte[] hash)
    {
        try
        {
            return _hashes.Seal(table, hash);
        }
        catch (UnavailableException)
        {
            return null;
        }
    }

    private bool IsOneOf(byte[][] hashes, byte[] stored)
    {
        try
        {
            var opened = _hashes.Open(stored);
            return hashes.Any(hash => hash.AsSpan().SequenceEqual(opened));
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}

/// <summary>A copy of everything but the keys.</summary>
internal sealed record Loot(IReadOnlyList<LootRow> Rows, byte[] Bytes)
{
    public override string ToString() => "***";
}

internal sealed record LootRow(string Table, IReadOnlyDictionary<string, object?> Values)
{
    public override string ToString() => "***";
}
