using System.Globalization;
using Countersign.Core.Administration;
using Countersign.Core.Keys;
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
            if (keys.Rotate(TimeSpan.FromSeconds(call.Request)) is not EncryptionKeyOutcome.Made { Id: var id, SealsFrom: var from })
            {
                return Task.FromResult(Answer.Of(EncryptionKeyFaults.TooMany));
            }
            Log.EncryptionKeyMade(logger, id, from, call.Caller.Name);
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
internal sealed record EncryptionKeyResponse(string Id, DateTimeOffset? SealsFrom, bool Seals, long Values)
{
    public static EncryptionKeyResponse Of(EncryptionKey key) => new(key.Id.ToString(), key.SealsFrom, key.Seals, key.Values);

    public override string ToString() => Id;
}

internal sealed record EncryptionKeyMadeResponse(string Id, DateTimeOffset SealsFrom)
{
    public override string ToString() => Id;
}

/// <summary>Refusals about encryption keys.</summary>
internal static class EncryptionKeyFaults
{
    public static Fault TooMany { get; } = Fault.Conflict with
    {
        Message = $"there are {KeySet.MaxKeys} encryption keys, or one has not begun yet: retire one first",
    };

    public static Fault Of(KeyStoreException exception) => Fault.Conflict with { Message = exception.Message };

    public static Fault Of(EncryptionKeyOutcome outcome) => outcome switch
    {
        EncryptionKeyOutcome.Seals => Fault.Conflict with { Message = "this encryption key seals what is stored: make another first" },
        EncryptionKeyOutcome.Begins { SealsFrom: var from } => Fault.Conflict with
        {
            Message = string.Create(
                CultureInfo.InvariantCulture,
                $"this encryption key begins at {from:yyyy-MM-dd'T'HH:mm:ss'Z'}, and is taken back until 15 seconds before"),
        },
        EncryptionKeyOutcome.TooSoon { Until: var end } => Fault.Conflict with
        {
            Message = string.Create(
                CultureInfo.InvariantCulture,
                $"what browsers carry may still be under this encryption key: retire it from {end:yyyy-MM-dd'T'HH:mm:ss'Z'} on"),
        },
        EncryptionKeyOutcome.StillOpens { Values: var count } => Fault.Conflict with
        {
            Message = string.Create(
                CultureInfo.InvariantCulture,
                $"{count} values in the store are still under this encryption key: they are sealed anew in the background"),
        },
        _ => Fault.NotFound with { Message = "there is no such encryption key" },
    };
}
