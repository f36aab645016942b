namespace Countersign.Client.Tests.Values;

public sealed class BirthDateTests
{
    [Theory]
    [InlineData("1982-02-25", 1982, 2, 25)]
    [InlineData("1982-02", 1982, 2, null)]
    [InlineData("02-25", null, 2, 25)]
    [InlineData("02-29", null, 2, 29)]
    [InlineData("2000-02-29", 2000, 2, 29)]
    [InlineData("0001-01-01", 1, 1, 1)]
    [InlineData("9999-12-31", 9999, 12, 31)]
    public void A_date_is_read_and_written_as_the_contract_writes_it(string text, int? year, int month, int? day)
    {
        var isDate = BirthDate.TryParse(text, out var date);

        Assert.True(isDate);
        Assert.Equal((year, month, day), (date.Year, date.Month, date.Day));
        Assert.Equal(year is not null && day is not null, date.IsWhole);
        Assert.Equal(text, date.Reveal());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1982")]
    [InlineData("1982-2-25")]
    [InlineData("82-02-25")]
    [InlineData("1982-02-30")]
    [InlineData("1982-13")]
    [InlineData("1982-00")]
    [InlineData("1900-02-29")]
    [InlineData("0000-01-01")]
    [InlineData("02-30")]
    [InlineData("00-01")]
    [InlineData("02-00")]
    [InlineData("1982-02-25-01")]
    [InlineData("+982-02-25")]
    [InlineData(" 982-02-25")]
    [InlineData("1982/02/25")]
    [InlineData("1982-02-25T00:00:00Z")]
    [InlineData("١٩٨٢-02-25")]
    public void What_is_no_date_is_not_read(string? text)
    {
        var isDate = BirthDate.TryParse(text, out var date);

        Assert.False(isDate);
        Assert.Equal(default, date);
    }

    [Fact]
    public void Dates_are_made_of_what_is_known()
    {
        Assert.Equal("1982-02-25", new BirthDate(1982, 2, 25).Reveal());
        Assert.Equal("1982-02", BirthDate.OfMonth(1982, 2).Reveal());
        Assert.Equal("02-29", BirthDate.OfDay(2, 29).Reveal());
        Assert.Equal("", default(BirthDate).Reveal());
        Assert.Null(default(BirthDate).Month);
    }

    [Fact]
    public void A_date_that_does_not_exist_cannot_be_made_and_is_not_repeated()
    {
        Action[] impossible =
        [
            () => _ = new BirthDate(1982, 2, 30),
            () => _ = new BirthDate(0, 1, 1),
            () => _ = new BirthDate(10000, 1, 1),
            () => _ = new BirthDate(1982, 13, 1),
            () => _ = BirthDate.OfMonth(1982, 0),
            () => _ = BirthDate.OfDay(2, 30),
            () => _ = BirthDate.OfDay(1, 0),
        ];

        Assert.All(impossible, make =>
        {
            var exception = Assert.Throws<ArgumentOutOfRangeException>(make);
            Assert.DoesNotContain("1982", exception.Message, StringComparison.Ordinal);
            Assert.Null(exception.ActualValue);
        });
    }

    [Theory]
    [InlineData("1982-02-25T00:00:00Z", "1982-02-25")]
    [InlineData("1982-02", "1982-02")]
    [InlineData("1982-02-25T12:00:00Z", null)]
    [InlineData("**-**-1982", null)]
    [InlineData(null, null)]
    public void An_answer_may_have_midnight_behind_the_date_and_what_cannot_be_read_is_null(string? text, string? date) =>
        Assert.Equal(date, BirthDate.Read(text)?.Reveal());

    [Fact]
    public void Neither_a_date_nor_an_identification_number_prints_itself()
    {
        Assert.Equal("***", new BirthDate(1982, 2, 25).ToString());
        Assert.Equal("***", $"{new NationalId("265228370")}");
        Assert.Equal("", default(BirthDate).ToString());
        Assert.Equal("", default(NationalId).ToString());
        Assert.Equal("265228370", new NationalId("265228370").Reveal());
        Assert.DoesNotContain(
            "265228370", System.Text.Json.JsonSerializer.Serialize(new NationalId("265228370")), StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_identification_number_cannot_be_made() => Assert.Throws<ArgumentException>(() => new NationalId(" "));
}
