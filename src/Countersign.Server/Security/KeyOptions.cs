using Countersign.Storage;
using Microsoft.Extensions.Options;

namespace Countersign.Server.Security;

/// <summary>Where the keys are kept, and how long those of tokens sign (<c>Countersign:Keys</c>).</summary>
internal sealed class KeyOptions
{
    public const string Section = "Keys";

    /// <summary>
    /// Connection string of the database that keeps which pseudonym stands for which line, apart from the store: <c>Data Source=…</c> is
    /// SQLite, <c>Host=…</c> is PostgreSQL.
    /// </summary>
    /// <value>Not set: for SQLite a file beside the store's (<c>countersign.lines.db</c>), for PostgreSQL the store itself.</value>
    public string? Store { get; set; }

    /// <summary>
    /// Starts although the keys of lines are gone or under an encryption key that is not there, so that nobody who said STOP is known. For
    /// one start: from then on there are others.
    /// </summary>
    /// <value>False by default.</value>
    public bool AcceptLoss { get; set; }

    /// <summary>
    /// The file that keeps the encryption keys once there is more than one. It is made by the first <c>countersign keys rotate</c>; from
    /// then on it alone counts, and <c>EncryptionKey</c> may be left out.
    /// </summary>
    /// <value>Not set: <c>EncryptionKey</c> is the only key and cannot be replaced.</value>
    public string? File { get; set; }

    /// <summary>How long one key signs tokens; then the next does.</summary>
    /// <value>Whole days, 1 to 365.</value>
    public TimeSpan TokenKeyLifetime { get; set; } = DefaultTokenKeyLifetime;

    /// <summary>How long the next key is published (<c>/.well-known/jwks.json</c>) before it signs.</summary>
    /// <value>An hour to half the lifetime.</value>
    public TimeSpan TokenKeyNotice { get; set; } = TimeSpan.FromDays(7);

    public static TimeSpan DefaultTokenKeyLifetime { get; } = TimeSpan.FromDays(90);

    /// <summary>Nothing: a connection string may hold a password.</summary>
    public override string ToString() => Section;
}

internal sealed class KeyOptionsValidator : IValidateOptions<KeyOptions>
{
    public ValidateOptionsResult Validate(string? name, KeyOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        if (options.File is { } file && !IsPath(file))
        {
            problems.AddError(
                "Countersign:Keys:File must be the path of a file in a folder that is there, such as /etc/countersign/keys.json.");
        }
        if (options.Store is { } store && StoreConnection.ProblemOf(store, "Countersign:Keys:Store") is { } problem)
        {
            problems.AddError(problem);
        }
        var lifetime = options.TokenKeyLifetime;
        if (lifetime < TimeSpan.FromDays(1) || lifetime > TimeSpan.FromDays(365) || lifetime.Ticks % TimeSpan.TicksPerDay != 0)
        {
            problems.AddError("Countersign:Keys:TokenKeyLifetime must be whole days from 1.00:00:00 to 365.00:00:00.");
        }
        else if (options.TokenKeyNotice < TimeSpan.FromHours(1) || options.TokenKeyNotice > lifetime / 2)
        {
            problems.AddError("Countersign:Keys:TokenKeyNotice must be from 01:00:00 to half of Countersign:Keys:TokenKeyLifetime.");
        }
        return problems.Build();
    }

    private static bool IsPath(string file) =>
        file.IndexOfAny(Path.GetInvalidPathChars()) < 0 && Path.GetFileName(file).Length > 0 && !Directory.Exists(file)
        && Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder && Directory.Exists(folder);
}
