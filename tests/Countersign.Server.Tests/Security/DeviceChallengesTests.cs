using Countersign.Core.Keys;
using Countersign.Server.Security;
using Countersign.Server.Tests.Endpoints.Browser;

namespace Countersign.Server.Tests.Security;

public sealed class DeviceChallengesTests
{
    private static readonly Guid _device = new("019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a");
    private readonly KeyRing _ring = KeyRing.Of(new MasterKey(new byte[MasterKey.Size]), TimeProvider.System);

    [Fact]
    public void A_challenge_says_whose_it_is_until_its_end()
    {
        var time = new Clock();
        var challenges = new DeviceChallenges(_ring, time);
        var challenge = challenges.Issue(_device);

        time.Now += DeviceChallenges.Lifetime - TimeSpan.FromMilliseconds(1);
        var inTime = challenges.DeviceOf(challenge);
        time.Now += TimeSpan.FromMilliseconds(1);

        Assert.Equal(_device, inTime);
        Assert.Null(challenges.DeviceOf(challenge));
    }

    [Fact]
    public void A_challenge_with_any_letter_altered_is_none_of_ours()
    {
        var challenges = new DeviceChallenges(_ring, new Clock());
        var challenge = challenges.Issue(_device);

        Assert.All(Enumerable.Range(0, challenge.Length), at =>
            Assert.Null(challenges.DeviceOf(DeviceKeyTests.Altered(challenge, at))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("AQ")]
    [InlineData("not base64 at all, and long enough to be a challenge of some kind, so that its length is none of the reasons")]
    public void What_was_never_given_is_none_of_ours(string challenge) =>
        Assert.Null(new DeviceChallenges(_ring, new Clock()).DeviceOf(challenge));

    [Fact]
    public void A_challenge_of_another_installation_is_none_of_ours()
    {
        var other = new DeviceChallenges(
            KeyRing.Of(new MasterKey([.. Enumerable.Repeat((byte)1, MasterKey.Size)]), TimeProvider.System), new Clock());

        Assert.Null(new DeviceChallenges(_ring, new Clock()).DeviceOf(other.Issue(_device)));
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
