using Countersign.Core.Projects;

namespace Countersign.Core.Tests.Projects;

public sealed class ProjectTests
{
    private static readonly ProjectSettings _settings = new()
    {
        TargetUrls = ["https://shop.example/app", "no address"], WebOrigins = ["https://www.shop.example:8443"],
        AllowedWords = ["Booking.com"], OtpText = "Code: ####", LinkText = "Tap: ####",
    };

    [Fact]
    public void The_hosts_of_a_projects_addresses_and_of_the_server_may_stand_in_its_texts()
    {
        Assert.Equal(
            ["shop.example", "www.shop.example", "verify.example", "Booking.com"], _settings.NamesInTexts("https://verify.example"));
        Assert.Equal(["shop.example", "www.shop.example", "Booking.com"], _settings.NamesInTexts(publicOrigin: ""));
        Assert.Empty(new ProjectSettings().NamesInTexts("about:blank"));
        var brand = new Project(ProjectId.Parse("shop"), "Shop", _settings).Brand;
        Assert.Equal("Shop", brand.Name);
        Assert.Equal(["shop.example", "www.shop.example", "Booking.com"], brand.AllowedNames);
    }

    [Theory]
    [InlineData(FlowType.Desktop, "Tap: ####")]
    [InlineData(FlowType.Mobile, "Code: ####")]
    public void A_flow_has_the_wording_of_its_type(FlowType type, string wording) => Assert.Equal(wording, _settings.TextFor(type));

    [Fact]
    public void What_is_chosen_is_kept_no_longer()
    {
        var project = new Project(ProjectId.Parse("shop"), "Shop", _settings)
        {
            Kept = new Dictionary<string, bool> { ["OneCall"] = true, ["NumberChange"] = true, ["DisclosesSsn"] = false },
        };

        var chosen = project.Choosing(["OneCall", "DisclosesSsn", "NamePolicy"]);

        Assert.Equal((true, false, false), (project.Keeps("OneCall"), project.Keeps("DisclosesSsn"), project.Keeps("NamePolicy")));
        Assert.Equal((false, false, true), (chosen.Keeps("OneCall"), chosen.Keeps("DisclosesSsn"), chosen.Keeps("NumberChange")));
        Assert.Equal(3, chosen.Kept.Count);
    }

    private static readonly DateTimeOffset _ends = Sample.Now.AddHours(1);

    private static ApiClient Client => new(ClientId.Parse("till"), ProjectId.Parse("shop"), Sample.Hash(2))
    {
        Former = new FormerSecret(Sample.Hash(1), _ends),
    };

    [Fact]
    public void A_token_lives_as_long_as_the_secret_that_it_was_got_with()
    {
        Assert.True(Client.Honours(Sample.Hash(2).Fingerprint, Sample.Now, _ends.AddDays(1)));
        Assert.True(Client.Honours(Sample.Hash(1).Fingerprint, Sample.Now, _ends.AddTicks(-1)));
        Assert.False(Client.Honours(Sample.Hash(1).Fingerprint, Sample.Now, _ends));
        Assert.False(Client.Honours(Sample.Hash(3).Fingerprint, Sample.Now, Sample.Now));
        Assert.False((Client with { Former = null }).Honours(Sample.Hash(1).Fingerprint, Sample.Now, Sample.Now));
    }

    [Theory]
    [InlineData(0, -1, true)]
    [InlineData(0, 0, false)]
    [InlineData(0, 1, false)]
    [InlineData(1, 1, false)]
    [InlineData(2, 2, true)]
    public void A_token_that_does_not_say_its_secret_ends_with_the_secret_that_may_have_been_its(
        int issuedHours, int secondsAfterEnd, bool lives) =>
        Assert.Equal(lives, Client.Honours(null, Sample.Now.AddHours(issuedHours), _ends.AddSeconds(secondsAfterEnd)));

    [Fact]
    public void Without_a_former_secret_every_token_that_does_not_say_its_own_lives() =>
        Assert.True((Client with { Former = null }).Honours(null, Sample.Now, _ends));

    [Theory]
    [InlineData("https://www.example.com", true)]
    [InlineData("http://localhost:8080", true)]
    [InlineData("https://www.example.com/", false)]
    [InlineData("https://WWW.example.com", false)]
    [InlineData("https://www.example.com:443", false)]
    [InlineData("https://somebody@www.example.com", false)]
    [InlineData("ftp://www.example.com", false)]
    [InlineData("https://büro.example", false)]
    [InlineData("www.example.com", false)]
    [InlineData("", false)]
    public void An_origin_is_as_browsers_write_it(string text, bool isBare) => Assert.Equal(isBare, BareOrigin.Is(text));
}
