using Countersign.Core;
using Countersign.Core.Projects;
using Countersign.Server.Endpoints.RelyingParty;

namespace Countersign.Server.Hosting;

/// <summary>The sandbox's one project with its one API client, as the configuration has them.</summary>
internal static class SandboxProject
{
    public const string Id = "sandbox";

    public static async Task PutAsync(IServiceProvider services, SandboxCredentials credentials)
    {
        var options = services.GetRequiredService<CountersignOptions>().Sandbox;
        var store = services.GetRequiredService<IProjectStore>();
        var settings = new ProjectSettings
        {
            ErrorCodes = options.ErrorCodes,
            LinkConfirmation = options.LinkConfirmation,
            Passkeys = options.Passkeys,
            WebOtpHost = options.WebOtpHost,
            WebOrigins = options.WebOrigins,
        };
        await store.PutAsync(new Project(Id, "Countersign sandbox", settings), CancellationToken.None);

        var secret = Token.HashOf(services.GetRequiredService<SecretHasher>(), credentials.ClientSecret);
        await store.PutAsync(new ApiClient(credentials.ClientId, Id, secret), CancellationToken.None);
        await store.RemoveOtherClientsAsync(Id, credentials.ClientId, CancellationToken.None);
    }
}
