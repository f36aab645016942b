using Countersign.Core.Flows;
using Countersign.Core.Possession;
using Countersign.Core.VerifiedUser;

namespace Countersign.Core.Tests;

/// <summary>Values that tests start from and change where it matters.</summary>
internal static class Sample
{
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);

    public static readonly DateTimeOffset Deadline = Now.AddMinutes(2);

    public static SecretHash Hash(int seed) => new(seed.ToString("x64", null));

    /// <summary>Sent now, due in two minutes, three entries, three resends, three number changes.</summary>
    public static Challenge Challenge(int seed = 1) => new(Hash(seed), Now, Deadline, new ChallengeLimits(3, 3, 3));

    public static Flow Flow(FlowType type = FlowType.Mobile) => new()
    {
        Id = CorrelationId.New(Now),
        ProjectId = ProjectId.Parse("shop"),
        Type = type,
        Number = PhoneNumber.Parse("+12025550142"),
        Name = new PersonName("Lori", "Montgomery"),
        CreatedAt = Now,
        ExpiresAt = Now.AddMinutes(15),
        Possession = type.ToPossession(),
        Tail = new VerifiedUserState.AwaitingPossession(),
    };

    public static Flow Challenged(PossessionMethod method, Challenge? challenge = null) =>
        Flow(method == PossessionMethod.InstantLink ? FlowType.Desktop : FlowType.Mobile)
            .After(new PossessionEvent.ChallengeSent(method, challenge ?? Challenge()), Now);
}

/// <summary>The members of a closed set: the records nested in their base.</summary>
internal static class ClosedSet
{
    public static IReadOnlyList<Type> Of<T>() => [.. typeof(T).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(T)))];
}
