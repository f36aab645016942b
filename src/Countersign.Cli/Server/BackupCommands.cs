using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Countersign.Cli.Server;

/// <summary><c>countersign backup</c>: the whole store in one file, while the server runs. Restoring is not done here.</summary>
internal static class BackupCommands
{
    public static Command Backup(ServerOptions server)
    {
        var file = new Argument<string>("file") { Description = "The file to write; it must not exist." };
        return server.Attach(
            new Command(
                "backup",
                "Take a backup of the SQLite store while the server runs: one file, whole or not there. Countersign.Server restore puts it "
                    + "back.") { file },
            async (call, cancellationToken) =>
            {
                var path = Path.GetFullPath(call.Parsed.GetRequiredValue(file));
                if (Path.Exists(path))
                {
                    throw new CommandFailure($"{path} exists already; it is not overwritten. Name another file.");
                }
                var (takenAt, bytes) = await WriteAsync(call.Client, path, cancellationToken);
                if (call.IsJson)
                {
                    call.PrintJson(new JsonObject { ["file"] = path, ["takenAt"] = takenAt, ["bytes"] = bytes });
                    return 0;
                }
                call.Output.WriteLine(
                    $"""
                    {path} is the store as it was at {takenAt}, whole: {bytes.ToString(CultureInfo.InvariantCulture)} bytes.
                    It holds data of persons, encrypted; the keys are not in it. Keep it where only those are who may have it, and the key
                    (Countersign:EncryptionKey, or the file Countersign:Keys:File) somewhere else: without the key nobody can read it.
                    Look at it: Countersign.Server verify {path}
                    """);
                return 0;
            });
    }

    /// <summary>The server's own program restores; who looks for it here is told so.</summary>
    public static Command Restore()
    {
        var file = new Argument<string>("file") { Description = "The backup." };
        var command = new Command("restore", "Say how a backup is put back: by the server's own program, while the server is stopped.")
        {
            file,
        };
        command.SetAction(parsed =>
        {
            parsed.InvocationConfiguration.Error.WriteLine(
                $"""
                Nothing was restored: this command asks a server that runs, and a store is put back while none does. Stop it, then, where it
                runs and with its configuration: Countersign.Server restore {Path.GetFullPath(parsed.GetRequiredValue(file))} --config FILE
                """);
            return 1;
        });
        return command;
    }

    /// <summary>Under another name first, so that no half of it is ever taken for a backup.</summary>
    private static async Task<(string TakenAt, long Bytes)> WriteAsync(AdminClient client, string path, CancellationToken cancellationToken)
    {
        var draft = $"{path}.part-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        try
        {
            string takenAt;
            long bytes;
            await using (var stream = new FileStream(draft, PrivateFile.Options(FileOptions.Asynchronous)))
            {
                var takenOn = await client.DownloadAsync("/admin/backup", stream, cancellationToken);
                takenAt = takenOn.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
                stream.Flush(flushToDisk: true);
                bytes = stream.Length;
            }
            File.Move(draft, path, overwrite: false);
            return (takenAt, bytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"{path} cannot be written: {exception.Message}");
        }
        finally
        {
            // Its folder may not be there.
            if (File.Exists(draft))
            {
                File.Delete(draft);
            }
        }
    }
}
