using Countersign.Core;
using Countersign.Core.IdentityMatching;
using Countersign.Providers.Sandbox;
using Countersign.Providers.Tests.Identity;

namespace Countersign.Providers.Tests.Sandbox;

public sealed class SandboxPersonsTests : PersonSourceContract
{
    private static readonly TestUsers _users = TestUsers.Load();

    protected override PhoneNumber Known => Of(Roles.ChallengeCompared);
    protected override PartialDate Born => _users.Find(Known)!.Record.BirthDate!;
    protected override PhoneNumber Unknown => PhoneNumber.Parse("+12025550199");
    private protected override IPersonSource Source => new SandboxPersonSource(_users);

    private static PhoneNumber Of(string role) => PhoneNumber.Parse(_users.All.First(user => user.Role == role).Number);
}
