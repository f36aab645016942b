using System.Text.Json.Nodes;
using Countersign.Cli.Server;
using Countersign.Core.Doctor;

namespace Countersign.Cli.Doctor;

/// <summary>What a running server says of itself, by its admin API.</summary>
/// <param name="Name">What was looked at; null where no server answered.</param>
internal sealed record RunningLook(string? Name, IReadOnlyList<ReportLine> Lines)
{
    public string? PublicUrl { get; init; }

    /// <summary>Tells the configurations of servers apart.</summary>
    public string? Configuration { get; init; }

    public IReadOnlyList<string>? SigningKeys { get; init; }

    /// <param name="connect">Throws where there is no key, or no address that it may be sent to.</param>
    public static async Task<RunningLook> OfAsync(Func<AdminClient> connect, CancellationToken cancellationToken)
    {
        AdminClient client;
        try
        {
            client = connect();
        }
        catch (CommandFailure failure)
        {
            return new RunningLook(Name: null, [ReportLine.Of(Checks.ServerReached.IsUnknown(failure.Message))]);
        }
        using (client)
        {
            return await OfAsync(client, cancellationToken);
        }
    }

    private static async Task<RunningLook> OfAsync(AdminClient client, CancellationToken cancellationToken)
    {
        JsonObject server;
        try
        {
            server = await client.GetAsync("/admin/server", cancellationToken);
        }
        catch (CommandFailure failure)
        {
            return new RunningLook(Name: null, [ReportLine.Of(Checks.ServerReached.IsBroken(failure.Message))]);
        }
        var reached = new RunningLook(
            $"the server of version {StrictJson.TextOf(server, "version")} ({StrictJson.TextOf(server, "mode")})",
            [ReportLine.Of(Checks.ServerReached.IsFine($"It does; the key is {StrictJson.TextOf(server, "key")}."))])
        {
            PublicUrl = AddressIn(server),
        };
        try
        {
            var seen = await client.GetAsync("/admin/doctor", cancellationToken);
            return reached with
            {
                Lines = [.. reached.Lines, .. ReportLines.Of(seen)],
                Configuration = StrictJson.TextOf(seen, "configuration"),
                SigningKeys = (seen["signingKeys"] as JsonArray)?.OfType<JsonValue>()
                    .Select(key => key.TryGetValue<string>(out var id) ? id : "").ToList(),
            };
        }
        catch (CommandFailure failure)
        {
            return reached with
            {
                Lines = [ReportLine.Of(Checks.ServerReached.IsUnknown($"It does, and says no more of itself: {failure.Message}"))],
            };
        }
    }

    /// <summary>The origin of the public address that it names; null where that is no address.</summary>
    public static string? AddressIn(JsonObject seen) =>
        Uri.TryCreate(StrictJson.TextOf(seen, "publicUrl"), UriKind.Absolute, out var address) && address.Scheme is "https" or "http"
            ? address.GetLeftPart(UriPartial.Path).TrimEnd('/') : null;

    public override string ToString() => Name ?? "nothing";
}
