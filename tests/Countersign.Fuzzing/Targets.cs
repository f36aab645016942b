namespace Countersign.Fuzzing;

/// <summary>All targets. CONTRIBUTING.md says what each covers.</summary>
internal static class Targets
{
    public static IReadOnlyList<Target> All { get; } =
    [
        TokenTarget.Target,
        ServerTargets.RelyingParty,
        ServerTargets.Browser,
        ServerTargets.Phone,
        ServerTargets.Admin,
        GatewayTarget.Target,
        AnswerTarget.Target,
        OperatorTarget.Target,
        ClientTarget.Target,
        ImportTarget.Target,
        StatementTarget.Target,
        ValueTarget.Target,
    ];

    public static Target Find(string name) =>
        All.FirstOrDefault(target => target.Name == name)
            ?? throw new ArgumentException($"There is no target {name}; there are: {string.Join(", ", All)}.");
}
