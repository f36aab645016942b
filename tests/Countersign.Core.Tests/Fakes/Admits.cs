using Countersign.Core.Numbers;

namespace Countersign.Core.Tests.Fakes;

/// <summary>Says the same of every number, and keeps what it was asked.</summary>
internal sealed class Admits(Admission answer) : INumberAdmission
{
    public List<(string Text, NumberUse Use)> Asked { get; } = [];

    public Task<Admission> AdmitAsync(string text, NumberUse use, CancellationToken cancellationToken)
    {
        Asked.Add((text, use));
        return Task.FromResult(answer);
    }
}
