using Countersign.Core;
using Countersign.Core.Assurance;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Numbers;
using Countersign.Core.Possession.MobileAuth;
using Countersign.Core.Sandbox;
using Countersign.Core.Texts;
using Countersign.Providers.Live;

namespace Countersign.Providers.Sandbox;

/// <summary>Who stands behind the ports in the sandbox: test users, and a time that can be moved.</summary>
internal static class SandboxServices
{
    public static IServiceCollection AddSandboxProviders(this IServiceCollection services) => services
        .AddSingleton(provider => new SandboxClock(provider.GetRequiredKeyedService<TimeProvider>(ClockKeys.Store)))
        .AddSingleton<ISandboxClock>(provider => provider.GetRequiredService<SandboxClock>())
        .AddSingleton<TimeProvider>(provider => provider.GetRequiredService<SandboxClock>())
        .AddHostedService<ClockFollower>()
        .AddSingleton(TestUsers.Load())
        .AddSingleton<ITestUsers>(provider => provider.GetRequiredService<TestUsers>())
        .AddSingleton<SandboxHandset>()
        .AddSingleton<INumberAdmission, SandboxNumberAdmission>()
        .AddSingleton<INumberVerifier, SandboxNumberVerifier>()
        .AddSingleton<ISmsGateway, SandboxGateway>()
        .AddSingleton<ICodeGenerator, SandboxCodeGenerator>()
        .AddSingleton<IIdentitySource, SandboxIdentitySource>()
        .AddSingleton<IAssuranceSource, SandboxAssuranceSource>()
        .AddSingleton<IPersonSource, SandboxPersonSource>()
        .AddSingleton<IPhoneRiskSource, SandboxRiskSource>()
        .AddSingleton<IVerifiedNumbers, NoVerifiedNumbers>()
        .AddHostedService<SandboxHandsetService>();
}
