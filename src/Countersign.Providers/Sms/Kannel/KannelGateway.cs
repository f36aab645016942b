using System.Globalization;
using System.Text;
using Countersign.Core;
using Countersign.Core.Texts;
using Countersign.Providers.Http;

namespace Countersign.Providers.Sms.Kannel;

/// <summary>
/// Kannel's sendsms service, and through it every protocol that Kannel speaks to operators (SMPP, EMI/UCP, CIMD2, modems). Written for and
/// tested with Kannel 1.4.5.
/// </summary>
internal sealed class KannelGateway(KannelOptions options, GatewayAddress address, Submission submission, ILogger<KannelGateway> logger)
    : IHttpGateway
{
    public static GatewayType Type { get; } = GatewayType.OverHttp<KannelOptions>(
        "kannel",
        section => section.Get<KannelOptions>(),
        (options, parts) => new KannelGateway(options, parts.Address, parts.Submission, parts.LoggerOf<KannelGateway>()));

    // 1 delivered, 2 not delivered, 4 buffered at the operator's, 8 taken by the operator, 16 refused by it.
    private const string EveryReceipt = "31";

    public GatewayName Name => options.Name;

    public string? Sender => options.Sender;

    public bool ReportsHandover => true;

    public async Task<SmsResult> SubmitAsync(SmsSubmission text, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, options.Url);
        var headers = request.Headers;
        // In headers and not in the query, as is Kannel's custom: addresses end up in logs.
        headers.Add("X-Kannel-Username", options.Username);
        headers.Add("X-Kannel-Password", options.Password);
        headers.Add("X-Kannel-To", text.Text.To.E164);
        // In minutes, and none is forever.
        headers.Add(
            "X-Kannel-Validity", Math.Max(1, (long)Math.Ceiling(text.Validity.TotalMinutes)).ToString(CultureInfo.InvariantCulture));
        headers.Add("X-Kannel-DLR-Mask", EveryReceipt);
        headers.Add("X-Kannel-DLR-URL", $"{address.ReceiptUrl(text.ReceiptToken)}?type=%d&reply=%A");
        if ((text.Sender ?? options.Sender) is { } sender)
        {
            headers.TryAddWithoutValidation("X-Kannel-From", sender);
        }
        if (options.Smsc is { } smsc)
        {
            headers.Add("X-Kannel-SMSC", smsc);
        }
        var words = text.Text.Text.Reveal();
        if (SmsAlphabet.EncodingOf(words) == SmsEncoding.Ucs2)
        {
            headers.Add("X-Kannel-Coding", "2");
        }
        return await submission.SendAsync(request, Encoding.UTF8.GetBytes(words), "text/plain; charset=utf-8", Read, cancellationToken);
    }

    // Kannel signs nothing: the token in a receipt's address proves that the address came from here; persons' texts come to a secret one.
    public bool IsGenuine(GatewayCallback callback) =>
        callback.Kind == CallbackKind.Receipt
            || (options.InboundSecret is { } secret && callback.Token is { } token && Signature.AreEqual(token, secret));

    public CallbackReading ReadGenuine(GatewayCallback callback)
    {
        var fields = FormFields.Of(callback.Url.Query);
        return callback.Kind == CallbackKind.Receipt
            ? ReadReceipt(callback, fields)
            : PersonsText.Read(fields.Find("from"), fields.Find("to"), fields.Find("text"), signed: null);
    }

    private SmsResult? Read(ProviderAnswer answer)
    {
        var words = Encoding.UTF8.GetString(answer.Body);
        // "3: Queued" is what Kannel says while its operator is away: it has the text, and the receipt that the operator has it will not
        // come.
        if (answer.Status == 202 && (words.StartsWith("0:", StringComparison.Ordinal) || words.StartsWith("3:", StringComparison.Ordinal)))
        {
            return new SmsResult.Accepted();
        }
        if (WhyOf(answer.Status, words) is not { } why)
        {
            return null;
        }
        Log.GatewayRefused(logger, Name, answer.Status, why);
        return new SmsResult.Rejected(why, answer.RetryAfter);
    }

    private static SmsRefusal? WhyOf(int status, string words) => status switch
    {
        400 or 403 when words.Contains("black-list", StringComparison.OrdinalIgnoreCase) => SmsRefusal.BlockedDestination,
        400 when words.StartsWith("Sender missing", StringComparison.OrdinalIgnoreCase) => SmsRefusal.SenderNotAllowed,
        400 when words.Contains("receiver", StringComparison.OrdinalIgnoreCase) => SmsRefusal.InvalidDestination,
        400 => SmsRefusal.Other,
        403 when words.Contains("not routable", StringComparison.OrdinalIgnoreCase) => SmsRefusal.BlockedDestination,
        403 when words.Contains("authorization failed", StringComparison.OrdinalIgnoreCase) => SmsRefusal.AuthFailed,
        403 => SmsRefusal.Other,
        415 => SmsRefusal.ContentRejected,
        503 when words.Contains("temporal failure", StringComparison.OrdinalIgnoreCase) => SmsRefusal.ProviderDown,
        _ => null,
    };

    private static CallbackReading ReadReceipt(GatewayCallback callback, IReadOnlyList<KeyValuePair<string, string>> fields)
    {
        if (callback.Token is not { } token
            || !int.TryParse(fields.Find("type"), NumberStyles.None, CultureInfo.InvariantCulture, out var type))
        {
            return new CallbackReading.Unreadable();
        }
        // Bits: with an expired text Kannel sends 34, which is 2 and one of its own. The final ones first.
        var reply = fields.Find("reply");
        ReceiptState? state =
            (type & 1) != 0 ? ReceiptState.Delivered
            : (type & 2) != 0 ? (IsExpired(reply) ? ReceiptState.Expired : ReceiptState.Undelivered)
            : (type & 16) != 0 ? ReceiptState.Rejected
            : (type & 8) != 0 ? ReceiptState.Enroute
            : (type & 4) != 0 ? ReceiptState.Accepted
            : null;
        return state is { } known
            ? new CallbackReading.Receipt(new Secret(token), known, ErrorIn(reply))
            : new CallbackReading.Unreadable();
    }

    // "id:… stat:EXPIRED err:000 …" (SMPP 3.4, appendix B); "NACK/0x0000000b/Invalid Destination Address" of Kannel's own.
    private static bool IsExpired(string? reply) => reply?.Contains("stat:EXPIRED", StringComparison.OrdinalIgnoreCase) == true;

    private static string? ErrorIn(string? reply)
    {
        if (reply is null)
        {
            return null;
        }
        if (reply.StartsWith("NACK/", StringComparison.Ordinal))
        {
            return ProviderWord.Of(reply.Split('/')[1]);
        }
        var at = reply.IndexOf("err:", StringComparison.OrdinalIgnoreCase);
        return at < 0 ? null : ProviderWord.Of(reply[(at + 4)..].Split(' ')[0]);
    }
}
