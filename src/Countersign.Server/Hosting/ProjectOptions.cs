using Countersign.Core.PreFill;
using Countersign.Core.Projects;

namespace Countersign.Server.Hosting;

/// <summary>A project of the configuration (<c>Countersign:Projects:&lt;id&gt;</c>). What each setting means is told by <see cref="ProjectSettings"/>.</summary>
internal sealed class ProjectOptions
{
    /// <summary>Shown to the person on the link page.</summary>
    /// <value>The project's id by default.</value>
    public string? Name { get; set; }

    /// <summary>Client secrets by client id. A client that is not to stand here is made by the admin API.</summary>
    /// <value>None by default; each 32 to 256 characters without control characters.</value>
    public Dictionary<string, string> Clients { get; } = new(StringComparer.Ordinal);

    public ErrorCodes ErrorCodes { get; set; } = ErrorCodes.Standard;

    public LinkConfirmation LinkConfirmation { get; set; } = LinkConfirmation.Tap;

    public StartShape StartShape { get; set; } = StartShape.PreFill;

    public Passkeys Passkeys { get; set; } = Passkeys.Off;

    public string? WebOtpHost { get; set; }

    public string[] WebOrigins { get; set; } = [];

    public string[] TargetUrls { get; set; } = [];

    public string? OtpText { get; set; }

    public string? LinkText { get; set; }

    public string[] Countries { get; set; } = [];

    public Project ToProject(string id) => new(
        id,
        Name ?? id,
        new ProjectSettings
        {
            ErrorCodes = ErrorCodes,
            LinkConfirmation = LinkConfirmation,
            StartShape = StartShape,
            Passkeys = Passkeys,
            WebOtpHost = WebOtpHost,
            WebOrigins = WebOrigins,
            TargetUrls = TargetUrls,
            OtpText = OtpText,
            LinkText = LinkText,
            Countries = Countries,
        })
    {
        Origin = ProjectOrigin.Configuration,
    };

    public override string ToString() => Name ?? "";
}
