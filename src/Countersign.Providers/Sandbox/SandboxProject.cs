using Countersign.Core;
using Countersign.Core.Projects;

namespace Countersign.Providers.Sandbox;

/// <summary>The sandbox's own project, as the configuration has it.</summary>
public static class SandboxProject
{
    public static ProjectId Id { get; } = ProjectId.Parse("sandbox");

    public const string Name = "Countersign sandbox";

    public static Project Of(SandboxOptions options) => new(
        Id,
        Name,
        new ProjectSettings
        {
            ErrorCodes = options.ErrorCodes,
            LinkConfirmation = options.LinkConfirmation,
            Passkeys = options.Passkeys,
            WebOtpHost = options.WebOtpHost,
            WebOrigins = options.WebOrigins,
            // Said, not needed: in the sandbox everything is permitted.
            OneCall = Enum.GetValues<VerificationType>(),
            DisclosesSsn = true,
            NumberChange = NumberChangeRule.On,
        })
    {
        Origin = ProjectOrigin.Configuration,
    };
}
