using System.Reflection;
using Countersign.Core.Possession;

namespace Countersign.Core.Tests.Possession;

public sealed class PossessionOptionsTests
{
    // A setting, what is just below, the least and the greatest value that is taken, and what is just above.
    private static readonly (string Name, string Below, string Min, string Max, string Above)[] _bounds =
    [
        ("FlowLife", "00:00:00", "00:03:00", "01:00:00", "01:00:00.0000001"),
        ("LinkLife", "00:00:29.9999999", "00:00:30", "00:15:00", "00:15:00.0000001"),
        ("OtpLife", "00:00:29.9999999", "00:00:30", "00:10:00", "00:10:00.0000001"),
        ("MobileAuthLife", "00:00:00", "00:00:00.0000001", "00:02:00", "00:02:00.0000001"),
        ("MobileAuthRedirectLife", "00:00:00", "00:00:00.0000001", "00:05:00", "00:05:00.0000001"),
        ("EntriesWithRetry", "0", "1", "10", "11"),
        ("Resends", "-1", "0", "10", "11"),
        ("NumberChanges", "-1", "0", "10", "11"),
        ("ResendInterval", "-00:00:00.0000001", "00:00:00", "00:02:00", "00:02:00.0000001"),
        ("CodeLength", "3", "4", "6", "7"),
    ];

    public static TheoryData<string, string, string, string, string> Bounds
    {
        get
        {
            var data = new TheoryData<string, string, string, string, string>();
            foreach (var (name, below, min, max, above) in _bounds)
            {
                data.Add(name, below, min, max, above);
            }
            return data;
        }
    }

    [Fact]
    public void The_defaults_are_right() => Assert.Empty(new PossessionOptions().Problems(_ => false));

    [Theory]
    [Trait("attack", "S09")]
    [MemberData(nameof(Bounds))]
    public void Every_setting_has_its_bounds(string name, string below, string min, string max, string above)
    {
        Assert.Empty(ProblemsWith(name, min));
        Assert.Empty(ProblemsWith(name, max));
        Assert.StartsWith(name + " must be ", Assert.Single(ProblemsWith(name, below)), StringComparison.Ordinal);
        Assert.StartsWith(name + " must be ", Assert.Single(ProblemsWith(name, above)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_bounds_are_covered() => Assert.Equal(
        typeof(PossessionOptions).GetProperties().Select(property => property.Name).Order(),
        _bounds.Select(row => row.Name).Order());

    [Fact]
    public void All_that_is_wrong_is_told_at_once()
    {
        var options = new PossessionOptions { FlowLife = TimeSpan.Zero, OtpLife = TimeSpan.Zero, Resends = 11, CodeLength = 9 };

        Assert.Equal(
            [
                "FlowLife must be more than zero and at most 01:00:00.",
                "OtpLife must be at least 00:00:30, since a text takes its time, and at most 00:10:00.",
                "Resends must be 0 to 10.",
                "CodeLength must be 4 to 6.",
            ],
            options.Problems(_ => false));
    }

    [Fact]
    public void Each_setting_says_what_it_must_be()
    {
        var options = new PossessionOptions
        {
            FlowLife = TimeSpan.Zero, LinkLife = TimeSpan.Zero, OtpLife = TimeSpan.Zero, MobileAuthLife = TimeSpan.Zero,
            MobileAuthRedirectLife = TimeSpan.Zero, EntriesWithRetry = 0, Resends = 11, NumberChanges = 11,
            ResendInterval = TimeSpan.FromTicks(-1), CodeLength = 9,
        };

        Assert.Equal(
            [
                "FlowLife must be more than zero and at most 01:00:00.",
                "LinkLife must be at least 00:00:30, since a text takes its time, and at most FlowLife.",
                "OtpLife must be at least 00:00:30, since a text takes its time, and at most 00:10:00.",
                "MobileAuthLife must be more than zero and at most 00:02:00.",
                "MobileAuthRedirectLife must be more than zero and at most 00:05:00.",
                "EntriesWithRetry must be 1 to 10.",
                "Resends must be 0 to 10.",
                "NumberChanges must be 0 to 10.",
                "ResendInterval must be zero or more and at most OtpLife.",
                "CodeLength must be 4 to 6.",
            ],
            options.Problems(_ => false));
    }

    [Fact]
    public void Without_a_word_flows_live_as_long_as_the_guide_says()
    {
        var options = new PossessionOptions();

        Assert.Equal(
            [15 * 60, 3 * 60, 2 * 60, 6, 60, 30],
            new[]
            {
                options.FlowLife, options.LinkLife, options.OtpLife, options.MobileAuthLife, options.MobileAuthRedirectLife,
                options.ResendInterval,
            }.Select(life => (int)life.TotalSeconds));
        Assert.Equal((3, 3, 3, 6), (options.EntriesWithRetry, options.Resends, options.NumberChanges, options.CodeLength));
    }

    /// <summary>What hangs on a setting that is wrong, or could not be read, is not judged by it.</summary>
    [Theory]
    [InlineData("FlowLife", "", true)]
    [InlineData("LinkLife", "", true)]
    [InlineData("Resends", "LinkLife", false)]
    public void A_link_is_judged_by_the_life_of_its_flow_where_that_is_known(string unread, string told, bool isSilent)
    {
        var options = new PossessionOptions { FlowLife = TimeSpan.FromMinutes(2) };

        var problems = options.Problems(name => name == unread).ToList();

        Assert.Equal(isSilent, problems.Count == 0);
        Assert.All(problems, problem => Assert.StartsWith(told, problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("OtpLife", true)]
    [InlineData("ResendInterval", true)]
    [InlineData("FlowLife", false)]
    public void A_resend_is_judged_by_the_life_of_its_code_where_that_is_known(string unread, bool isSilent)
    {
        var options = new PossessionOptions { OtpLife = TimeSpan.FromSeconds(30), ResendInterval = TimeSpan.FromSeconds(31) };

        Assert.Equal(isSilent, !options.Problems(name => name == unread).Any());
    }

    [Fact]
    public void A_wrong_life_hides_what_hangs_on_it()
    {
        Assert.Single(new PossessionOptions { FlowLife = TimeSpan.FromSeconds(-1) }.Problems(_ => false));
        Assert.Single(new PossessionOptions { OtpLife = TimeSpan.FromSeconds(1) }.Problems(_ => false));
    }

    private static IEnumerable<string> ProblemsWith(string name, string value)
    {
        var options = new PossessionOptions();
        var property = typeof(PossessionOptions).GetProperty(name, BindingFlags.Public | BindingFlags.Instance)!;
        property.SetValue(
            options,
            property.PropertyType == typeof(int)
                ? int.Parse(value, System.Globalization.CultureInfo.InvariantCulture)
                : TimeSpan.Parse(value, System.Globalization.CultureInfo.InvariantCulture));
        return options.Problems(_ => false);
    }
}
