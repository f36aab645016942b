using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Countersign.Cli.Server;

namespace Countersign.Cli.Records;

/// <summary>One run of <c>records import</c>. While the server is at one piece, the next is read.</summary>
internal sealed class ImportRun(AdminClient client, ImportReport report, TimeProvider time)
{
    private const int MaxTries = 5;
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    /// <returns>The import as the server has it at the end; its state is <c>aborted</c> or <c>aborting</c> when it was rolled
    /// back.</returns>
    public async Task<JsonObject> RunAsync(FilePieces pieces, JsonObject plan, CancellationToken cancellationToken)
    {
        plan["firstLine"] = pieces.NextLine;
        var begun = await client.SendAsync(HttpMethod.Post, "/admin/records/imports", plan, cancellationToken);
        var path = string.Create(CultureInfo.InvariantCulture, $"/admin/records/imports/{(long)begun["id"]!}");
        try
        {
            var sending = Task.CompletedTask;
            while (true)
            {
                var (piece, firstLine) = await pieces.ReadAsync(cancellationToken);
                await sending;
                if (piece.Length == 0 || (report.Bad > 0 && (bool)begun["allOrNothing"]! && !(bool)begun["dryRun"]!))
                {
                    break;
                }
                sending = SendAsync(path, piece, firstLine, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is CommandFailure or OperationCanceledException or IOException)
        {
            // The server would give it up by itself after an hour, and take no other import of this source meanwhile.
            await TryAbortAsync(path);
            throw;
        }
        var isRolledBack = report.Bad > 0 && (bool)begun["allOrNothing"]!;
        return await client.SendAsync(
            isRolledBack ? HttpMethod.Delete : HttpMethod.Post, isRolledBack ? path : path + "/commit", body: null, cancellationToken);
    }

    private async Task SendAsync(string path, byte[] piece, long firstLine, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                using var content = new ByteArrayContent(piece);
                content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
                report.Add(await client.UploadAsync(HttpMethod.Post,
                    $"{path}/lines?firstLine={firstLine.ToString(CultureInfo.InvariantCulture)}", content, cancellationToken));
                return;
            }
            catch (CommandFailure failure) when (failure.IsPassing && tries < MaxTries)
            {
                // A piece that has arrived already is neither written nor counted twice.
                await Task.Delay(_pause * tries, time, cancellationToken);
            }
        }
    }

    private async Task TryAbortAsync(string path)
    {
        try
        {
            using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(10), time);
            await client.SendAsync(HttpMethod.Delete, path, body: null, timeout.Token);
        }
        catch (Exception exception) when (exception is CommandFailure or OperationCanceledException)
        {
            // What went wrong before is told.
        }
    }

    /// <summary>The most memory this process has had, in MiB.</summary>
    public static long PeakMebibytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / (1024 * 1024);
    }
}
