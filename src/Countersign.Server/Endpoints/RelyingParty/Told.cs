namespace Countersign.Server.Endpoints.RelyingParty;

/// <summary>Counts what an answer tells of a person, for the log: members, and nothing of what is in them.</summary>
internal static class Told
{
    public static int Count(params ReadOnlySpan<object?> members)
    {
        var count = 0;
        foreach (var member in members)
        {
            count += member is null ? 0 : 1;
        }
        return count;
    }

    /// <summary>An empty list tells nothing.</summary>
    public static object? IfAny<T>(IReadOnlyList<T>? list) => list is { Count: > 0 } ? list : null;
}
