using Countersign.Core.Money;
using Countersign.Core.Possession;
using Countersign.Core.Projects;

namespace Countersign.Core.Tests.Projects;

/// <summary>What a project's settings may be. Every problem names its setting.</summary>
public sealed class ProjectRulesTests
{
    private static readonly ProjectRules _sandbox = new("https://verify.example", Countries: null, GuessBudget.None);
    private static readonly ProjectRules _live =
        new("https://verify.example", ["US", "DE"], new GuessBudget(new PossessionOptions(), ofServer: 0.000006m));

    private const string Link = "Tap www.shop.example: ####";
    private const string IsLink = "contains a link of its own ('www.shop.example')";
    private const string TooShort = "a code of 4 digits is too easy to guess: ";
    private const string StoredDoesNotGo = "the stored wording does not go with this change: ";

    public static TheoryData<ProjectSettings, string, string> Wrong => new()
    {
        { new() { WebOtpHost = "https://www.example.com" }, "WebOtpHost", "must be a host name without scheme and port (www.example.com)" },
        { new() { WebOtpHost = "127.0.0.1" }, "WebOtpHost", "must be a host name without scheme and port (www.example.com)" },
        {
            new() { WebOrigins = ["https://www.example.com", "https://www.example.com/"] }, "WebOrigins[1]",
            "must be a bare origin as browsers write it (https://www.example.com)"
        },
        {
            new() { TargetUrls = ["https://www.example.com", "http://www.example.com"] }, "TargetUrls[1]",
            "must begin with https:// (https://www.example.com/verified)"
        },
        {
            new() { AllowedWords = ["Booking.com", "a b"] }, "AllowedWords[1]",
            "must be a name of 1 to 64 letters, digits, dots and hyphens, without a scheme or a path (shop.example)"
        },
        { new() { OtpText = "no placeholder" }, "OtpText", "must contain exactly one placeholder of # characters" },
        { new() { OtpText = "Code ###" }, "OtpText", "the placeholder for the code is ####, ##### or ######" },
        {
            new() { OtpText = "Your code for bank.com is ####" }, "OtpText",
            "contains a link of its own ('bank.com'): leave it out, or add the name to the project's AllowedWords, or an address of "
            + "that host to its TargetUrls"
        },
        { new() { LinkText = "Tap ######" }, "LinkText", "the placeholder for the link is ####" },
        {
            new() { LinkText = "Call 2025550142 or tap ####" }, "LinkText",
            "contains a telephone number ('********42'): leave it out"
        },
        { new() { GuessProbability = 0.0000009m }, "GuessProbability", "must be from 0.000001 to 0.01" },
        { new() { GuessProbability = 0.010001m }, "GuessProbability", "must be from 0.000001 to 0.01" },
        { new() { Caps = new Caps(1, null, "EUR") }, "Caps", "need prices: name a price list in Countersign:Prices" },
        { new() { Countries = ["US", "us"] }, "Countries[1]", "must be an ISO 3166 code of two capital letters (US)" },
        { new() { Countries = ["USA"] }, "Countries[0]", "must be an ISO 3166 code of two capital letters (US)" },
        { new() { Countries = ["U1"] }, "Countries[0]", "must be an ISO 3166 code of two capital letters (US)" },
        { new() { Countries = ["[S"] }, "Countries[0]", "must be an ISO 3166 code of two capital letters (US)" },
        { new() { Countries = [.. Enumerable.Repeat("US", 101)] }, "Countries", "must have at most 100 entries" },
        { new() { AllowedWords = [.. Enumerable.Repeat("a.example", 101)] }, "AllowedWords", "must have at most 100 entries" },
        { new() { WebOrigins = [.. Enumerable.Repeat("https://a.example", 101)] }, "WebOrigins", "must have at most 100 entries" },
        { new() { TargetUrls = [.. Enumerable.Repeat("https://a.example", 101)] }, "TargetUrls", "must have at most 100 entries" },
    };

    [Theory, MemberData(nameof(Wrong))]
    public void What_is_wrong_with_a_setting_is_told(ProjectSettings settings, string setting, string reason) =>
        Assert.Equal([(setting, reason)], _sandbox.Problems(settings));

    [Fact]
    public void What_is_right_has_no_problem() => Assert.Empty(_sandbox.Problems(new ProjectSettings
    {
        WebOtpHost = "www.example.com", WebOrigins = [.. Enumerable.Repeat("https://a.example", ProjectRules.MaxEntries)],
        TargetUrls = ["https://shop.example/app"], AllowedWords = ["Booking.com"], Countries = ["AA", "ZZ"],
        OtpText = "Booking.com: ####", LinkText = "shop.example or verify.example: ####", GuessProbability = GuessBudget.Max,
    }));

    [Fact]
    public void Both_wordings_are_looked_at() => Assert.Equal(
        ["OtpText", "LinkText"],
        _sandbox.Problems(new ProjectSettings { OtpText = "#", LinkText = "#" }).Select(problem => problem.Setting));

    [Fact]
    public void A_project_only_narrows_the_countries_of_its_server()
    {
        Assert.Empty(_live.Problems(new ProjectSettings { Countries = ["DE"] }));
        Assert.Equal(
            [("Countries[1]", "must be one of the server's Countersign:Countries: a project can only narrow them")],
            _live.Problems(new ProjectSettings { Countries = ["DE", "FR"] }));
    }

    [Theory]
    [InlineData("######", null, null)]
    [InlineData("####", 0.0006, null)]
    [InlineData("####", 0.0005, $"{TooShort}write 5 #, or set the project's GuessProbability to at least 0.0006")]
    [InlineData("####", null, $"{TooShort}write 6 #, or set the project's GuessProbability to at least 0.0006")]
    public void A_code_is_as_long_as_its_wording_has_room(string wording, double? probability, string? problem) => Assert.Equal(
        problem is null ? [] : [("OtpText", problem)],
        _live.Problems(new ProjectSettings { OtpText = wording, GuessProbability = (decimal?)probability }));

    [Fact]
    public void What_is_added_to_a_text_has_to_fit_into_it_too()
    {
        // Two segments of GSM-7 are 306; with accents that it has not, 134.
        var wording = "####" + new string('ё', 110);

        Assert.Empty(_sandbox.Problems(new ProjectSettings { OtpText = wording }));
        Assert.Empty(_sandbox.Problems(new ProjectSettings { OtpText = wording, WebOtpHost = "aa.aaaaaa" }));
        Assert.Equal(
            [("OtpText", "longer than 2 text segments when filled")],
            _sandbox.Problems(new ProjectSettings { OtpText = wording, WebOtpHost = "aa.aaaaaaa" }));
        Assert.Equal(
            [("LinkText", "longer than 2 text segments when filled")], _sandbox.Problems(new ProjectSettings { LinkText = wording }));
        Assert.Empty(_sandbox.Problems(new ProjectSettings { LinkText = wording[..60], WebOtpHost = "aa.aaaaaaa" }));
    }

    [Fact]
    public void What_was_taken_once_and_would_be_refused_today_is_told_apart()
    {
        var taken = new ProjectSettings { LinkText = Link, OtpText = "Call 2025550142: ####", Countries = ["us"] };

        Assert.Equal(["OtpText", "LinkText"], _sandbox.ProblemsOfTaken(taken).Select(problem => problem.Setting));
        Assert.StartsWith(
            "contains a telephone number ('********42')", _sandbox.ProblemsOfTaken(taken).First().Reason, StringComparison.Ordinal);
        Assert.Equal(["Countries[0]"], (_sandbox with { Taken = taken }).Problems(taken).Select(problem => problem.Setting));
    }

    public static TheoryData<ProjectSettings, ProjectSettings, string[], string?, string?> Changes => new()
    {
        // Whoever names a setting is told what is wrong with it, whatever it was.
        { new() { LinkText = Link }, new() { LinkText = Link }, ["LinkText"], "LinkText", IsLink },
        { new() { LinkText = Link }, new() { LinkText = Link, Countries = ["US"] }, ["Countries"], null, null },
        { new() { Countries = ["us"] }, new() { Countries = ["us"] }, ["LinkText"], null, null },
        { new() { Countries = ["US"] }, new() { Countries = ["us"] }, ["Countries"], "Countries[0]", "must be one of the server's" },
        // A change of another setting makes a wording wrong.
        {
            new() { LinkText = Link, AllowedWords = ["www.shop.example"] }, new() { LinkText = Link }, ["AllowedWords"], "LinkText",
            StoredDoesNotGo + IsLink
        },
        {
            new() { OtpText = "www.shop.example: ####", GuessProbability = 0.0006m }, new() { OtpText = "www.shop.example: ####" },
            ["GuessProbability"], "OtpText", StoredDoesNotGo + TooShort
        },
    };

    [Theory, MemberData(nameof(Changes))]
    public void A_change_is_held_to_what_it_names_and_to_what_it_breaks(
        ProjectSettings from, ProjectSettings to, string[] named, string? setting, string? reason)
    {
        var problems = _live.ProblemsOfChange(from, to, named).ToList();

        Assert.Equal(setting is null ? [] : [setting], problems.Select(problem => problem.Setting));
        Assert.All(problems, problem => Assert.StartsWith(reason!, problem.Reason, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a", null)]
    [InlineData("Till-1_b.C", null)]
    [InlineData("", "must be 1 to 128 of A-Za-z0-9-_.")]
    [InlineData("a b", "must be 1 to 128 of A-Za-z0-9-_.")]
    [InlineData("é", "must be 1 to 128 of A-Za-z0-9-_.")]
    public void An_id_of_a_client_is_made_of_what_every_system_takes(string id, string? problem) =>
        Assert.Equal(problem, ProjectRules.ProblemOfClientId(id));

    [Theory]
    [InlineData("Shop & Söhne 🏪", null)]
    [InlineData(" ", "must be 1 to 64 characters")]
    [InlineData("a\u202Eb", "contains characters that do not show")]
    [InlineData("a\tb", "contains characters that do not show")]
    [InlineData("a\u2028b", "contains characters that do not show")]
    [InlineData("a\u2029b", "contains characters that do not show")]
    public void A_name_of_a_project_shows_what_it_is(string name, string? problem) =>
        Assert.Equal(problem, ProjectRules.ProblemOfName(name));

    [Fact]
    public void Names_and_ids_have_their_longest()
    {
        Assert.Null(ProjectRules.ProblemOfClientId(new string('a', 128)));
        Assert.NotNull(ProjectRules.ProblemOfClientId(new string('a', 129)));
        Assert.Null(ProjectRules.ProblemOfName($" {string.Concat(Enumerable.Repeat("🏪", 64))} "));
        Assert.Equal("must be 1 to 64 characters", ProjectRules.ProblemOfName(new string('a', 65)));
    }
}
