using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Core.Audit;
using Countersign.Core.Keys;

namespace Countersign.Core.Tests.Audit;

/// <summary>The format of docs/audit.md: whoever verifies with a program of their own counts on each byte.</summary>
public sealed class AuditFormatTests
{
    private static readonly DateTimeOffset _at = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly SecretHasher _hasher = new(new byte[32]);

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
        var act = new AuditAct(AuditKind.Disclosure, "client:ä", "disclose")
        {
            From = "2001:db8::1", Project = "shop", Target = "flow:1", Subject = AuditSubject.Of(_hasher, "proveId", "1"),
            Asked = [new AuditValue("type", "prefill")],
            Changes = [new AuditChange("name", null, "new"), new AuditChange("url", "old", null)], Status = 200,
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
    }

    [Fact]
    public void An_entry_is_written_as_documented()
    {
        var subject = AuditSubject.OfNumber(_hasher, PhoneNumber.Parse("+12025550142"));
        var act = new AuditAct(AuditKind.Disclosure, "client:shop-1", "disclose")
        {
            From = "192.0.2.1", Project = "shop", Target = "flow:1", Subject = subject,
            Asked = [new AuditValue("type", "prefill"), new AuditValue("scope", "all")],
            Changes = [new AuditChange("name", "old", "new"), new AuditChange("url", null, null)],
            Outcome = AuditOutcome.Refused, Status = 403,
        };

        var entry = AuditEntry.Of("0123456789abcdef", 7, _at.AddTicks(78_912_345), act);

        var salt = (string)JsonNode.Parse(entry.Text)!["salt"]!;
        var commitment = Convert.ToHexStringLower(
            SHA256.HashData([.. "countersign audit subject 1\n"u8, .. entry.Opening!.AsSpan(0, 16), .. subject.Hash.ToBytes()]));
        Assert.Equal(
            $$"""
            {"v":1,"at":"2026-01-02T03:04:12.891Z","kind":"disclosure","actor":"client:shop-1","act":"disclose","from":"192.0.2.1",
            "project":"shop","target":"flow:1","subject":"{{commitment}}",
            "asked":[{"name":"type","value":"prefill"},{"name":"scope","value":"all"}],
            "changes":[{"name":"name","before":"old","after":"new"},{"name":"url"}],"outcome":"refused","status":403,
            "writer":"0123456789abcdef","number":7,"salt":"{{salt}}"}
            """.ReplaceLineEndings(""),
            Encoding.UTF8.GetString(entry.Text));
        Assert.Equal(16, Convert.FromBase64String(salt).Length);
        Assert.Equal([.. subject.Hash.ToBytes()], entry.Opening![16..]);
    }

    [Fact]
    public void What_there_is_nothing_of_is_not_in_an_entry()
    {
        var entry = AuditEntry.Of("run", 1, _at, new AuditAct(AuditKind.Admin, "admin-key:ops", "listProjects"));

        Assert.Equal(
            ["v", "at", "kind", "actor", "act", "outcome", "writer", "number", "salt"],
            JsonNode.Parse(entry.Text)!.AsObject().Select(member => member.Key));
        Assert.Null(entry.Opening);
    }

    [Fact]
    public void A_checkpoint_is_signed_as_documented_and_reads_as_it_was_written()
    {
        using var key = new AuditKey(AuditKey.New());
        var hash = SHA256.HashData([1]);

        var made = AuditCheckpoint.Sign(AuditCheckpointKind.Pruned, 258, hash, _at.AddTicks(78_912_345), key);

        Assert.Equal(
            $$"""
            {"v":1,"kind":"pruned","position":258,"hash":"{{Convert.ToHexStringLower(hash)}}","at":"2026-01-02T03:04:12.891Z",
            "key":"{{key.Id}}"}
            """.ReplaceLineEndings(""),
            Encoding.UTF8.GetString(made.Text));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(key.Public.Bytes))[..32], key.Id);
        using var known = ECDsa.Create();
        known.ImportSubjectPublicKeyInfo(key.Public.Bytes, out _);
        Assert.True(known.VerifyData(
            (byte[])[.. "countersign audit checkpoint 1\n"u8, .. made.Text], made.Signature, HashAlgorithmName.SHA256));
        var read = AuditCheckpoint.Parse(made.Text, made.Signature)!;
        Assert.Equal(
            (made.Kind, made.Position, made.At, made.Key, Convert.ToHexStringLower(made.Hash)),
            (read.Kind, read.Position, read.At, read.Key, Convert.ToHexStringLower(read.Hash)));
        Assert.True(read.IsSignedBy(key.Public));
    }

    [Fact]
    public void A_checkpoint_that_was_changed_or_is_by_another_key_is_not_signed()
    {
        using var key = new AuditKey(AuditKey.New());
        using var other = new AuditKey(AuditKey.New());
        var made = AuditCheckpoint.Sign(AuditCheckpointKind.Checkpoint, 1, new byte[32], _at, key);

        Assert.False(made.IsSignedBy(other.Public));
        Assert.False((made with { Key = other.Id }).IsSignedBy(key.Public));
        Assert.False((made with { Text = [.. made.Text, (byte)' '] }).IsSignedBy(key.Public));
        Assert.False(new AuditPublicKey([1, 2, 3]).Verifies(made.Text, made.Signature));
    }

    [Theory]
    [InlineData("no")]
    [InlineData("{}")]
    [InlineData("""{"kind":"other","position":1,"hash":"ab","at":"2026-01-02T03:04:05Z","key":"k"}""")]
    [InlineData("""{"kind":"pruned","position":"1","hash":"ab","at":"2026-01-02T03:04:05Z","key":"k"}""")]
    [InlineData("""{"kind":"pruned","position":1,"hash":"xy","at":"2026-01-02T03:04:05Z","key":"k"}""")]
    public void What_is_no_checkpoint_is_not_read_as_one(string text) =>
        Assert.Null(AuditCheckpoint.Parse(Encoding.UTF8.GetBytes(text), []));

    [Theory]
    [InlineData("no")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"kind":"other"}""")]
    [InlineData("""{"kind":"admin","outcome":"done","writer":"run"}""")]
    [InlineData("""{"kind":"admin","outcome":"done","writer":"run","number":1,"at":"yesterday"}""")]
    public void What_is_no_entry_is_not_read_as_one(string text) => Assert.Null(AuditEntry.Parse(Encoding.UTF8.GetBytes(text), null));

    [Fact]
    public void A_person_is_known_by_what_they_were_named_by_and_its_kind()
    {
        var number = PhoneNumber.Parse("+12025550142");
        var subject = AuditSubject.OfNumber(_hasher, number);

        Assert.Equal(new AuditSubject(_hasher.Hash("audit.subject.number", new Secret("+12025550142"))), subject);
        Assert.Equal(AuditSubject.Of(_hasher, "number", "+12025550142"), subject);
        Assert.Equal(number, subject.Number);
        Assert.NotEqual(AuditSubject.Of(_hasher, "proveId", "+12025550142"), subject);
        Assert.Equal(subject.Hash.Hex[..12], subject.Pseudonym);
        Assert.False(subject.Equals(null));
    }
}
