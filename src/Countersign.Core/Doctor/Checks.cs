namespace Countersign.Core.Doctor;

/// <summary>All checks. <c>docs/doctor.md</c> has the same table; a test holds it to this one.</summary>
public static class Checks
{
    public static Check ConfigurationRead { get; } = Broken(
        "configuration.read", "whether the server starts with the configuration of this machine",
        "Change what the sentence names, and look again.", "configuration.md");

    public static Check ConfigurationRunning { get; } = Weak(
        "configuration.running", "whether the running server was started with the configuration of this machine",
        "Restart the server; or look with the file and the environment that it is started with (--config).", "configuration.md");

    public static Check ConfigurationPrivate { get; } = Weak(
        "configuration.private", "who may read the configuration file, which holds keys",
        "Let nobody else read or write it: chmod 600 where the server's user owns it, 640 where it is of that user's group.",
        "configuration.md");

    public static Check PublicHttps { get; } = Weak(
        "public.https", "whether browsers and phones speak https with it",
        "Set Countersign:PublicUrl to the https origin of the proxy before the server.", "live.md#1-a-configuration");

    public static Check PublicAnswers { get; } = Broken(
        "public.answers", "whether the public address answers",
        "Look at DNS, at the proxy before the server and its certificate, and at Countersign:PublicUrl.", "operations.md#complaints");

    public static Check PublicHere { get; } = Broken(
        "public.here", "whether the public address leads to this server, and its keys are answered there",
        "Let the proxy lead to this server, or set Countersign:PublicUrl to the address that does.", "configuration.md#the-server");

    public static Check PublicReady { get; } = Broken(
        "public.ready", "whether the server is ready behind its public address: its store answers and takes writes",
        "Is the database up, has it room and connections left? /health/ready says when it is.", "operations.md#what-to-watch");

    public static Check PublicAdmin { get; } = Weak(
        "public.admin", "whether the admin API can be reached at the public address",
        "Take /admin out of what the proxy passes on: Countersign:Admin:Urls is for your own network.", "configuration.md#the-server");

    public static Check ServerReached { get; } = Broken(
        "server.reached", "whether the admin API answers, with the key of the command",
        "Is the server running? Look at --server and COUNTERSIGN_ADMIN_KEY.", "cli.md#which-server-and-with-which-key");

    public static Check ServerClock { get; } = Weak(
        "server.clock", "how far the clocks of this machine and of the server are apart",
        "Let an NTP client keep both.", "storage.md#whose-clock-counts");

    public static Check ProxyNamed { get; } = Weak(
        "proxy.named", "whether the proxy before the server is named, so that the server knows who calls",
        "Name its address in Countersign:TrustedProxies.", "configuration.md#the-server");

    public static Check AdminListens { get; } = Weak(
        "admin.listens", "where the admin API listens",
        "Set Countersign:Admin:Urls to a loopback address, or to https and a network of your own.", "configuration.md#the-server");

    public static Check SandboxOpen { get; } = Weak(
        "sandbox.open", "whether a sandbox, which shows its texts to everybody, can be reached from other machines",
        "Let it listen on this machine alone (--urls http://127.0.0.1:8080), or set Countersign:Mode to Live.",
        "sandbox.md#by-which-names-it-is-called");

    public static Check TextsOutbox { get; } = Weak(
        "texts.outbox", "whether texts go to phones",
        "Put a gateway that sends them in the place of the outbox, in the section Gateways.", "live.md#2-a-gateway-for-texts");

    public static Check CapsNone { get; } = Weak(
        "caps.none", "whether what texts cost has an end",
        "Set Countersign:Prices with Countersign:Caps:PerDay and Countersign:Caps:Currency, or countersign project set ID --caps.",
        "limits.md#money");

    public static Check GuessesLikely { get; } = Weak(
        "guesses.likely", "how likely the codes of a line may be guessed in a day",
        "Take Countersign:Budget:GuessProbability out.", "limits.md");

    public static Check LimitsShadow { get; } = Weak(
        "limits.shadow", "whether limits on texts refuse, or only tell",
        "Set Countersign:TextLimits:Address, Countersign:TextLimits:Prefix and Countersign:TextLimits:Country to Enforce.", "limits.md");

    public static Check PumpingShadow { get; } = Weak(
        "pumping.shadow", "whether rules about pumping refuse, or only tell",
        "Look at countersign abuse list, then set the rule of Countersign:Pumping to Enforce.", "pumping.md#look-first-then-enforce");

    public static Check RetentionLonger { get; } = Weak(
        "retention.longer", "whether what is a person's is kept longer than the pages state",
        "Take the setting out, or state the longer time to those whose data it is.", "erasure.md");

    public static Check DevicesLong { get; } = Weak(
        "devices.long", "how long a browser stays known",
        "Take Countersign:DeviceKeys:MaxAge and Countersign:DeviceKeys:MaxIdle out.", "device-keys.md#how-long-a-key-is-good");

    public static Check DevicesTold { get; } = Weak(
        "devices.told", "whether a person is told that a browser is known from now on",
        "Take Countersign:DeviceKeys:Notice out.", "device-keys.md#the-person-is-told");

    public static Check DevicesFetch { get; } = Weak(
        "devices.fetch", "whether a silent check at the mobile network ties a browser's key",
        "Take Countersign:DeviceKeys:TieOnFetch out.", "device-keys.md#what-ties-a-key");

    public static Check SourcesPlain { get; } = Weak(
        "sources.plain", "whether identity sources are asked over https",
        "Set Countersign:IdentitySources:0:Url to an https address and take AllowPrivateNetwork out.",
        "identity-sources.md#a-system-of-your-own-http");

    public static Check TokenKeysLong { get; } = Weak(
        "token-keys.long", "how long one key signs tokens",
        "Take Countersign:Keys:TokenKeyLifetime out.", "keys.md#token-keys");

    public static Check StoreAnswers { get; } = Broken(
        "store.answers", "whether the store answers",
        "Is the database up, and is Countersign:Store right? A SQLite path is meant from where the server is started.",
        "storage.md#when-the-store-is-away-or-slow");

    public static Check StoreSchema { get; } = Broken(
        "store.schema", "whether the store has the schema of this version",
        "Of a newer version: start that one. Of an older one: back it up, then start this one, which brings it up to date.",
        "backup.md#upgrading");

    public static Check StoreMode { get; } = Broken(
        "store.mode", "whether the store belongs to a server of this mode",
        "Set Countersign:Mode to the store's, or name another in Countersign:Store.", "configuration.md#the-server");

    public static Check StoreKey { get; } = Broken(
        "store.key", "whether the encryption key opens the store",
        "Set Countersign:EncryptionKey to the one that the store was made with, or put the newest file where Countersign:Keys:File says.",
        "keys.md#loss");

    public static Check StoreClock { get; } = Weak(
        "store.clock", "how far the clocks of the server and of the database are apart",
        "Let an NTP client keep both.", "storage.md#whose-clock-counts");

    public static Check ProjectsTap { get; } = Weak(
        "projects.tap", "whether links are confirmed by digits, or by a tap that proves nothing about who began",
        "countersign project set ID --link-confirmation match, once its page shows the digits.", "live.md#3-a-relying-party");

    public static Check ProjectsSsn { get; } = Weak(
        "projects.ssn", "whether SSNs are told whole without the person's phone",
        "countersign project set ID --discloses-ssn false.", "live.md#3-a-relying-party");

    public static Check ProjectsOneCall { get; } = Weak(
        "projects.one-call", "what may be asked of records without the person's phone",
        "countersign project set ID --one-call, with those alone that it needs.", "api.md#in-one-call");

    public static Check ProjectsReasons { get; } = Weak(
        "projects.reasons", "whether those who have proven nothing are told who is on record",
        "countersign project set ID --identity-reasons proven.", "identity-sources.md#who-is-on-record");

    public static Check ProjectsNumberChange { get; } = Weak(
        "projects.number-change", "whether a person may give another number in the browser",
        "Look at numberChanged in the back end, or countersign project set ID --number-change off.",
        "api.md#filling-in-and-checking-a-form");

    public static Check ProjectsGuesses { get; } = Weak(
        "projects.guesses", "whether a project permits shorter codes than the server",
        "countersign project set ID --unset guess-probability.", "configuration.md#short-codes");

    public static Check ProjectsKept { get; } = Weak(
        "projects.kept", "whether projects keep what was the default before it became stricter",
        "Choose a value for each: countersign project show ID names them, countersign project set ID sets them.",
        "configuration.md#settings-that-became-stricter");

    public static Check SourcesEveryone { get; } = Weak(
        "sources.everyone", "whether records are seen by the projects alone that they are for",
        "countersign records assign --source NAME --project ID.", "identity-sources.md#who-sees-a-source");

    public static Check ClientsOld { get; } = Weak(
        "clients.old", "how old the secrets of API clients are",
        "countersign client rotate ID --project ID, or keys instead of a secret: countersign client set --jwks.",
        "cli.md#secrets-and-flows");

    public static Check AdminKeysEndless { get; } = Weak(
        "admin-keys.endless", "whether admin keys that were made long ago go on without an end",
        "countersign admin-key create NAME --expires, move its callers, countersign admin-key end NAME; or take it out of "
            + "Countersign:Admin:Keys:<name>.",
        "operations.md#secrets-and-keys");

    public static Check WebhooksFailing { get; } = Broken(
        "webhooks.failing", "whether webhooks take what is sent to them, and events do not pile up",
        "countersign webhook test ID, tell the relying party; then countersign webhook replay ID --dead.",
        "webhooks.md#for-those-who-run-the-server");

    public static Check WebhooksOff { get; } = Weak(
        "webhooks.off", "whether webhooks are turned on",
        "countersign webhook set ID --enabled true, or countersign webhook delete ID.", "webhooks.md#for-those-who-run-the-server");

    public static Check GatewaysFailing { get; } = Broken(
        "gateways.failing", "whether gateways take texts, and those arrive",
        "Look at the provider's console and at event 1502; name a second gateway in Countersign:TextRoutes:0:Gateways.", "gateways.md");

    public static Check GatewaysReceipts { get; } = Weak(
        "gateways.receipts", "whether gateways say what became of texts",
        "Let the provider reach /gateways/NAME/receipts at Countersign:PublicUrl: without receipts no text goes to the next gateway.",
        "gateways.md#delivery-receipts-and-inbound-texts");

    public static Check OperatorsFailing { get; } = Broken(
        "operators.failing", "whether mobile operators answer",
        "Look at events 1551 and 1576: the address, credentials and scopes of Countersign:Operators.", "mobile-auth.md#reasons");

    public static Check SourcesFailing { get; } = Broken(
        "sources.failing", "whether identity sources answer",
        "Look at events 1578 and 1579: the source's address, its certificate, its three seconds.",
        "identity-sources.md#a-system-of-your-own-http");

    public static Check CapsSpent { get; } = Broken(
        "caps.spent", "whether there is money left for texts",
        "countersign caps show; an attack: countersign abuse deny. Otherwise raise the cap, or wait.", "limits.md#money");

    public static Check CapsUnpriced { get; } = Broken(
        "caps.unpriced", "whether every gateway has a price, where there are caps",
        "Add the price to the list that Countersign:Prices names and restart, or countersign project set ID --unset caps.",
        "limits.md#prices");

    public static Check KeysOld { get; } = Weak(
        "keys.old", "how old the encryption key is",
        "countersign keys rotate, with Countersign:Keys:File.", "keys.md#changing-the-key");

    public static Check BackupOld { get; } = Weak(
        "backup.old", "when the last backup was taken, on SQLite",
        "countersign backup FILE, every day, and a copy of the database of Countersign:Keys:Store.", "backup.md#taking-one-sqlite");

    public static IReadOnlyList<Check> All { get; } =
    [
        ServerReached, ServerClock, ConfigurationRead, ConfigurationRunning, ConfigurationPrivate, PublicAnswers, PublicHere, PublicReady,
        PublicHttps, PublicAdmin, ProxyNamed, AdminListens, SandboxOpen, TextsOutbox, CapsNone, GuessesLikely, LimitsShadow, PumpingShadow,
        RetentionLonger, DevicesLong, DevicesTold, DevicesFetch, SourcesPlain, TokenKeysLong, StoreAnswers, StoreSchema, StoreMode,
        StoreKey, StoreClock, ProjectsTap, ProjectsSsn, ProjectsOneCall, ProjectsReasons, ProjectsNumberChange, ProjectsGuesses,
        ProjectsKept, SourcesEveryone, ClientsOld, AdminKeysEndless, WebhooksFailing, WebhooksOff,
        GatewaysFailing, GatewaysReceipts, OperatorsFailing, SourcesFailing, CapsSpent, CapsUnpriced, KeysOld, BackupOld,
    ];

    private static Check Broken(string id, string looksAt, string whatToDo, string page) =>
        new(id, looksAt, FindingState.Broken, whatToDo, page);

    private static Check Weak(string id, string looksAt, string whatToDo, string page) =>
        new(id, looksAt, FindingState.Weak, whatToDo, page);
}
