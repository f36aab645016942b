using System.Net;
using Countersign.Core;
using Countersign.Core.Sandbox;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Sandbox;

/// <summary>GET /sandbox/operator: the simulated operator beside this sandbox, for the handset page's SIM card.</summary>
internal sealed class ShowOperator(SimulatedOperator? simulated = null) : IEndpoint
{
    public RequestDelegate Endpoint => async context =>
    {
        var body = new SandboxOperator(simulated?.Origin, simulated is null ? null : Plain(context.Connection.RemoteIpAddress));
        await Answer.Ok(body, SandboxJson.Answers.SandboxOperator).WriteAsync(context);
    };

    private static string? Plain(IPAddress? address) => address is null ? null : ClientAddress.Plain(address).ToString();
}

/// <param name="Origin">Where its control API is; absent when there is no operator.</param>
/// <param name="Address">Where this browser calls from: putting a SIM into the phone is attaching a number to it.</param>
internal sealed record SandboxOperator(string? Origin, string? Address)
{
    public override string ToString() => nameof(SandboxOperator);
}
