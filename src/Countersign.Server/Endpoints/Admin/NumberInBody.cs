using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>The number in the body of an admin call.</summary>
internal static class NumberInBody
{
    /// <summary>For a number that names no line of its numbering plan.</summary>
    public static Answer Refusal => Answer.Of(Fault.Invalid(AdminMembers.PhoneNumber, AdminMembers.NumberRule));
}
