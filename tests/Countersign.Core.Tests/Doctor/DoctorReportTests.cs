using Countersign.Core.Doctor;

namespace Countersign.Core.Tests.Doctor;

public sealed class DoctorReportTests
{
    private static readonly Check _caps = new("caps.none", "whether there are caps", FindingState.Weak, "Set a cap.", "limits.md#money");

    [Fact]
    public void The_worst_comes_first_with_what_to_do_and_what_is_fine_says_what_was_looked_at()
    {
        ReportLine[] lines =
        [
            ReportLine.Of(_caps.IsFine("There is one.")),
            ReportLine.Of(_caps.IsUnknown("The store is away.")),
            ReportLine.Of(_caps.IsWeak("There is none.") with { About = "shop" }),
            ReportLine.Of(_caps.IsWeak("There is none.") with { About = "bank" }),
            ReportLine.Of(_caps.IsBroken("It is spent.")),
        ];

        Assert.Equal(
            """
            broken  caps.none: It is spent.
                    -> Set a cap. (docs/limits.md#money)
            weak    caps.none (shop): There is none.
                    -> Set a cap. (docs/limits.md#money)
            weak    caps.none (bank): There is none.
                    -> Set a cap. (docs/limits.md#money)
            unknown caps.none, whether there are caps: The store is away.
            fine    caps.none, whether there are caps: There is one.
            1 broken, 2 weak, 1 unknown, 1 fine.
            """.ReplaceLineEndings("\n"),
            DoctorReport.TextOf(lines));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0, FindingState.Fine, FindingState.Fine)]
    [InlineData(1, FindingState.Fine, FindingState.Unknown)]
    [InlineData(1, FindingState.Weak, FindingState.Fine)]
    [InlineData(2, FindingState.Fine, FindingState.Weak, FindingState.Broken)]
    public void The_exit_code_is_of_the_worst_and_of_nothing_that_it_is_not_known(int code, params FindingState[] states) =>
        Assert.Equal(code, DoctorReport.ExitCode(states.Select(state => ReportLine.Of(new Finding(_caps, state, "It is so.")))));

    [Fact]
    public void States_have_words_that_stay()
    {
        var states = Enum.GetValues<FindingState>();

        Assert.Equal(["broken", "weak", "unknown", "fine"], states.Select(DoctorReport.WordOf));
        Assert.Equal(states, states.Select(state => DoctorReport.StateOf(DoctorReport.WordOf(state))!.Value));
        Assert.Null(DoctorReport.StateOf("Fine"));
        Assert.Null(DoctorReport.StateOf("other"));
    }
}
