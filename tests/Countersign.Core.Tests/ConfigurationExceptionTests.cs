namespace Countersign.Core.Tests;

public sealed class ConfigurationExceptionTests
{
    [Fact]
    public void What_is_wrong_is_told_at_once_each_on_a_line_and_once()
    {
        var one = Assert.Throws<ConfigurationException>(() => ConfigurationException.ThrowIfAny(["Set A.", "Set A."]));
        var two = Assert.Throws<ConfigurationException>(() => ConfigurationException.ThrowIfAny(["Set A.", "Set B.", "Set A."]));

        Assert.Equal("Set A.", one.Message);
        Assert.Equal(["Set A."], one.Problems);
        Assert.Equal("2 things in the configuration have to be changed:\n- Set A.\n- Set B.", two.Message);
        Assert.Equal(["Set A.", "Set B."], two.Problems);
    }

    [Fact]
    public void Where_nothing_is_wrong_nothing_happens() => ConfigurationException.ThrowIfAny([]);
}
