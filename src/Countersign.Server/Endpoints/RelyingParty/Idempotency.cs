using System.Security.Cryptography;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty;

/// <summary>
/// The <c>Idempotency-Key</c> header: the same key and body within 24 hours get the same answer. Only 200 answers are remembered; a refusal
/// gives the key back.
/// </summary>
internal sealed class Idempotency(IIdempotencyStore store, SecretHasher hasher, TimeProvider time)
{
    public const string Header = "Idempotency-Key";
    public const int MostCharacters = 255;
    public static readonly TimeSpan Memory = TimeSpan.FromHours(24);

    // Longer than any call takes: whoever reserved a key that long ago died with it.
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(60);

    public async Task<Answer> RunAsync<TRequest>(Call<TRequest> call, Func<Task<Answer>> run)
    {
        var given = call.Context.Request.Headers[Header];
        if (given.Count == 0)
        {
            return await run();
        }
        if (given is not [{ Length: >= 1 and <= MostCharacters } key] || key.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            return call.Refuse(Fault.Invalid(Header, $"must be 1 to {MostCharacters} visible ASCII characters"));
        }

        var place = hasher.Hash($"idempotency-key:{call.Caller.ClientId}:{PathOf(call.Context)}", new Secret(key));
        var body = hasher.Hash("idempotency-body", new Secret(Convert.ToHexString(SHA256.HashData(call.Body))));
        var now = time.GetUtcNow();
        switch (await store.ReserveAsync(place, body, now, now - LongestCall, now - Memory, call.Aborted))
        {
            case Reservation.Answered answered:
                return new Answer(StatusCodes.Status200OK, answered.Answer);
            case Reservation.Running:
                return call.Refuse(Fault.StillRunning);
            case Reservation.OtherBody:
                return call.Refuse(Fault.OtherBody);
        }

        var isKept = false;
        try
        {
            var answer = await run();
            if (answer.Status == StatusCodes.Status200OK)
            {
                // The flow is stored: its answer is kept even if the caller has gone.
                await store.CompleteAsync(place, answer.Body.ToArray(), CancellationToken.None);
                isKept = true;
            }
            return answer;
        }
        finally
        {
            if (!isKept)
            {
                await store.ReleaseAsync(place, CancellationToken.None);
            }
        }
    }

    // As it is mapped, not as it was spelled: paths are found whatever their case.
    private static string? PathOf(HttpContext context) => (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
}
