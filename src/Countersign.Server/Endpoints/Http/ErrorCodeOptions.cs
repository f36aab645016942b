using Countersign.Core.Projects;

namespace Countersign.Server.Endpoints.Http;

/// <summary>
/// Error codes where no project is known yet: at the token endpoint, without credentials (<c>Countersign:ErrorCodes</c>).
/// </summary>
internal sealed class ErrorCodeOptions
{
    /// <value>Standard by default; in the sandbox those of its project.</value>
    public ErrorCodes ErrorCodes { get; set; } = ErrorCodes.Standard;
}
