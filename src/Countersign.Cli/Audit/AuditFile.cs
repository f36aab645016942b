using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Core.Audit;

namespace Countersign.Cli.Audit;

/// <summary>
/// An exported chain: JSON Lines. First a head, then the checkpoints, then the entries in their order; each line says what it is.
/// </summary>
internal static class AuditFile
{
    private const string Line = "line";
    private const string Head = "head";
    private const string Checkpoint = "checkpoint";
    private const string Entry = "entry";

    public static string HeadOf(JsonObject answer) => new JsonObject
    {
        [Line] = Head,
        ["version"] = 1,
        ["at"] = answer["at"]!.DeepClone(),
        ["keys"] = answer["keys"]!.DeepClone(),
        ["unlinked"] = answer["unlinked"]!.DeepClone(),
    }.ToJsonString();

    public static string CheckpointOf(JsonObject answered) => Marked(answered, Checkpoint);

    public static string EntryOf(JsonObject answered) => Marked(answered, Entry);

    /// <summary>All but the entries.</summary>
    /// <exception cref="CommandFailure">It is no such file.</exception>
    public static AuditHeld ReadHeld(string path)
    {
        JsonNode? head = null;
        var checkpoints = new List<AuditCheckpoint>();
        foreach (var (kind, node) in Read(path).TakeWhile(line => line.Kind != Entry))
        {
            if (kind == Head)
            {
                head = node;
            }
            else
            {
                checkpoints.Add(Of(path, () => AuditHeld.CheckpointOf(node)));
            }
        }
        return head is null ? throw NotOne(path, "its first line is no head") : Of(path, () => new AuditHeld(
            DateTimeOffset.Parse((string)head["at"]!, CultureInfo.InvariantCulture),
            [.. head["keys"]!.AsArray().Select(key => AuditHeld.KeyOf(key!))],
            [.. head["unlinked"]!.AsArray().Select(one => AuditHeld.UnlinkedOf(one!))], checkpoints));
    }

    /// <inheritdoc cref="ReadHeld"/>
    public static IEnumerable<AuditLink> ReadEntries(string path) =>
        Read(path).Where(line => line.Kind == Entry).Select(line => Of(path, () => AuditHeld.LinkOf(line.Node)));

    private static IEnumerable<(string Kind, JsonNode Node)> Read(string path)
    {
        IEnumerable<string> lines;
        try
        {
            lines = File.ReadLines(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"The file {path} cannot be read: {exception.Message}");
        }
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            var node = Of(path, () => JsonNode.Parse(line));
            yield return Of(path, () => (string?)node?[Line]) is { } kind && kind is (Head or Checkpoint or Entry)
                ? (kind, node!)
                : throw NotOne(path, string.Create(CultureInfo.InvariantCulture, $"line {number} is none of it"));
        }
    }

    private static T Of<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException
            or NullReferenceException or ArgumentException)
        {
            throw NotOne(path, "a line of it cannot be read");
        }
    }

    private static CommandFailure NotOne(string path, string why) =>
        new($"The file {path} is no export of an audit (countersign audit export): {why}.");

    private static string Marked(JsonObject answered, string kind)
    {
        var line = new JsonObject { [Line] = kind };
        foreach (var (name, value) in answered)
        {
            line[name] = value?.DeepClone();
        }
        return line.ToJsonString();
    }
}
