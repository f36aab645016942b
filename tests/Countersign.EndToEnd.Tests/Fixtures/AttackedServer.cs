namespace Countersign.EndToEnd.Tests.Fixtures;

/// <summary>The same for the command that attacks: nobody waits there for half a minute to have a code sent again.</summary>
public class AttackedServer(Store store, PostgresServer postgres) : ConfiguredServer(store, postgres)
{
    private protected override Task<Dictionary<string, string>> SettingsAsync() => Task.FromResult(
        new Dictionary<string, string>(StringComparer.Ordinal) { ["Countersign__Possession__ResendInterval"] = "00:00:00" });
}

public sealed class AttackedSqlite(PostgresServer postgres) : AttackedServer(Store.Sqlite, postgres);

public sealed class AttackedPostgres(PostgresServer postgres) : AttackedServer(Store.Postgres, postgres);
