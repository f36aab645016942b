using Microsoft.Extensions.Options;

namespace Countersign.Client.DependencyInjection;

/// <summary>Refuses options that no client could be made of, with a sentence for each problem.</summary>
internal sealed class ClientOptionsValidation : IValidateOptions<CountersignClientOptions>
{
    public ValidateOptionsResult Validate(string? name, CountersignClientOptions options)
    {
        var problems = options.FindProblems();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
