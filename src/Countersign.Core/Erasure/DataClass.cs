namespace Countersign.Core.Erasure;

/// <summary>
/// A class of what is held of persons. Its name stands in exports and proofs, and is for ever as it is. Which tables belong to it is said
/// by the store, of every table there is.
/// </summary>
/// <param name="From">Where it is from, as a person reads it.</param>
/// <param name="Kept">Until when it is kept, as a person reads it.</param>
public sealed record DataClass(string Name, string From, string Kept)
{
    /// <summary>
    /// How long after an erasure copies of the store may still lead to the person; null for as long as somebody keeps them.
    /// </summary>
    public TimeSpan? CopiesLeadFor { get; private init; }

    /// <summary>
    /// Whether the store may hold rows of it from before lines had keys: these have a hash that needs no key of the line, or are under the
    /// encryption key alone.
    /// </summary>
    public bool MayBeBare { get; private init; }

    /// <summary>No copy of the database that keeps the secrets of lines and days may be older (docs/keys.md).</summary>
    public static TimeSpan SecretCopies { get; } = TimeSpan.FromDays(7);

    /// <summary>
    /// Of what was sealed with the secret of its day, at the latest today's: that is destroyed within ten minutes when tomorrow is over
    /// (<see cref="Keys.DayKeys"/>), and then its copies run out.
    /// </summary>
    public static TimeSpan DayCopies { get; } = TimeSpan.FromDays(2) + TimeSpan.FromMinutes(10) + SecretCopies;

    public static DataClass Flows { get; } = new(
        "flows", "calls of the relying party, and what the person typed into its page",
        "15 minutes from the first call, and the minute until an outcome takes its place")
    {
        CopiesLeadFor = DayCopies,
    };

    public static DataClass Outcomes { get; } = new(
        "outcomes", "how flows and one-call verifications ended, in codes and under a pseudonym",
        "History:Retention (30 days) from the end")
    {
        CopiesLeadFor = SecretCopies,
    };

    public static DataClass Pseudonyms { get; } = new(
        "pseudonyms", "made by the server with the first outcome", "up to four days longer than the last outcome")
    {
        CopiesLeadFor = SecretCopies,
    };

    public static DataClass Texts { get; } = new(
        "texts", "written by the server for the person's phone", "as long as their flow; in the sandbox until they are erased")
    {
        CopiesLeadFor = DayCopies,
    };

    public static DataClass Receipts { get; } = new(
        "receipts", "signed by the server when the relying party asked for one", "as long as the flow's outcome");

    public static DataClass Events { get; } = new(
        "events", "what the relying party was told of flows, in codes", "Events:Retention (30 days)");

    public static DataClass Answers { get; } = new(
        "answers", "what calls with an Idempotency-Key were answered, to be repeated", "24 hours")
    {
        CopiesLeadFor = DayCopies,
    };

    public static DataClass Identities { get; } = new(
        "identities", "enrolments by the relying party, and unify flows", "until the relying party or an administrator removes it")
    {
        CopiesLeadFor = SecretCopies,
        MayBeBare = true,
    };

    public static DataClass Devices { get; } = new(
        "devices", "keys and passkeys that the person's browsers have registered",
        "until they are revoked, are over, or the identity goes");

    public static DataClass Records { get; } = new(
        "records", "files that an administrator has imported", "Records:Retention from the last import that brought it, or from its end")
    {
        CopiesLeadFor = SecretCopies,
        MayBeBare = true,
    };

    public static DataClass Verified { get; } = new(
        "verified", "when the number was proven to a project, or went to somebody else", "Records:Retention")
    {
        CopiesLeadFor = SecretCopies,
        MayBeBare = true,
    };

    public static DataClass Stops { get; } = new("stops", "texts that the person wrote (STOP)", "until the person writes START")
    {
        CopiesLeadFor = SecretCopies,
        MayBeBare = true,
    };

    public static DataClass Limits { get; } = new("limits", "wrong codes, names and texts, counted by the server", "24 hours")
    {
        CopiesLeadFor = DayCopies,
    };

    public static DataClass Abuse { get; } = new(
        "abuse", "what rules found and administrators said of texts to the number", "up to 90 days, and 30 days after its end")
    {
        CopiesLeadFor = SecretCopies,
        MayBeBare = true,
    };

    public static DataClass Audit { get; } = new(
        "audit", "who looked the person up, and to whom data of theirs was given", "Audit:Retention (400 days)")
    {
        CopiesLeadFor = SecretCopies,
        MayBeBare = true,
    };

    /// <summary>All of them, in the order in which they are told.</summary>
    public static IReadOnlyList<DataClass> All { get; } =
    [
        Flows, Outcomes, Pseudonyms, Texts, Receipts, Events, Answers, Identities, Devices, Records, Verified, Stops, Limits, Abuse, Audit,
    ];

    /// <summary>What stands under the id of one flow.</summary>
    public static IReadOnlyList<DataClass> OfFlow { get; } = [Flows, Outcomes, Texts, Receipts, Events, Answers];

    /// <summary>What is of one project; all else is of the number, whichever project asks.</summary>
    public static IReadOnlyList<DataClass> OfProject { get; } = [.. OfFlow, Identities, Devices, Verified, Audit];

    /// <summary>What stands under the project's key, alone or with the line's.</summary>
    public static IReadOnlyList<DataClass> UnderProjectKey { get; } = [Outcomes, Receipts, Identities, Verified, Audit];

    public override string ToString() => Name;
}
