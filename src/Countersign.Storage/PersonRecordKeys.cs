using System.Security.Cryptography;
using Countersign.Core;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>
/// What stands in the columns of <c>person_records</c> instead of what it was made from. Half of each hash is enough to tell millions
/// apart.
/// </summary>
internal sealed class PersonRecordKeys(SecretHasher hasher, HashSealer hashes, INumberPlan plan)
{
    private const int Size = 16;

    public NumberHashes Numbers { get; } = new(hasher, hashes, plan, "records.number", Size);

    /// <summary>Numbers in <c>verified_numbers</c>, which outlive their records and are keyed for themselves.</summary>
    public NumberHashes Verified { get; } = VerifiedNumberStore.HashesOf(hasher, hashes, plan);

    /// <summary>Numbers that an identity has left, in the same table.</summary>
    public NumberHashes Left { get; } = IdentityStore.LeftHashesOf(hasher, hashes, plan);

    /// <summary>
    /// Of one source two records of a number are the same when they have the same id, or neither has one and name and birth date are the
    /// same.
    /// </summary>
    /// <param name="line">The key of the number's line: a name is guessed more easily than a number.</param>
    public byte[] OfRecord(SourceName source, PersonRecord record, LineKey line) => hashes.Seal(line.Bind(Hash(
        "records.record",
        record.RecordId is { } id
            ? $"{source}\0id\0{id}"
            : $"{source}\0name\0{record.Person.Name!.Given}\0{record.Person.Name.Family}\0{record.Person.BirthDate?.ToText()}")));

    /// <summary>Of a row from before lines had keys what it has from now on.</summary>
    /// <param name="recordHash">As it stands in the row.</param>
    public byte[] Bind(byte[] recordHash, LineKey line) => hashes.Seal(line.Bind(Open(recordHash)));

    /// <summary>Keyed, since a record is guessed more easily than a key.</summary>
    public byte[] DigestOf(byte[] body, LineKey line) =>
        hashes.Seal(line.Bind(Hash("records.digest", Convert.ToHexStringLower(SHA256.HashData(body)))));

    /// <summary>The hash that a row has in any of its columns, whatever key it is under.</summary>
    public byte[] Open(byte[] stored) => hashes.Open(stored);

    /// <summary>The place that a row's body is sealed for. The stage is no part of it: rows move.</summary>
    /// <param name="numberHash">As it stands in the row.</param>
    /// <param name="recordHash">As it stands in the row.</param>
    public string PlaceIn(byte[] numberHash, byte[] recordHash) => PlaceOf(Open(numberHash), Open(recordHash));

    /// <summary>As <see cref="PlaceIn"/>, by the hashes as they are under no key.</summary>
    public static string PlaceOf(byte[] numberHash, byte[] recordHash) =>
        $"person_records.body:{Convert.ToHexStringLower(numberHash)}:{Convert.ToHexStringLower(recordHash)}";

    /// <summary>What rows are sealed under in the columns of hashes.</summary>
    public HashSealer Hashes => hashes;

    private byte[] Hash(string purpose, string text) => hasher.Hash(purpose, new Secret(text)).ToBytes()[..Size];
}
