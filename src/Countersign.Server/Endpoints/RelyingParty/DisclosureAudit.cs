using System.Globalization;
using Countersign.Core;
using Countersign.Core.Audit;
using Countersign.Core.Keys;
using Countersign.Core.Numbers;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty;

/// <summary>
/// Writes down that data of persons is given out: to which client, of which kind, about whom. It is durable before the answer; where it
/// cannot be written down nothing is told.
/// </summary>
internal sealed class DisclosureAudit(
    AuditWriter writer, SecretHasher hasher, INumberAdmission admission, ILogger<DisclosureAudit> logger)
{
    public const string Act = "disclose";

    /// <summary>What an answer tells of persons; what tells nothing leaves no trace.</summary>
    /// <exception cref="UnavailableException">It could not be written down.</exception>
    public Task LeaveAsync(HttpContext context, Caller caller, params IReadOnlyList<Disclosure> told)
    {
        var some = told.Where(one => one.Members > 0).ToList();
        foreach (var one in some)
        {
            Log.Disclosed(logger, caller.ClientId, caller.Project.Id, one.Type, one.Members);
        }
        return writer.AddAsync(
        [
            .. some.Select(one => new AuditAct(AuditKind.Disclosure, $"client:{caller.ClientId}", Act)
            {
                From = CallerAddress.Of(context),
                Project = caller.Project.Id.ToString(),
                Target = one.Target,
                Subject = one.About,
                Asked =
                [
                    new AuditValue("type", one.Type),
                    new AuditValue("members", one.Members.ToString(CultureInfo.InvariantCulture)),
                ],
            }),
        ]);
    }

    public AuditSubject About(PhoneNumber line) => AuditSubject.OfNumber(hasher, line);

    public AuditSubject About(Guid proveId) => AuditSubject.Of(hasher, Contract.Members.ProveId.Name, proveId.ToString());

    /// <summary>Whom a number names, as the relying party wrote it.</summary>
    public async Task<AuditSubject?> AboutAsync(string number, VerificationType type) =>
        await admission.AdmitAsync(number, NumberUse.OneCall(type), CancellationToken.None) is Admission.Admitted { Number: var line }
            ? About(line) : null;
}

/// <param name="Type">What was asked; of a call that has no such word, the call.</param>
/// <param name="Members">How many members of records are told.</param>
/// <param name="About">Whose they are; null where that is not known any more.</param>
internal sealed record Disclosure(string Type, int Members, AuditSubject? About, string? Target = null)
{
    public override string ToString() => nameof(Disclosure);
}
