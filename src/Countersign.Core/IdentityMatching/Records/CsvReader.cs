using System.Text;

namespace Countersign.Core.IdentityMatching.Records;

/// <summary>
/// Cuts UTF-8 text into CSV records (RFC 4180: quoted fields may hold delimiters, line breaks and doubled quotation marks). A record that
/// is too long or no UTF-8 is bad as a whole. Where its end cannot be told it goes on with the next line: one forgotten quotation mark must
/// not swallow the rest of a file.
/// </summary>
/// <param name="isEnd">
/// False when more text may follow: then a record that does not end in what is here is not read, unless as much is here as can be at once
/// (<see cref="ImportLines.MaxBytes"/>).
/// </param>
public ref struct CsvReader(ReadOnlySpan<byte> text, char delimiter, long firstLine, bool isEnd)
{
    /// <summary>A record that is longer is bad.</summary>
    public const int MaxBytes = 16 * 1024;

    private readonly ReadOnlySpan<byte> _text = text;
    private readonly byte _delimiter = (byte)delimiter;
    private readonly bool _isEnd = isEnd;

    /// <summary>Where the next record begins.</summary>
    public int Position { get; private set; }

    /// <summary>The line of the file on which the next record begins.</summary>
    public long NextLine { get; private set; } = firstLine;

    /// <summary>The line of the file on which the record that was read begins.</summary>
    public long Line { get; private set; }

    /// <summary>What is wrong with the record that was read; null for nothing.</summary>
    public string? Problem { get; private set; }

    /// <summary>Reads the next record that is not an empty line.</summary>
    /// <param name="fields">Takes the record's fields; null when they are not wanted.</param>
    /// <returns>False when there is none, or its end is not here yet.</returns>
    public bool Read(List<string>? fields)
    {
        while (Position < _text.Length)
        {
            fields?.Clear();
            (Problem, Line) = (null, NextLine);
            var rest = _text[Position..];
            var lineEnd = rest.IndexOf((byte)'\n');
            if (lineEnd < 0 && !_isEnd)
            {
                return false;
            }
            var line = lineEnd < 0 ? rest : rest[..lineEnd];
            if (line.TrimEnd((byte)'\r').IsEmpty)
            {
                Skip(line.Length, lineEnd);
                continue;
            }

            (var length, var lines, Problem) = Cut(rest, fields);
            if (length >= 0)
            {
                Position += length;
                NextLine += lines;
                return true;
            }
            if (Problem is null)
            {
                // Its end is not here.
                return false;
            }
            Skip(line.Length, lineEnd);
            return true;
        }
        return false;
    }

    private void Skip(int length, int lineEnd)
    {
        Position += lineEnd < 0 ? length : lineEnd + 1;
        NextLine++;
    }

    /// <summary>
    /// The length of the record with its line break, how many lines it takes and what is wrong with it. The length is negative when its end
    /// is not here, and, with a problem, when its end cannot be told.
    /// </summary>
    private readonly (int Length, int Lines, string? Problem) Cut(ReadOnlySpan<byte> rest, List<string>? fields)
    {
        var (at, lines) = (0, 1);
        // A record that is bad for what stands in it ends where it ends: within its quotation marks stand no records.
        string? problem = null;
        while (true)
        {
            int end;
            if (at < rest.Length && rest[at] == (byte)'"')
            {
                if (!TryFindQuote(rest, at + 1, out end, out var breaks))
                {
                    return _isEnd || rest.Length >= ImportLines.MaxBytes ? (-1, 0, "has a quotation mark that is not closed")
                        : (-1, 0, null);
                }
                lines += breaks;
                problem ??= ProblemOf(end) ?? Add(fields, rest[(at + 1)..end], isQuoted: true);
                end++;
                if (end == rest.Length && !_isEnd)
                {
                    return (-1, 0, null);
                }
                var after = end < rest.Length ? rest[end] : (byte)'\n';
                if (after == (byte)'\r' && (end + 1 == rest.Length || rest[end + 1] == (byte)'\n'))
                {
                    if (end + 1 == rest.Length && !_isEnd)
                    {
                        return (-1, 0, null);
                    }
                    return (Math.Min(end + 2, rest.Length), lines, problem ?? ProblemOf(end));
                }
                if (after != _delimiter && after != (byte)'\n')
                {
                    return (-1, 0, "has text after a closing quotation mark");
                }
            }
            else
            {
                if (!TryFindEnd(rest, at, out end, out var cannot))
                {
                    return (-1, 0, cannot);
                }
                var field = rest[at..end];
                if (end == rest.Length || rest[end] == (byte)'\n')
                {
                    field = field.TrimEnd((byte)'\r');
                }
                problem ??= ProblemOf(end) ?? Add(fields, field, isQuoted: false);
            }

            if (end >= rest.Length || rest[end] == (byte)'\n')
            {
                return (Math.Min(end + 1, rest.Length), lines, problem ?? ProblemOf(end));
            }
            at = end + 1;
        }
    }

    /// <summary>Finds the end of a field without quotation marks.</summary>
    /// <param name="problem">Null where the end is not here yet.</param>
    private readonly bool TryFindEnd(ReadOnlySpan<byte> rest, int from, out int end, out string? problem)
    {
        var length = rest[from..].IndexOfAny(_delimiter, (byte)'\n', (byte)'"');
        end = length < 0 ? rest.Length : from + length;
        problem = end < rest.Length && rest[end] == (byte)'"'
            ? "has a quotation mark in the middle of a field; put the whole field in quotation marks and double those within"
            : null;
        return problem is null && (length >= 0 || _isEnd);
    }

    private static string? ProblemOf(int length) => length > MaxBytes ? "is longer than any record" : null;

    /// <summary>
    /// Finds the quotation mark that ends a quoted field, however far it is: whoever writes long text into a field forges no records by it.
    /// </summary>
    private static bool TryFindQuote(ReadOnlySpan<byte> rest, int from, out int end, out int breaks)
    {
        (end, breaks) = (from, 0);
        while (end < rest.Length)
        {
            var next = rest[end..].IndexOfAny((byte)'"', (byte)'\n');
            if (next < 0)
            {
                return false;
            }
            end += next;
            if (rest[end] == (byte)'\n')
            {
                breaks++;
                end++;
            }
            else if (end + 1 < rest.Length && rest[end + 1] == (byte)'"')
            {
                end += 2;
            }
            else
            {
                return true;
            }
        }
        return false;
    }

    /// <returns>What is wrong with the field.</returns>
    private static string? Add(List<string>? fields, ReadOnlySpan<byte> field, bool isQuoted)
    {
        if (!System.Text.Unicode.Utf8.IsValid(field))
        {
            return "is not valid UTF-8";
        }
        if (fields is not null)
        {
            var text = Encoding.UTF8.GetString(field);
            fields.Add(isQuoted ? text.Replace("\"\"", "\"", StringComparison.Ordinal) : text);
        }
        return null;
    }
}
