using System.Text;
using System.Text.Json;
using Countersign.Core;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Core.Keys;

namespace Countersign.Storage.Tests;

/// <summary>
/// Makes of the rows that a test wrote what the version before lines had keys would have written of them, under the numbers as they are in
/// the rows.
/// </summary>
internal sealed class FormerVersion(StoreFixture fixture)
{
    /// <param name="numbers">Of <c>verified_numbers</c> and <c>suppressions</c>, whose rows do not say them.</param>
    public async Task LeaveAsync(params PhoneNumber[] numbers)
    {
        await LeaveIdentitiesAsync();
        await LeaveRecordsAsync();
        foreach (var number in numbers)
        {
            var line = await fixture.Lines.ObtainAsync(number, default);
            foreach (var key in (await LineEverywhere.FindAsync(fixture.Database, fixture.Lines, number, null, default)).Keys)
            {
                await LeaveVerifiedAsync(number, key, "verified_numbers.number");
                await LeaveVerifiedAsync(number, key, "verified_numbers.left");
            }
            await LeaveSuppressionsAsync(number, line);
            await ExecuteAsync(new Statement(
                "UPDATE abuse_entries SET target_key = @plain WHERE target_key = @bound",
                ("@plain", Hash("pumping.abuse.Number", number.E164, 32)),
                ("@bound", Bound("pumping.abuse.Number", number, line))));
        }
        await fixture.Keys.Database.WriteAsync([new Statement("DELETE FROM line_keys")], default);
    }

    private async Task LeaveIdentitiesAsync()
    {
        var rows = await fixture.Database.ReadAsync(
            new Statement("SELECT id, number_hash, body FROM identities"),
            row => (Id: row.GetFieldValue<byte[]>(0), Hash: row.GetFieldValue<byte[]>(1), Body: row.GetFieldValue<byte[]>(2)), default);
        var lines = await fixture.Lines.OfAsync(rows.Select(row => row.Body), LineRows.None, default);
        foreach (var (id, hash, body) in rows.Where(row => Sealer.LineOf(row.Body) is not null))
        {
            var place = IdentityStore.PlaceOf(new Guid(id, bigEndian: true));
            var clear = fixture.Sealer.Open(body, place, lines);
            var number = JsonSerializer.Deserialize(clear, StoredJson.Default.IdentityBody)!.Number;
            await ExecuteAsync(new Statement(
                "UPDATE identities SET number_hash = @number_hash, body = @body, number_form = 1 WHERE id = @id",
                ("@number_hash", hash.AsSpan().SequenceEqual(id) ? id : Hash("identities.number", number.E164, 32)),
                ("@body", fixture.Sealer.Seal(clear, place)),
                ("@id", id)));
        }
    }

    private async Task LeaveRecordsAsync()
    {
        var rows = await fixture.Database.ReadAsync(
            new Statement("SELECT seq, number_hash, record_hash, source, body FROM person_records"),
            row => (Seq: row.GetInt64(0), Number: row.GetFieldValue<byte[]>(1), Record: row.GetFieldValue<byte[]>(2),
                Source: row.GetString(3), Body: row.GetFieldValue<byte[]>(4)),
            default);
        var lines = await fixture.Lines.OfAsync(rows.Select(row => row.Body), LineRows.None, default);
        foreach (var row in rows.Where(row => Sealer.LineOf(row.Body) is not null))
        {
            var clear = fixture.Sealer.Open(
                row.Body, PersonRecordKeys.PlaceOf(fixture.Hashes.Open(row.Number), fixture.Hashes.Open(row.Record)), lines);
            var body = JsonSerializer.Deserialize(clear, StoredJson.Default.RecordBody)!;
            var number = Hash("records.number", body.Number.E164, 16);
            var record = Hash(
                "records.record",
                body.RecordId is { } id
                    ? $"{row.Source}\0id\0{id}"
                    : $"{row.Source}\0name\0{body.Given}\0{body.Family}\0{body.BirthDate?.ToText()}",
                16);
            var digest = Hash(
                "records.digest", Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(clear)), 16);
            await ExecuteAsync(new Statement(
                """
                UPDATE person_records
                SET number_hash = @number_hash, record_hash = @record_hash, digest = @digest, body = @body, number_form = 1
                WHERE seq = @seq
                """,
                ("@number_hash", number),
                ("@record_hash", record),
                ("@digest", digest),
                ("@body", fixture.Sealer.Seal(clear, PersonRecordKeys.PlaceOf(fixture.Hashes.Open(number), fixture.Hashes.Open(record)))),
                ("@seq", row.Seq)));
        }
    }

    private Task LeaveVerifiedAsync(PhoneNumber number, LineKey line, string purpose) => ExecuteAsync(new Statement(
        "UPDATE verified_numbers SET number_hash = @plain, number_form = 0 WHERE number_hash = @bound",
        ("@plain", Hash(purpose, number.E164, 32)),
        ("@bound", Bound(purpose, number, line))));

    private async Task LeaveSuppressionsAsync(PhoneNumber number, LineKey line)
    {
        var (plain, bound) = (Hash("suppressions.number", number.E164, 32), Bound("suppressions.number", number, line));
        var senders = await fixture.Database.ReadAsync(
            new Statement("SELECT sender FROM suppressions WHERE number_hash = @bound", ("@bound", bound)), row => row.GetString(0),
            default);
        foreach (var sender in senders)
        {
            await ExecuteAsync(new Statement(
                "UPDATE suppressions SET number_hash = @plain, masked = @masked WHERE number_hash = @bound AND sender = @sender",
                ("@plain", plain),
                ("@masked", fixture.Sealer.Seal(
                    Encoding.UTF8.GetBytes(number.ToString()), SuppressionStore.PlaceOf(fixture.Hashes.Open(plain), sender))),
                ("@bound", bound),
                ("@sender", sender)));
        }
    }

    private byte[] Hash(string purpose, string text, int size) =>
        fixture.Hashes.Seal(fixture.Hasher.Hash(purpose, new Secret(text)).ToBytes()[..size]);

    private byte[] Bound(string purpose, PhoneNumber number, LineKey line) =>
        fixture.Hashes.Seal(line.Bind(fixture.Hasher.Hash(purpose, new Secret(number.E164)).ToBytes()));

    private async Task ExecuteAsync(Statement statement) => await fixture.Database.WriteAsync([statement], default);
}
