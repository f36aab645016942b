using Countersign.Core.Projects;

namespace Countersign.Core.Tests.Projects;

public sealed class ProjectPermissionsTests
{
    public static TheoryData<VerificationType> Types => [.. Enum.GetValues<VerificationType>()];

    [Theory]
    [MemberData(nameof(Types))]
    public void A_new_project_may_ask_nothing_and_in_the_sandbox_everything(VerificationType type)
    {
        var project = new ProjectSettings();

        Assert.Equal((false, true), (new ProjectPermissions(areKept: true).MayAsk(project, type),
            new ProjectPermissions(areKept: false).MayAsk(project, type)));
    }

    [Theory]
    [InlineData(true, NumberChangeRule.Off, false)]
    [InlineData(true, NumberChangeRule.On, true)]
    [InlineData(false, NumberChangeRule.Off, true)]
    public void A_number_is_changed_where_it_is_permitted_and_in_the_sandbox(bool areKept, NumberChangeRule rule, bool may) =>
        Assert.Equal(may, new ProjectPermissions(areKept).MayChangeNumber(new ProjectSettings { NumberChange = rule }));

    [Theory]
    [InlineData(true, false, false)]
    [InlineData(true, true, true)]
    [InlineData(false, false, true)]
    public void A_whole_ssn_is_seen_by_whom_it_is_permitted_and_in_the_sandbox(bool areKept, bool discloses, bool sees) =>
        Assert.Equal(sees, new ProjectPermissions(areKept).SeesWholeSsn(new ProjectSettings { DisclosesSsn = discloses }));

    [Theory]
    [InlineData(true, false, IdentityReasons.Proven, true)]
    [InlineData(true, false, IdentityReasons.Full, false)]
    [InlineData(true, true, IdentityReasons.Proven, false)]
    [InlineData(false, false, IdentityReasons.Proven, false)]
    public void Who_is_on_record_is_hidden_until_possession_is_proven(bool isKept, bool isProven, IdentityReasons reasons, bool hides) =>
        Assert.Equal(hides, new RecordPrivacy(isKept).Hides(new ProjectSettings { IdentityReasons = reasons }, isProven));
}
