namespace Countersign.Server.Endpoints.RelyingParty.PreFill;

/// <summary>The call that comes next, by its name and path.</summary>
internal static class NextStep
{
    public static IReadOnlyDictionary<string, string> Validate { get; } = Of("v3-validate", "/v3/validate");

    public static IReadOnlyDictionary<string, string> Challenge { get; } = Of("v3-challenge", "/v3/challenge");

    public static IReadOnlyDictionary<string, string> Complete { get; } = Of("v3-complete", "/v3/complete");

    public static IReadOnlyDictionary<string, string> Done { get; } = Of("done", "done");

    private static Dictionary<string, string> Of(string name, string path) => new(StringComparer.Ordinal) { [name] = path };
}
