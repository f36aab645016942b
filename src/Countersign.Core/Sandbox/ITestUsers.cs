namespace Countersign.Core.Sandbox;

/// <summary>The people of the sandbox, for whoever wants to show a list of them.</summary>
public interface ITestUsers
{
    /// <summary>The project whose flows they play.</summary>
    ProjectId ProjectId { get; }

    /// <summary>The users with whom a verify flow can be played through.</summary>
    IReadOnlyList<TestUserSummary> OfVerifiedUsers { get; }
}

/// <param name="Number">As printed in the list of test users, for people to type.</param>
/// <param name="Scenario">What happens to this user, in a sentence.</param>
/// <param name="IsExtension">This server's own; the others are published ones.</param>
public sealed record TestUserSummary(string Number, PersonName Name, string Scenario, bool IsExtension)
{
    public override string ToString() => "***";
}
