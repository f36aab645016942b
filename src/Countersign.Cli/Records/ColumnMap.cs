using System.Globalization;
using Countersign.Core.IdentityMatching.Records;

namespace Countersign.Cli.Records;

/// <summary>Which column of a file is which field of a record.</summary>
internal static class ColumnMap
{
    private const int MaxNameLength = 40;

    /// <param name="header">The file's own names.</param>
    /// <param name="renamed">Pairs <c>field=column</c> for columns that are named otherwise.</param>
    /// <param name="passesOver">Columns that are no field are passed over; else they are a mistake.</param>
    /// <returns>The field of each column, empty for one that is passed over.</returns>
    public static string[] Of(IReadOnlyList<string> header, IReadOnlyList<string> renamed, bool passesOver)
    {
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var pair in renamed)
        {
            var parts = pair.Split('=', 2);
            if (parts.Length < 2 || RecordFields.IndexOf(parts[0]) < 0)
            {
                throw new CommandFailure($"--map must be field=column, and field one of {string.Join(", ", RecordFields.All)}.");
            }
            if (!header.Any(cell => string.Equals(cell.Trim(), parts[1], StringComparison.OrdinalIgnoreCase)))
            {
                throw new CommandFailure(
                    $"--map names the column {parts[1]}, which the file does not have. Its columns are "
                        + $"{string.Join(", ", header.Select(NameOf))}.");
            }
            names[parts[1]] = parts[0];
        }

        var columns = header.Select(cell => FieldOf(cell.Trim(), names)).ToArray();
        for (var i = 0; i < columns.Length; i++)
        {
            if (columns[i].Length == 0 && !passesOver)
            {
                throw new CommandFailure(
                    $"The column {NameOf(header[i], i)} is no field of a record. Name what it is with --map, or pass such columns "
                        + "over with --ignore-unknown. "
                        + $"The fields are {string.Join(", ", RecordFields.All)}.");
            }
        }
        if (RecordFields.Required.FirstOrDefault(field => !columns.Contains(field, StringComparer.Ordinal)) is { } missing)
        {
            throw new CommandFailure($"The file has no column {missing}. If it is named otherwise: --map {missing}=<column>.");
        }
        return columns;
    }

    // A file without a header begins with somebody's number and name: what does not look like a name of a column is told by its place.
    private static string NameOf(string cell, int index)
    {
        var name = cell.Trim();
        var isName = name.Length is > 0 and <= MaxNameLength && name.All(letter => char.IsAsciiLetter(letter) || letter is '_' or ' ');
        return isName ? name : string.Create(CultureInfo.InvariantCulture, $"no. {index + 1}");
    }

    private static string FieldOf(string cell, Dictionary<string, string> names)
    {
        if (names.TryGetValue(cell, out var field))
        {
            return field;
        }
        var name = cell.ToLowerInvariant().Replace(' ', '_').Replace('-', '_');
        // A column that another one was named to replace is passed over.
        return RecordFields.IndexOf(name) >= 0 && !names.ContainsValue(name) ? name : "";
    }
}
