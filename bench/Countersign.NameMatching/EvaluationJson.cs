using System.Text.Json;
using System.Text.Json.Serialization;
using Countersign.Core.Names;

namespace Countersign.NameMatching;

/// <summary>Writes an evaluation for programs.</summary>
internal static class EvaluationJson
{
    public static string Of(string set, Evaluation evaluation, Evaluation? hand, int wrong) =>
        JsonSerializer.Serialize(
            new EvaluationBody(NameMatcher.Version, evaluation.Policy.Name, Body(set, evaluation, wrong),
                hand is null ? null : Body("hand", hand, wrong)), EvaluationJsonContext.Default.EvaluationBody);

    private static SetBody Body(string set, Evaluation evaluation, int wrong) => new(
        set,
        Of(evaluation.Precision),
        Of(evaluation.Recall),
        Of(evaluation.FalseMatchRate),
        evaluation.TimePerPair.TotalMicroseconds,
        [.. evaluation.Categories.Select(category =>
            new CategoryBody(category.Category, category.IsSame, category.NotAvailable, Of(category.Share)))],
        [.. evaluation.Wrong.OrderBy(pair => pair.Pair.IsSame).Take(wrong).Select(EvaluationText.Of)]);

    private static ShareBody Of(Proportion proportion) =>
        new(proportion.Hits, proportion.Of, proportion.Share, proportion.Low, proportion.High);
}

internal sealed record EvaluationBody(int RulesVersion, string Policy, SetBody Set, SetBody? Hand);

internal sealed record SetBody(
    string Name, ShareBody Precision, ShareBody Recall, ShareBody FalseMatchRate, double MicrosecondsPerPair,
    IReadOnlyList<CategoryBody> Categories, IReadOnlyList<string> Wrong);

internal sealed record CategoryBody(string Category, bool IsSame, int NotAvailable, ShareBody Matched);

/// <param name="Share">0 to 1; null of nothing.</param>
internal sealed record ShareBody(int Hits, int Of, double? Share, double Low, double High);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(EvaluationBody))]
internal sealed partial class EvaluationJsonContext : JsonSerializerContext;
