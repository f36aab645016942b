using Countersign.Core;
using Countersign.Core.Flows;

namespace Countersign.Server.Providers.Live;

/// <summary>Admits numbers that have the shape of one.</summary>
internal sealed class LiveNumberAdmission : INumberAdmission
{
    public Task<Admission> AdmitAsync(string text, NumberUse use, CancellationToken cancellationToken) => Task.FromResult<Admission>(
        PhoneNumber.TryParse(text, out var number) ? new Admission.Admitted(number) : new Admission.UnknownTestUser());
}
