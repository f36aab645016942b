using System.Security.Cryptography;
using Countersign.Core;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>
/// What stands in the columns of <c>person_records</c> instead of what it was made from. Half of each hash is enough to tell millions
/// apart.
/// </summary>
internal sealed class PersonRecordKeys(SecretHasher hasher, INumberPlan plan)
{
    private const int Size = 16;

    public NumberHashes Numbers { get; } = new(hasher, plan, "records.number", Size);

    /// <summary>Numbers in <c>verified_numbers</c>, which outlive their records and are keyed for themselves.</summary>
    public NumberHashes Verified { get; } = VerifiedNumberStore.HashesOf(hasher, plan);

    /// <summary>Numbers that an identity has left, in the same table.</summary>
    public NumberHashes Left { get; } = IdentityStore.LeftHashesOf(hasher, plan);

    /// <summary>
    /// Of one source two records of a number are the same when they have the same id, or neither has one and name and birth date are the
    /// same.
    /// </summary>
    public byte[] OfRecord(SourceName source, PersonRecord record) => Hash(
        "records.record",
        record.RecordId is { } id
            ? $"{source}\0id\0{id}"
            : $"{source}\0name\0{record.Person.Name!.Given}\0{record.Person.Name.Family}\0{record.Person.BirthDate?.ToText()}");

    /// <summary>Keyed, since a record is guessed more easily than a key.</summary>
    public byte[] DigestOf(byte[] body) => Hash("records.digest", Convert.ToHexStringLower(SHA256.HashData(body)));

    private byte[] Hash(string purpose, string text) => hasher.Hash(purpose, new Secret(text)).ToBytes()[..Size];
}
