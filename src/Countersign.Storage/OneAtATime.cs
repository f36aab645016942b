using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>
/// Two servers that write one row under two keys, or with the secrets of two days, do not see each other's, and no index tells them. A row
/// that both know does.
/// </summary>
internal static class OneAtATime
{
    /// <summary>What is to be done first in the same transaction: nothing, except around the moment in which servers change.</summary>
    public static Statement[] Of(HashSealer hashes) => hashes.IsTurning ? [Take()] : [];

    public static Statement Take() => new("UPDATE keys SET created_at = created_at WHERE id = (SELECT MIN(id) FROM keys)") { Lock = [] };
}
