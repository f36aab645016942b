using System.Text;
using Countersign.Core.IdentityMatching.Records;

namespace Countersign.Cli.Records;

/// <summary>
/// Cuts a file into pieces of whole records while it is read, so that a file of any length takes the memory of a few pieces.
/// </summary>
internal sealed class FilePieces : IDisposable
{
    // Most files are small; for one that is not it becomes twice as long until a piece has room.
    private const int FirstBytes = 16 * 1024;

    private readonly Stream _file;
    private byte[] _buffer = new byte[FirstBytes];
    private int _filled;
    private bool _isEnd;

    private FilePieces(Stream file) => _file = file;

    /// <summary>The line on which the next piece begins.</summary>
    public long NextLine { get; private set; } = 1;

    /// <summary>True for one JSON object a line.</summary>
    public bool IsJsonLines { get; private set; }

    /// <summary>What stands between columns.</summary>
    public char Delimiter { get; private set; } = ',';

    /// <summary>The header's cells; empty for JSON Lines.</summary>
    public IReadOnlyList<string> Header { get; private set; } = [];

    /// <summary>Begins to read a file: what it is and its header.</summary>
    /// <param name="isJsonLines">Null takes what the first character says: a brace begins an object.</param>
    public static async Task<FilePieces> OpenAsync(Stream file, bool? isJsonLines, CancellationToken cancellationToken)
    {
        var pieces = new FilePieces(file);
        await pieces.FillAsync(cancellationToken);
        pieces.ReadHeader(isJsonLines);
        return pieces;
    }

    /// <summary>The next piece, or an empty one at the end.</summary>
    public async Task<(byte[] Piece, long FirstLine)> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await FillAsync(cancellationToken);
            var firstLine = NextLine;
            var length = Cut();
            if (length > 0)
            {
                var piece = _buffer[..length];
                _buffer.AsSpan(length, _filled - length).CopyTo(_buffer);
                _filled -= length;
                return (piece, firstLine);
            }
            if (_filled == 0 || _isEnd)
            {
                return ([], firstLine);
            }
            if (_filled == ImportLines.MaxBytes)
            {
                throw new CommandFailure($"Line {NextLine} is longer than {ImportLines.MaxBytes} bytes. Is this a file of records?");
            }
        }
    }

    public void Dispose() => _file.Dispose();

    private async Task FillAsync(CancellationToken cancellationToken)
    {
        while (!_isEnd && _filled < ImportLines.MaxBytes)
        {
            if (_filled == _buffer.Length)
            {
                Array.Resize(ref _buffer, Math.Min(2 * _buffer.Length, ImportLines.MaxBytes));
            }
            var read = await _file.ReadAsync(_buffer.AsMemory(_filled), cancellationToken);
            _filled += read;
            _isEnd = read == 0;
        }
    }

    private void ReadHeader(bool? isJsonLines)
    {
        var text = _buffer.AsSpan(0, _filled);
        if (text.StartsWith<byte>([0xEF, 0xBB, 0xBF]))
        {
            Drop(3);
            text = _buffer.AsSpan(0, _filled);
        }
        else if (text.StartsWith<byte>([0xFF, 0xFE]) || text.StartsWith<byte>([0xFE, 0xFF])
            || text[..Math.Min(text.Length, 4096)].Contains((byte)0))
        {
            throw new CommandFailure("The file is not UTF-8 (it looks like UTF-16). Save it as UTF-8 and import that.");
        }
        IsJsonLines = isJsonLines ?? text.TrimStart(" \t\r\n"u8).StartsWith("{"u8);
        if (IsJsonLines)
        {
            return;
        }

        var line = text[..(text.IndexOf((byte)'\n') is var end && end < 0 ? text.Length : end)];
        Delimiter = DelimiterOf(line);
        var reader = new CsvReader(text, Delimiter, 1, _isEnd);
        var header = new List<string>();
        if (!reader.Read(header) || reader.Problem is not null)
        {
            throw new CommandFailure(reader.Problem is { } problem
                ? $"The first line {problem}."
                : "The file is empty: its first line must name its columns, and phone, given_name and family_name must be among them.");
        }
        Header = header;
        NextLine = reader.NextLine;
        Drop(reader.Position);
    }

    private static char DelimiterOf(ReadOnlySpan<byte> header)
    {
        var (best, most) = (',', -1);
        foreach (var candidate in ",;\t")
        {
            if (header.Count((byte)candidate) is var count && count > most)
            {
                (best, most) = (candidate, count);
            }
        }
        return best;
    }

    private void Drop(int length)
    {
        _buffer.AsSpan(length, _filled - length).CopyTo(_buffer);
        _filled -= length;
    }

    /// <summary>The length of the next piece; 0 when there is no whole record.</summary>
    private int Cut()
    {
        var text = _buffer.AsSpan(0, _filled);
        if (IsJsonLines)
        {
            var at = 0;
            for (var lines = 0; lines < ImportLines.MaxRecords && at < text.Length; lines++)
            {
                var end = text[at..].IndexOf((byte)'\n');
                if (end < 0 && !_isEnd)
                {
                    break;
                }
                at = end < 0 ? text.Length : at + end + 1;
                NextLine++;
            }
            return at;
        }

        var reader = new CsvReader(text, Delimiter, NextLine, _isEnd);
        for (var records = 0; records < ImportLines.MaxRecords && reader.Read(null); records++)
        {
            // Counted.
        }
        NextLine = reader.NextLine;
        return reader.Position;
    }

    public override string ToString() => $"line {NextLine}";
}
