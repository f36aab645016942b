namespace Countersign.Storage;

/// <summary>What outcomes have in common, with what is most frequent at the end, where pointing to it is shortest.</summary>
/// <remarks>Not to be changed: what was compressed with it is read with it. It needs neither all names nor any order to be right.</remarks>
internal static class CommonWords
{
    public static ReadOnlySpan<byte> Utf8 =>
        "device-key.begun passkey.refused device.left-out device.notice-unsent cap.unpriced permission.missing refused.other-product"u8
        + " refused.unknown-test-user refused.number refused.limit one-call.answered budget.spent cap.reached ran-out.awaiting-own-chec"u8
        + "k ran-out.awaiting-challenge ran-out.awaiting-complete ran-out.completing binding.another-person binding.key-void"u8
        + " binding.expired identity.source-unavailable identity.not-comparable identity.no-record identity.differs challenge.accepted"u8
        + " challenge.answered complete.accepted complete.answered own-check.passed binding.done device.tied possession.not-accepted"u8
        + " possession.reported flow.cancelled number.changed text.resent text.unanswered text.unavailable text.undelivered"u8
        + " text.stuck text.refused text.unknown text.expired instant-link.unavailable instant-link.refused instant-link.expired"u8
        + " mobile-auth.refused mobile-auth.expired otp.unavailable otp.refused possession.declined possession.wrong-entries"u8
        + " possession.given-up possession.unavailable \"question\":\"operatorWord\":\"networkError\":\"limit\":\"cause\":\"Unavailable"u8
        + "\"\"again_at\":\"why\":\"sameDevice\":\"wasRecycled\":\"score\":\"matcher\":\"Failed\"\"NotAccepted\"\"NotAsked\"\"OneCall\""u8
        + "\"None\"\"Refused\"\"Submitting\"\"Accepted\"\"Undelivered\"\"Expired\"\"PreFill\"\"Unify\"\"Notice\",\"isNumberChanged\":tr"u8
        + "ue,\"prefix\":\"\\u002B44{\"code\":\"possession.failed\",\"method\":\"otp\",\"reason\":\"expired\",\"code\":\"flow.finished"u8
        + "\",\"code\":\"instant-link.begun\"},\"method\":\"instant-link\",\"kind\":\"Link\",\"createdAt\":\"channel\":\"network\""u8
        + ",\"binding\":\"link\",\"phishingResistant\":true,\"code\":\"mobile-auth.begun\"},\"method\":\"mobile-auth\",\"device-key\"\""u8
        + "end\":\"possession.expired\",\"possession\":\"Open\",\"code\":\"entry.wrong\"},\"code\":\"otp.expired\"}],\"texts\":[]"u8
        + ",{\"id\":\"01a19181-\",\"projectId\":\"\",\"client\":\"\",\"product\":\"VerifiedUsers\",\"type\":\"Desktop\",\"type\":\"Mobi"u8
        + "le\",\"begunAt\":\"2026-10-31T10:29:17.783+00:00\",\"endedAt\":\"2026-10-31T10:44:17.783+00:00\",\"expiresAt\":\"2026-\""u8
        + ",\"end\":\"identity.matched\",\"reason\":\"exact\",\"possession\":\"Proven\",\"method\":\"otp\",\"isNumberChanged\":false"u8
        + ",\"country\":\"US\",\"prefix\":\"\\u002B1\",\"clientRequestId\":\"\",\"facts\":[{\"at\":\"2026-\",\"code\":\"mobile-auth.una"u8
        + "vailable\",\"next\":\"otp\",\"reason\":\"no-operator\"},{\"at\":\"2026-\",\"code\":\"otp.begun\"},{\"at\":\"2026-\""u8
        + ",\"code\":\"text.accepted\",\"gateway\":\"\"},{\"at\":\"2026-\",\"code\":\"text.delivered\",\"gateway\":\"\"},{\"at\":\"2026"u8
        + "-\",\"code\":\"possession.proven\",\"method\":\"otp\"},{\"at\":\"2026-\",\"code\":\"identity.matched\",\"rule\":\"exact\""u8
        + ",\"source\":\"\"}],\"texts\":[{\"kind\":\"Otp\",\"createdAt\":\"2026-+00:00\",\"state\":\"Sent\",\"segments\":1,\"attempts\""u8
        + ":[{\"gateway\":\"\",\"begunAt\":\"2026-+00:00\",\"awaitsHandover\":false,\"state\":\"Delivered\",\"changedAt\":\"2026-+00:00"u8
        + "\",\"cost\":{\"amount\":0.0,\"project\":\"\",\"isOfServer\":true}}]}],\"assurance\":{\"method\":\"otp\",\"channel\":\"text\""u8
        + ",\"binding\":\"code\",\"phishingResistant\":false,\"simSwap\":\"unknown\",\"line\":\"mobile\",\"names\":{\"rule\":\"exact\""u8
        + ",\"score\":100,\"matcher\":1}},\"commitments\":[\"\",\"\",\"\"],\"currency\":\"USD\"}"u8;
}
