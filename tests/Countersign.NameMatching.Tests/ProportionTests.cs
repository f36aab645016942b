using Countersign.NameMatching;

namespace Countersign.NameMatching.Tests;

public sealed class ProportionTests
{
    // Expected bounds by the textbook formula, computed apart.
    [Theory]
    [InlineData(0, 10, 0, 0.2775)]
    [InlineData(5, 10, 0.2366, 0.7634)]
    [InlineData(10, 10, 0.7225, 1)]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(0, 0, 0, 1)]
    public void The_interval_is_wilsons(int hits, int of, double low, double high)
    {
        var proportion = new Proportion(hits, of);

        Assert.Equal(low, proportion.Low, 4);
        Assert.Equal(high, proportion.High, 4);
    }
}
