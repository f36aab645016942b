using Countersign.Core.Possession;
using Microsoft.Extensions.Options;

namespace Countersign.Server.Hosting;

/// <summary>Asks the core, which knows no options of a framework's.</summary>
/// <param name="isUnread">Tells of a setting's path that it could not be read.</param>
internal sealed class PossessionOptionsValidator(Predicate<string> isUnread) : IValidateOptions<PossessionOptions>
{
    /// <summary>Below <c>Countersign</c>.</summary>
    public const string Section = "Possession";

    public ValidateOptionsResult Validate(string? name, PossessionOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        foreach (var problem in options.Problems(option => isUnread($"Countersign:{Section}:{option}")))
        {
            result.AddError($"Countersign:Possession is not possible: {problem}");
        }
        return result.Build();
    }
}
