using Countersign.Core.PreFill;
using Countersign.Core.Projects;

namespace Countersign.Core.Numbers;

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
    /// <param name="Number">In its line's one form; see <see cref="INumberPlan"/>.</param>
    /// <param name="Country">ISO 3166 code of the number's country; null in the sandbox, which does not ask.</param>
    /// <param name="NoText">Why no text arrives at this line, fit for an error answer; null when one may.</param>
    /// <param name="HasOperator">True when an operator could say whose connection has the number.</param>
    public sealed record Admitted(
        PhoneNumber Number, bool ProvesItself = false, StartShape? Shape = null, string? Country = null, string? NoText = null,
        bool HasOperator = false)
        : Admission
    {
        public override string ToString() => Number.ToString();
    }

    /// <summary>The number may not be used on this server.</summary>
    /// <param name="Reason">Fit for an error answer; it does not repeat the number.</param>
    public sealed record Refused(string Reason) : Admission;

    /// <summary>No test user has this number.</summary>
    public sealed record UnknownTestUser : Admission;

    /// <summary>The test user belongs to another product.</summary>
    public sealed record OtherProduct : Admission;

    /// <summary>The same for one project, which may admit fewer countries than its server.</summary>
    public Admission In(ProjectSettings project) =>
        this is Admitted { Country: { } country } && project.Countries.Count > 0
            && !project.Countries.Contains(country, StringComparer.Ordinal)
            ? new Refused($"numbers of {country} are not enabled for this project")
            : this;

    /// <summary>
    /// The same for a flow of a type: refused where nothing but a text could prove possession, and none arrives. A flow that begins all the
    /// same has no code among its methods (<see cref="Flows.Flow.TakesNoText"/>). A later change of the number is always proven by a text.
    /// </summary>
    public Admission For(FlowType type) => this is Admitted { NoText: { } reason, HasOperator: var hasOperator }
        && (type == FlowType.Desktop || (type == FlowType.Mobile && !hasOperator))
            ? new Refused(reason)
            : this;
}
