using Countersign.Core.Doctor;
using Countersign.Server.Doctor;

namespace Countersign.Server.Tests.Doctor;

/// <summary>What one look says beside another.</summary>
public sealed class JoinedFindingsTests
{
    [Fact]
    public void Of_several_of_a_kind_each_is_told_that_of_which_nothing_is_known_too()
    {
        Finding[] found =
        [
            Checks.GatewaysFailing.IsFine("The last call was answered.") with { About = "main" },
            Checks.GatewaysFailing.IsUnknown("Nobody has asked it.") with { About = "spare" },
            Checks.OperatorsFailing.IsUnknown("Nobody has asked it.") with { About = "one" },
            Checks.OperatorsFailing.IsUnknown("Nobody has asked it.") with { About = "two" },
        ];

        Assert.Equal(found, ServerDoctor.Joined([], found));
    }

    [Fact]
    public void What_was_seen_is_told_instead_of_what_the_setting_lets_suppose()
    {
        var (supposed, seen) = (Checks.LimitsShadow.IsUnknown("The store knows."), Checks.LimitsShadow.IsWeak("Since a year."));
        var failed = Checks.LimitsShadow.IsUnknown("It could not be read.");
        var known = Checks.LimitsShadow.IsFine("It is enforced.");

        Assert.Equal([seen], ServerDoctor.Joined([supposed], [seen]));
        Assert.Equal([failed], ServerDoctor.Joined([supposed], [failed]));
        Assert.Equal([known], ServerDoctor.Joined([known], [failed]));
        Assert.Equal([supposed, Checks.KeysOld.IsFine("None.")], ServerDoctor.Joined([supposed], [Checks.KeysOld.IsFine("None.")]));
    }
}
