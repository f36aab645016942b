using Countersign.Core.Projects;

namespace Countersign.Core.Assurance;

/// <summary>Which questions of a batch are asked at all: decided before anything is looked up.</summary>
public sealed class OneCallBatch(ProjectPermissions permissions, INumberPlan plan)
{
    /// <summary>False when there are questions and the project may ask none of them.</summary>
    /// <param name="questions">Null for an item that is no question.</param>
    public bool IsPermitted(ProjectSettings project, IReadOnlyCollection<OneCallQuestion?> questions)
    {
        var asked = questions.OfType<OneCallQuestion>().ToList();
        return asked.Count == 0 || asked.Exists(question => permissions.MayAsk(project, question.Type));
    }

    /// <summary>
    /// The places of those questions that are about the line of an earlier one, however it is written. Attack: to try a thousand names for
    /// one number in one call.
    /// </summary>
    /// <param name="questions">Null for an item that is no question: like one that the project may not ask, it uses up no line.</param>
    public IReadOnlySet<int> RepeatedIn(ProjectSettings project, IReadOnlyList<OneCallQuestion?> questions)
    {
        var lines = new HashSet<PhoneNumber>();
        return questions.Index()
            .Where(place => place.Item is { } question && permissions.MayAsk(project, question.Type)
                && plan.Read(question.PhoneNumber) is { } line && !lines.Add(line))
            .Select(place => place.Index)
            .ToHashSet();
    }
}
