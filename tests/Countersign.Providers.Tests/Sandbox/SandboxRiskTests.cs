using Countersign.Core;
using Countersign.Core.IdentityMatching;
using Countersign.Providers.Sandbox;
using Countersign.Providers.Tests.Identity;

namespace Countersign.Providers.Tests.Sandbox;

public sealed class SandboxRiskTests : RiskSourceContract
{
    private static readonly TestUsers _users = TestUsers.Load();

    protected override PhoneNumber Swapped => PhoneNumber.Parse(_users.All.First(user => user.Role == Roles.SimSwapped).Number);
    protected override PhoneNumber Unknown => PhoneNumber.Parse("+12025550199");
    private protected override IPhoneRiskSource Source => new SandboxRiskSource(_users);
}
