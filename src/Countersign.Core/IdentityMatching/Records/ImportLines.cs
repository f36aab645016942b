using System.Text.Json;

namespace Countersign.Core.IdentityMatching.Records;

/// <summary>A piece of a file, read: the records of its good lines and what is wrong with the others.</summary>
/// <param name="Rejected">How many lines are bad; one may have several problems.</param>
/// <param name="NextLine">The line of the file after the piece.</param>
public sealed record ImportLines(
    IReadOnlyList<(long Line, PersonRecord Record)> Records, IReadOnlyList<LineProblem> Problems, int Rejected, long NextLine)
{
    /// <summary>A piece has no more bytes: proxies commonly stop at a mebibyte.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>A piece has no more records, so that one write never holds a store for long.</summary>
    public const int MaxRecords = 2000;

    private const int MaxLineBytes = CsvReader.MaxBytes;

    /// <returns>Null when the piece has too many records.</returns>
    public static ImportLines? Read(ReadOnlySpan<byte> piece, ImportPlan plan, long firstLine, INumberReader numbers, DateOnly today) =>
        plan.Format == ImportFormat.Csv ? ReadCsv(piece, plan, firstLine, numbers, today)
            : ReadJsonLines(piece, plan, firstLine, numbers, today);

    private static ImportLines? ReadCsv(ReadOnlySpan<byte> piece, ImportPlan plan, long firstLine, INumberReader numbers, DateOnly today)
    {
        var columns = plan.Columns.Select(column => column.Length == 0 ? -1 : RecordFields.IndexOf(column)).ToArray();
        var reading = new Reading(plan, numbers, today);
        var fields = new List<string>(columns.Length);
        var csv = new CsvReader(piece, plan.Delimiter, firstLine, isEnd: true);
        while (csv.Read(fields))
        {
            if (reading.IsFull)
            {
                return null;
            }
            reading.Begin(csv.Line);
            if (csv.Problem is { } problem)
            {
                reading.Refuse(null, problem);
            }
            else if (fields.Count != columns.Length)
            {
                reading.Refuse(null, $"has {fields.Count} columns; the header has {columns.Length}");
            }
            else
            {
                for (var i = 0; i < columns.Length; i++)
                {
                    if (columns[i] >= 0)
                    {
                        reading.Values[columns[i]] = fields[i];
                    }
                }
                reading.Take();
            }
        }
        return reading.End(csv.NextLine);
    }

    private static ImportLines? ReadJsonLines(
        ReadOnlySpan<byte> piece, ImportPlan plan, long firstLine, INumberReader numbers, DateOnly today)
    {
        var reading = new Reading(plan, numbers, today);
        var line = firstLine;
        for (; !piece.IsEmpty; line++)
        {
            var end = piece.IndexOf((byte)'\n');
            var text = end < 0 ? piece : piece[..end];
            piece = end < 0 ? [] : piece[(end + 1)..];
            if (text.Trim(" \t\r"u8).IsEmpty)
            {
                continue;
            }
            if (reading.IsFull)
            {
                return null;
            }
            reading.Begin(line);
            if (text.Length > MaxLineBytes)
            {
                reading.Refuse(null, "is longer than any record");
            }
            else if (ReadObject(text, reading) is { } problem)
            {
                reading.Refuse(null, problem);
            }
            else
            {
                reading.Take();
            }
        }
        return reading.End(line);
    }

    /// <returns>What is wrong with the line as a whole, or null.</returns>
    private static string? ReadObject(ReadOnlySpan<byte> text, Reading reading)
    {
        const string notJson = "is not a JSON object";
        try
        {
            var json = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = 8 });
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            {
                return notJson;
            }
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var name = json.GetString()!;
                var index = RecordFields.IndexOf(name);
                json.Read();
                if (index < 0)
                {
                    // What stands before the colon is data where a line has gone wrong.
                    return "has a member that is no field of a record";
                }
                if (json.TokenType == JsonTokenType.Null)
                {
                    continue;
                }
                if (json.TokenType != JsonTokenType.String)
                {
                    reading.Refuse(name, "must be text");
                    json.Skip();
                }
                else if (!reading.TryGive(index, json.GetString()!))
                {
                    return "has the same member twice";
                }
            }
            return json.TokenType == JsonTokenType.EndObject && !json.Read() ? null : notJson;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: text that is not valid UTF-8, or half of a surrogate pair.
            return notJson;
        }
    }

    private sealed class Reading(ImportPlan plan, INumberReader numbers, DateOnly today)
    {
        private readonly List<(long, PersonRecord)> _records = [];
        private readonly List<LineProblem> _problems = [];
        private long _line;
        private bool _isBad;
        private int _rejected;

        public string?[] Values { get; } = new string?[RecordFields.All.Count];

        public bool IsFull => _records.Count + _rejected == MaxRecords;

        public void Begin(long line)
        {
            (_line, _isBad) = (line, false);
            Array.Clear(Values);
        }

        public bool TryGive(int index, string value)
        {
            var isFirst = Values[index] is null;
            Values[index] = value;
            return isFirst;
        }

        public void Refuse(string? field, string problem)
        {
            _problems.Add(new LineProblem(_line, field, problem));
            if (!_isBad)
            {
                (_isBad, _rejected) = (true, _rejected + 1);
            }
        }

        /// <summary>Takes what was given, if nothing is wrong with it.</summary>
        public void Take()
        {
            // All problems of a line are told at once.
            var record = RecordFields.Read(Values, plan.Country, numbers, today, Refuse);
            if (record is not null && !_isBad)
            {
                _records.Add((_line, record));
            }
        }

        public ImportLines End(long nextLine) => new(_records, _problems, _rejected, nextLine);
    }
}
