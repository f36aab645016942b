namespace Countersign.Core;

/// <summary>
/// The three bytes with which some editors and libraries begin a text of UTF-8. RFC 8259, section 8.1, lets a parser of JSON ignore them.
/// </summary>
public static class ByteOrderMark
{
    /// <summary>The text without the mark it may begin with.</summary>
    public static ReadOnlyMemory<byte> Without(ReadOnlyMemory<byte> text) =>
        text.Span.StartsWith<byte>([0xEF, 0xBB, 0xBF]) ? text[3..] : text;
}
