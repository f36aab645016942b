using Countersign.Core.Keys;
using Countersign.Core.Projects;

namespace Countersign.Core.Administration;

/// <summary>Makes and ends keys of the admin API. Nobody gives away what they do not have.</summary>
public sealed class AdminKeyChanges(
    IAdminKeyStore store, AdminKeyDirectory directory, IProjectStore projects, SecretHasher hasher, TimeProvider time)
{
    /// <param name="own">What the key that makes it may do.</param>
    /// <param name="ownEnd">When that key ends by itself; null for never.</param>
    /// <param name="by">The name of the key that makes it.</param>
    /// <param name="rights">What it is to be allowed.</param>
    /// <param name="expiresAt">Null for never.</param>
    public async Task<AdminKeyOutcome> CreateAsync(
        AdminRights own, DateTimeOffset? ownEnd, string by, string name, AdminRights rights, DateTimeOffset? expiresAt,
        CancellationToken cancellationToken)
    {
        AdminKeyProblem[] problems =
        [
            .. await ProblemsOfRightsAsync(own, rights, cancellationToken), .. ProblemsOfEnd(ownEnd, expiresAt),
        ];
        if (problems.Length > 0)
        {
            return new AdminKeyOutcome.Refused(problems);
        }
        var (secret, hash) = AdminKeySecrets.New(hasher);
        var key = new AdminKey(name, hash, rights, time.GetUtcNow(), by) { ExpiresAt = expiresAt };
        if (!await store.TryAddAsync(key, cancellationToken))
        {
            return new AdminKeyOutcome.AlreadyThere(name);
        }
        directory.Forget();
        return new AdminKeyOutcome.Given(key, secret);
    }

    /// <summary>What a new key would be refused for, where its scopes and projects are concerned.</summary>
    /// <param name="own">What the key that makes it may do.</param>
    public async Task<IReadOnlyList<AdminKeyProblem>> ProblemsOfRightsAsync(
        AdminRights own, AdminRights rights, CancellationToken cancellationToken)
    {
        var problems = new List<AdminKeyProblem>();
        if (rights.Scopes.Where(scope => !own.Has(scope)).ToList() is { Count: > 0 } lacking)
        {
            problems.Add(new AdminKeyProblem.ScopesLacking(lacking));
        }
        if (own.IsLimited && !rights.IsLimited)
        {
            problems.Add(new AdminKeyProblem.NotLimited());
        }
        foreach (var project in rights.Projects ?? [])
        {
            // A project of others is as unknown as one that does not exist.
            if (!own.Includes(project) || await projects.FindProjectAsync(project, cancellationToken) is null)
            {
                problems.Add(new AdminKeyProblem.NoSuchProject(project));
            }
        }
        return problems;
    }

    /// <summary>What a new key would be refused for, where its end is concerned.</summary>
    /// <param name="ownEnd">When the key that makes it ends by itself; null for never.</param>
    /// <param name="expiresAt">Null for never.</param>
    public IEnumerable<AdminKeyProblem> ProblemsOfEnd(DateTimeOffset? ownEnd, DateTimeOffset? expiresAt)
    {
        if (expiresAt <= time.GetUtcNow())
        {
            yield return new AdminKeyProblem.ExpiredAlready();
        }
        else if (ownEnd is { } end && !(expiresAt <= end))
        {
            yield return new AdminKeyProblem.OutlivesItsMaker(end);
        }
    }

    /// <summary>The keys that somebody may know of, by their names: their own always.</summary>
    /// <param name="own">What the key that asks may do.</param>
    /// <param name="by">The name of the key that asks.</param>
    public async Task<IReadOnlyList<AdminKey>> ListAsync(AdminRights own, string by, CancellationToken cancellationToken) =>
        [.. (await store.ListAsync(cancellationToken)).Where(key => own.Include(key.Rights) || key.Name == by)];

    /// <summary>Ends a key that somebody may know of, whatever its scopes: who suspects one must be able to.</summary>
    /// <inheritdoc cref="ListAsync"/>
    public async Task<AdminKeyOutcome> EndAsync(AdminRights own, string by, string name, CancellationToken cancellationToken)
    {
        if ((await ListAsync(own, by, cancellationToken)).FirstOrDefault(key => key.Name == name) is not { } key)
        {
            return new AdminKeyOutcome.NoSuchKey();
        }
        // What was ended before has ended.
        var hasEnded = await store.TryEndAsync(name, time.GetUtcNow(), cancellationToken);
        directory.Forget();
        return new AdminKeyOutcome.Ended(key, IsFirst: hasEnded);
    }
}

/// <summary>What becomes of a key: a closed set.</summary>
public abstract record AdminKeyOutcome
{
    private AdminKeyOutcome() { }

    public sealed override string ToString() => GetType().Name;

    /// <param name="Secret">Known here alone.</param>
    public sealed record Given(AdminKey Key, Secret Secret) : AdminKeyOutcome;

    /// <param name="IsFirst">False when it had been ended before.</param>
    public sealed record Ended(AdminKey Key, bool IsFirst) : AdminKeyOutcome;

    public sealed record NoSuchKey : AdminKeyOutcome;

    public sealed record AlreadyThere(string Name) : AdminKeyOutcome;

    /// <summary>It may not be as it was asked for.</summary>
    /// <param name="Problems">All of them; at least one.</param>
    public sealed record Refused(IReadOnlyList<AdminKeyProblem> Problems) : AdminKeyOutcome;
}

/// <summary>What may not be of a new key: a closed set.</summary>
public abstract record AdminKeyProblem
{
    private AdminKeyProblem() { }

    public sealed override string ToString() => GetType().Name;

    /// <summary>Who makes the key lacks scopes that it is to have.</summary>
    public sealed record ScopesLacking(IReadOnlyList<AdminScope> Scopes) : AdminKeyProblem;

    /// <summary>Who makes the key keeps to projects, and it would not.</summary>
    public sealed record NotLimited : AdminKeyProblem;

    public sealed record NoSuchProject(ProjectId Project) : AdminKeyProblem;

    public sealed record ExpiredAlready : AdminKeyProblem;

    /// <summary>Who makes the key ends before it would.</summary>
    public sealed record OutlivesItsMaker(DateTimeOffset End) : AdminKeyProblem;
}
