namespace Countersign.Cli.Attacks;

/// <summary>
/// What somebody may try, what is promised against it, and what stays: the one list, for the command and for the tests.
/// <c>docs/threat-model.md</c> shows it with the tests that play it: those that bear its id as the trait <c>attack</c>.
/// </summary>
/// <param name="Id">For good, as stored names are: a letter for the kind, and two digits.</param>
/// <param name="Try">What is tried.</param>
/// <param name="Promise">What the server does then.</param>
/// <param name="Limit">What stays, with the page that says so; null where nothing does.</param>
internal sealed record KnownAttack(string Id, string Try, string Promise, string? Limit = null)
{
    /// <summary>The attacks whose guard holds this one off, too: without it both come through.</summary>
    public IReadOnlyList<string> SharesGuardWith { get; init; } = [];

    /// <summary>The kinds by their letter, in the order of the page.</summary>
    public static IReadOnlyList<(char Letter, string Name)> Kinds { get; } =
    [
        ('S', "Codes"), ('L', "Instant Links"), ('T', "Tokens and flows"), ('A', "Clients and calls"), ('F', "Texts and money"),
        ('I', "Identity"), ('W', "Webhooks"), ('D', "Data"), ('O', "Running it"),
    ];

    public static IReadOnlyList<KnownAttack> All { get; } =
    [
        new(
            "S01", "Guessing a code",
            "Of the codes of a line at most one in a hundred thousand is guessed in a day (`Budget:GuessProbability`): ten wrong "
                + "entries of six digits, five by one project, over all flows, projects and nodes. A flow has one entry, or three."),
        new(
            "S02", "Winning entries back by a resend, a new flow, another number, another spelling or another client",
            "A flow keeps its count over resends and changes of the number; a line keeps its own over flows, clients, projects, nodes "
                + "and restarts."),
        new(
            "S03", "Sending many guesses at once",
            "As many are compared as are permitted, at however many nodes they arrive; of right ones one proves."),
        new(
            "S04", "Trying one code on many numbers",
            "Wrong codes of a project are counted over all lines (`entries.project`): 500 in an hour are told, and enforced end its codes. "
                + "Each try needs a text to that line first: texts of one client are bounded (100 a minute), with enforced limits those of "
                + "an address, a block of numbers and a country too, and a prefix or country of which too little is proven is found.",
            "[All these limits but the client's begin in shadow](limits.md#what-it-does-not-promise)."),
        new(
            "S05", "Using a code twice, in another flow or in another project",
            "A code is of one flow, and the first right entry decides it: nothing that comes afterwards changes the result."),
        new(
            "S06", "Finding the code elsewhere than in the text",
            "It is in no answer, header, log, trace, metric, exception, address or event, and encrypted in the store while its flow lives.",
            "In the sandbox texts can be read: it is for [test users alone](sandbox.md)."),
        new(
            "S07", "Predicting codes",
            "Digits come from the system's cryptographic generator; each is as likely as another at each place, leading zeros included."),
        new(
            "S08", "Measuring how long an answer takes",
            "Hashes of codes, secrets and keys are compared in constant time. An unknown, an expired and a foreign id go the same way, "
                + "by the same statement, to the same bytes.",
            "By construction: no test measures time."),
        new(
            "S09", "Entering a code too late, or at a node whose clock is wrong",
            "A code is dead at its last second. It lives two minutes, and ten at most by any setting; nodes that share PostgreSQL go by "
                + "its clock.",
            "On SQLite the machine's clock counts ([storage](storage.md#whose-clock-counts))."),
        new(
            "S10", "Locking a person out by wrong codes",
            "Only codes stop: links, Mobile Auth and device keys go on. It ends within 24 hours, support can lift it, and no project "
                + "can spend more than half of a line's day.",
            "A person who has no other way than a code waits, or asks support ([limits](limits.md#what-operators-see))."),
        new(
            "S11", "Having the person read the code out, to a page that imitates yours or on the telephone",
            "The text says whose code it is and never to read it to anyone; with a web host the phone offers it to that host's pages "
                + "(WebOTP); the result says `phishingResistant: false`.",
            "A code can be relayed by a person who is deceived ([security](../SECURITY.md#stated-limits)). [Device "
                + "keys](device-keys.md) cannot."),
        new(
            "S12", "Sending something else in the place of a code: a list, a number, other digits, a megabyte",
            "What is no text is refused and counts as nothing. Any text is an entry, and is read as people type it."),
        new(
            "L01", "Opening a link before the person does: previews, scanners, proxies",
            "GET, HEAD and every other method than POST change nothing, however often they come, and the link stays good."),
        new(
            "L02", "Opening the page in a browser that nobody sits at",
            "It has no script, so nothing runs: confirming is a POST by a button, and with `match` it needs the digits of the other "
                + "screen.",
            "Under `tap` a program that presses buttons confirms ([security](../SECURITY.md#stated-limits))."),
        new(
            "L03", "Sending the page's form by a program",
            "What no button makes changes nothing, and under `match` what cannot be the digits uses up no entry; the third wrong digits "
                + "end the flow.",
            "Under `tap` it confirms. Wrong digits are in the flow's timeline; they raise no alarm."),
        new(
            "L04", "Learning something by opening a link",
            "The page shows no number and no name, and no answer of it has anything that opens a session: the result goes to who holds "
                + "the auth token, and to verify-status."),
        new(
            "L05", "Starting a flow with another person's number and having them confirm",
            "The page says who asks, since when and in which browser, and a second button ends the flow. With `match` the phone must "
                + "repeat digits that are on the attacker's screen.",
            "Under `tap` a press is enough; under `match` a person can be talked through the digits ([link "
                + "page](link-page.md#matching)). The result says `phishingResistant: false`."),
        new(
            "L06", "Wearing somebody down with texts",
            "Six texts an hour and twelve a day to a line by one project, twice that by all together; in Live a text is not sent again "
                + "within 30 seconds, and a new link takes the former one's place.",
            "Another flow's link stays good: a new flow cancels none."),
        new(
            "L07", "Guessing a link",
            "Its token has 128 bits of chance and is kept as a keyed hash; whatever is no living link has one answer, 404."),
        new(
            "L08", "Getting the link by referrer, cache or foreign content",
            "`no-referrer`, `no-store`, nothing from elsewhere on the page, and no shortener.",
            "The token is in the address bar and the history of the phone; it works once, for three minutes ([link "
                + "page](link-page.md#headers))."),
        new(
            "L09", "Having a link completed for a flow that the attacker put in its place",
            "The result is told to who holds that flow's auth token and to its relying party, and the digits of one flow are worth "
                + "nothing in another."),
        new(
            "L10", "Using a link late, twice, or after it was replaced or given up",
            "It is refused with a page for the person and a reason for programs, and the flow stays as it is.")
        {
            SharesGuardWith = ["L05"],
        },
        new(
            "L11", "Sending the phone elsewhere (open redirect)",
            "In Live the target is https and under an address of the project's list, by origin and whole path segments, and it is "
                + "fixed when the flow begins."),
        new(
            "L12", "Calling under another host name",
            "Links, tokens and metadata name the configured public address, whatever `Host` and forwarding headers say."),
        new(
            "L13", "Putting a second message into a text",
            "A wording has one placeholder, nothing of which a phone makes something to tap, no control or direction characters, and "
                + "two segments at most; that of a call as that of a project.",
            "Hosts that the project lists may stand there; which endings are hosts is what was known when the server was built "
                + "([security](../SECURITY.md#stated-limits))."),
        new(
            "L14", "Framing the page, or posting to it from another site",
            "No page may frame it, and a form of another site changes nothing and uses up no entry.",
            "Safari before 16.4 cannot tell a sandboxed frame's form ([link page](link-page.md#what-opening-does-nothing))."),
        new(
            "L15", "Opening the link in the very browser that began",
            "The page says so, and so does the result: `sameDevice: true`.",
            "It is told, not refused: what it is worth is the relying party's to say ([link page](link-page.md#who-began))."),
        new(
            "T01", "Forging a token: no algorithm, another one, another key, a key of its own in the header",
            "ES256 by this server's own keys alone, with type, issuer and audience; what clients sign, by the keys that they have "
                + "registered alone."),
        new(
            "T02", "Using an auth token in another flow, from another origin, or afterwards",
            "It is of one flow and ends with it, after 15 minutes (`FlowLife`, an hour at most). Where a project lists origins no other "
                + "is answered. A decided flow is not changed; proofs of keys are good for one flow, and what clients sign is taken "
                + "once.",
            "While it lives it is good for whoever holds it."),
        new(
            "T03", "One kind of token in the place of another",
            "Types and audiences differ: an access token, an auth token and a receipt pass for none of the others, and none is taken "
                + "from an address."),
        new(
            "T04", "Another project's correlation id",
            "The same bytes as for an unknown and an expired one; what is not exactly of the form is refused."),
        new(
            "T05", "Calls out of order",
            "They are refused, or the page is led to its next step, and nothing changes."),
        new(
            "T06", "A page that says that possession was proven",
            "Nothing a browser says counts but a proof, and nothing it reports after the result changes it; only what the server has "
                + "stored is told."),
        new(
            "T07", "Choosing or guessing a flow's id",
            "Ids are made by the server, with 74 bits of chance, and open nothing without credentials."),
        new(
            "T08", "Exchanging number or name under way",
            "Both are those that the flow began with, and the receipt commits to them. Another number is taken only where the project "
                + "permits it, and every answer says so."),
        new(
            "T09", "Editing a number that an application keeps as verified",
            "A receipt commits to its number: another does not fit.",
            "A flag beside a number is the application's; bind it [to the receipt](receipts.md#a-verified-number-that-changes)."),
        new(
            "A01", "Trying client secrets, or finding them in addresses",
            "256 bits of chance, kept as a keyed hash; an unknown client and a wrong secret are one answer, and an address that tries "
                + "is slowed. Nothing is read from a query. While a secret is exchanged two are good."),
        new(
            "A02", "Crossing projects, installations or modes",
            "Another project's flows, persons, devices and settings are as if there were none; tokens of another public address are "
                + "refused; a store, and a backup of it, belongs to one mode for good.")
        {
            SharesGuardWith = ["T04"],
        },
        new(
            "A03", "Going on with a token, secret or client that has ended",
            "It opens nothing within a minute, on every node."),
        new(
            "A04", "Strange bodies: members twice, depth, size, character sets, two lengths",
            "They are refused in a sentence that names what is wrong, and leave nothing behind."),
        new(
            "A05", "Using an idempotency key for something else, at the same time, or another client's",
            "Another body is 422, a key that is in use 409, and each client has keys of its own."),
        new(
            "A06", "A storm of repetitions",
            "What is refused has stored and sent nothing, and says when to come again; the .NET SDK waits as long."),
        new(
            "A07", "An id or a number that leads elsewhere in an address",
            "Both are values that only their parsers make, of digits, letters and hyphens; the SDK encodes what it puts into a path."),
        new(
            "A08", "Having the server call into your network",
            "Webhooks go to public addresses alone, judged on the address that is connected to, each time, over https, and follow no "
                + "redirect; nor do calls to identity sources.",
            "Addresses of gateways, operators and sources are the operator's own configuration, and are not judged. Networks that [the "
                + "operator names](webhooks.md#for-those-who-run-the-server) can be reached."),
        new(
            "F01", "Texts without end that nobody reads (pumping)",
            "Five rules look at what is asked for and what is proven; a cap in money is never passed, with however many nodes and "
                + "deaths of nodes.",
            "Rules begin in [shadow](pumping.md#look-first-then-enforce), and there is no cap until you set one "
                + "([money](limits.md#money))."),
        new(
            "F02", "Getting around a limit by another spelling of the number",
            "A line has one form, however it is typed: for limits, STOP, records, gateways."),
        new(
            "F03", "Numbers that cost: far countries behind a near code, satellites, premium rate",
            "Live admits the countries that are named, by numbering plan and not by country code, and kinds of line that a person "
                + "holds; every call refuses alike."),
        new(
            "F04", "Bombing one person through many projects",
            "What all projects send to a line is bounded together: 12 an hour, 24 a day."),
        new(
            "F05", "Completing some of the codes to look like customers",
            "A cap holds all the same, and growth is judged whatever is proven.",
            "Every rule but growth takes who pays for real phones for customers ([pumping](pumping.md#look-first-then-enforce))."),
        new(
            "F06", "Many cheap calls, as to the token endpoint or of one page",
            "Each client, each address at the token endpoint and each flow's browser has a rate of its own; what is above waits or is "
                + "refused, and others are answered.")
        {
            SharesGuardWith = ["A06"],
        },
        new(
            "F07", "Showing a captcha's answer again",
            "Each counts once for a project; the call that named it may be repeated."),
        new(
            "I01", "Names in disguise: other alphabets, invisible characters, floods of marks, nothing at all",
            "They match nobody, throw nothing and take bounded time."),
        new(
            "I02", "Names that fit everybody: wildcards, lists, one letter",
            "No part of a name is looked for within another. A letter that is asked for is a name only after a proven phone and where "
                + "the project takes initials."),
        new(
            "I03", "Finding out whose number it is by trying names",
            "Five different names a day for a line and project, ten for all; \"no record\" and \"another name\" are one answer; what is "
                + "given out is written down with who asked.",
            "One-call types that compare no name have no such limit ([security](../SECURITY.md#stated-limits))."),
        new(
            "I04", "Making a source fail, so that the name counts as matched or as differing",
            "What could not be asked is `not available`, and never success."),
        new(
            "I05", "A SIM swapped, or a number that has gone to somebody else",
            "The operator is asked when possession is proven, and a project may refuse what is found; a key of the former holder leads "
                + "to nobody else.",
            "Asked at completion, not before a text is sent; by default reported and not refused; ported numbers have no signal of "
                + "their own ([risk](risk.md#what-is-made-of-them))."),
        new(
            "I06", "Numbers of internet services that are had for minutes",
            "Live begins no flow with a range that is known to be theirs, and the result says what is known of the line.",
            "A plan knows ranges, not subscribers ([receipts](receipts.md#assurance))."),
        new(
            "W01", "Forged, changed, late or reordered deliveries",
            "Each is signed with its id, time and bytes, as Standard Webhooks says; the SDK refuses what is otherwise, or older than "
                + "five minutes."),
        new(
            "W02", "The moment in which a webhook's secret is exchanged",
            "Both sign until the former ends, and either side may be ahead."),
        new(
            "W03", "A receiver that is slow, loops or never answers",
            "It holds up itself alone, with a few connections, and a redirect is not followed."),
        new(
            "W04", "Deliveries that come twice or out of order",
            "Ids stay, and `sequence` counts a flow's events.",
            "At least once, in no order: the receiver keeps ids ([webhooks](webhooks.md#an-event))."),
        new(
            "D01", "Reading a copy of the store",
            "No number, name, code, link, secret or private key stands in it in clear; what lives for a day is out of reach two days "
                + "later even with every key.",
            "Who has the store and its keys of that day reads all ([storage](storage.md#what-is-encrypted)). Ids, times, settings and "
                + "statistics are in clear."),
        new(
            "D02", "Finding an erased person",
            "After an erasure no row of theirs is left, and once the copies of the key database have run out no copy of the store leads "
                + "to them.",
            "Copies until they run out, and what has left the server ([erasure](erasure.md#what-it-does-not-reach))."),
        new(
            "D03", "Finding persons in logs, traces, metrics, addresses or exceptions",
            "None of them holds a number, name, code, link or token: a test does everything with marked ones and searches.",
            "`/v3/identity/{mobileNumber}/lookup` has a number in its address by contract: a proxy before the server may log it."),
        new(
            "D04", "Finding out which numbers are known here",
            "A name that differs and a number that nobody has are one answer, by the same work, where no phone was proven.",
            "Who has an auth token for a number learns whether it has a passkey ([device keys](device-keys.md#passkeys)). Time: by "
                + "construction."),
        new(
            "O01", "Killing a node between its commit and the hand-over of a text",
            "No gateway gets a text that it may have; another node takes up what was left; a call that is repeated with its key leaves "
                + "one flow.",
            "A text whose only gateway did not answer may be lost ([texts](texts.md))."),
        new(
            "O02", "A store that fails, clocks apart, gateways that answer late or twice",
            "Calls are answered 503 and nothing is done twice; deadlines go by the store's clock; the first final receipt stands.",
            "A replica that takes over is not played by tests; nodes follow its clock within a minute "
                + "([storage](storage.md#whose-clock-counts))."),
        new(
            "O03", "An upgrade, or the way back, while flows run",
            "Flows of an earlier version go on in this one; an older version does not start on a newer schema.",
            "No rolling upgrade; going back is by the [backup from before](backup.md#going-back)."),
        new(
            "O04", "The admin API: other people's keys, other sites, text that becomes markup, traces that are removed",
            "Each operation opens for its scopes alone; no page of another origin may call; names stand on pages as text; what was "
                + "removed from the audit or written anew is named.",
            "The end of the audit can be cut off with its checkpoints: [keep them elsewhere](audit.md#verifying-it)."),
        new(
            "O05", "Addresses of the sandbox on a server in Live",
            "They do not exist there."),
        new(
            "O06", "What the program is built of",
            "Packages are few, exact and locked with their hashes, and CI refuses those with known weaknesses. `./publish` makes a bill of "
                + "materials and the same files for whoever builds the commit again; a runtime older than that of the build is refused.",
            "[Nothing is signed](releases.md#is-it-that-source)."),
    ];
}
