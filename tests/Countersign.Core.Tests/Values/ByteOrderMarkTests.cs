namespace Countersign.Core.Tests.Values;

public sealed class ByteOrderMarkTests
{
    [Theory]
    [InlineData("EFBBBF7B7D", "7B7D")]
    [InlineData("EFBBBF", "")]
    [InlineData("7B7D", "7B7D")]
    [InlineData("EFBB7B", "EFBB7B")]
    [InlineData("7BEFBBBF", "7BEFBBBF")]
    [InlineData("", "")]
    public void A_text_is_read_without_the_mark_that_it_begins_with(string bytes, string expected) =>
        Assert.Equal(expected, Convert.ToHexString(ByteOrderMark.Without(Convert.FromHexString(bytes)).Span));
}
