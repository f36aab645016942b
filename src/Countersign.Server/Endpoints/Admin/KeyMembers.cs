using Countersign.Core;
using Countersign.Core.Administration;
using Countersign.Server.Contract;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>Members of requests about admin keys.</summary>
internal static class KeyMembers
{
    public static TextShape<string> NameShape { get; } =
        new(text => AdminKey.ProblemOfName(text) is { } problem ? (null, problem) : (text, null))
        {
            Min = 1,
            Max = AdminKey.MaxNameCharacters,
            Pattern = "^[a-z0-9._-]+$",
        };

    public static Member<string> Name { get; } = Member.Required(
        "name", NameShape, "The log knows by it who called. It is not used again when the key has ended.");

    public static ListMember<AdminScope> Scopes { get; } = new(
        "scopes", "What the key may do. A key gives away only what it has itself.",
        Shape.Word(AdminScopes.All.Select(scope => (AdminScopes.WordOf(scope), scope)).ToArray()), "A scope.", AdminScopes.All.Count,
        IsRequired: true);

    public static TextShape<ProjectId> ProjectShape { get; } =
        Shape.Id<ProjectId>() with { Min = 1, Max = ProjectId.MaxCharacters, Pattern = "^[a-z0-9][a-z0-9-]*$" };

    public static ListMember<ProjectId> Projects { get; } = new(
        "projects", "The projects that the key keeps to; left out, all of them, also those that are made later.", ProjectShape,
        "A project's id.", Max: 100);

    public static Member<DateTimeOffset?> ExpiresAt { get; } = Member.OptionalValue(
        "expiresAt", Fields.Moment,
        "From then on the key opens nothing: a moment in UTC, or a date for its beginning. Left out, it has no end.");
}
