using Countersign.Core.PreFill;

namespace Countersign.Core.Flows;

/// <summary>Says whether a number may be used at all.</summary>
public interface INumberAdmission
{
    /// <param name="text">The number as the relying party or the person wrote it.</param>
    Task<Admission> AdmitAsync(string text, NumberUse use, CancellationToken cancellationToken);
}

/// <summary>A closed set of answers.</summary>
public abstract record Admission
{
    private Admission() { }

    /// <param name="ProvesItself">True when the sandbox brings the flow to its result without a browser.</param>
    /// <param name="Shape">The shape that a pre-fill flow of this number has; null when the project's setting decides.</param>
    public sealed record Admitted(PhoneNumber Number, bool ProvesItself = false, StartShape? Shape = null) : Admission;

    /// <summary>No test user has this number.</summary>
    public sealed record UnknownTestUser : Admission;

    /// <summary>The test user belongs to another product.</summary>
    public sealed record OtherProduct : Admission;
}
