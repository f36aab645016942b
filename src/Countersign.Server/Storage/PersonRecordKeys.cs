using System.Security.Cryptography;
using Countersign.Core;
using Countersign.Core.Identity.Records;

namespace Countersign.Server.Storage;

/// <summary>What stands in the columns of <c>person_records</c> instead of what it was made from. Half of each hash is enough to tell millions apart.</summary>
internal sealed class PersonRecordKeys(SecretHasher hasher)
{
    private const int Size = 16;

    public byte[] OfNumber(PhoneNumber number) => Hash("records.number", number.E164);

    /// <summary>A number in <c>verified_numbers</c>, which outlives its records and is keyed for itself.</summary>
    public byte[] OfVerified(PhoneNumber number) => VerifiedNumberStore.HashOf(hasher, number);

    /// <summary>Of one source two records of a number are the same when they have the same id, or neither has one and name and birth date are the same.</summary>
    public byte[] OfRecord(string source, PersonRecord record) => Hash(
        "records.record",
        record.RecordId is { } id
            ? $"{source}\0id\0{id}"
            : $"{source}\0name\0{record.Person.Name!.Given}\0{record.Person.Name.Family}\0{record.Person.BirthDate?.ToText()}");

    /// <summary>Keyed, since a record is guessed more easily than a key.</summary>
    public byte[] DigestOf(byte[] body) => Hash("records.digest", Convert.ToHexStringLower(SHA256.HashData(body)));

    private byte[] Hash(string purpose, string text) => hasher.Hash(purpose, new Secret(text)).ToBytes()[..Size];
}
