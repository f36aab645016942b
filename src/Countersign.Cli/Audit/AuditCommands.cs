using System.CommandLine;
using System.CommandLine.Invocation;
using System.Globalization;
using System.Text.Json.Nodes;
using Countersign.Cli.Erasure;
using Countersign.Cli.Printing;
using Countersign.Cli.Server;
using Countersign.Core.Audit;

namespace Countersign.Cli.Audit;

/// <summary><c>countersign audit …</c>: who has done what, and whether that is all of it.</summary>
internal static class AuditCommands
{
    public static Command Audit(ServerOptions server) =>
        new("audit", "Who has done what: list it, verify that nothing was taken out or changed, export it.")
    {
        AuditListCommand.List(server), Verify(server), Export(server),
    };

    private static Command Verify(ServerOptions server)
    {
        var file = new Option<string>("--file")
        {
            Description = "Verify an exported chain instead of a server's. No server and no admin key is needed.", HelpName = "path",
        };
        var against = new Option<string>("--against")
        {
            Description = "An earlier export, or its checkpoints alone, that was kept where nobody of the server can change it.",
            HelpName = "path",
        };
        var signer = new Option<string>("--signed-by")
        {
            Description = "The id of the audit key, as the log or an earlier run has it: then no other key counts.", HelpName = "id",
        };
        var command = server.Attach(
            new Command("verify", "Verify the chain: name each entry that was removed, changed or moved. Ends with 1 when there is one.")
            {
                file, against, signer,
            },
            async (call, cancellationToken) =>
            {
                var chain = new AuditServer(call.Client);
                var (head, checkpoints) = await chain.ReadHeldAsync(cancellationToken);
                var verifier = Begin(AuditServer.HeldOf(head, checkpoints), call.Parsed.GetValue(against), call.Parsed.GetValue(signer));
                await foreach (var entry in chain.ReadEntriesAsync(after: 0, cancellationToken))
                {
                    verifier.Take(AuditHeld.LinkOf(entry));
                }
                return AuditReport.Print(call.Output, call.IsJson, verifier);
            });
        var online = (AsynchronousCommandLineAction)command.Action!;
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(file) is not { } path)
            {
                return await online.InvokeAsync(parsed, cancellationToken);
            }
            try
            {
                var verifier = Begin(AuditFile.ReadHeld(path), parsed.GetValue(against), parsed.GetValue(signer));
                foreach (var link in AuditFile.ReadEntries(path))
                {
                    verifier.Take(link);
                }
                return AuditReport.Print(parsed.InvocationConfiguration.Output, parsed.GetValue<bool>("--json"), verifier);
            }
            catch (CommandFailure failure)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync(failure.Message);
                return 1;
            }
        });
        return command;
    }

    private static AuditVerifier Begin(AuditHeld held, string? against, string? key)
    {
        var known = key is null ? held : held with { Keys = [.. held.Keys.Where(one => one.Id == key)] };
        if (known.Keys.Count == 0)
        {
            throw new CommandFailure(key is null
                ? "The chain names no key that signs it."
                : $"The chain is not signed with the audit key {key}: it names {string.Join(", ", held.Keys)}. Another installation's, "
                    + "or somebody has replaced the key.");
        }
        var verifier = known.NewVerifier();
        if (against is not null)
        {
            verifier.HoldTo(AuditFile.ReadHeld(against).Checkpoints);
        }
        return verifier;
    }

    private static Command Export(ServerOptions server)
    {
        var output = new Option<string>("--out")
        {
            Description = "The file to write, for its owner alone, and not over one that is there. [the standard output]",
            HelpName = "path",
        };
        var checkpoints = new Option<bool>("--checkpoints-only")
        {
            Description = "The signed checkpoints without the entries: little enough to keep elsewhere every day, for verify --against.",
        };
        return server.Attach(
            new Command("export", "Export the chain with its checkpoints as JSON Lines, to keep and to verify without the server.")
            {
                output, checkpoints,
            },
            async (call, cancellationToken) =>
            {
                var path = OutputFile.Check(call.Parsed.GetValue(output));
                var chain = new AuditServer(call.Client);
                var (head, signed) = await chain.ReadHeldAsync(cancellationToken);
                await using var file = path is null ? null : Create(path);
                var to = file ?? call.Output;
                await to.WriteLineAsync(AuditFile.HeadOf(head));
                foreach (var checkpoint in signed)
                {
                    await to.WriteLineAsync(AuditFile.CheckpointOf(checkpoint));
                }
                long count = 0;
                if (!call.Parsed.GetValue(checkpoints))
                {
                    await foreach (var entry in chain.ReadEntriesAsync(after: 0, cancellationToken))
                    {
                        await to.WriteLineAsync(AuditFile.EntryOf(entry));
                        count++;
                    }
                }
                if (file is not null)
                {
                    call.Output.WriteLine(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{count} {(count == 1 ? "entry" : "entries")} and {Tables.Counted(signed.Count, "checkpoint")} written."));
                }
                return 0;
            });
    }

    private static StreamWriter Create(string path)
    {
        try
        {
            return new StreamWriter(path, PrivateFile.Options()) { NewLine = "\n" };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"The file {path} cannot be written: {exception.Message}");
        }
    }
}

/// <summary>What verifying came to.</summary>
internal static class AuditReport
{
    /// <returns>The exit code: 1 when something is wrong.</returns>
    public static int Print(TextWriter output, bool isJson, AuditVerifier verifier)
    {
        var problems = verifier.End();
        if (isJson)
        {
            output.WriteLine(new JsonObject
            {
                ["holds"] = problems.Count == 0,
                ["entries"] = verifier.Count,
                ["last"] = verifier.Last,
                ["prunedUpTo"] = verifier.PrunedUpTo,
                ["signedUpTo"] = verifier.LastSigned?.Position,
                ["key"] = verifier.LastSigned?.Key,
                ["problems"] = new JsonArray([.. problems.Select(problem => (JsonNode)new JsonObject
                {
                    ["position"] = problem.Position, ["flaw"] = AuditEntry.WordOf(problem.Flaw), ["what"] = problem.Sentence,
                })]),
            }.ToJsonString());
            return problems.Count == 0 ? 0 : 1;
        }
        foreach (var problem in problems)
        {
            output.WriteLine(char.ToUpperInvariant(problem.Sentence[0]) + problem.Sentence[1..] + ".");
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{verifier.Count} entries, the last is {verifier.Last}"
            + $"{(verifier.PrunedUpTo > 0 ? $"; those up to {verifier.PrunedUpTo} were over and taken away by the server" : "")}."));
        output.WriteLine(verifier.LastSigned is { } signed
            ? string.Create(CultureInfo.InvariantCulture, $"Signed up to {signed.Position} ({signed.At:yyyy-MM-dd HH:mm:ss} UTC) with key "
                + $"{signed.Key}, hash {Convert.ToHexStringLower(signed.Hash)}.")
            : "Nothing of it is signed yet.");
        output.WriteLine(problems.Count == 0 ? "The chain holds." : "The chain does not hold.");
        return problems.Count == 0 ? 0 : 1;
    }
}
