using System.Text.Json;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Possession;
using Countersign.Core.Texts;
using Countersign.Core.VerifiedUser;

namespace Countersign.Storage.Tests;

/// <summary>Values that tests start from and change where it matters.</summary>
internal static class Sample
{
    /// <summary>With a fraction of a millisecond, which no column can hold.</summary>
    public static readonly DateTimeOffset Now = new DateTimeOffset(2026, 11, 22, 10, 0, 0, 123, TimeSpan.Zero).AddTicks(4567);

    public static readonly PhoneNumber Number = PhoneNumber.Parse("+12025550142");

    public static readonly ProjectId Shop = ProjectId.Parse("shop");

    public static Flow Flow(DateTimeOffset? createdAt = null) => new()
    {
        Id = CorrelationId.New(createdAt ?? Now),
        ProjectId = ProjectId.Parse("shop"),
        Type = FlowType.Desktop,
        Number = Number,
        Name = new PersonName("Lori", "Montgomery"),
        CreatedAt = createdAt ?? Now,
        ExpiresAt = (createdAt ?? Now).AddMinutes(15),
        FinalTargetUrl = "https://shop.example/done",
        Possession = new PossessionState.Ready(PossessionPlan.Desktop),
        Tail = new VerifiedUserState.AwaitingPossession(),
    };

    public static Flow WithLink(this Flow flow, SecretHash link, DateTimeOffset deadline) =>
        flow with { Possession = new PossessionState.Challenged(PossessionPlan.Desktop, Challenge(link, deadline)) };

    public static Flow WithCode(this Flow flow, SecretHash code, DateTimeOffset deadline) =>
        flow with { Possession = new PossessionState.Challenged(new PossessionPlan(PossessionMethod.Otp), Challenge(code, deadline)) };

    public static OutgoingText Text(Flow flow, DateTimeOffset? createdAt = null, PhoneNumber? to = null) => new(
        Guid.CreateVersion7(createdAt ?? Now),
        flow.Id,
        to ?? Number,
        TextKind.Otp,
        new Secret("1234 is your code for the shop."),
        new Secret("1234"),
        createdAt ?? Now,
        (createdAt ?? Now).AddMinutes(2));

    /// <summary>The fate of a text that was just stored: columns hold whole milliseconds.</summary>
    public static TextFate Queued(OutgoingText text)
    {
        var fate = TextFate.Queued(text.CreatedAt);
        return fate with { DueAt = Rounded(fate.DueAt!.Value) };
    }

    /// <summary>As a column holds it that must not be early.</summary>
    public static DateTimeOffset Rounded(DateTimeOffset moment) =>
        DateTimeOffset.FromUnixTimeMilliseconds(moment.AddTicks(TimeSpan.TicksPerMillisecond - 1).ToUnixTimeMilliseconds());

    public static SecretHash Hash(int seed) => new(new string("0123456789abcdef"[seed % 16], 60) + seed.ToString("x4", null));

    /// <summary>Flows hold lists, which records compare by reference: their stored form is compared instead.</summary>
    public static string Json(Flow? flow) => flow is null ? "null" : JsonSerializer.Serialize(flow, StoredJson.Default.Flow);

    private static Challenge Challenge(SecretHash proof, DateTimeOffset deadline) => new(proof, Now, deadline, new ChallengeLimits(3, 3));
}
