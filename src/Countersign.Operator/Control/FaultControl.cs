using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Operator.Hosting;
using Countersign.Operator.State;

namespace Countersign.Operator.Control;

/// <summary><c>/sim/faults</c>: what goes wrong, for one number or for all.</summary>
internal sealed class FaultControl(Faults faults)
{
    private static readonly TimeSpan _maxLatency = TimeSpan.FromMinutes(10);

    public Task ListAsync(HttpContext context)
    {
        var list = new JsonArray();
        foreach (var (number, set) in faults.All)
        {
            list.Add((JsonNode)Describe(number, set));
        }
        return new Answer(200, list).WriteAsync(context);
    }

    /// <summary>Replaces the faults of <c>msisdn</c>, or of all when it is not given.</summary>
    public async Task PutAsync(HttpContext context)
    {
        var (body, refusal) = await ControlBody.ReadAsync(context, "msisdn", "faults", "latency", "status");
        if (body is null)
        {
            await refusal!.WriteAsync(context);
            return;
        }
        Msisdn? number = null;
        if (body.Text("msisdn") is var (text, isWrong) && (isWrong || (text is not null && !Msisdn.TryParse(text, out number))))
        {
            await ControlBody.Refuse("msisdn must be a number in international form such as +12025550142, or absent for all")
                .WriteAsync(context);
            return;
        }
        var (set, problem) = Read(body);
        if (set is null)
        {
            await ControlBody.Refuse(problem).WriteAsync(context);
            return;
        }
        faults.Set(number, set);
        await new Answer(200, Describe(number, set)).WriteAsync(context);
    }

    /// <summary>Ends the faults of <c>?msisdn=</c>, or every fault there is.</summary>
    public Task DeleteAsync(HttpContext context)
    {
        if (!context.Request.Query.ContainsKey("msisdn"))
        {
            faults.ClearAll();
            return new Answer(204, null).WriteAsync(context);
        }
        if (!Msisdn.TryParseFromAddress(context.Request.Query["msisdn"], out var number))
        {
            return ControlBody.Refuse("msisdn must be a number in international form such as +12025550142").WriteAsync(context);
        }
        faults.Clear(number);
        return new Answer(204, null).WriteAsync(context);
    }

    private static (FaultSet? Set, string Problem) Read(Dictionary<string, JsonElement> body)
    {
        var set = FaultSet.None;
        if (body.TryGetValue("faults", out var names))
        {
            if (names.ValueKind != JsonValueKind.Array)
            {
                return (null, "faults must be a list of names");
            }
            foreach (var name in names.EnumerateArray())
            {
                if (name.ValueKind != JsonValueKind.String || !FaultNames.All.TryGetValue(name.GetString()!, out var fault))
                {
                    return (null, $"faults must be among {string.Join(", ", FaultNames.All.Keys)}");
                }
                set = set with { Faults = set.Faults.Add(fault) };
            }
        }
        foreach (var (stage, value) in Stages(body, "latency"))
        {
            if (stage is null || value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var seconds) || seconds < 0
                || seconds > _maxLatency.TotalSeconds)
            {
                return (null,
                    "latency must be seconds by stage, such as {\"authorize\": 8, \"token\": 0.5, \"verify\": 2}, at most 600 each");
            }
            set = set with { Latency = set.Latency.SetItem(stage.Value, TimeSpan.FromSeconds(seconds)) };
        }
        foreach (var (stage, value) in Stages(body, "status"))
        {
            if (stage is null || value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out var status) || status is < 500 or > 599)
            {
                return (null, "status must be 500 to 599 by stage, such as {\"authorize\": 503, \"token\": 500, \"verify\": 502}");
            }
            set = set with { Status = set.Status.SetItem(stage.Value, status) };
        }
        return (set, "");
    }

    private static IEnumerable<(Stage? Stage, JsonElement Value)> Stages(Dictionary<string, JsonElement> body, string member)
    {
        if (!body.TryGetValue(member, out var stages))
        {
            return [];
        }
        return stages.ValueKind != JsonValueKind.Object
            ? [(null, stages)]
            : stages.EnumerateObject()
                .Select(pair => (FaultNames.Stages.TryGetValue(pair.Name, out var stage) ? stage : (Stage?)null, pair.Value));
    }

    private static JsonObject Describe(Msisdn? number, FaultSet set)
    {
        var (latency, status) = (new JsonObject(), new JsonObject());
        foreach (var (name, stage) in FaultNames.Stages)
        {
            if (set.Latency.TryGetValue(stage, out var wait))
            {
                latency[name] = wait.TotalSeconds;
            }
            if (set.Status.TryGetValue(stage, out var code))
            {
                status[name] = code;
            }
        }
        return new JsonObject
        {
            ["msisdn"] = number?.Value,
            ["faults"] = new JsonArray(
                [.. FaultNames.All.Where(pair => set.Has(pair.Value)).Select(pair => (JsonNode?)JsonValue.Create(pair.Key))]),
            ["latency"] = latency,
            ["status"] = status,
        };
    }
}
