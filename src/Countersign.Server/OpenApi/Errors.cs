using System.Text.Json.Nodes;
using Countersign.Core.Projects;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.OpenApi;

/// <summary>The codes of refusals, in the words of the documents.</summary>
internal static class Errors
{
    public static readonly Fault Malformed = Fault.Malformed("field 'phoneNumber' is missing");

    public static ObjectSchema Schema { get; } = new(
        "Error", "A refusal. The same shape for every status of 400 and above.", IsClosed: true,
        new Member("code", Contract.Schema.Number("Kind of problem. Codes are stable: decide on the code, never on the message."),
            IsRequired: true),
        new Member("message", Contract.Schema.Text("What is wrong, for a developer to read. It never repeats a number, a name, a code or "
            + "a token."), IsRequired: true));

    /// <summary>The same for the operations that the published contract does not have.</summary>
    public static ObjectSchema Problem { get; } = new(
        "Problem", "A refusal, as RFC 9457 has it, with the members that every other refusal of this server has.", IsClosed: true,
        [
            new Member("type", Contract.Schema.Text("Always `about:blank`: what kind it is `code` says."), IsRequired: true),
            new Member("title", Contract.Schema.Text("The status in words."), IsRequired: true),
            new Member("status", Contract.Schema.Number("The status."), IsRequired: true),
            new Member("detail", Contract.Schema.Text("The same text as `message`."), IsRequired: true),
            .. Schema.Members,
            new Member("end", Contract.Schema.Text("How the flow ended; only with 8411.")),
        ]);

    /// <summary>Every refusal there is, with when it is given and what to do about it.</summary>
    public static IReadOnlyList<(Fault Fault, string When, string Cure)> All { get; } =
    [
        (Malformed, "The request is malformed: no JSON, a wrong media type, a body of more bytes than allowed (4096, or what the "
            + "operation says), a field missing or invalid. Every bad "
            + "field is named.",
            "Correct the request; the same one will be refused again."),
        (Fault.NoTestUser, "Sandbox: no test user has this number.", "Use the number of a test user, in the form in which it is printed."),
        (Fault.UnknownCorrelationId, "The correlation id is well formed, and unknown, older than 15 minutes, another project's or another "
            + "product's: which of these is not told.",
            "Begin a new flow."),
        (Fault.NotAuthorized, "The credentials or the token are missing, wrong or expired.", "Get a new access token once, then repeat "
            + "the call."),
        (Fault.StepNotAllowed, "This step is not allowed now, or, with a valid token, the path or method does not exist under /v3.",
            "Check the method and the order of your calls."),
        (Fault.OtherProductsTestUser, "Sandbox: the test user belongs to another product than this endpoint's.",
            "Use a test user of this product."),
        (Fault.NotFound,
            "Nothing is at this address, or your project has no such identity, device or flow, or there is no such domain or link: which "
            + "of these is not told.", "Check the address and the id."),
        (Fault.MethodNotAllowed, "The address exists, with another method (outside /v3).", "Use the method of the documentation."),
        (Fault.NotPermitted, "Admin API: the key lacks the scope of this operation, or keeps to projects that this is not about. The "
            + "message says which.", "Use a key that has it; `countersign admin-key create` makes one."),
        (Fault.StillRunning, "A call with the same idempotency key, or on the flow that is to be cancelled, has not been answered yet.",
            "Wait a second and repeat the call with the same key."),
        (Fault.Conflict,
            "Admin API: a thing with this name is there already, or what is to be changed stands in the server's configuration. The "
            + "message says which.", "Choose another name, or change the configuration and restart the server."),
        (Fault.FlowEnded, "The flow has ended, and cannot be cancelled any more. `end` says how.", "Nothing: read its result."),
        (Fault.OtherBody, "The idempotency key was used with another body within 24 hours.", "Use a new key for each new request."),
        (Fault.TooManyRequests, "More requests a second than this client may make.", "Wait as many seconds as Retry-After says."),
        (Fault.Internal, "Something failed on the server.", "Repeat the call with growing pauses; contact the server's "
            + "operator if it persists."),
        (Fault.Unavailable,
            "The server cannot do its work for the moment: its store is away, does not answer in time, is full or takes no writes, or "
            + "other calls on the same flow took more than five seconds. Of a "
            + "call that changes something it is not known whether it did.",
            "Wait as many seconds as Retry-After says and repeat the call, "
            + "with the same Idempotency-Key where there is one."),
    ];

    /// <summary>The list as a Markdown table.</summary>
    public static string Table(params IEnumerable<int> codes)
    {
        var rows = from row in All
                   where codes.Contains(row.Fault.Code)
                   select $"| {Code(row.Fault)} | {row.Fault.Status} | {row.When} | {row.Cure} |";
        return string.Join('\n', ["| Code | HTTP | When | What to do |", "|---|---|---|---|", .. rows]);
    }

    /// <summary>The answers with these refusals, one for each status.</summary>
    public static IEnumerable<(int Status, JsonObject Response)> Answers(Operation operation) =>
        from fault in operation.Refusals.Append(Fault.Internal).Append(Fault.Unavailable)
        group fault by fault.Status into faults
        orderby faults.Key
        select (faults.Key, Answer(operation, [.. faults]));

    public static string WhenOf(Fault fault) => All.First(row => row.Fault.Code == fault.Code && row.Fault.Status == fault.Status).When;

    private static JsonObject Answer(Operation operation, Fault[] faults)
    {
        var examples = new JsonObject();
        foreach (var fault in faults)
        {
            examples[$"{fault.Code}"] = new JsonObject { ["summary"] = fault.Message, ["value"] = Example(operation, fault) };
        }
        var answer = new JsonObject { ["description"] = string.Join("\n\n", faults.Select(fault => $"**{fault.Code}** {WhenOf(fault)}")) };
        if (Headers(operation, faults[0].Status) is { Count: > 0 } headers)
        {
            answer["headers"] = headers;
        }
        answer["content"] = new JsonObject
        {
            [operation.ErrorType] = new JsonObject { ["schema"] = operation.Error.Reference, ["examples"] = examples },
        };
        return answer;
    }

    private static JsonObject Example(Operation operation, Fault fault)
    {
        var example = new JsonObject { ["code"] = fault.Code, ["message"] = fault.Message };
        foreach (var (name, value) in operation.MoreOfError(fault))
        {
            example[name] = value;
        }
        return example;
    }

    private static JsonObject Headers(Operation operation, int status)
    {
        var headers = new JsonObject();
        if (status == Fault.NotAuthorized.Status && operation.Credentials is Document.AccessToken or Document.AdminKey)
        {
            headers["WWW-Authenticate"] = Header(
                "`Bearer`; `Bearer error=\"invalid_token\"` where a token was sent that is not accepted (RFC 6750).",
                Contract.Schema.Text("The scheme of the credentials that are wanted."));
        }
        if (status == Fault.TooManyRequests.Status)
        {
            headers["Retry-After"] = Header("Seconds to wait before the next request.", Contract.Schema.Number("Whole seconds.", min: 1));
        }
        if ((status == Fault.TooManyRequests.Status && operation.SaysRate) || operation.Counts(status))
        {
            AddRate(headers, operation, status);
        }
        if (status == Fault.Unavailable.Status)
        {
            headers["Retry-After"] = Header("Seconds to wait before the next try.", Contract.Schema.Number("Whole seconds.", min: 1));
        }
        return headers;
    }

    /// <summary>The headers of an answer with success that counts against the caller's rate.</summary>
    public static JsonObject RateHeaders(Operation operation)
    {
        var headers = new JsonObject();
        AddRate(headers, operation, StatusCodes.Status200OK);
        return headers;
    }

    private static void AddRate(JsonObject headers, Operation operation, int status)
    {
        var isRequired = status == Fault.TooManyRequests.Status;
        var policy = operation.Credentials == Document.AccessToken ? "client" : "address";
        var when = isRequired ? ""
            : status < StatusCodes.Status400BadRequest ? " Absent on a server without a limit."
            : " Absent on a server without a limit, and where the request was refused before it was counted.";
        headers["RateLimit-Policy"] = Header(
            $"The limit, as in the IETF draft \"RateLimit header fields for HTTP\": `\"{policy}\";q=25;w=1` is 25 requests in each "
                + $"second from one {policy}." + when,
            Contract.Schema.Text("Quota and window."), isRequired);
        headers["RateLimit"] = Header(
            $"What is left of it and for how many seconds: `\"{policy}\";r=0;t=1`." + when, Contract.Schema.Text("Rest and time."),
                isRequired);
    }

    private static JsonObject Header(string description, JsonObject schema, bool isRequired = true)
    {
        schema.Remove("description");
        return new JsonObject { ["description"] = description, ["required"] = isRequired, ["schema"] = schema };
    }

    private static string Code(Fault fault) => fault.CodeFor(ErrorCodes.Legacy) is var legacy && legacy != fault.Code
        ? $"{fault.Code} ({legacy})"
        : $"{fault.Code}";
}
