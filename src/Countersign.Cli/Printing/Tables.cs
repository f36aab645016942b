using System.Globalization;
using Spectre.Console;

namespace Countersign.Cli.Printing;

/// <summary>Tables for people.</summary>
internal static class Tables
{
    // Wide enough that what is piped into a file or another program keeps one line a row.
    private const int WidthOfPipe = 240;

    public static Table Of(params string[] columns)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column)).NoWrap());
        }
        return table;
    }

    /// <summary>A row of plain texts: nothing in them is markup.</summary>
    public static Table Row(this Table table, params string?[] cells)
    {
        table.AddRow(cells.Select(cell => new Text(WithMilliseconds(cell ?? ""))));
        return table;
    }

    /// <summary>Names on the left, values on the right; what has no value is left out.</summary>
    public static Table Pairs(params IEnumerable<(string Name, string? Value)> pairs)
    {
        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumn("").AddColumn("");
        foreach (var (name, value) in pairs)
        {
            if (value is { Length: > 0 })
            {
                table.Row(name, value);
            }
        }
        return table;
    }

    /// <summary>So many of a thing.</summary>
    /// <param name="noun">Of one; of several it ends with an s.</param>
    public static string Counted(long count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");

    public static void Print(Table table, TextWriter output)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        if (!ReferenceEquals(output, Console.Out) || Console.IsOutputRedirected)
        {
            console.Profile.Width = WidthOfPipe;
        }
        console.Write(table);
    }

    // A server tells moments more exactly than anybody reads them.
    private static string WithMilliseconds(string cell) =>
        cell.Length > 23 && DateTimeOffset.TryParseExact(
            cell, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
            ? at.ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture) : cell;
}
