using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Client.Tests.Webhooks;

/// <summary>A forged, changed, old or repeated delivery is told for what it is.</summary>
public sealed class WebhookVerifierTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const string Timestamp = "1614265330";
    private const string Signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private static readonly byte[] _body = "{\"test\": 2432232314}"u8.ToArray();

    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1614265330));

    private WebhookVerifier Verifier => new([Secret], time: _time);

    /// <summary>The vector of the libraries of Standard Webhooks.</summary>
    [Fact]
    [Trait("attack", "W01")]
    public void What_the_standards_libraries_have_signed_is_good() =>
        Assert.Equal(WebhookFault.None, Verifier.Verify(Id, Timestamp, Signature, _body));

    [Theory]
    [Trait("attack", "W01")]
    [InlineData(null, Timestamp, Signature, WebhookFault.HeaderMissing)]
    [InlineData(Id, null, Signature, WebhookFault.HeaderMissing)]
    [InlineData(Id, Timestamp, "", WebhookFault.HeaderMissing)]
    [InlineData(Id, "yesterday", Signature, WebhookFault.TimestampMalformed)]
    [InlineData(Id, "-1", Signature, WebhookFault.TimestampMalformed)]
    [InlineData(Id, "99999999999999", Signature, WebhookFault.TimestampMalformed)]
    [InlineData(Id, "1614265331", Signature, WebhookFault.SignatureWrong)]
    [InlineData("msg_other", Timestamp, Signature, WebhookFault.SignatureWrong)]
    [InlineData(Id, Timestamp, "v1,", WebhookFault.SignatureWrong)]
    [InlineData(Id, Timestamp, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OF=", WebhookFault.SignatureWrong)]
    [InlineData(Id, Timestamp, "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", WebhookFault.SignatureWrong)]
    [InlineData(Id, Timestamp, "v1a,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", WebhookFault.SignatureWrong)]
    [InlineData(Id, Timestamp, "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", WebhookFault.SignatureWrong)]
    public void What_is_wrong_is_told(string? id, string? timestamp, string? signatures, WebhookFault fault) =>
        Assert.Equal(fault, Verifier.Verify(id, timestamp, signatures, _body));

    [Theory]
    [Trait("attack", "W01")]
    [InlineData("{\"test\":2432232314}")]
    [InlineData("{\"test\": 2432232314} ")]
    [InlineData("{\"test\": 2432232314, \"test\": 2432232314}")]
    [InlineData("{\"test\": 2432232315}")]
    [InlineData("")]
    public void A_body_that_was_changed_or_written_anew_is_refused(string body) =>
        Assert.Equal(WebhookFault.SignatureWrong, Verifier.Verify(Id, Timestamp, Signature, Encoding.UTF8.GetBytes(body)));

    [Theory]
    [Trait("attack", "W01")]
    [InlineData(300, WebhookFault.None)]
    [InlineData(301, WebhookFault.TooOld)]
    [InlineData(-300, WebhookFault.None)]
    [InlineData(-301, WebhookFault.FromTheFuture)]
    public void A_delivery_is_good_for_five_minutes(int seconds, WebhookFault fault)
    {
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1614265330 + seconds));

        Assert.Equal(fault, new WebhookVerifier([Secret], time: time).Verify(Id, Timestamp, Signature, _body));
    }

    [Fact]
    [Trait("attack", "W02")]
    public void While_a_secret_is_exchanged_either_side_may_be_ahead()
    {
        var other = "whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

        Assert.Equal(WebhookFault.None, new WebhookVerifier([other, Secret], time: _time).Verify(Id, Timestamp, Signature, _body));
        Assert.Equal(WebhookFault.None, Verifier.Verify(Id, Timestamp, $"v1,bm90aGluZw== v1a,eA== {Signature}", _body));
        Assert.Equal(WebhookFault.SignatureWrong, new WebhookVerifier([other], time: _time).Verify(Id, Timestamp, Signature, _body));
    }

    [Theory]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_")]
    [InlineData("whsec_not base64")]
    public void What_is_no_secret_is_refused_and_not_repeated(string secret)
    {
        var refused = Assert.Throws<ArgumentException>(() => new WebhookVerifier([secret]));

        Assert.DoesNotContain("not base64", $"{refused}", StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new WebhookVerifier([]));
    }

    [Fact]
    public void An_event_is_read_when_it_may_be_trusted()
    {
        var body = Encoding.UTF8.GetBytes(
            """
            {"id":"evt_1","type":"flow.finished","timestamp":"2026-11-22T10:00:00.123Z","sequence":3,"more":{},
             "data":{"project":"shop","flow":"019ab3f0-0000-7d2a-9b64-3f8e2c71d05a","clientRequestId":"order-1","method":"otp",
                     "end":"identity.matched","reason":"exact","deviceId":"d","text":"otp","product":"unify","kind":"none"}}
            """);

        var read = Verifier.Read(Id, Timestamp, Sign(body), body);

        Assert.Equal(("evt_1", "flow.finished", 3L), (read.Id, read.Type, read.Sequence!.Value));
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 10, 0, 0, 123, TimeSpan.Zero), read.Timestamp);
        Assert.Equal(
            ("019ab3f0-0000-7d2a-9b64-3f8e2c71d05a", "order-1", "otp", "identity.matched", "exact", "d"),
            (read.CorrelationId, read.ClientRequestId, read.Method, read.End, read.Reason, read.DeviceId));
        Assert.Equal(("shop", "unify", "none", "otp"), (read.Project, read.Product, read.Kind, read.Text));
        Assert.Equal("flow.finished evt_1", $"{read}");
        Assert.Equal(
            WebhookFault.SignatureWrong, Assert.Throws<WebhookException>(() => Verifier.Read(Id, Timestamp, Signature, body)).Fault);
    }

    [Fact]
    public void Under_a_good_signature_nothing_of_a_body_may_stand_elsewhere_or_be_other()
    {
        const string body =
            """{"id":"evt_1","type":"flow.finished","timestamp":"2026-11-22T10:00:00Z","data":{"flow":"a","end":"identity.matched"}}""";
        var signature = Sign(Encoding.UTF8.GetBytes(body));

        Assert.Equal(WebhookFault.None, Verifier.Verify(Id, Timestamp, signature, Encoding.UTF8.GetBytes(body)));
        foreach (var other in new[]
        {
            """{"type":"flow.finished","id":"evt_1","timestamp":"2026-11-22T10:00:00Z","data":{"flow":"a","end":"identity.matched"}}""",
            """{"id":"evt_1","type":"flow.finished","timestamp":"2026-11-22T10:00:00Z","data":{"end":"identity.matched","flow":"a"}}""",
            """{"id":"evt_1","type":"flow.finished","timestamp":"2026-11-22T10:00:00Z","data":{"flow":"b","end":"identity.matched"}}""",
            """{"id":"evt_1","type":"flow.finished","timestamp":"2026-11-22T10:00:00Z","data":{"flow":"a","end":"identity.differs"}}""",
        })
        {
            Assert.Equal(WebhookFault.SignatureWrong, Verifier.Verify(Id, Timestamp, signature, Encoding.UTF8.GetBytes(other)));
        }
    }

    /// <summary>So a receiver keeps the ids that it has had.</summary>
    [Fact]
    [Trait("attack", "W04")]
    public void A_delivery_that_comes_a_second_time_within_five_minutes_is_as_good_as_the_first_and_has_its_id()
    {
        var body = """{"id":"evt_1","type":"flow.finished","timestamp":"2026-11-22T10:00:00Z","data":{}}"""u8.ToArray();

        var first = Verifier.Read(Id, Timestamp, Sign(body), body);
        _time.Advance(TimeSpan.FromMinutes(4));
        var second = Verifier.Read(Id, Timestamp, Sign(body), body);

        Assert.Equal(first.Id, second.Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"id\":\"evt_1\",\"type\":\"flow.finished\",\"timestamp\":\"2026-11-22T10:00:00Z\"}")]
    [InlineData("{\"id\":\"evt_1\",\"type\":\"flow.finished\",\"timestamp\":\"2026-11-22T10:00:00Z\",\"data\":[]}")]
    [InlineData("{\"id\":\"evt_1\",\"type\":\"flow.finished\",\"timestamp\":\"soon\"}")]
    [InlineData("{\"id\":1,\"type\":\"flow.finished\",\"timestamp\":\"2026-11-22T10:00:00Z\"}")]
    [InlineData("{\"id\":\"\\ud800\",\"type\":\"flow.finished\",\"timestamp\":\"2026-11-22T10:00:00Z\",\"data\":{}}")]
    [InlineData("{\"id\":\"evt_1\",\"type\":\"flow.finished\",\"timestamp\":\"2026-11-22T10:00:00Z\",\"data\":{\"\\udc00\":1}}")]
    public void What_is_no_event_is_told(string text)
    {
        var body = Encoding.UTF8.GetBytes(text);

        var refused = Assert.Throws<WebhookException>(() => Verifier.Read(Id, Timestamp, Sign(body), body));

        Assert.Equal(WebhookFault.BodyMalformed, refused.Fault);
    }

    private static string Sign(byte[] body)
    {
        using var hmac = new HMACSHA256(Convert.FromBase64String(Secret["whsec_".Length..]));
        return "v1," + Convert.ToBase64String(hmac.ComputeHash([.. Encoding.UTF8.GetBytes($"{Id}.{Timestamp}."), .. body]));
    }
}
