using Countersign.Core.Enrolments;

namespace Countersign.Core.Tests.Enrolments;

public sealed class ProjectIdentityTests
{
    private static readonly IdentityFact _tier = new(Guid.CreateVersion7(Sample.Now), "tier", "gold");
    private static readonly IdentityFact _since = new(Guid.CreateVersion7(Sample.Now), "since", "2024");

    [Fact]
    public void What_a_person_is_newly_enrolled_with_counts_and_what_it_leaves_out_stays()
    {
        var older = new IdentityDetails("2025550142", "customer-1", "human-1", "device-1");
        var newer = new IdentityDetails("+12025550142", "customer-2", "human-2", "device-2");

        Assert.Equal(newer, newer.Over(older));
        Assert.Equal(older, new IdentityDetails().Over(older));
        Assert.Equal(newer, newer.Over(new IdentityDetails()));
    }

    [Fact]
    public void Facts_of_both_are_kept_the_newer_first()
    {
        var (newer, older) = (new IdentityDetails(Facts: [_tier]), new IdentityDetails(Facts: [_since]));

        Assert.Equal([_tier, _since], newer.Over(older).Facts);
        Assert.Equal([_tier], newer.Over(new IdentityDetails()).Facts);
        Assert.Equal([_since], new IdentityDetails().Over(older).Facts);
        Assert.Null(new IdentityDetails().Over(new IdentityDetails()).Facts);
    }
}
