namespace Countersign.Client;

/// <summary>What the server found in one category, such as <c>identification</c> or <c>risk</c>.</summary>
public sealed record CategoryEvaluation
{
    /// <summary>Pass, fail or a value that this version has no name for.</summary>
    public EvaluationResult Result { get; init; }

    /// <summary>Reason codes with a text each, such as <c>9014</c>; empty when there are none, never null.</summary>
    public IReadOnlyDictionary<string, string> FailureReasons { get; init => field = value ?? NoReasons; } = NoReasons;

    internal static IReadOnlyDictionary<string, CategoryEvaluation> None { get; } =
        new Dictionary<string, CategoryEvaluation>(StringComparer.Ordinal);

    private static IReadOnlyDictionary<string, string> NoReasons { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The result and the reason codes, without the texts.</summary>
    public override string ToString() =>
        $"{nameof(CategoryEvaluation)} {{ Result = {Result}, FailureReasons = [{string.Join(", ", FailureReasons.Keys)}] }}";
}
