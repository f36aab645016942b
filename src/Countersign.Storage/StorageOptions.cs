using Microsoft.Extensions.Options;

namespace Countersign.Storage;

/// <summary>Where the store is, and how it behaves (<c>Countersign</c> itself).</summary>
public sealed class StorageOptions
{
    /// <summary>Connection string of the store: <c>Data Source=…</c> is SQLite, <c>Host=…</c> is PostgreSQL.</summary>
    /// <value><c>Data Source=countersign.db</c>, in the current folder, by default.</value>
    public string Store { get; set; } = "Data Source=countersign.db";

    /// <summary>How often, on PostgreSQL, everyone who waits looks again although no notification came.</summary>
    /// <value>5 seconds by default; zero is never; at most 1 minute.</value>
    public TimeSpan FallbackPoll { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a caller waits for a statement. The same for connections to PostgreSQL, unless the connection string says otherwise.
    /// </summary>
    public static TimeSpan CallTimeout { get; } = TimeSpan.FromSeconds(5);
}

public sealed class StorageOptionsValidator : IValidateOptions<StorageOptions>
{
    public ValidateOptionsResult Validate(string? name, StorageOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        if (StoreConnection.ProblemOf(options.Store, "Countersign:Store") is { } problem)
        {
            result.AddError(problem);
        }
        if (options.FallbackPoll < TimeSpan.Zero || options.FallbackPoll > TimeSpan.FromMinutes(1))
        {
            result.AddError("Countersign:FallbackPoll must be from 00:00:00 (off) to 00:01:00.");
        }
        return result.Build();
    }
}
