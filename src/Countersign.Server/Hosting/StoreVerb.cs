using System.Globalization;
using Countersign.Core;
using Countersign.Storage;

namespace Countersign.Server.Hosting;

/// <summary>
/// What the program does with a store instead of serving it: <c>Countersign.Server restore FILE</c> and so on. It needs what only the
/// server knows (where its store is, its schema, its keys), on a store that no server uses.
/// </summary>
/// <param name="Settings">What stands behind it: options of the server.</param>
internal sealed record StoreVerb(string Name, string File, bool Replaces, string[] Settings)
{
    public const string Restore = "restore";
    public const string Verify = "verify";
    public const string Move = "move";

    private const string ReplaceOption = "--replace";
    private static readonly string[] _names = [Restore, Verify, Move];

    /// <summary>Null where the program is to serve.</summary>
    /// <exception cref="ConfigurationException">A verb without its file.</exception>
    public static StoreVerb? Of(string[] arguments)
    {
        if (arguments is not [var name, .. var rest] || !_names.Contains(name, StringComparer.Ordinal))
        {
            return null;
        }
        if (rest is not [var file, .. var settings] || file.Length == 0 || file[0] == '-')
        {
            throw new ConfigurationException($"{name} needs a file: Countersign.Server {name} FILE. --help lists what there is.");
        }
        var replaces = name == Restore && settings.Contains(ReplaceOption, StringComparer.Ordinal);
        return new StoreVerb(name, file, replaces, replaces ? [.. settings.Where(one => one != ReplaceOption)] : settings);
    }

    /// <exception cref="ConfigurationException">Refused; the message says why and what to do.</exception>
    public async Task RunAsync(TextWriter output)
    {
        CommandLine.Check(Settings);
        await output.WriteLineAsync(Name switch
        {
            Verify => Verified(StoreFile.Read(Path.GetFullPath(File))),
            Move => await MoveAsync(),
            _ => await RestoreAsync(),
        });
    }

    private async Task<string> RestoreAsync()
    {
        await using var app = global::Program.Build(Settings);
        var mode = app.Services.GetRequiredService<ServerOptions>().Mode;
        var (backup, store, replaced) = await app.Services.RestoreAsync(File, mode, Replaces);
        var kept = replaced is null ? "" : $" What was there is kept as {replaced}: remove it when all is well.";
        var older = backup.IsOlder ? $" The schema is {backup.Schema}, an older version's; that start brings it up to date." : "";
        return $"""
            {store} is restored, {TakenOf(backup)}.{kept}
            What came after the backup is not in it. The server's next start ends the flows that ran, sends no text that waited, and
            refuses the access tokens that are out (event 1761).{older}
            Do again what was done since: who wrote STOP, what was revoked, rotated, ended or erased (docs/backup.md lists it).
            """;
    }

    private async Task<string> MoveAsync()
    {
        await using var app = global::Program.Build(Settings);
        var moved = await app.Services.MoveAsync(File, app.Services.GetRequiredService<ServerOptions>().Mode);
        return $"""
            {string.Join('\n', moved.Rows.Where(table => table.Rows > 0).Select(table =>
                string.Create(CultureInfo.InvariantCulture, $"{table.Rows,12} {table.Table}")))}
            All of {File} is in PostgreSQL. Start the server with this configuration and the same keys. Keep the file until all is
            well, then remove it: no server must be started on it again.
            """;
    }

    private string Verified(StoreFile backup) =>
        $"""
        {File} is whole: {TakenOf(backup)}.
        Mode    {backup.Mode?.ToString() ?? "no server has used it"}
        Schema  {backup.Schema}{(backup.IsOlder ? ", older than this version's: its first start brings it up to date" : ", this version's")}
        Key     {backup.KeyWords}; it opens with no other (countersign keys list names those of a server)
        """;

    private static string TakenOf(StoreFile backup) => backup.TakenAt is { } at
        ? $"as the store was at {at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}"
        : "a copy that does not say when it was taken";

    public override string ToString() => nameof(StoreVerb);
}
