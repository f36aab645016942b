using Countersign.Core.Numbers;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty;

/// <summary>What a refused number is told.</summary>
internal static class AdmissionFaults
{
    /// <param name="field">The field that holds the number.</param>
    public static Fault ToFault(this Admission refused, string field = "phoneNumber") => refused switch
    {
        Admission.Refused { Reason: var reason } => Fault.Invalid(field, reason),
        Admission.OtherProduct => Fault.OtherProductsTestUser,
        _ => Fault.NoTestUser,
    };
}
