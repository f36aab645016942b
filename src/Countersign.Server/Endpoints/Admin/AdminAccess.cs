using Countersign.Core.Administration;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>What an operation of the admin API asks of a key. It stands where the operation is mapped, and nowhere else.</summary>
/// <param name="Scopes">Any one of them is enough; with none, any key is.</param>
/// <param name="IsOfWholeServer">It concerns every project, so a key that keeps to some may not call it.</param>
internal sealed record AdminAccess(IReadOnlyList<AdminScope> Scopes, bool IsOfWholeServer = false) : IOperationScopes
{
    /// <summary>The part of the path that names a key, where every key may call it for itself; null where none may.</summary>
    public string? OwnName { get; init; }

    public IReadOnlyList<string> Words { get; } = [.. Scopes.Select(AdminScopes.WordOf)];

    public string Sentence =>
        (Scopes.Count == 0 ? "Any key may call it." : $"Needs the scope {string.Join(" or ", Words.Select(word => $"`{word}`"))}.")
        + (OwnName is null ? "" : " Any key may call it for itself.")
        + (IsOfWholeServer ? " A key that is limited to projects may not call it: it concerns all of them." : "");

    /// <summary>Null where the caller may.</summary>
    public Fault? RefusalOf(AdminCaller caller, RouteValueDictionary path) =>
        OwnName is not null && path[OwnName] is string name && name == caller.Name ? null
        : Scopes.Count > 0 && !Scopes.Any(caller.Rights.Has)
            ? AdminFaults.Lacking($"needs the scope {string.Join(" or ", Words.Select(word => $"'{word}'"))}")
        : IsOfWholeServer && caller.Rights.IsLimited
            ? AdminFaults.Lacking("is limited to projects, and this concerns all of them")
        : null;

    public override string ToString() => Sentence;
}

/// <summary>Refusals for what a key may not do.</summary>
internal static class AdminFaults
{
    /// <param name="why">What is wrong with the key.</param>
    public static Fault Lacking(string why) => Fault.NotPermitted with { Message = $"this admin key {why}" };
}

internal static class AdminAccessExtensions
{
    /// <summary>For keys with one of these scopes, in the projects that they keep to.</summary>
    public static void For(this IEndpointConventionBuilder endpoint, params AdminScope[] scopes) =>
        endpoint.WithMetadata(new AdminAccess(scopes));

    /// <summary>For keys with this scope, and for the key itself that the path names.</summary>
    /// <param name="ownName">The part of the path.</param>
    public static void ForItselfOr(this IEndpointConventionBuilder endpoint, AdminScope scope, string ownName) =>
        endpoint.WithMetadata(new AdminAccess([scope]) { OwnName = ownName });

    /// <summary>For keys with one of these scopes that keep to no projects.</summary>
    public static void ForAllProjects(this IEndpointConventionBuilder endpoint, params AdminScope[] scopes) =>
        endpoint.WithMetadata(new AdminAccess(scopes, IsOfWholeServer: true));

    /// <summary>For every key.</summary>
    public static void ForAnyKey(this IEndpointConventionBuilder endpoint) => endpoint.WithMetadata(new AdminAccess([]));

    /// <summary>Refuses what a known caller may not do. Behind <see cref="AdminKeyAuthentication"/>, which says who calls.</summary>
    public static void UseAdminAccess(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        // A path or a method that does not exist has no route, and is told as such.
        if (context.Features.Get<AdminCaller>() is not { } caller || context.GetEndpoint() is not RouteEndpoint endpoint)
        {
            return next(context);
        }
        var access = endpoint.Metadata.GetMetadata<AdminAccess>()
            ?? throw new InvalidOperationException($"{endpoint.RoutePattern.RawText} does not say which scope it needs.");
        return access.RefusalOf(caller, context.Request.RouteValues) is { } refusal
            ? AdminEndpoint.RefuseAsync(context, refusal)
            : next(context);
    });
}
