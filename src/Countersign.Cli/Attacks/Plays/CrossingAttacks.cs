using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using static Countersign.Cli.Attacks.Installation;

namespace Countersign.Cli.Attacks.Plays;

/// <summary>Attacks of one project on what is another's.</summary>
internal static class CrossingAttacks
{
    // No flow has it, and no person.
    private const string Nobody = "01a228e7-0000-7000-8000-000000000001";

    /// <summary>A call about one thing.</summary>
    /// <param name="Path">With {0} where the id, or the number, stands.</param>
    /// <param name="Body">Null for GET and DELETE.</param>
    private sealed record Call(HttpMethod Method, string Path, Func<string, JsonObject>? Body = null)
    {
        public Task<Heard> AskAsync(Installation on, string of, Client? by)
        {
            var path = Path.Replace("{0}", Uri.EscapeDataString(of), StringComparison.Ordinal);
            return Body is null ? on.AskAsync(Method, path, by) : on.PostAsync(path, Body(of), by);
        }

        public override string ToString() => $"{Method} {Path}";
    }

    /// <summary>Something of the attacked project: how it is called, how one would be that does not exist, and what is asked.</summary>
    private sealed record Thing(string Id, string Unknown, IReadOnlyList<Call> Calls)
    {
        public override string ToString() => $"{Calls.Count} calls";
    }

    /// <summary>A02: every call about a flow or a person, by another project.</summary>
    public static async Task<Finding> CrossAsync(Installation on)
    {
        var other = on.NeedOther();
        Thing[] flows = [await FlowAsync(on), await PreFillAsync(on), await UnifyAsync(on)];
        var number = await NobodysAsync(on);
        on.Target.KeepForUndoing();
        var person = IdOf(await on.PostAsync("/v3/identity", new JsonObject { ["phoneNumber"] = number }), "proveId");
        var token = await on.TokenAsync();
        try
        {
            return await CrossAsync(on, other, [.. flows, .. Persons(on, number, person)]);
        }
        finally
        {
            await on.Target.UndoAsync(() => new HttpRequestMessage(HttpMethod.Delete, on.Target.At($"/v3/identity/{person}"))
            {
                Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
            });
        }
    }

    private static async Task<Finding> CrossAsync(Installation on, Client other, Thing[] things)
    {
        var (count, through) = (0, new List<string>());
        // The owner last: some calls end what they are about.
        foreach (var thing in things)
        {
            foreach (var call in thing.Calls)
            {
                count++;
                var (theirs, unknown) = (await call.AskAsync(on, thing.Id, other), await call.AskAsync(on, thing.Unknown, other));
                if (Said(theirs, thing.Id) != Said(unknown, thing.Unknown))
                {
                    through.Add($"{call} {theirs.Brief}");
                }
            }
        }
        foreach (var thing in things)
        {
            foreach (var call in thing.Calls)
            {
                var (own, unknown) = (await call.AskAsync(on, thing.Id, by: null), await call.AskAsync(on, thing.Unknown, by: null));
                Need(
                    through.Count > 0 || Said(own, thing.Id) != Said(unknown, thing.Unknown),
                    $"{call} is answered {own.Brief} to the project itself, as about nothing: that another hears no more says nothing.");
            }
        }
        return Finding.Of(
            through.Count == 0,
            $"Of {count} calls about another project's flows and person {through.Count} were answered otherwise than about what does not "
                + $"exist{(through.Count == 0 ? "" : $": {string.Join(", ", through)}")}; each tells the project itself. Devices and links "
                + "between projects are played by tests alone.",
            "Look everything up by id and project together.");
    }

    private static async Task<Thing> FlowAsync(Installation on) => new(
        (await on.BeginAsync("mobile")).Id, Nobody,
        [
            new(HttpMethod.Post, "/v3/verify-status", Question), new(HttpMethod.Get, "/flows/{0}"), new(HttpMethod.Get, "/events?flow={0}"),
            new(HttpMethod.Get, "/flows/{0}/receipt"), new(HttpMethod.Post, "/flows/{0}/cancel", _ => []),
        ]);

    private static async Task<Thing> PreFillAsync(Installation on) => new(
        IdOf(await on.PostAsync("/v3/start", Named("flowType", "mobile", on.NextNumber())), "correlationId"), Nobody,
        [
            new(HttpMethod.Post, "/v3/validate", Question),
            new(HttpMethod.Post, "/v3/challenge", id => new() { ["correlationId"] = id, ["dob"] = "1980-01-01" }),
            new(
                HttpMethod.Post, "/v3/complete",
                id => new()
                {
                    ["correlationId"] = id, ["individual"] = new JsonObject { ["firstName"] = FirstName, ["lastName"] = LastName },
                }),
        ]);

    private static async Task<Thing> UnifyAsync(Installation on)
    {
        var number = on.NextNumber();
        return new Thing(
            IdOf(await on.PostAsync("/v3/unify", Named("possessionType", "mobile", number)), "correlationId"), Nobody,
            [
                new(HttpMethod.Post, "/v3/unify-status", Question),
                new(HttpMethod.Post, "/v3/unify-bind", id => new() { ["correlationId"] = id, ["phoneNumber"] = number }),
            ]);
    }

    /// <summary>A number behind which the attacked project has nobody: who is there would be changed, and forgotten at the end.</summary>
    private static async Task<string> NobodysAsync(Installation on)
    {
        for (var n = 0; n < 3; n++)
        {
            var number = on.NextNumber();
            var found = await on.GetAsync($"/v3/identity/{Uri.EscapeDataString(number)}/lookup");
            Need(found.IsOk && found.Json?["items"] is JsonArray, $"Whether a number is somebody's was answered {found.Brief}.");
            if (found.Json!["items"]!.AsArray().Count == 0)
            {
                return number;
            }
        }
        throw new CannotPlay("Three of the numbers are persons of the project already, who are left alone: name numbers of nobody's.");
    }

    /// <summary>A person whom the attacked project has enrolled for this.</summary>
    private static Thing[] Persons(Installation on, string number, string id) =>
        [
            new Thing(number, on.NextNumber(), [new(HttpMethod.Get, "/v3/identity/{0}/lookup")]),
            new Thing(
                id, Nobody,
                [
                    new(HttpMethod.Get, "/v3/identity/{0}"), new(HttpMethod.Get, "/v3/discover?proveId={0}"),
                    new(HttpMethod.Post, "/v3/identity/{0}/cross-domain", _ => []),
                    new(HttpMethod.Post, "/v3/unify", known => new() { ["possessionType"] = "mobile", ["proveId"] = known }),
                    new(HttpMethod.Post, "/v3/identity/{0}/deactivate", _ => []),
                    new(HttpMethod.Post, "/v3/identity/{0}/activate", _ => []), new(HttpMethod.Delete, "/v3/identity/{0}"),
                ]),
        ];

    private static JsonObject Named(string type, string word, string number) => new() { [type] = word, ["phoneNumber"] = number };

    private static string IdOf(Heard answer, string name)
    {
        Need(answer.IsOk && answer.Text(name) is not null, $"What another project could ask for could not be made: {answer.Brief}.");
        return answer.Text(name)!;
    }

    /// <summary>All that an answer says but the id that was asked about.</summary>
    private static string Said(Heard answer, string id) =>
        $"{answer.Status} {answer.Body.Replace(id, "", StringComparison.Ordinal)}";
}
