using System.Text;
using Countersign.Core.Possession.MobileAuth;
using Countersign.Providers.Camara;
using Countersign.Server.Endpoints.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Countersign.Fuzzing;

/// <summary>
/// Calls of relying parties, browsers, phones and administrators, through the whole server. They bring good credentials, where an input
/// has none of its own, and are answered: by a refusal, by what the store holds, or, where something would be stored, by 503.
/// </summary>
internal static class ServerTargets
{
    private const string As = "As";
    private const string TokenHere = "TOKEN";
    private const string StateHere = "STATE";

    // Of a flow that no input can know: what stands for it has its length.
    private const string FlowHere = "019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a";

    // It writes a file each time, and plays a whole server: neither is a reader.
    private static readonly string[] _tooDear = ["/admin/backup", "/admin/scenarios/run"];

    /// <summary>What a relying party's back end calls, and OAuth. The id of the documents' examples becomes a living flow's.</summary>
    public static Target RelyingParty { get; } = Of(
        "relying-party", ["/v3/", "/flows", "/events", "/statistics", "/token", "/revoke", "/introspect", "/.well-known/"],
        (call, server) =>
        {
            AuthorizeBy(call, server.AccessToken);
            call.Target = call.Target.Replace(FlowHere, server.FlowId, StringComparison.Ordinal);
            call.Body = Encoding.Latin1.GetBytes(
                Encoding.Latin1.GetString(call.Body).Replace(FlowHere, server.FlowId, StringComparison.Ordinal));
        });

    /// <summary>What pages call; the header <c>As</c> says in which of three flows.</summary>
    public static Target Browser { get; } = Of(
        "browser", ["/v1/client/"],
        (call, server) =>
        {
            var flow = call.Headers[As].ToString();
            call.Headers.Remove(As);
            AuthorizeBy(call, server.AuthTokens.GetValueOrDefault(flow) ?? server.AuthTokens["mobile"]);
        });

    /// <summary>The link page, and where operators send phones back to; "TOKEN" and "STATE" are ones that were given out.</summary>
    public static Target Phone { get; } = Of(
        "phone", ["/l/", "/operators/"],
        (call, server) => call.Target = call.Target.Replace(TokenHere, server.LinkToken, StringComparison.Ordinal)
            .Replace(StateHere, StateOf(server), StringComparison.Ordinal));

    /// <summary>The admin API.</summary>
    public static Target Admin { get; } = Of(
        "admin", ["/admin/"],
        (call, _) =>
        {
            AuthorizeBy(call, InstalledServer.AdminKey);
            call.Admit = features => features.Set(AdminConnection.Instance);
        });

    private static Target Of(string name, string[] under, Action<HttpCall, InstalledServer> complete) => new(name, input =>
    {
        if (HttpCall.Read(input) is not { } call || !Array.Exists(under, path => call.Target.StartsWith(path, StringComparison.Ordinal))
            || Array.Exists(_tooDear, path => call.Target.StartsWith(path, StringComparison.OrdinalIgnoreCase)))
        {
            return Target.NoInput;
        }
        var server = InstalledServer.Shared;
        server.Freeze();
        complete(call, server);
        return server.Send(call).Check().ToString();
    });

    private static void AuthorizeBy(HttpCall call, string token)
    {
        if (call.Headers.Authorization.Count == 0)
        {
            call.Headers.Authorization = $"Bearer {token}";
        }
    }

    private static string StateOf(InstalledServer server) => server.Get<PendingAuthorizations>().ToState(new OpenCheck(
        Guid.Empty, "op", OpenCheck.NewChance(), "proof", MobileAuthTransport.Redirect,
        server.Now.AddMinutes(1).ToUnixTimeMilliseconds(), "https://shop.example/back"));
}
