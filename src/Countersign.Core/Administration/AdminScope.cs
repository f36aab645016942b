namespace Countersign.Core.Administration;

/// <summary>What an admin key may do. The words, in small letters, are stored and on the wire: add, never rename.</summary>
public enum AdminScope
{
    /// <summary>Read what is no person's: projects, clients, sources of records.</summary>
    Read,

    /// <summary>Look up what became of a person's flow, by its id or a number, and who wrote STOP, and lift that.</summary>
    Support,

    /// <summary>Make, change and remove projects and their clients.</summary>
    Projects,

    /// <summary>Import and erase records of persons.</summary>
    Records,

    /// <summary>Decide about abuse.</summary>
    Abuse,

    /// <summary>Make, list and end admin keys, and change what the store is encrypted with.</summary>
    Keys,

    /// <summary>Take backups of the whole store.</summary>
    Backup,

    /// <summary>Read the audit: who has done what.</summary>
    Audit,

    /// <summary>Erase what is held of a person, a flow or a project's persons.</summary>
    Erase,

    /// <summary>Take out all that is held of a person, to give it to them.</summary>
    Disclose,
}

/// <summary>Scopes by their words.</summary>
public static class AdminScopes
{
    public static IReadOnlyList<AdminScope> All { get; } = Enum.GetValues<AdminScope>();

    public static string WordOf(AdminScope scope) => scope.ToString().ToLowerInvariant();

    /// <summary>Null when there is none of this name.</summary>
    public static AdminScope? Find(string word) =>
        All.Where(scope => WordOf(scope) == word).Select(scope => (AdminScope?)scope).FirstOrDefault();
}
