using System.Net;
using System.Text.Json.Nodes;
using Countersign.Operator.Hosting;
using Countersign.Operator.State;

namespace Countersign.Operator.Control;

/// <summary><c>/sim/network</c>: which SIM is behind which address. To attach is mobile data on, to detach is Wi-Fi.</summary>
internal sealed class NetworkControl(RadioNetwork network, Subscribers subscribers)
{
    public Task ListAsync(HttpContext context)
    {
        var all = new JsonObject();
        foreach (var (address, number) in network.All)
        {
            all[address.ToString()] = number.Value;
        }
        return new Answer(200, all).WriteAsync(context);
    }

    public Task GetAsync(HttpContext context) => !TryAddress(context, out var address)
        ? NoAddress().WriteAsync(context)
        : (network.Find(address) is { } number ? Describe(address, number)
            : Answer.CamaraError(404, "NOT_FOUND", "No SIM is behind this address.")).WriteAsync(context);

    /// <summary>The number stands in the address, <c>?msisdn=%2B1202…</c>, or in the body, <c>{"msisdn":"+1202…"}</c>.</summary>
    public async Task PutAsync(HttpContext context)
    {
        if (!TryAddress(context, out var address))
        {
            await NoAddress().WriteAsync(context);
            return;
        }
        var (body, refusal) = await ControlBody.ReadAsync(context, "msisdn");
        if (body is null)
        {
            await refusal!.WriteAsync(context);
            return;
        }
        if (!Msisdn.TryParseFromAddress(body.Text("msisdn").Text ?? context.Request.Query["msisdn"], out var number))
        {
            await ControlBody.Refuse("msisdn must be a number in international form such as +12025550142").WriteAsync(context);
            return;
        }
        subscribers.Ensure(number);
        network.Attach(address, number);
        await Describe(address, number).WriteAsync(context);
    }

    public Task DeleteAsync(HttpContext context)
    {
        if (!TryAddress(context, out var address))
        {
            return NoAddress().WriteAsync(context);
        }
        network.Detach(address);
        return new Answer(204, null).WriteAsync(context);
    }

    private static Answer Describe(IPAddress address, Msisdn number) =>
        new(200, new JsonObject { ["address"] = address.ToString(), ["msisdn"] = number.Value });

    private static bool TryAddress(HttpContext context, out IPAddress address)
    {
        var isAddress = IPAddress.TryParse(context.GetRouteValue("ip") as string, out var parsed);
        address = parsed ?? IPAddress.None;
        return isAddress;
    }

    private static Answer NoAddress() => ControlBody.Refuse("the last part of the path must be an IP address such as 127.0.0.42");
}
