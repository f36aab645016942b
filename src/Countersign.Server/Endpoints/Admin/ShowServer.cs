using System.Text.Json.Serialization;
using Countersign.Core.Flows;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>GET /admin/server: which server this is, and as whom it knows the caller.</summary>
internal sealed class ShowServer(ServerOptions server, PublicAddress address) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.OfPath(call => Task.FromResult(Answer.Ok(
        new ServerResponse(
            ServerVersion.Text, server.Mode.ToString().ToLowerInvariant(), address.Origin, call.Caller.Name,
            KeyWords.ScopesOf(call.Caller.Rights), KeyWords.ProjectsIn(call.Caller.Rights)),
        AdminJson.Answers.ServerResponse)));
}

/// <param name="Mode">"sandbox" or "live".</param>
/// <param name="Key">The name of the admin key that was used.</param>
/// <param name="Projects">Absent for all.</param>
internal sealed record ServerResponse(
    string Version, string Mode, string PublicUrl, string Key, IReadOnlyList<string> Scopes, IReadOnlyList<string>? Projects)
{
    public override string ToString() => Mode;
}
