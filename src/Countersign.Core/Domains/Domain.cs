using System.Security.Cryptography;
using System.Text;
using Countersign.Core.Keys;

namespace Countersign.Core.Domains;

/// <summary>A project as other projects know it: by ids that are for them, never by its own.</summary>
/// <param name="Name">Shown to the projects it is linked with, and to those it has asked.</param>
public sealed record Domain(ProjectId ProjectId, string Name, DomainIds Ids)
{
    /// <summary>Names the project to other projects.</summary>
    public Guid Pcid => Ids.Pcid;

    /// <summary>Names the project as the one that keeps an attribute of a person.</summary>
    public Guid IssuerId => Ids.IssuerId;

    public override string ToString() => Pcid.ToString();
}

/// <summary>The ids of a project for other projects. They are kept with the project and never change.</summary>
public sealed record DomainIds(Guid Pcid, Guid IssuerId)
{
    /// <summary>
    /// The ids of a new project. They are keyed, so that no caller can work out the ids of projects whose names it guesses and ask the
    /// server which of them exist.
    /// </summary>
    public static DomainIds Of(ProjectId projectId, SecretHasher hasher) =>
        new(IdOf("pcid", projectId, hasher), IdOf("issuer", projectId, hasher));

    /// <summary>
    /// The ids of a project from before ids were kept: made of its own id alone. What goes into the hash must not change.
    /// </summary>
    public static DomainIds OfEarlier(ProjectId projectId) => new(IdOf("pcid", projectId), IdOf("issuer", projectId));

    private static Guid IdOf(string purpose, ProjectId projectId, SecretHasher hasher) =>
        IdOf(hasher.Hash($"domain.{purpose}", new Secret(projectId.ToString())).ToBytes());

    private static Guid IdOf(string purpose, ProjectId projectId) =>
        IdOf(SHA256.HashData(Encoding.UTF8.GetBytes($"countersign.{purpose}\0{projectId}")));

    // RFC 9562, section 5.8: a UUID of version 8 is for ids of one's own making.
    private static Guid IdOf(ReadOnlySpan<byte> hash)
    {
        Span<byte> bytes = stackalloc byte[16];
        hash[..16].CopyTo(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
