using System.Text;
using Countersign.Core.Identity.Records;

namespace Countersign.Core.Tests.Identity.Records;

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

    private static string Read(string text)
    {
        var reader = new CsvReader(Encoding.UTF8.GetBytes(text), ',', 1, isEnd: true);
        var (records, fields) = (new List<string>(), new List<string>());
        while (reader.Read(fields))
        {
            records.Add($"{reader.Line}:{(reader.Problem is null ? string.Join('|', fields) : "!")}");
        }
        return string.Join(' ', records);
    }
}
