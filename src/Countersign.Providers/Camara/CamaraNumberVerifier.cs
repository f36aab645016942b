using System.Globalization;
using System.Net;
using System.Text;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Possession;
using Countersign.Core.Possession.MobileAuth;

namespace Countersign.Providers.Camara;

/// <summary>
/// Asks mobile operators by CAMARA Number Verification over OpenID Connect: the browser goes to the operator over its mobile connection and
/// brings a code back; this server redeems it and asks whether that connection has the flow's number. docs/mobile-auth.md goes through it
/// hop by hop.
/// </summary>
/// <param name="mode">In Live a private address may be that of a proxy that no setting names: then it is everybody's.</param>
/// <param name="time">The operators' time too: what is signed for them and by them is judged by it.</param>
internal sealed class CamaraNumberVerifier(
    MobileOperators operators, PendingAuthorizations checks, PublicAddress address, PossessionOptions options, Mode mode,
    TimeProvider time, ILogger<CamaraNumberVerifier> logger)
    : INumberVerifier, IOperatorCallbacks
{
    /// <summary>All that follows from a code together: token and answer.</summary>
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(6);

    // Of the six seconds there must be some left for the browser.
    private static readonly TimeSpan _beginLimit = TimeSpan.FromSeconds(3);

    // What a browser hands in has to fit into a request of 4096 bytes, sealed.
    private const int MaxCodeLength = 2000;

    private readonly RedeemedCodes _redeemed = new(time);

    /// <summary>Whether there is an operator for this flow's number on this connection.</summary>
    public bool IsResponsible(Flow flow, BrowserConnection browser) => operators.ResponsibleFor(flow.Number, browser.Address) is not null;

    public bool MayVerify(PhoneNumber number) => operators.MayAsk(number);

    public async Task<NumberCheck> BeginAsync(Flow flow, Secret proof, BrowserConnection browser, CancellationToken cancellationToken)
    {
        var one = operators.ResponsibleFor(flow.Number, browser.Address);
        var refusal = (one, browser.Transport) switch
        {
            (null, _) => Reasons.NoOperator,
            (_, MobileAuthTransport.Pixel) => Reasons.ImageBringsNothing,
            ({ Settings.Cors: false }, MobileAuthTransport.Fetch) => Reasons.PageMustGo,
            (_, MobileAuthTransport.Fetch) when !IsOfOne(browser.Address, one.Settings) => Reasons.UnknownAddress,
            ({ IsLeftAlone: true }, _) => Reasons.Failing,
            _ => null,
        };
        if (refusal is not null)
        {
            if (refusal == Reasons.UnknownAddress)
            {
                Log.AddressUnknown(logger, flow.Id);
            }
            return new NumberCheck.NotAvailable(refusal);
        }

        using var timeout = new CancellationTokenSource(_beginLimit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            var published = await one!.Metadata.GetAsync(linked.Token);
            return new NumberCheck.Open(AuthorizationUrl(published, one.Settings, NewCheck(flow, one.Settings, proof, browser)));
        }
        catch (OperatorFailure failure)
        {
            return new NumberCheck.NotAvailable(failure.Reason);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            return new NumberCheck.NotAvailable(Reasons.TookTooLong);
        }
    }

    public ReturnedProof? Receive(string operatorName, OperatorRedirect redirect)
    {
        // The callback's own address says which operator sent the browser here: another's state is nothing here (RFC 9700 4.4.2).
        if (operators.Find(operatorName) is not { } one || checks.OfState(redirect.State) is not { } check
            || !string.Equals(check.Operator, operatorName, StringComparison.Ordinal))
        {
            if (operators.Find(operatorName) is { } named)
            {
                Log.UnknownReturn(logger, named.Settings.Name);
            }
            return null;
        }

        var flow = new CorrelationId(check.Flow);
        var reason = (redirect, check) switch
        {
            ({ Issuer: { } issuer }, _) when issuer != one.Settings.Issuer => Reasons.WrongIssuer,
            ({ Error: { Length: > 0 } error }, _) => Reasons.OfRedirect(error),
            ({ Code: null or "" or { Length: > MaxCodeLength } }, _) => Reasons.Unreadable,
            _ => null,
        };
        if (reason == Reasons.WrongIssuer)
        {
            Log.AnswerDoesNotHold(logger, flow, operatorName, reason);
        }
        var returned = check with
        {
            ReturnUrl = null,
            Code = reason is null ? redirect.Code : null,
            Reason = reason,
            HasIssuer = redirect.Issuer is not null,
            ReturnedFrom = ClientNetwork.Of(redirect.From),
        };
        return new ReturnedProof(flow, checks.ToReturn(returned), check.Transport == MobileAuthTransport.Redirect ? check.ReturnUrl : null);
    }

    public string? PublicKeys(string operatorName) => operators.Find(operatorName)?.Settings.Key.PublicKeys;

    public Secret? ReadProof(Flow flow, Secret returned) =>
        checks.OfReturn(returned) is { } check && check.Flow == flow.Id.Value ? new Secret(check.Proof) : null;

    public BrowserPath? PathOf(Flow flow, Secret returned) =>
        checks.OfReturn(returned) is { Transport: MobileAuthTransport.Fetch } check ? new BrowserPath(check.BeganFrom, check.ReturnedFrom)
            : null;

    public Task<NumberAnswer> CompleteAsync(Flow flow, Secret returned, CancellationToken cancellationToken) =>
        checks.OfReturn(returned) switch
    {
        // The port promises that the proof was read and compared before.
        null => Task.FromResult<NumberAnswer>(new NumberAnswer.NotAvailable(Reasons.Unreadable)),
        { Reason: { } reason } => Task.FromResult<NumberAnswer>(new NumberAnswer.NotAvailable(reason)),
        var check => _redeemed.OnceAsync(returned, () => RedeemAsync(flow, check), cancellationToken),
    };

    /// <summary>
    /// The address tells one browser from others. A private one does where the operator's ranges say that its phones come from there.
    /// </summary>
    private bool IsOfOne(IPAddress? client, OperatorSettings settings) =>
        mode == Mode.Sandbox || (client is not null && (settings.Ranges.Count > 0 || !ClientAddress.IsPrivate(client)));

    private OpenCheck NewCheck(Flow flow, OperatorSettings settings, Secret proof, BrowserConnection browser)
    {
        var lifetime = browser.Transport == MobileAuthTransport.Redirect ? options.MobileAuthRedirectLife : options.MobileAuthLife;
        return new OpenCheck(
            flow.Id.Value, settings.Name, OpenCheck.NewChance(), proof.Reveal(), browser.Transport,
            (time.GetUtcNow() + lifetime).ToUnixTimeMilliseconds(),
            browser.Transport == MobileAuthTransport.Redirect ? browser.ReturnUrl : null, BeganFrom: ClientNetwork.Of(browser.Address));
    }

    private string AuthorizationUrl(Published published, OperatorSettings settings, OpenCheck check)
    {
        var url = new StringBuilder(published.Authorization.AbsoluteUri);
        var separator = published.Authorization.Query.Length == 0 ? '?' : '&';
        foreach (var (name, value) in new (string, string)[]
        {
            ("response_type", "code"),
            ("client_id", settings.ClientId),
            ("redirect_uri", CallbackOf(settings).OriginalString),
            // Exactly one purpose (CAMARA Security and Interoperability Profile).
            ("scope", $"openid dpv:{settings.Purpose} number-verification:verify"),
            ("state", checks.ToState(check)),
            ("nonce", check.Nonce),
            ("code_challenge", check.CodeChallenge),
            ("code_challenge_method", "S256"),
            // Nobody is to be asked: the network knows, or it does not.
            ("prompt", "none"),
        })
        {
            url.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
            separator = '&';
        }
        return url.ToString();
    }

    private Uri CallbackOf(OperatorSettings settings) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{address.Origin}/operators/{settings.Name}/callback"));

    /// <summary>
    /// Goes on when the browser goes away: a code that was redeemed is used up, and whoever hands it in again shall get this answer.
    /// </summary>
    private async Task<NumberAnswer> RedeemAsync(Flow flow, OpenCheck check)
    {
        if (operators.Find(check.Operator) is not { } one)
        {
            return new NumberAnswer.NotAvailable(Reasons.NoOperator);
        }
        var left = DateTimeOffset.FromUnixTimeMilliseconds(check.Until) - time.GetUtcNow();
        if (left <= TimeSpan.Zero)
        {
            return new NumberAnswer.NotAvailable(Reasons.TookTooLong);
        }

        using var timeout = new CancellationTokenSource(left < _limit ? left : _limit, time);
        try
        {
            var published = await one.Metadata.GetAsync(timeout.Token);
            if (published.NamesIssuer && !check.HasIssuer)
            {
                throw new OperatorFailure(Reasons.WrongIssuer);
            }
            var token = await one.Tokens.RedeemAsync(
                new Secret(check.Code!), check.Verifier, check.Nonce, CallbackOf(one.Settings), timeout.Token);
            return await one.IsNumberAsync(flow.Number, token, flow.Id.ToString(), timeout.Token)
                ? new NumberAnswer.SameNumber()
                : new NumberAnswer.OtherNumber();
        }
        catch (OperatorFailure failure)
        {
            if (failure.Reason is Reasons.WrongIssuer or Reasons.WrongNonce or Reasons.WrongAudience or Reasons.WrongSignature)
            {
                Log.AnswerDoesNotHold(logger, flow.Id, check.Operator, failure.Reason);
            }
            return new NumberAnswer.NotAvailable(failure.Reason);
        }
        catch (OperationCanceledException)
        {
            return new NumberAnswer.NotAvailable(Reasons.TookTooLong);
        }
    }
}
