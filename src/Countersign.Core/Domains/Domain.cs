using System.Security.Cryptography;
using System.Text;

namespace Countersign.Core.Domains;

/// <summary>A project as other projects know it: by ids that are for them, never by its own.</summary>
/// <param name="Name">Shown to the projects it is linked with, or that one of the two has asked.</param>
public sealed record Domain(string ProjectId, string Name)
{
    /// <summary>Names the project to other projects.</summary>
    public Guid Pcid => IdOf("pcid", ProjectId);

    /// <summary>Names the project as the one that keeps an attribute of a person.</summary>
    public Guid IssuerId => IssuerIdOf(ProjectId);

    public static Guid IssuerIdOf(string projectId) => IdOf("issuer", projectId);

    public override string ToString() => Pcid.ToString();

    // Made from the project's id, so nothing has to be stored and they are the same for ever: what goes into the hash must not change.
    // RFC 9562, section 5.8: a UUID of version 8 is for ids of one's own making.
    private static Guid IdOf(string purpose, string projectId)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes($"countersign.{purpose}\0{projectId}")).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
