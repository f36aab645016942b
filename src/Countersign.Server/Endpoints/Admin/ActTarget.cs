using System.Text.Json;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>How a thing of this name stands, by names; empty when it is not there.</summary>
internal delegate Task<IReadOnlyDictionary<string, string>> ActState(string name, CancellationToken cancellationToken);

/// <summary>What an operation of the admin API is done to: said where it is mapped, for the audit.</summary>
/// <param name="Kind">One word.</param>
/// <param name="Part">The part of the path that names it; null where none does.</param>
/// <param name="Member">The member of the body, or of the answer, that names it; null where none does.</param>
/// <param name="State">How it stands, by names, without secrets; nothing when it is not there. Null where only the call tells.</param>
internal sealed record ActTarget(string Kind, string? Part, string? Member, Func<ActStates, ActState>? State)
{
    // With a letter, or shorter than any number: whoever types a number into an address must not find it in the audit.
    private const int MaxDigits = 6;
    private const int MaxCharacters = 256;

    /// <summary>Whom a call names is not kept: it is done so that nothing is.</summary>
    public bool ForgetsWhom { get; init; }

    /// <summary>Whether a text is such a name; where any is, what looks like a number is none.</summary>
    public Predicate<string> IsName { get; init; } = IsOurs;

    /// <summary>What the call names; null for nothing, or for what may be anybody's.</summary>
    public string? NameIn(HttpContext context, RequestMembers? members)
    {
        var name = Part is not null ? context.Request.RouteValues[Part] as string : Member is null ? null : members?.TextIfAny(Member);
        return name is { Length: > 0 and <= MaxCharacters } && IsName(name) ? name : null;
    }

    /// <summary>What an answer names that was made.</summary>
    public string? NameIn(Answer answer)
    {
        if (Member is null || answer.Body.IsEmpty)
        {
            return null;
        }
        using var document = JsonDocument.Parse(answer.Body);
        return document.RootElement.TryGetProperty(Member, out var value)
            ? value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText()
            : null;
    }

    public string WordOf(string name) => $"{Kind}:{name}";

    public override string ToString() => nameof(ActTarget);

    private static bool IsOurs(string name) =>
        name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
        && (name.Any(char.IsAsciiLetter) || name.Length <= MaxDigits);
}

internal static class ActTargetExtensions
{
    public static IEndpointConventionBuilder On(this IEndpointConventionBuilder endpoint, ActTarget target) =>
        endpoint.WithMetadata(target);
}
