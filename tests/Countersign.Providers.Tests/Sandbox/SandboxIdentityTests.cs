using Countersign.Core;
using Countersign.Core.IdentityMatching;
using Countersign.Providers.Sandbox;
using Countersign.Providers.Tests.Identity;

namespace Countersign.Providers.Tests.Sandbox;

public sealed class SandboxIdentityTests : IdentitySourceContract
{
    private static readonly TestUsers _users = TestUsers.Load();

    protected override PhoneNumber Known => PhoneNumber.Parse("2001004011");
    protected override PersonName KnownName => new("Sheilakathryn", "Butrimovich");
    protected override PhoneNumber Unknown => PhoneNumber.Parse("+12025550199");
    protected override PhoneNumber Differing => NumberOf(Roles.IdentityDiffers);
    private protected override IIdentitySource Source => new SandboxIdentitySource(_users);

    private static PhoneNumber NumberOf(string role) => PhoneNumber.Parse(_users.All.First(user => user.Role == role).Number);
}
