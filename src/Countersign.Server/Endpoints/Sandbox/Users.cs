using Countersign.Core.Sandbox;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Sandbox;

/// <summary>GET /sandbox/users: the test users of verify, in the words of its request.</summary>
internal sealed class Users(ITestUsers known) : IEndpoint
{
    public RequestDelegate Endpoint => async context =>
    {
        var users = known.OfVerifiedUsers.Select(SandboxUser.Of).ToArray();
        await Answer.Ok(users, SandboxJson.Answers.SandboxUserArray).WriteAsync(context);
    };
}

/// <param name="Scenario">What happens to this user.</param>
/// <param name="IsExtension">This server's own; the others are published ones.</param>
internal sealed record SandboxUser(string PhoneNumber, string FirstName, string LastName, string Scenario, bool IsExtension)
{
    public static SandboxUser Of(TestUserSummary user) =>
        new(user.Number, user.Name.Given, user.Name.Family, user.Scenario, user.IsExtension);

    public override string ToString() => Scenario;
}
