using System.Text;
using Countersign.Cli;
using Countersign.Cli.Records;
using Countersign.Core;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Providers.Numbers;

namespace Countersign.Fuzzing;

/// <summary>
/// Files of identity records, CSV and JSON Lines: cut into pieces as the command does, and each read as the server does. The first line
/// says the country of numbers without one, the rest is the file.
/// </summary>
internal static class ImportTarget
{
    private static readonly NumberReader _numbers = new();

    public static Target Target { get; } = new("imports", Read);

    private static string Read(byte[] input)
    {
        var end = Array.IndexOf(input, (byte)'\n');
        if (end < 0)
        {
            return Target.NoInput;
        }
        var country = Encoding.UTF8.GetString(input, 0, end);
        try
        {
            return Import(input[(end + 1)..], _numbers.Knows(country) ? country : null);
        }
        catch (CommandFailure failure)
        {
            return failure.Message;
        }
    }

    private static string Import(byte[] file, string? country)
    {
        using var pieces = OneThread.Wait(() => FilePieces.OpenAsync(new MemoryStream(file), isJsonLines: null, default));
        var plan = new ImportPlan(
            SourceName.Parse("fuzzing"), pieces.IsJsonLines ? ImportFormat.JsonLines : ImportFormat.Csv,
            pieces.IsJsonLines ? [] : ColumnMap.Of(pieces.Header, [], passesOver: true), pieces.Delimiter, country);
        var (records, rejected) = (0, 0);
        while (OneThread.Wait(() => pieces.ReadAsync(default)) is { Piece.Length: > 0 } next)
        {
            var lines = ImportLines.Read(next.Piece, plan, next.FirstLine, _numbers, new DateOnly(2026, 11, 15));
            BrokenPromise.Unless(lines is not null, "the command cut a piece of more records than the server takes");
            BrokenPromise.Unless(lines!.NextLine == pieces.NextLine, "command and server count lines otherwise");
            (records, rejected) = (records + lines.Records.Count, rejected + lines.Rejected);
        }
        return $"{records} taken, {rejected} rejected";
    }
}
