using Countersign.Cli.Attacks.Plays;

namespace Countersign.Cli.Attacks;

/// <summary>How each known attack is played from outside, or who plays it; in the order of their ids.</summary>
internal static class AttackTable
{
    private const string Nist = "NIST SP 800-63B-4";
    private const string Asvs = "OWASP ASVS 5.0.0";
    private const string Jwt = "RFC 8725";
    private const string Network = "It is about code that no call reaches.";
    private const string Store = "It needs the store itself.";
    private const string Nodes = "It needs nodes, gateways or a store that fail.";
    private const string Receiver = "It needs a receiver of webhooks.";

    public static IReadOnlyList<Attack> All { get; } = [.. Codes(), .. Links(), .. Tokens(), .. Api(), .. Abuse(), .. Others()];

    private static IEnumerable<Attack> Codes() =>
    [
        Played("S01", CodeAttacks.GuessAsync, $"{Nist} 3.2.2", $"{Asvs} 6.6.3", $"{Asvs} 6.3.1"),
        Played("S02", CodeAttacks.ResendAsync, $"{Nist} 3.1.3.2", $"{Asvs} 6.6.3"),
        Played("S03", CodeAttacks.RaceAsync, $"{Asvs} 2.3.4"),
        Stated("S04", $"{Asvs} 2.4.1"),
        Played("S05", CodeAttacks.ReplayAsync, $"{Nist} 3.2.7", $"{Asvs} 6.5.1", $"{Asvs} 6.6.2"),
        Played("S06", CodeAttacks.TellAsync, $"{Nist} 3.1.3.2", $"{Asvs} 14.2.6"),
        Inside("S07", Network,
            "RandomCodeGeneratorTests.Every_digit_stands_at_every_place_about_as_often", $"{Asvs} 6.5.3"),
        Inside("S08", "It is so by construction, and times over a network show nothing.",
            "BadInputTests.Another_projects_an_expired_and_an_unknown_id_get_the_same_bytes", $"{Asvs} 6.3.8"),
        Inside("S09", "It needs the clock.",
            "OtpTests.A_code_lives_two_minutes", $"{Nist} 3.1.3.2", $"{Asvs} 6.5.5"),
        Played("S10", CodeAttacks.LockOutAsync, $"{Asvs} 6.1.1"),
        Stated("S11", $"{Nist} 3.2.5"),
        Played("S12", CodeAttacks.ConfuseAsync, $"{Asvs} 15.3.5", $"{Asvs} 2.2.1"),
    ];

    private static IEnumerable<Attack> Links() =>
    [
        Played("L01", LinkAttacks.PrefetchAsync, $"{Asvs} 3.5.3"),
        Played("L02", LinkAttacks.RunPageAsync, $"{Asvs} 3.4.3"),
        Played("L03", LinkAttacks.SubmitAsync, $"{Asvs} 3.5.1", "RFC 10027"),
        Played("L04", LinkAttacks.LearnAsync, $"{Asvs} 14.2.6"),
        Played("L05", LinkAttacks.AskPersonAsync, "RFC 10027", $"{Asvs} 6.6.4"),
        Played("L06", AbuseAttacks.TireAsync, $"{Asvs} 6.6.4"),
        Played("L07", LinkAttacks.EnumerateAsync, $"{Asvs} 7.2.3"),
        Played("L08", LinkAttacks.LeakAsync, $"{Asvs} 3.4.5", $"{Asvs} 14.3.2"),
        Played("L09", LinkAttacks.SwapAsync, $"{Asvs} 6.6.2", "RFC 10027"),
        Played("L10", LinkAttacks.ReuseAsync, $"{Asvs} 6.5.1"),
        Played("L11", WordingAttacks.SendAwayAsync, $"{Asvs} 3.7.2", "RFC 9700 4.11"),
        Played("L12", WordingAttacks.PoisonAsync, $"{Asvs} 4.1.3"),
        Played("L13", WordingAttacks.WordAsync, $"{Asvs} 1.3.3"),
        Played("L14", WordingAttacks.FrameAsync, $"{Asvs} 3.4.6", "RFC 9700 4.16"),
        Played("L15", LinkAttacks.OpenHereAsync, "RFC 10027"),
    ];

    private static IEnumerable<Attack> Tokens() =>
    [
        Played("T01", TokenAttacks.ForgeAsync, $"{Jwt} 3.1", $"{Jwt} 3.10", $"{Asvs} 9.1.1", $"{Asvs} 9.1.2", $"{Asvs} 9.1.3"),
        Played("T02", TokenAttacks.ReplayAsync, $"{Asvs} 9.2.1", $"{Asvs} 7.4.1"),
        Played("T03", TokenAttacks.SwapAsync, $"{Jwt} 3.11", $"{Jwt} 3.12", $"{Asvs} 9.2.2"),
        Played("T04", TokenAttacks.AskForOthersAsync, $"{Asvs} 8.2.2"),
        Played("T05", TokenAttacks.SkipAsync, $"{Asvs} 2.3.1"),
        Played("T06", TokenAttacks.ClaimAsync, $"{Asvs} 8.3.1", $"{Asvs} 2.2.2"),
        Played("T07", TokenAttacks.FixateAsync, $"{Asvs} 7.2.1"),
        Played("T08", TokenAttacks.ChangeNumberAsync, $"{Asvs} 2.2.3"),
        Stated("T09", $"{Asvs} 7.5.1"),
    ];

    private static IEnumerable<Attack> Api() =>
    [
        Loud("A01", ApiAttacks.SprayAsync, $"{Asvs} 6.3.1", $"{Asvs} 14.2.1"),
        Played("A02", CrossingAttacks.CrossAsync, $"{Asvs} 8.4.1"),
        Played("A03", ApiAttacks.OutliveAsync, "RFC 7009", "RFC 7662", $"{Asvs} 7.4.1"),
        Played("A04", ApiAttacks.MalformAsync, $"{Asvs} 15.3.3", $"{Asvs} 1.5.3"),
        Played("A05", ApiAttacks.RepeatAsync, $"{Asvs} 2.3.3"),
        Loud("A06", ApiAttacks.StormAsync, $"{Asvs} 2.4.1"),
        Played("A07", ApiAttacks.ClimbAsync, $"{Asvs} 1.2.2"),
        Inside("A08", "It needs a webhook, which the admin API makes.",
            "WebhookSenderTests.In_live_no_address_is_connected_to_that_is_not_public", $"{Asvs} 1.3.6", $"{Asvs} 15.3.2"),
    ];

    private static IEnumerable<Attack> Abuse() =>
    [
        Inside("F01", "It would cost what it is to prevent.",
            "PumpingSimulationTests.Together_they_stop_nearly_all_of_an_attack_that_goes_through_numbers_one_by_one", $"{Asvs} 2.4.1"),
        Played("F02", AbuseAttacks.RespellAsync, $"{Asvs} 1.1.1", $"{Asvs} 2.3.2"),
        Played("F03", AbuseAttacks.DialAsync, $"{Asvs} 2.2.1"),
        Played("F04", AbuseAttacks.BombAsync, $"{Asvs} 2.4.1"),
        Inside("F05", "It would cost what it is to prevent.",
            "CapCrashTests.A_cap_of_a_hundred_texts_is_never_passed_by_nodes_that_are_killed_while_they_send", $"{Asvs} 2.3.2"),
        Loud("F06", ApiAttacks.CrowdOutAsync, $"{Asvs} 2.4.1"),
        Played("F07", AbuseAttacks.ReuseCaptchaAsync, $"{Asvs} 2.4.1"),
    ];

    private static IEnumerable<Attack> Others() =>
    [
        Played("I01", NameAttacks.DisguiseAsync, $"{Asvs} 2.2.1"),
        Played("I02", NameAttacks.WildcardAsync, $"{Asvs} 2.2.1"),
        Played("I03", NameAttacks.OracleAsync, $"{Asvs} 2.4.1"),
        Played("I04", NameAttacks.CutOffAsync, $"{Asvs} 2.3.3"),
        Inside("I05", "It needs an operator's answer. When a text is sent nobody is asked yet.",
            "RiskPolicyTests.A_possession_is_judged_by_the_table", $"{Nist} 3.1.3.3"),
        Stated("I06", $"{Nist} 3.1.3.3"),
        Inside("W01", Receiver,
            "WebhookVerifierTests.What_is_wrong_is_told", $"{Asvs} 4.1.5"),
        Inside("W02", Receiver,
            "WebhookTests.While_a_secret_is_exchanged_both_sign", $"{Asvs} 13.3.4"),
        Inside("W03", Receiver,
            "WebhookDelivererTests.A_receiver_that_hangs_holds_up_nobody_else_and_gets_no_more_than_a_few_at_once", $"{Asvs} 13.2.6"),
        Inside("W04", Receiver,
            "WebhookVerifierTests.A_delivery_that_comes_a_second_time_within_five_minutes_is_as_good_as_the_first_and_has_its_id",
            $"{Asvs} 2.3.3"),
        Inside("D01", Store,
            "SqliteDatabaseTests.The_bytes_on_the_disk_hold_no_personal_data", $"{Asvs} 6.5.2", $"{Asvs} 14.2.4"),
        Inside("D02", Store,
            "ErasureTests.When_the_copies_of_the_secrets_have_run_out_no_copy_of_the_store_leads_to_the_person", $"{Asvs} 14.2.7"),
        Inside("D03", "It needs all that the server writes.",
            "LeakTests.No_marker_is_found_in_logs_traces_metrics_exceptions_addresses_or_the_store", $"{Asvs} 14.2.1"),
        Played("D04", NameAttacks.EnumerateAsync, $"{Asvs} 6.3.8"),
        Inside("O01", Nodes,
            "TextCrashTests.A_text_whose_process_died_while_its_only_gateway_was_asked_is_never_handed_to_it_again", $"{Asvs} 2.3.3"),
        Inside("O02", Nodes,
            "TextDeliveryTests.Receipts_may_come_twice_and_in_any_order", $"{Asvs} 13.1.3"),
        Inside("O03", "It needs two versions.",
            "UpgradeTests.Flows_that_ran_in_an_earlier_version_go_on_in_this_one", $"{Asvs} 2.3.3"),
        Played("O04", OperationAttacks.AdministerAsync, $"{Asvs} 8.4.2", $"{Asvs} 13.4.5"),
        Played("O05", OperationAttacks.PlayAsync, $"{Asvs} 15.2.3"),
        Stated("O06", $"{Asvs} 15.1.2"),
    ];

    private static Attack Played(string id, Func<Installation, Task<Finding>> play, params string[] clauses) =>
        new(Known(id), clauses) { Play = play };

    private static Attack Loud(string id, Func<Installation, Task<Finding>> play, params string[] clauses) =>
        Played(id, play, clauses) with { IsLoud = true };

    /// <param name="test">One that plays it where it can be played.</param>
    private static Attack Inside(string id, string why, string test, params string[] clauses) =>
        new(Known(id), clauses) { Elsewhere = Finding.Inside(why, test) };

    private static Attack Stated(string id, params string[] clauses) =>
        new(Known(id), clauses) { Elsewhere = Finding.Limit(Attack.Plain(Known(id).Limit!), "docs/threat-model.md") };

    private static KnownAttack Known(string id) => KnownAttack.All.Single(known => known.Id == id);
}
