using System.Text.Json.Serialization;

namespace Countersign.Client.Wire;

internal sealed class EvaluationBody
{
    [JsonPropertyName("result")]
    public string? Result { get; init; }

    [JsonPropertyName("failureReasons")]
    public Dictionary<string, string>? FailureReasons { get; init; }

    public static IReadOnlyDictionary<string, CategoryEvaluation> ToEvaluation(Dictionary<string, EvaluationBody?>? categories)
    {
        if (categories is null)
        {
            return CategoryEvaluation.None;
        }

        return categories.ToDictionary(category => category.Key, category => ToCategory(category.Value), StringComparer.Ordinal);
    }

    private static CategoryEvaluation ToCategory(EvaluationBody? body)
    {
        var evaluation = new CategoryEvaluation
        {
            Result = string.IsNullOrWhiteSpace(body?.Result) ? default : new EvaluationResult(body!.Result!),
        };
        return body?.FailureReasons is { } reasons ? evaluation with { FailureReasons = reasons } : evaluation;
    }
}
