using System.Text;
using Countersign.Core.Events;

namespace Countersign.Core.Tests.Events;

public sealed class EventJsonTests
{
    private static readonly Announcement _finished = new()
    {
        Id = Guid.Parse("019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a"),
        Type = AnnouncementType.FlowFinished,
        At = new DateTimeOffset(2026, 11, 22, 10, 0, 0, 123, TimeSpan.Zero),
        Project = ProjectId.Parse("shop"),
        Flow = CorrelationId.Parse("019ab3f0-0000-7d2a-9b64-3f8e2c71d05a"),
        Subject = new FlowSubject(Product.VerifiedUsers, FlowType.Mobile),
        End = "identity.matched",
        Reason = "exact",
    };

    [Fact]
    public void An_event_is_told_as_the_documents_say()
    {
        var json = Encoding.UTF8.GetString(EventJson.Write(new PublishedEvent(_finished, 17, 3) { ClientRequestId = "<ünal>" }));

        Assert.Equal(
            """
            {"id":"evt_019ab3f05c1e7d2a9b643f8e2c71d05a","type":"flow.finished","timestamp":"2026-11-22T10:00:00.123Z","sequence":3,
            "data":{"project":"shop","flow":"019ab3f0-0000-7d2a-9b64-3f8e2c71d05a","clientRequestId":"\u003C\u00FCnal\u003E",
            "product":"verified-users","kind":"mobile","end":"identity.matched","reason":"exact"}}
            """.ReplaceLineEndings(""),
            json);
    }

    [Fact]
    public void A_text_and_a_possession_method_are_told_by_their_names()
    {
        var told = _finished with { Subject = null, End = null, Reason = null, Method = "otp", Text = "delivered" };

        Assert.EndsWith(
            "\"flow\":\"019ab3f0-0000-7d2a-9b64-3f8e2c71d05a\",\"method\":\"otp\",\"text\":\"delivered\"}}",
            Encoding.UTF8.GetString(EventJson.Write(told, sequence: 1, clientRequestId: null)), StringComparison.Ordinal);
    }

    [Fact]
    public void An_event_of_no_flow_has_no_sequence()
    {
        var revoked = _finished with
        {
            Type = AnnouncementType.DeviceRevoked, Flow = null, Subject = null, End = null, Reason = null,
            Device = Guid.Parse("019ab3f0-1111-7d2a-9b64-3f8e2c71d05a"),
        };

        Assert.Equal(
            """
            {"id":"evt_019ab3f05c1e7d2a9b643f8e2c71d05a","type":"device.revoked","timestamp":"2026-11-22T10:00:00.123Z",
            "data":{"project":"shop","deviceId":"019ab3f0-1111-7d2a-9b64-3f8e2c71d05a"}}
            """.ReplaceLineEndings(""),
            Encoding.UTF8.GetString(EventJson.Write(revoked, sequence: null, clientRequestId: null)));
    }

    [Theory]
    [InlineData("evt_019ab3f05c1e7d2a9b643f8e2c71d05a", true)]
    [InlineData("019ab3f05c1e7d2a9b643f8e2c71d05a", false)]
    [InlineData("evt_019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a", false)]
    [InlineData("evt_019AB3F05C1E7D2A9B643F8E2C71D05A", false)]
    [InlineData("evt_019ab3f05c1e7d2a9b643f8e2c71d05A", false)]
    [InlineData("evt_", false)]
    [InlineData(null, false)]
    public void An_id_is_read_as_it_is_written(string? text, bool isOne)
    {
        Assert.Equal(isOne, EventJson.TryParseId(text, out var id));
        Assert.Equal(isOne ? _finished.Id : default, id);
    }
}
