using System.Globalization;
using Countersign.Core.Administration;
using Countersign.Core.Keys;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>GET /admin/encryption-keys: what the store is encrypted with, without the keys themselves.</summary>
internal sealed class ListEncryptionKeys(EncryptionKeys keys) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.OfPath(async call =>
    {
        var listed = await keys.ListAsync(call.Aborted);
        return Answer.Ok(
            new EncryptionKeyListResponse([.. listed.Keys.Select(EncryptionKeyResponse.Of)], listed.ValuesUnderNone),
            AdminJson.Answers.EncryptionKeyListResponse);
    });
}

/// <summary>POST /admin/encryption-keys: a new key. It stays in the key file; no answer holds it.</summary>
internal sealed class RotateEncryptionKey(EncryptionKeys keys, ILogger<EncryptionKeys> logger) : IEndpoint
{
    public RequestDelegate Endpoint =>
        AdminEndpoint.Of(body => body.Read(EncryptionKeyMembers.SealsInSeconds), HandleAsync, isBodyRequired: false);

    private Task<Answer> HandleAsync(AdminCall<int> call)
    {
        try
        {
            var outcome = keys.Rotate(TimeSpan.FromSeconds(call.Request));
            if (outcome is not EncryptionKeyOutcome.Made { Id: var id, SealsFrom: var from })
            {
                return Task.FromResult(Answer.Of(EncryptionKeyFaults.Of(outcome)));
            }
            Log.EncryptionKeyMade(logger, id, WireTime.Format(from), call.Caller.Name);
            return Task.FromResult(Answer.Ok(
                new EncryptionKeyMadeResponse(id.ToString(), from), AdminJson.Answers.EncryptionKeyMadeResponse) with
            {
                Status = StatusCodes.Status201Created,
            });
        }
        catch (KeyStoreException exception)
        {
            return Task.FromResult(Answer.Of(EncryptionKeyFaults.Of(exception)));
        }
    }
}

/// <summary>DELETE /admin/encryption-keys/{id}: a key that opens nothing any more goes.</summary>
internal sealed class RetireEncryptionKey(EncryptionKeys keys, ILogger<EncryptionKeys> logger) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.OfPath(async call =>
    {
        try
        {
            var outcome = await keys.RetireAsync(call.Path("id"), call.Aborted);
            if (outcome is not EncryptionKeyOutcome.Retired)
            {
                return Answer.Of(EncryptionKeyFaults.Of(outcome));
            }
            Log.EncryptionKeyRetired(logger, call.Path("id"), call.Caller.Name);
            return Answer.NoContent;
        }
        catch (KeyStoreException exception)
        {
            return Answer.Of(EncryptionKeyFaults.Of(exception));
        }
    });
}

internal sealed record EncryptionKeyListResponse(IReadOnlyList<EncryptionKeyResponse> Keys, long ValuesUnderNoKey)
{
    public override string ToString() => $"{Keys.Count} keys";
}

/// <param name="SealsFrom">Absent for the first.</param>
/// <param name="RetirableFrom">Absent for the last.</param>
internal sealed record EncryptionKeyResponse(string Id, DateTimeOffset? SealsFrom, bool Seals, long Values, DateTimeOffset? RetirableFrom)
{
    public static EncryptionKeyResponse Of(EncryptionKey key) =>
        new(key.Id.ToString(), key.SealsFrom, key.Seals, key.Values, key.RetirableFrom);

    public override string ToString() => Id;
}

internal sealed record EncryptionKeyMadeResponse(string Id, DateTimeOffset SealsFrom)
{
    public override string ToString() => Id;
}

/// <summary>Refusals about encryption keys.</summary>
internal static class EncryptionKeyFaults
{
    public static Fault Of(KeyStoreException exception) => Fault.Conflict with { Message = exception.Message };

    public static Fault Of(EncryptionKeyOutcome outcome) => outcome switch
    {
        EncryptionKeyOutcome.Waits { Id: var id, SealsFrom: var from } => Conflict(
            $"the encryption key {id} has not begun yet: the next can be made from {Written(from)} on"),
        EncryptionKeyOutcome.TooMany { Oldest: var id, From: var from } => Conflict(
            $"there are {KeySet.MaxKeys} encryption keys, as many as there may be: retire {id} first, which can go from "
                + $"{Written(from)} on, once nothing in the store is under it"),
        EncryptionKeyOutcome.Seals => Conflict("this encryption key seals what is stored: make another first"),
        EncryptionKeyOutcome.Begins { SealsFrom: var from } => Conflict(
            $"this encryption key begins at {Written(from)}, and is taken back until 15 seconds before"),
        EncryptionKeyOutcome.TooSoon { Until: var end } => Conflict(
            $"what browsers carry may still be under this encryption key: retire it from {Written(end)} on"),
        EncryptionKeyOutcome.StillOpens { Values: var count } => Conflict(
            $"{count.ToString(CultureInfo.InvariantCulture)} values in the store are still under this encryption key: they are sealed "
                + "anew in the background; where they do not become fewer, countersign keys drop-lost counts those that cannot be, "
                + "since the keys of their lines are gone"),
        _ => Fault.NotFound with { Message = "there is no such encryption key" },
    };

    private static Fault Conflict(string message) => Fault.Conflict with { Message = message };

    private static string Written(DateTimeOffset at) => at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
