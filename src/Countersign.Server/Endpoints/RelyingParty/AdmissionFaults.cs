using Countersign.Core.Numbers;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty;

/// <summary>What a refused number is told.</summary>
internal static class AdmissionFaults
{
    /// <param name="field">The member that holds the number, where it is another than <c>phoneNumber</c>.</param>
    public static Fault ToFault(this Admission refused, Member? field = null) => refused switch
    {
        Admission.Refused { Reason: var reason } => Fault.Invalid(field ?? Members.PhoneNumber, reason),
        Admission.OtherProduct => Fault.OtherProductsTestUser,
        _ => Fault.NoTestUser,
    };
}
