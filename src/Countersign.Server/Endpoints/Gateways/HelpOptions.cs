using Countersign.Core.Texts;
using Microsoft.Extensions.Options;

namespace Countersign.Server.Endpoints.Gateways;

/// <summary>What a person is answered who writes HELP to a gateway (<c>Countersign:HelpText</c>).</summary>
internal sealed class HelpOptions
{
    /// <value>None by default: nobody is answered. 1 to 160 characters in one segment.</value>
    public string? HelpText { get; set; }
}

internal sealed class HelpOptionsValidator : IValidateOptions<HelpOptions>
{
    public ValidateOptionsResult Validate(string? name, HelpOptions options) => options.HelpText is { } text && !IsPossible(text)
        ? ValidateOptionsResult.Fail("Countersign:HelpText must fit into one text segment: 160 characters of the basic "
            + "alphabet, or 70 of any other.")
        : ValidateOptionsResult.Success;

    private static bool IsPossible(string text) =>
        text.Trim().Length > 0 && SmsAlphabet.CountSegments(text) <= 1 && !text.Any(c => char.IsControl(c) && c != '\n');
}
