using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Operator.Camara;
using Countersign.Operator.Hosting;
using Countersign.Operator.State;

namespace Countersign.Operator.Control;

/// <summary><c>/sim/subscribers</c>: what the operator knows about who holds a number.</summary>
internal sealed class SubscriberControl(Subscribers subscribers, OperatorTokens tokens)
{
    public Task ListAsync(HttpContext context)
    {
        var list = new JsonArray();
        foreach (var subscriber in subscribers.All)
        {
            list.Add((JsonNode)Describe(subscriber));
        }
        return new Answer(200, list).WriteAsync(context);
    }

    public Task GetAsync(HttpContext context) => !TryNumber(context, out var number)
        ? NoNumber().WriteAsync(context)
        : (subscribers.Find(number) is { } subscriber ? new Answer(200, Describe(subscriber)) : Unknown()).WriteAsync(context);

    /// <summary>The whole record anew: what is not given is not known any more.</summary>
    public Task PutAsync(HttpContext context) => ChangeAsync(context, Subscriber.Unnamed);

    /// <summary>Some members: those that are not given stay, null takes one away.</summary>
    public Task PatchAsync(HttpContext context) => ChangeAsync(context, subscribers.Find);

    public Task DeleteAsync(HttpContext context)
    {
        if (!TryNumber(context, out var number))
        {
            return NoNumber().WriteAsync(context);
        }
        subscribers.Remove(number);
        return new Answer(204, null).WriteAsync(context);
    }

    /// <summary>A token as the SIM's own application gets it (TS.43).</summary>
    public Task IssueTokenAsync(HttpContext context)
    {
        if (!TryNumber(context, out var number))
        {
            return NoNumber().WriteAsync(context);
        }
        if (subscribers.Find(number) is null)
        {
            return Unknown().WriteAsync(context);
        }
        var token = tokens.Issue(number);
        return new Answer(201, new JsonObject
        {
            ["operator_token"] = token,
            ["login_hint"] = "operatortoken:" + token,
            ["expires_in"] = (int)OperatorTokens.Lifetime.TotalSeconds,
        }).WriteAsync(context);
    }

    private async Task ChangeAsync(HttpContext context, Func<Msisdn, Subscriber?> begin)
    {
        if (!TryNumber(context, out var number))
        {
            await NoNumber().WriteAsync(context);
            return;
        }
        var (body, refusal) = await ControlBody.ReadAsync(context);
        if (body is null)
        {
            await refusal!.WriteAsync(context);
            return;
        }
        if (begin(number) is not { } subscriber)
        {
            await Unknown().WriteAsync(context);
            return;
        }
        foreach (var (name, value) in body)
        {
            // The number stands in the path; a record that was read before may be sent back whole.
            if (name == "msisdn" && value.ValueKind == JsonValueKind.String && value.GetString() == number.Value)
            {
                continue;
            }
            var (text, isWrong) = body.Text(name);
            var (changed, problem) = isWrong ? (null, "must be a text or null") : SubscriberMembers.Apply(subscriber, name, text);
            if (changed is null)
            {
                await ControlBody.Refuse($"{ControlBody.Short(name)} {problem}").WriteAsync(context);
                return;
            }
            subscriber = changed;
        }
        subscribers.Put(subscriber);
        await new Answer(200, Describe(subscriber)).WriteAsync(context);
    }

    private static JsonObject Describe(Subscriber subscriber)
    {
        var described = new JsonObject { ["msisdn"] = subscriber.Number.Value };
        foreach (var (name, value) in subscriber.Kyc)
        {
            described[name] = value;
        }
        described["simSwappedAt"] = Format(subscriber.SimSwappedAt);
        described["recycledAt"] = Format(subscriber.RecycledAt);
        described["tenureSince"] = subscriber.TenureSince is { } since ? CamaraDate.Format(since) : null;
        described["contractType"] = subscriber.ContractType;
        return described;
    }

    private static string? Format(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static bool TryNumber(HttpContext context, out Msisdn number)
    {
        var isNumber = Msisdn.TryParseFromAddress(context.GetRouteValue("msisdn") as string, out var parsed);
        number = parsed!;
        return isNumber;
    }

    private static Answer NoNumber() =>
        ControlBody.Refuse("the last part of the path must be a number in international form such as +12025550142");

    private static Answer Unknown() => Answer.CamaraError(404, "NOT_FOUND", "There is no such subscriber.");
}
