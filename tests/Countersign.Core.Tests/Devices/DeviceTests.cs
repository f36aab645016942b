using Countersign.Core.Devices;

namespace Countersign.Core.Tests.Devices;

public sealed class DeviceTests
{
    private static readonly Device _device = new(
        Guid.Parse("019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a"), ProjectId.Parse("shop"), "key", [1], Sample.Now);

    [Fact]
    public void A_use_is_kept_once_the_one_on_file_is_a_day_old()
    {
        Assert.False(_device.IsUseNews(Sample.Now.AddDays(1).AddTicks(-1)));
        Assert.True(_device.IsUseNews(Sample.Now.AddDays(1)));
        Assert.False((_device with { LastUsedAt = Sample.Now.AddHours(1) }).IsUseNews(Sample.Now.AddDays(1)));
    }

    [Fact]
    public void An_id_is_written_in_one_way()
    {
        const string Text = "019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a";

        Assert.Equal(Text, DeviceIds.Print(_device.Id));
        Assert.True(DeviceIds.TryParse(Text, out var id));
        Assert.Equal(_device.Id, id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("019AB3F0-5C1E-7D2A-9B64-3F8E2C71D05A")]
    [InlineData("019ab3f05c1e7d2a9b643f8e2c71d05a")]
    [InlineData("{019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a}")]
    public void What_this_server_never_wrote_is_no_id(string text) => Assert.False(DeviceIds.TryParse(text, out _));

    [Theory]
    [InlineData(DeviceNotice.Server, false, false)]
    [InlineData(DeviceNotice.Server, true, true)]
    [InlineData(DeviceNotice.On, false, true)]
    [InlineData(DeviceNotice.Off, true, false)]
    public void A_person_is_told_as_the_project_says_and_else_as_the_server_does(DeviceNotice project, bool server, bool isTold) =>
        Assert.Equal(isTold, new DeviceKeyOptions { Notice = server }.IsTold(project));

    [Fact]
    public void By_default_the_sandbox_ties_a_key_by_a_scripts_check_and_tells_nobody()
    {
        var options = new DeviceKeyOptions();

        Assert.Equal((true, false), (options.TieOnFetch, options.Notice));
    }
}
