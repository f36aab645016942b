using System.Text;
using Countersign.Core.IdentityMatching.Records;

namespace Countersign.Core.Tests.IdentityMatching.Records;

public sealed class CsvReaderTests
{
    [Theory]
    [InlineData("a,b\nc,d\n", "1:a|b 2:c|d")]
    [InlineData("a,b\r\nc,d", "1:a|b 2:c|d")]
    [InlineData("a,b\n\n\r\nc,d\n", "1:a|b 4:c|d")]
    [InlineData("\"a\",b\n", "1:a|b")]
    [InlineData("\"a\",\"b\"\r\n\"c\",d", "1:a|b 2:c|d")]
    [InlineData("\"a,1\",b\n", "1:a,1|b")]
    [InlineData("\"a\"\"1\",b\n", "1:a\"1|b")]
    [InlineData("\"a\n1\",b\nc,d\n", "1:a\n1|b 3:c|d")]
    [InlineData(",\n", "1:|")]
    [InlineData("\"\",x\n", "1:|x")]
    [InlineData("a,b", "1:a|b")]
    [InlineData("a,", "1:a|")]
    public void Records_are_cut_as_RFC_4180_says(string text, string expected) => Assert.Equal(expected, Read(text));

    [Theory]
    [InlineData("a,\"b\nc,d\ne,f\n", "1:! 2:c|d 3:e|f")]
    [InlineData("a,\"b\"x,c\nd,e\n", "1:! 2:d|e")]
    [InlineData("a,b\"c\nd,e\n", "1:! 2:d|e")]
    [InlineData("a,\"b\nc,\"d\"\ne,f\n", "1:! 2:c|d 3:e|f")]
    public void A_line_that_cannot_be_cut_is_told_and_the_next_one_read(string text, string expected) => Assert.Equal(expected, Read(text));

    [Fact]
    public void A_quotation_mark_that_is_never_closed_does_not_swallow_the_file()
    {
        var text = new StringBuilder("a,\"b\n");
        for (var i = 0; i < 5000; i++)
        {
            text.Append("c,d\n");
        }

        var records = Read(text.ToString()).Split(' ');

        Assert.Equal(5001, records.Length);
        Assert.Equal("1:!", records[0]);
        Assert.Equal("5001:c|d", records[^1]);
    }

    [Fact]
    public void Nothing_within_quotation_marks_becomes_a_record_however_bad_the_field_is()
    {
        const string forged = "+12025550142,Forged,Person\n";
        var tooLong = string.Concat(Enumerable.Repeat(forged, CsvReader.MaxBytes / forged.Length + 1));

        // A byte of 255 is in no UTF-8 text.
        Assert.Equal("1:! 3:c|d", Read([.. "a,\""u8, 0xFF, .. Encoding.UTF8.GetBytes($"\n{forged.TrimEnd()}\"\nc,d\n")]));
        Assert.Equal($"1:! {2 + tooLong.Count(c => c == '\n')}:c|d", Read($"a,\"{tooLong}\"\nc,d\n"));
        Assert.Equal($"1:! {2 + tooLong.Count(c => c == '\n')}:c|d", Read($"\"{tooLong}\",a\r\nc,d\n"));
        Assert.Equal($"1:! {1 + 2 * tooLong.Count(c => c == '\n') + 1}:c|d", Read($"\"{tooLong}\",\"{tooLong}\"\r\nc,d\n"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Whoever_wants_the_fields_and_whoever_counts_cut_alike(bool isUtf8)
    {
        var bytes = Encoding.UTF8.GetBytes($"a,\"?\n{new string('x', CsvReader.MaxBytes)}\nc\",d\ne,\"?\nf\"\ng,h\n");
        if (!isUtf8)
        {
            bytes.AsSpan().Replace((byte)'?', (byte)0xFF);
        }

        // Who cuts a file into pieces does not know its end.
        var counting = new CsvReader(bytes, ',', 1, isEnd: false);
        var reading = new CsvReader(bytes, ',', 1, isEnd: true);
        while (counting.Read(null))
        {
            Assert.True(reading.Read([]));
            Assert.Equal((reading.Line, reading.Position, reading.NextLine), (counting.Line, counting.Position, counting.NextLine));
        }

        Assert.False(reading.Read([]));
        Assert.Equal(bytes.Length, counting.Position);
    }

    [Fact]
    public void Of_a_mark_that_is_not_closed_in_all_that_can_be_here_at_once_the_line_is_bad()
    {
        var text = Encoding.UTF8.GetBytes("a,\"b\n" + string.Concat(Enumerable.Repeat("c,d\n", ImportLines.MaxBytes / 4)));
        var some = new CsvReader(text.AsSpan(0, ImportLines.MaxBytes / 2), ',', 1, isEnd: false);
        var all = new CsvReader(text.AsSpan(0, ImportLines.MaxBytes), ',', 1, isEnd: false);

        Assert.False(some.Read(null));
        Assert.True(all.Read(null));
        Assert.Equal(2, all.NextLine);
    }

    [Fact]
    public void Cut_anywhere_and_read_on_a_text_is_the_same_records()
    {
        const string text = "a,b\r\n\"c\r\n\"\"d\"\"\",e\n\n\"f\",\"g\"\r\nh,i\n";
        var bytes = Encoding.UTF8.GetBytes(text);

        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var first = new CsvReader(bytes.AsSpan(0, cut), ',', 1, isEnd: false);
            var (records, fields) = (new List<string>(), new List<string>());
            while (first.Read(fields))
            {
                records.Add($"{first.Line}:{string.Join('|', fields)}");
            }
            var second = new CsvReader(bytes.AsSpan(first.Position), ',', first.NextLine, isEnd: true);
            while (second.Read(fields))
            {
                records.Add($"{second.Line}:{string.Join('|', fields)}");
            }

            Assert.Equal(Read(text), string.Join(' ', records));
            Assert.Equal(7, second.NextLine);
        }
    }

    [Fact]
    public void It_never_throws_on_random_bytes_and_always_goes_on()
    {
        var random = new byte[200];
        for (var seed = 0; seed < 2000; seed++)
        {
            // Few different bytes, so that marks and line breaks are frequent.
            for (var i = 0; i < random.Length; i++)
            {
                random[i] = "a,\"\"\r\n\n\xFF"u8[(seed * 31 + i * i * 7 + (i * seed >> 3)) % 8];
            }
            var reader = new CsvReader(random, ',', 1, isEnd: true);
            var fields = new List<string>();
            for (var records = 0; reader.Read(fields); records++)
            {
                Assert.True(records < random.Length);
            }
            Assert.Equal(random.Length, reader.Position);
        }
    }

    private static string Read(string text) => Read(Encoding.UTF8.GetBytes(text));

    private static string Read(byte[] text)
    {
        var reader = new CsvReader(text, ',', 1, isEnd: true);
        var (records, fields) = (new List<string>(), new List<string>());
        while (reader.Read(fields))
        {
            records.Add($"{reader.Line}:{(reader.Problem is null ? string.Join('|', fields) : "!")}");
        }
        return string.Join(' ', records);
    }
}
