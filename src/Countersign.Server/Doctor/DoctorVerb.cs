using System.Text.Json;
using System.Text.Json.Serialization;
using Countersign.Core;
using Countersign.Core.Doctor;
using Countersign.Core.Texts;
using Countersign.Hosting;
using Countersign.Server.Endpoints.Admin;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Hosting;
using Countersign.Storage;

namespace Countersign.Server.Doctor;

/// <summary>
/// <c>Countersign.Server doctor</c>: looks at the configuration of this machine, and at its store, as a start of the server would, whether
/// one runs or not. It starts nothing, makes no file and changes nothing.
/// </summary>
/// <param name="IsJson">For the command <c>countersign doctor</c>.</param>
/// <param name="Settings">What stands behind it: options of the server.</param>
internal sealed record DoctorVerb(bool IsJson, string[] Settings)
{
    private const string Name = "doctor";
    private const string JsonOption = "--json";

    /// <summary>Null where the program is to serve.</summary>
    public static DoctorVerb? Of(string[] arguments) => arguments is [Name, .. var settings]
        ? new DoctorVerb(settings.Contains(JsonOption, StringComparer.Ordinal), [.. settings.Where(one => one != JsonOption)])
        : null;

    /// <returns>The exit code: <see cref="DoctorReport.ExitCode"/>.</returns>
    public async Task<int> RunAsync(TextWriter output)
    {
        CommandLine.Check(Settings);
        var seen = await LookAsync();
        var lines = seen.Findings.Select(ReportLine.Of).ToList();
        await output.WriteLineAsync(IsJson
            ? JsonSerializer.Serialize(
                new MachineReport(seen.Configuration, seen.PublicUrl, seen.AdminUrl, FindingResponse.Of(seen.Findings)),
                DoctorJson.Answers.MachineReport)
            : DoctorReport.TextOf(lines));
        return DoctorReport.ExitCode(lines);
    }

    private async Task<Seen> LookAsync()
    {
        try
        {
            var configuration = global::Program.NewBuilder(Settings).Configuration;
            var settings = Hosting.Settings.ReadWithoutSecrets(configuration);
            var seen = await LookAsync(settings, configuration);
            return seen with
            {
                PublicUrl = settings.Server.PublicUrl,
                AdminUrl = settings.Admin.IsOn ? ListeningAddresses.Split(settings.Admin.Urls).FirstOrDefault() : null,
                Findings = [Checks.ConfigurationRead.IsFine("It does."), .. seen.Findings],
            };
        }
        catch (ConfigurationException problem)
        {
            return new Seen([.. problem.Problems.Select(Checks.ConfigurationRead.IsBroken)]);
        }
    }

    private async Task<Seen> LookAsync(Settings settings, IConfiguration configuration)
    {
        // To open it would make it, and a sandbox its key beside it.
        if (!StoreFacts.IsThere(settings.Storage) || settings.MakesKeyFile)
        {
            return new Seen(
            [
                .. SettingsChecks.Of(settings, configuration),
                StoreFacts.IsThere(settings.Storage)
                    ? Checks.StoreKey.IsUnknown("The sandbox has no key file beside its store: the first start makes one.")
                    : Checks.StoreAnswers.IsUnknown($"There is none at {StoreFacts.PathOf(settings.Storage)}: the first start makes it."),
            ]);
        }
        await using var app = global::Program.Build(Settings, builder => builder.Logging.ClearProviders());
        // What is wrong with routes and prices is found when they are first asked for.
        app.Services.GetRequiredService<ITextRoutes>();
        await app.Services.BeginLookAsync(CancellationToken.None);
        var doctor = app.Services.GetRequiredService<IServerDoctor>();
        return new Seen(await doctor.ExamineAsync(CancellationToken.None)) { Configuration = doctor.Configuration };
    }

    public override string ToString() => Name;

    private sealed record Seen(IReadOnlyList<Finding> Findings)
    {
        public string? Configuration { get; init; }

        public string? PublicUrl { get; init; }

        public string? AdminUrl { get; init; }

        public override string ToString() => $"{Findings.Count} findings";
    }
}

/// <summary>What was found on this machine.</summary>
/// <param name="Configuration">As that of <see cref="DoctorResponse"/>; absent where it cannot be told.</param>
/// <param name="PublicUrl">Absent where it is not set.</param>
/// <param name="AdminUrl">Where the admin API is to listen; absent where there is none.</param>
internal sealed record MachineReport(
    string? Configuration, string? PublicUrl, string? AdminUrl, IReadOnlyList<FindingResponse> Findings)
{
    public override string ToString() => $"{Findings.Count} findings";
}

[JsonSerializable(typeof(MachineReport))]
internal sealed partial class DoctorJson : JsonSerializerContext
{
    public static DoctorJson Answers { get; } = new(HttpJson.NewOptions());
}
