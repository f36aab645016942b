using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Operator.Hosting;
using Countersign.Operator.State;

namespace Countersign.Operator.Control;

/// <summary><c>/sim/clients</c>: who may ask, by the names of RFC 7591.</summary>
internal sealed class ClientControl(Clients clients, OperatorSettings settings, Issuer issuer)
{
    public Task ListAsync(HttpContext context)
    {
        var list = new JsonArray();
        foreach (var client in clients.All)
        {
            list.Add((JsonNode)Describe(client));
        }
        return new Answer(200, list).WriteAsync(context);
    }

    /// <summary>Registers a client, or replaces the one of the same id, so that a server can register itself at each start.</summary>
    public async Task RegisterAsync(HttpContext context)
    {
        if (!(settings.OpenRegistration ?? issuer.IsLoopbackOnly))
        {
            await Answer.CamaraError(403, "PERMISSION_DENIED",
                "Registration is closed; set Operator:OpenRegistration=true or configure the client.").WriteAsync(context);
            return;
        }
        var (body, refusal) = await ControlBody.ReadAsync(context, "client_id", "redirect_uris", "jwk", "pem", "jwks_uri");
        if (body is null)
        {
            await refusal!.WriteAsync(context);
            return;
        }
        var redirectUris = new List<string>();
        if (body.TryGetValue("redirect_uris", out var uris))
        {
            if (uris.ValueKind != JsonValueKind.Array || uris.EnumerateArray().Any(uri => uri.ValueKind != JsonValueKind.String))
            {
                await ControlBody.Refuse("redirect_uris must be a list of texts").WriteAsync(context);
                return;
            }
            redirectUris.AddRange(uris.EnumerateArray().Select(uri => uri.GetString()!));
        }
        // A JWK is an object; a text with one in it is taken as well.
        var jwk = body.TryGetValue("jwk", out var key) && key.ValueKind == JsonValueKind.Object ? key.GetRawText() : body.Text("jwk").Text;
        var (client, problem) = ClientRegistration.Make(
            body.Text("client_id").Text, redirectUris, jwk, body.Text("pem").Text, body.Text("jwks_uri").Text);
        if (client is null)
        {
            await ControlBody.Refuse(problem).WriteAsync(context);
            return;
        }
        await new Answer(clients.Put(client) ? 201 : 200, Describe(client)).WriteAsync(context);
    }

    private static JsonObject Describe(Client client) => new()
    {
        ["client_id"] = client.Id,
        ["redirect_uris"] = new JsonArray([.. client.RedirectUris.Select(uri => (JsonNode?)JsonValue.Create(uri))]),
        ["key"] = client.Key switch { ClientKey.Held held => held.Form, ClientKey.Published published => published.JwksUri.ToString(),
            _ => "" },
    };
}
