using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Countersign.Operator.Hosting;
using Countersign.Operator.OpenId;
using Countersign.Operator.State;

namespace Countersign.Operator.Camara;

/// <summary>CAMARA Number Verification 2.1.0 and 1.x: the same bodies below two paths.</summary>
internal sealed partial class NumberVerification
{
    public CamaraOperation Verify { get; } = new(
        [Scopes.Verify], ["phoneNumber", "hashedPhoneNumber"], AnswerVerify) { TakesOneUseOfAPersonsToken = true };

    public CamaraOperation DevicePhoneNumber { get; } = new(
        [Scopes.ReadNumber], [], AnswerNumber) { TakesOneUseOfAPersonsToken = true, HasBody = false };

    private static Answer AnswerVerify(CamaraCall call)
    {
        var (clear, hashed) = (call.Text("phoneNumber"), call.Text("hashedPhoneNumber"));
        if (clear is null == hashed is null)
        {
            return Answer.CamaraError(400, "INVALID_ARGUMENT", "Give either phoneNumber or hashedPhoneNumber.");
        }
        if (hashed is not null && !Hash().IsMatch(hashed))
        {
            return Answer.CamaraError(
                400, "INVALID_ARGUMENT", "hashedPhoneNumber must be the SHA-256 of the number with its +, as 64 hexadecimal digits.");
        }
        if (call.Faults.Has(InjectedFault.UserNotAuthenticated))
        {
            return NotAuthenticated();
        }
        var device = call.Grant.Subject!.Value;
        var isSame = hashed is null
            ? clear == device
            : hashed.Equals(Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(device))), StringComparison.OrdinalIgnoreCase);
        return new Answer(200, new JsonObject { ["devicePhoneNumberVerified"] = isSame },
            isSame ? "the number is this SIM's" : "the number is not this SIM's");
    }

    private static Answer AnswerNumber(CamaraCall call) => call.Faults.Has(InjectedFault.UserNotAuthenticated)
        ? NotAuthenticated()
        : new Answer(200, new JsonObject { ["devicePhoneNumber"] = call.Grant.Subject!.Value });

    private static Answer NotAuthenticated() => Answer.CamaraError(
        403, "NUMBER_VERIFICATION.USER_NOT_AUTHENTICATED_BY_MOBILE_NETWORK", "The person was not authenticated by the mobile network.");

    [GeneratedRegex("^[a-fA-F0-9]{64}\\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Hash();
}
