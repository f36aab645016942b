using System.Diagnostics.CodeAnalysis;
using Countersign.Core.Projects;
using Microsoft.Extensions.Options;

namespace Countersign.Providers.Sandbox;

/// <summary>The sandbox's one project and its one API client (<c>Countersign:Sandbox</c>).</summary>
public sealed class SandboxOptions
{
    /// <summary>Below <c>Countersign</c>.</summary>
    public const string Section = "Sandbox";

    /// <summary>Any text without control characters, at most 256 characters.</summary>
    /// <value>Made on first start and kept, on SQLite; required on PostgreSQL.</value>
    public string? ClientId { get; set; }

    /// <summary>Any text without control characters, at most 256 characters.</summary>
    /// <value>Made on first start and kept, on SQLite; required on PostgreSQL.</value>
    public string? ClientSecret { get; set; }

    /// <value>Standard by default.</value>
    public ErrorCodes ErrorCodes { get; set; } = ErrorCodes.Standard;

    /// <value>Tap by default.</value>
    public LinkConfirmation LinkConfirmation { get; set; } = LinkConfirmation.Tap;

    /// <value>Off by default.</value>
    public Passkeys Passkeys { get; set; } = Passkeys.Off;

    /// <summary>Host of the page that asks for the code; with it a WebOTP line is added to the text.</summary>
    public string? WebOtpHost { get; set; }

    /// <summary>Origins whose pages may use the browser endpoints.</summary>
    /// <value>Empty by default: any.</value>
    public string[] WebOrigins { get; set; } = [];

    /// <summary>Something here is set to something.</summary>
    public bool IsSet => ClientId is not null || ClientSecret is not null || WebOtpHost is not null || WebOrigins.Length > 0
        || (ErrorCodes, LinkConfirmation, Passkeys) != (ErrorCodes.Standard, LinkConfirmation.Tap, Passkeys.Off);

    /// <summary>Whether a client id or secret can be one.</summary>
    public static bool IsCredential([NotNullWhen(true)] string? value) =>
        value is { Length: >= 1 and <= 256 } && !value.Any(char.IsControl);
}

public sealed class SandboxOptionsValidator : IValidateOptions<SandboxOptions>
{
    public ValidateOptionsResult Validate(string? name, SandboxOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        CheckCredential(nameof(options.ClientId), options.ClientId, result);
        CheckCredential(nameof(options.ClientSecret), options.ClientSecret, result);
        if (options.WebOtpHost is { } host && Uri.CheckHostName(host) != UriHostNameType.Dns)
        {
            result.AddError("Countersign:Sandbox:WebOtpHost must be a host name without scheme and port (www.example.com).");
        }
        if (Array.Exists(options.WebOrigins, origin => !BareOrigin.Is(origin)))
        {
            result.AddError(
                "Countersign:Sandbox:WebOrigins must hold bare origins as browsers write them (https://www.example.com, "
                    + "https://xn--mnchen-3ya.example).");
        }
        return result.Build();
    }

    private static void CheckCredential(string setting, string? value, ValidateOptionsResultBuilder result)
    {
        if (value is not null && !SandboxOptions.IsCredential(value))
        {
            result.AddError($"Countersign:Sandbox:{setting} must be 1 to 256 characters without control characters.");
        }
    }
}
