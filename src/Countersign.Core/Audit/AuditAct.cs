using Countersign.Core.Keys;

namespace Countersign.Core.Audit;

/// <summary>What kind of thing was done. The words, in small letters, are stored: add, never rename.</summary>
public enum AuditKind
{
    /// <summary>A call of the admin API.</summary>
    Admin,

    /// <summary>Data of a person was given out to a relying party.</summary>
    Disclosure,

    /// <summary>A server has started, with what had changed in its configuration.</summary>
    Configuration,

    /// <summary>What the audit does itself: checkpoints, pruning, and what it found missing.</summary>
    Audit,
}

/// <summary>How an act has ended. The words, in small letters, are stored: add, never rename.</summary>
public enum AuditOutcome
{
    /// <summary>It has begun. No entry of the chain says this.</summary>
    Open,

    Done,

    /// <summary>The caller was told no: nothing was changed.</summary>
    Refused,

    /// <summary>The caller was told that it failed: it may have been done in part.</summary>
    Failed,

    /// <summary>It began, and nobody came back to say how it ended: the server was killed, or its store was away.</summary>
    Unknown,
}

/// <summary>Something that must be remembered: who did what, to what, from where, and what came of it.</summary>
/// <param name="Actor">Who, by kind and name: <c>admin-key:ops</c>, <c>client:shop-1</c>, <c>server</c>.</param>
/// <param name="Act">What, in one word of ours: the id of an operation, or <c>disclose</c>.</param>
public sealed record AuditAct(AuditKind Kind, string Actor, string Act)
{
    /// <summary>The address that the caller's connection came from; null for none.</summary>
    public string? From { get; init; }

    /// <summary>The project that it was done in or to; null for none, or for all.</summary>
    public string? Project { get; init; }

    /// <summary>What it was done to, by kind and id: <c>client:shop-1</c>, <c>flow:…</c>. Never anything of a person.</summary>
    public string? Target { get; init; }

    /// <summary>Whom it was about; null for nobody.</summary>
    public AuditSubject? Subject { get; init; }

    /// <summary>What was asked for.</summary>
    public IReadOnlyList<AuditValue> Asked { get; init; } = [];

    /// <summary>What is now otherwise than before.</summary>
    public IReadOnlyList<AuditChange> Changes { get; init; } = [];

    public AuditOutcome Outcome { get; init; } = AuditOutcome.Done;

    /// <summary>The status that the caller was answered; null where nobody called.</summary>
    public int? Status { get; init; }

    public override string ToString() => AuditEntry.WordOf(Kind);
}

/// <param name="Value">In clear only what is nobody's and no secret.</param>
public sealed record AuditValue(string Name, string Value)
{
    public override string ToString() => "***";
}

/// <param name="Before">Null where there was nothing.</param>
/// <param name="After">Null where there is nothing any more.</param>
public sealed record AuditChange(string Name, string? Before, string? After)
{
    public override string ToString() => "***";
}

/// <summary>
/// A person, as the audit knows them: by a keyed hash of what they were named by. It is kept beside the entry, which holds only a
/// commitment to it, so that it can be erased and the chain stays whole.
/// </summary>
/// <param name="Hash">32 bytes.</param>
public sealed record AuditSubject(SecretHash Hash)
{
    private const string Purpose = "audit.subject";

    /// <summary>
    /// The number that they were named by; null where it was something else, and where it was read: whom a stored entry is about is known
    /// by the hash alone.
    /// </summary>
    public PhoneNumber? Number { get; private init; }

    public static AuditSubject OfNumber(SecretHasher hasher, PhoneNumber line) => Of(hasher, "number", line.E164) with { Number = line };

    /// <param name="kind">What the text is: <c>clientCustomerId</c>.</param>
    public static AuditSubject Of(SecretHasher hasher, string kind, string text) =>
        new(hasher.Hash($"{Purpose}.{kind}", new Secret(text)));

    /// <summary>Tells two persons apart in a list: the first 12 hex digits.</summary>
    public string Pseudonym => Hash.Hex[..12];

    public bool Equals(AuditSubject? other) => other is not null && Hash == other.Hash;

    public override int GetHashCode() => Hash.GetHashCode();

    public override string ToString() => "***";
}
