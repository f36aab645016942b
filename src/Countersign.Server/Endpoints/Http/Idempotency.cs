using System.Collections.Concurrent;
using System.Security.Cryptography;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Keys;
using Countersign.Core.Projects;
using Countersign.Server.Contract;

namespace Countersign.Server.Endpoints.Http;

/// <summary>
/// The <c>Idempotency-Key</c> header: the same key and body within 24 hours get the same answer. Only 200 answers are remembered, each
/// stored in one transaction with the flow it tells of: after a crash there are both or neither, and a repeated call need not wait.
/// </summary>
/// <remarks>
/// That a call is running is known to its own server alone. Of calls with one key at two servers, the one that stores its answer first is
/// the one that counts, and the other is answered as it was.
/// </remarks>
internal sealed class Idempotency(IIdempotencyStore store, SecretHasher hasher, TimeProvider time)
{
    private readonly ConcurrentDictionary<SecretHash, KeyedCall> _running = [];

    /// <param name="body">The call's, as it came.</param>
    /// <param name="run">Gets the call's key, or null when it has none. Stores a 200 answer under the key before it returns.</param>
    /// <param name="repeating">Gets an answer that is given again instead, before it is.</param>
    public async Task<Answer> RunAsync(
        HttpContext context, Caller caller, byte[] body, Func<KeyedCall?, Task<Answer>> run, Func<byte[], Task>? repeating = null)
    {
        var family = caller.Project.Settings.ErrorCodes;
        var given = context.Request.Headers[Members.IdempotencyKey];
        if (given.Count == 0)
        {
            return await run(null);
        }
        // Several are as bad as an empty one.
        var (key, problem) = Members.IdempotencyKey.Shape.Parse(given is [{ } only] ? only : "");
        if (key is null)
        {
            return Answer.Of(Fault.Invalid(Members.IdempotencyKey, problem!), family);
        }

        var now = time.GetUtcNow();
        var fingerprint = Convert.ToHexString(SHA256.HashData(body));
        Guards.Drop("A05", ref fingerprint, () => "");
        var keyed = new KeyedCall(
            hasher.Hash($"idempotency-key:{caller.ClientId}:{PathOf(context)}", new Secret(key)),
            hasher.Hash("idempotency-body", new Secret(fingerprint)),
            now,
            now - IIdempotencyStore.Memory);
        var running = _running.GetOrAdd(keyed.Key, keyed);
        if (!ReferenceEquals(running, keyed))
        {
            return Answer.Of(running.Body == keyed.Body ? Fault.StillRunning : Fault.OtherBody, family);
        }

        try
        {
            if (await store.FindAsync(keyed, context.RequestAborted) is not { } remembered)
            {
                return await run(keyed);
            }
            if (remembered is Remembered.Answered { Answer: var again })
            {
                await (repeating?.Invoke(again) ?? Task.CompletedTask);
            }
            return Say(remembered, family);
        }
        finally
        {
            _running.TryRemove(keyed.Key, out _);
        }
    }

    /// <summary>
    /// Remembers an answer that tells of no flow. Returns it, or what another server has answered to the same call first.
    /// </summary>
    public async Task<Answer> KeepAsync(KeyedCall keyed, Answer answer, ErrorCodes family)
    {
        // The work is done: it is kept even if the caller has gone.
        var remembered = await store.KeepAsync(new KeyedAnswer(keyed, answer.Body.ToArray()), CancellationToken.None);
        return remembered is null ? answer : Say(remembered, family);
    }

    /// <summary>What a call is answered whose key is known already.</summary>
    public static Answer Say(Remembered remembered, ErrorCodes family) => remembered switch
    {
        Remembered.Answered { Answer: var body } => new Answer(StatusCodes.Status200OK, body),
        Remembered.Running => Answer.Of(Fault.StillRunning, family),
        _ => Answer.Of(Fault.OtherBody, family),
    };

    // As it is mapped, not as it was spelled: paths are found whatever their case.
    private static string? PathOf(HttpContext context) => (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
}
