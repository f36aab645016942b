using System.Text.Json;
using System.Text.RegularExpressions;
using Countersign.Operator.Hosting;
using Countersign.Operator.OpenId;
using Countersign.Operator.State;

namespace Countersign.Operator.Camara;

/// <summary>What every call of CAMARA goes through: correlator, token, scope, body, faults.</summary>
internal sealed partial class CamaraGate(AccessTokens tokens, Faults faults, FaultyStages stages)
{
    private const string Correlator = "x-correlator";

    public async Task HandleAsync(HttpContext context, CamaraOperation operation) =>
        await (await AnswerAsync(context, operation)).WriteAsync(context);

    private async Task<Answer> AnswerAsync(HttpContext context, CamaraOperation operation)
    {
        var correlator = context.Request.Headers[Correlator];
        if (correlator.Count > 0)
        {
            if (correlator.Count > 1 || !CorrelatorShape().IsMatch(correlator.ToString()))
            {
                return Answer.CamaraError(400, "INVALID_ARGUMENT", $"{Correlator} must be at most 256 letters, digits and -_:;./<>{{}}.");
            }
            context.Response.Headers[Correlator] = correlator.ToString();
        }

        var token = Bearer(context.Request.Headers.Authorization.ToString());
        if (token is null || tokens.Find(token) is not { } grant)
        {
            return Unauthenticated(context, "The access token is missing, unknown, expired or used up.");
        }
        context.Notes().Client = grant.ClientId;
        context.Notes().Number = grant.Subject;
        if (!operation.Scopes.Any(grant.Scopes.Api.Contains))
        {
            return Answer.CamaraError(403, "PERMISSION_DENIED", $"The access token lacks the scope {operation.Scopes[^1]}.");
        }
        if (operation.TakesOneUseOfAPersonsToken)
        {
            if (grant.Subject is null)
            {
                return Answer.CamaraError(403, "PERMISSION_DENIED", "This call needs a person's access token, not a client's own.");
            }
            // Used up before the body is looked at: two calls at once must not share it.
            if (!tokens.TryUse(token))
            {
                return Unauthenticated(context, "The access token was used before; number verification takes each once.");
            }
        }

        var (body, problem) = operation.HasBody ? await ReadAsync(context, operation)
            : (new Dictionary<string, JsonElement>(StringComparer.Ordinal), "");
        if (body is null)
        {
            return Answer.CamaraError(400, "INVALID_ARGUMENT", problem);
        }
        var named = body.TryGetValue("phoneNumber", out var value) ? value.GetString() : null;
        var number = grant.Subject;
        if (named is not null)
        {
            if (!Msisdn.TryParse(named, out var parsed))
            {
                return Answer.CamaraError(400, "INVALID_ARGUMENT", "phoneNumber must be + and 5 to 15 digits.");
            }
            number ??= parsed;
        }
        context.Notes().Number = number;
        var faulty = faults.For(number);
        if (await stages.PassAsync(Stage.Verify, faulty, context.RequestAborted) is { } broken)
        {
            return broken;
        }
        return operation.Answer(new CamaraCall(grant, body, faulty)) with { IsMalformed = faulty.Has(InjectedFault.MalformedVerify) };
    }

    private static Answer Unauthenticated(HttpContext context, string message)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
        return Answer.CamaraError(401, "UNAUTHENTICATED", message);
    }

    private static string? Bearer(string header) =>
        header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) && header.Length > 7 ? header[7..].Trim() : null;

    /// <summary>
    /// The members of the body, or what is wrong: bodies are read strictly, so that a wrong name shows here and not at a real operator.
    /// </summary>
    private static async Task<(Dictionary<string, JsonElement>? Members, string Problem)> ReadAsync(
        HttpContext context, CamaraOperation operation)
    {
        if (!context.Request.HasJsonContentType())
        {
            return (null, "Content-Type must be application/json.");
        }
        JsonDocument document;
        try
        {
            document = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        }
        catch (JsonException)
        {
            return (null, "The body is not JSON.");
        }
        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return (null, "The body must be a JSON object.");
            }
            var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
            foreach (var member in document.RootElement.EnumerateObject())
            {
                var isNumber = operation.Numbers.Contains(member.Name, StringComparer.Ordinal);
                if (!isNumber && !operation.Texts.Contains(member.Name, StringComparer.Ordinal))
                {
                    return (null,
                        "The body has a member that this call does not know; it knows "
                            + $"{string.Join(", ", operation.Texts.Concat(operation.Numbers))}.");
                }
                if (member.Value.ValueKind != (isNumber ? JsonValueKind.Number : JsonValueKind.String)
                    || (isNumber && !member.Value.TryGetInt32(out _)))
                {
                    return (null, $"{member.Name} must be a {(isNumber ? "whole number" : "text")}.");
                }
                if (!members.TryAdd(member.Name, member.Value.Clone()))
                {
                    return (null, $"{member.Name} is there more than once.");
                }
            }
            return (members, "");
        }
    }

    // CAMARA Commonalities, schema XCorrelator.
    [GeneratedRegex(@"^[a-zA-Z0-9-_:;.\/<>{}]{0,256}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CorrelatorShape();
}
