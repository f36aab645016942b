using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Audit;
using Countersign.Core.Devices;
using Countersign.Core.Enrolments;
using Countersign.Core.Erasure;
using Countersign.Core.Events;
using Countersign.Core.History;
using Countersign.Core.IdentityMatching;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Core.Keys;
using Countersign.Core.Texts;
using Countersign.Server.Hosting;
using Countersign.Server.Security;
using Countersign.Server.Tests.Fixtures;
using Countersign.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Whole;

/// <summary>What a person is told that is held of them, and what is left when it is erased.</summary>
public abstract class ErasureTests(ServerFixture fixture) : IAsyncLifetime
{
    private const string Number = "2001009002";

    private static readonly ProjectId _sandbox = ProjectId.Parse("sandbox");
    private static readonly string[] _marks = [Number, "Wilhelmina", "Featherstonehaugh", "customer-4711", "1980-05-06"];

    private readonly Gate _gate = new();
    private readonly Scrubs _scrubs = new();
    private TestServer? _server;
    private DirectoryInfo? _folder;

    private TestServer Server => _server!;

    private static PhoneNumber Line { get; } = PhoneNumber.Parse($"+1{Number}");

    public async ValueTask InitializeAsync() => _server = await fixture.StartAsync(Settings, Substitute);

    private protected static Dictionary<string, string?> Settings => new()
    {
        ["Countersign:TextLimits:PerHour"] = "100", ["Countersign:TextLimits:PerDay"] = "100",
    };

    private protected void Substitute(WebApplicationBuilder builder) => builder.Services
        .AddSingleton<ILineSecrets>(services => _scrubs.Of(ActivatorUtilities.CreateInstance<LineSecrets>(services)))
        .AddSingleton<IPersonStore>(services => _gate.Before(ActivatorUtilities.CreateInstance<PersonStore>(services)))
        // As in Live, texts do not stay.
        .AddSingleton(services => new DayKeys(services.GetRequiredService<KeyRing>())
        {
            Read = () => services.GetRequiredService<DayKeyUpkeep>().TryRead(),
        });

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _server!.DisposeAsync();
        _folder?.Delete(recursive: true);
    }

    /// <summary>Goes on with a server whose keys of lines and days are in a file of their own.</summary>
    private protected async Task MoveAsync(string store)
    {
        await _server!.DisposeAsync();
        _folder = Directory.CreateTempSubdirectory("countersign-test-");
        var keys = Path.Combine(_folder.FullName, "keys.db");
        _server = await TestServer.StartAsync(
            store, new Dictionary<string, string?>(Settings) { ["Countersign:Keys:Store"] = $"Data Source={keys}" }, Substitute);
    }

    [Fact]
    [Trait("attack", "D02")]
    public async Task All_that_a_person_leaves_is_told_on_request_and_gone_when_it_is_erased()
    {
        var running = await LiveAsync();
        var code = (await Server.LastMessageAsync(Number)).Code!;
        var told = await ExportAsync();
        var before = await CountAsync();

        var erased = await EraseAsync(new() { ["phoneNumber"] = Number });

        Assert.Equal([], ClassesOf(told, entries: 0));
        var text = told.ToJsonString();
        Assert.All(_marks, mark => Assert.Contains(mark, text, StringComparison.Ordinal));
        Assert.DoesNotContain($"\"{code}\"", text, StringComparison.Ordinal);
        // These have theirs in the contract of the store.
        string[] without = ["audit_waiting", "event_outbox", "identity_aliases", "text_traffic", "webhook_deliveries"];
        Assert.Equal([], before.Where(table => table.Value == 0).Select(table => table.Key).Except(without));
        Assert.All(await CountAsync(), table => Assert.True(table.Value == 0, $"{table.Key} has {table.Value} rows."));
        Assert.Equal(200, erased.Status);
        Assert.Equal(
            DataClass.All.Select(of => of.Name), erased.Json!["erased"]!.AsArray().Select(of => (string)of!["class"]!));
        Assert.DoesNotContain(0, erased.Json["erased"]!.AsArray().Select(of => (int)of!["rows"]!));
        // A store that is new never had rows from before lines had keys.
        Assert.Equal(
            DataClass.All.Where(of => of.MayBeBare).Select(of => of.Name),
            erased.Json["erased"]!.AsArray().Where(of => of!["copiesSince"] is not null && of["copiesUntil"] is not null)
                .Select(of => (string)of!["class"]!));
        Assert.NotEqual(200, (await Server.StatusAsync(running.Id)).Status);
        Assert.NotEqual(200, (await Server.Browser(running.AuthToken!).SendAsync("mobile/otp/start")).Status);
        await AssertNowhereAsync(code);
        Assert.Equal(0, (await EraseAsync(new() { ["phoneNumber"] = Number })).Json!["erased"]!.AsArray().Sum(of => (int)of!["rows"]!));
        Assert.Equal(DataClass.All.Select(of => of.Name), ClassesOf(await ExportAsync(), entries: 0));
    }

    [Fact]
    [Trait("attack", "D02")]
    public Task When_the_copies_of_the_secrets_have_run_out_no_copy_of_the_store_leads_to_the_person() =>
        NoCopyLeadsToThePersonAsync(files: null);

    private protected async Task<Loot> NoCopyLeadsToThePersonAsync(PostgresFiles? files)
    {
        var token = TestContext.Current.CancellationToken;
        // What the relying party calls the person goes with its project's key.
        string[] marks = [.. _marks.Except(["customer-4711"])];
        await LiveAsync();
        var copy = await Thief.TakeAsync(Server, token, files);
        var now = await Thief.ComeAsync(Server, daysLater: 0, token);
        // By the same search, so that it can fail.
        Assert.Equal(
            [
                "abuse_entries", "audit_entries", "counters", "flows", "identities", "person_records", "suppressions", "texts",
                "verified_numbers",
            ],
            await now.FindAsync(copy, Line, marks, token));

        await EraseAsync(new() { ["phoneNumber"] = Number });

        var later = await Thief.ComeAsync(Server, daysLater: 10, token);
        Assert.Empty(await later.FindAsync(copy, Line, marks, token));
        Assert.Empty(await later.FindAsync(await Thief.TakeAsync(Server, token, files), Line, marks, token));
        Assert.Empty(await ProblemsOfAuditAsync(token));
        return copy;
    }

    [Fact]
    public async Task A_line_whose_key_cannot_be_opened_is_erased_unless_its_STOP_is_to_be_kept()
    {
        var token = TestContext.Current.CancellationToken;
        await LiveAsync();
        var key = (await Server.Services.GetRequiredService<ILineKeys>().FindAsync(Line, token))!;
        await Server.Services.GetRequiredService<KeyDatabase>().Database.WriteAsync(
            [
                new Statement(
                    "UPDATE line_keys SET secret = @secret WHERE id = @id", ("@secret", new byte[80]), ("@id", key.Id.ToBytes())),
            ],
            token);

        var kept = await EraseAsync(new() { ["phoneNumber"] = Number, ["keepStop"] = true });
        var erased = await EraseAsync(new() { ["phoneNumber"] = Number });

        Assert.Equal((503, 200), (kept.Status, erased.Status));
        Assert.Null(await Server.Services.GetRequiredService<ILineKeys>().FindAsync(Line, token));
        Assert.Equal(0, await Server.CountAsync("flows"));
    }

    [Fact]
    public async Task No_copy_of_the_store_leads_to_a_person_as_an_erased_project_knew_them_and_other_projects_know_them_still()
    {
        var (token, bank) = (TestContext.Current.CancellationToken, ProjectId.Parse("bank"));
        var identities = Server.Services.GetRequiredService<IIdentityStore>();
        await LiveAsync();
        var copy = await Thief.TakeAsync(Server, token);
        var now = await Thief.ComeAsync(Server, daysLater: 0, token);
        var known = await identities.EnrolAsync(bank, Line, new IdentityDetails(), DateTimeOffset.UnixEpoch, token);
        string[] ofNumber = ["abuse_entries", "audit_entries", "person_records", "suppressions"];
        string[] ofProject = ["identities", "outcomes", "receipts", "verified_numbers"];
        string[] marks = ["Wilhelmina", "request-0815", ReceiptSigner.Audience];
        Assert.Empty(ofNumber.Concat(ofProject).Except(await now.FindAsync(copy, Line, marks, token)));
        // By what the relying party calls the person, without their number.
        var nobody = PhoneNumber.Parse("+12001009999");
        string[] ids = ["customer-4711", "request-0815", ReceiptSigner.Audience];
        Assert.Empty(
            new[] { "audit_entries", "identities", "outcomes", "receipts" }.Except(await now.FindAsync(copy, nobody, ids, token)));

        await EraseAsync(new() { ["projectId"] = "sandbox" });

        var later = await Thief.ComeAsync(Server, daysLater: 10, token);
        Assert.Equal(ofNumber, await later.FindAsync(copy, Line, marks, token));
        Assert.Empty(await later.FindAsync(copy, nobody, ids, token));
        Assert.Equal(known.Id, (await identities.FindAsync(bank, Line, token))!.Id);
        Assert.Empty(await ProblemsOfAuditAsync(token));
    }

    [Fact]
    public async Task A_flow_that_begins_while_its_line_is_erased_goes_with_the_rest()
    {
        await Server.BeginAsync("mobile", Number);
        var meanwhile = new List<Begun>();
        _gate.Next = async () => meanwhile.Add(await Server.BeginAsync("mobile", Number));

        await EraseAsync(new() { ["phoneNumber"] = Number });

        Assert.Equal(400, (await Server.StatusAsync(Assert.Single(meanwhile).Id)).Status);
        // However often it had to look.
        Assert.Equal(1, _scrubs.Count);
        Assert.All(await CountAsync(), table => Assert.True(table.Value == 0, $"{table.Key} has {table.Value} rows."));
        var after = await Server.BeginAsync("mobile", Number);
        Assert.Equal(200, (await Server.StatusAsync(after.Id)).Status);
    }

    [Fact]
    public async Task An_erasure_that_died_half_way_is_completed_by_its_repetition()
    {
        await LiveAsync();
        _gate.Next = () => throw new UnavailableException("It died here.", TimeSpan.FromSeconds(1));

        var died = await EraseAsync(new() { ["phoneNumber"] = Number });
        var left = await CountAsync();
        var repeated = await EraseAsync(new() { ["phoneNumber"] = Number });

        Assert.Equal((503, 200), (died.Status, repeated.Status));
        Assert.True(left["lines"] > 0 && left["person_records"] > 0 && left["flows"] == 0);
        Assert.All(await CountAsync(), table => Assert.True(table.Value == 0, $"{table.Key} has {table.Value} rows."));
    }

    [Fact]
    public async Task Of_one_flow_what_stands_under_its_id_goes_and_of_a_project_what_its_persons_left()
    {
        var running = await LiveAsync();
        var other = await Server.BeginAsync("mobile", Number);

        var flow = await EraseAsync(new() { ["correlationId"] = running.Id });
        var kept = await Server.StatusAsync(other.Id);
        var project = await EraseAsync(new() { ["projectId"] = "sandbox" });
        var unknown = await EraseAsync(new() { ["projectId"] = "ghost" });
        var both = await EraseAsync(new() { ["projectId"] = "sandbox", ["correlationId"] = running.Id });
        var stop = await EraseAsync(new() { ["projectId"] = "sandbox", ["keepStop"] = true });

        Assert.Equal((200, 200, 200, 404), (flow.Status, kept.Status, project.Status, unknown.Status));
        Assert.Equal(
            [("flows", true), ("outcomes", false), ("texts", true), ("receipts", false), ("events", true), ("answers", true)],
            flow.Json!["erased"]!.AsArray().Select(of => ((string)of!["class"]!, (int)of["rows"]! > 0)));
        Assert.Empty(flow.Json["disclosures"]!.AsArray());
        // A line's key goes with its number alone, and a project's with what it holds of persons.
        Assert.Equal(["flows", "texts", "answers"], BoundedOf(flow));
        Assert.Equal(["flows", "outcomes", "texts", "receipts", "answers", "identities", "verified", "audit"], BoundedOf(project));
        var left = await CountAsync();
        Assert.All(
            (string[])["flows", "outcomes", "texts", "receipts", "identities", "devices", "passkeys", "verified_numbers"],
            table => Assert.Equal(0, left[table]));
        Assert.Equal((1, 1), (left["person_records"], left["suppressions"]));
        Assert.Equal(
            (
                "400 8001 field 'phoneNumber' is invalid: one of phoneNumber, correlationId, projectId must be given, and no other",
                "400 8001 field 'keepStop' is invalid: goes with phoneNumber alone"),
            (both.Fault, stop.Fault));
    }

    [Fact]
    public async Task That_somebody_wrote_STOP_can_stay_and_does_so_under_another_key()
    {
        var token = TestContext.Current.CancellationToken;
        var (stops, keys) = (Server.Services.GetRequiredService<ISuppressionList>(), Server.Services.GetRequiredService<ILineKeys>());
        await stops.SuppressAsync(Line, "12345", DateTimeOffset.UnixEpoch, token);
        var before = (await keys.FindAsync(Line, token))!.Id;

        var erased = await EraseAsync(new() { ["phoneNumber"] = Number, ["keepStop"] = true });

        Assert.Equal(200, erased.Status);
        var said = Assert.Single(await stops.ListAsync(Line, 9, token));
        Assert.Equal(("12345", DateTimeOffset.UnixEpoch), (said.Sender, said.Since));
        Assert.NotEqual(before, (await keys.FindAsync(Line, token))!.Id);
        Assert.Equal(1, erased.Json!["erased"]!.AsArray().Sum(of => (int)of!["rows"]!));
    }

    [Fact]
    public async Task Nothing_is_proven_of_a_number_that_is_in_use_all_the_time()
    {
        var token = TestContext.Current.CancellationToken;
        var (moments, now) = (Server.Services.GetRequiredService<IVerifiedNumberStore>(), DateTimeOffset.UtcNow);
        var looks = 0;
        _gate.Next = UseAsync;

        var refused = await EraseAsync(new() { ["phoneNumber"] = Number });
        _gate.Next = null;
        var repeated = await EraseAsync(new() { ["phoneNumber"] = Number });

        Assert.Equal(409, refused.Status);
        Assert.Contains("nothing is proven", refused.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("proof", refused.Json!.AsObject().Select(member => member.Key));
        Assert.Equal(200, repeated.Status);
        Assert.True(looks >= 5);

        async Task UseAsync()
        {
            looks++;
            await moments.RecordAsync(_sandbox, Line, now, token);
            _gate.Next = UseAsync;
        }
    }

    [Fact]
    public async Task What_stands_under_a_key_that_is_gone_is_counted_first_and_then_removed()
    {
        var token = TestContext.Current.CancellationToken;
        await LiveAsync();
        await Server.Services.GetRequiredService<ILineKeys>().DestroyAsync(Line, token);

        var counted = await LostAsync("{}");
        var rows = (int)counted.Json!["rows"]!;
        var refused = await LostAsync($$"""{"rows":{{rows + 1}}}""");
        var removed = await LostAsync($$"""{"rows":{{rows}}}""");
        var left = await LostAsync("{}");

        Assert.Equal((200, false, 409), (counted.Status, (bool)counted.Json["removed"]!, refused.Status));
        Assert.Contains($"there are {rows} such rows and not {rows + 1}", refused.Body, StringComparison.Ordinal);
        Assert.Equal((200, true), (removed.Status, (bool)removed.Json!["removed"]!));
        // The identity's device and its passkey, too.
        Assert.Equal(rows + 2, (int)removed.Json["rows"]!);
        Assert.Equal(0, (int)left.Json!["rows"]!);
        var after = await CountAsync();
        string[] gone = ["identities", "devices", "passkeys", "person_records", "suppressions", "abuse_entries"];
        Assert.All(gone, table => Assert.Equal(0, after[table]));
        await Server.Services.GetRequiredService<AuditChainer>().RoundAsync(token);
        var acts = await Server.Services.GetRequiredService<IAuditStore>().FindAsync(new AuditSearch(Act: "eraseLost"), 9, token);
        Assert.Contains(acts, act => act.Entry.Act.Asked.Contains(new AuditValue("rows", $"{rows}")));
    }

    private Task<Reply> LostAsync(string body) => Server.AdminAsync(HttpMethod.Post, "/admin/erasures/lost", body);

    [Fact]
    public async Task That_it_was_done_is_written_down_and_not_of_whom()
    {
        await Server.BeginAsync("mobile", Number);

        var erased = await EraseAsync(new() { ["phoneNumber"] = Number, ["keepStop"] = true });

        var (store, chainer) = (
            Server.Services.GetRequiredService<IAuditStore>(), Server.Services.GetRequiredService<AuditChainer>());
        await chainer.RoundAsync(TestContext.Current.CancellationToken);
        var entry = Assert.Single(await store.FindAsync(new AuditSearch(Act: "eraseData"), 9, TestContext.Current.CancellationToken)).Entry;
        Assert.Equal(
            ($"erasure:{erased.Text("erasureId")}", AuditOutcome.Done, (AuditSubject?)null),
            (entry.Act.Target, entry.Act.Outcome, entry.Act.Subject));
        Assert.Equal(
            [("phoneNumber", "(given)"), ("keepStop", "true")], entry.Act.Asked.Select(asked => (asked.Name, asked.Value)));
        Assert.Equal(["stops"], erased.Json!["kept"]!.AsArray().Select(kept => (string)kept!));
        Assert.Contains(
            Server.Logs.All,
            line => line.Text.StartsWith("Admin key test has erased what was held of a number: ", StringComparison.Ordinal));
    }

    /// <summary>The classes of which copies lead to nobody from some time on.</summary>
    private static IEnumerable<string> BoundedOf(Reply erased) =>
        erased.Json!["erased"]!.AsArray().Where(of => of!["copiesUntil"] is not null).Select(of => (string)of!["class"]!);

    private Task<Reply> EraseAsync(JsonObject whose) => Server.AdminAsync(HttpMethod.Post, "/admin/erasures", whose.ToJsonString());

    private async Task<JsonObject> ExportAsync() =>
        (await Server.AdminAsync(HttpMethod.Post, "/admin/person/export", $$"""{"phoneNumber":"{{Number}}"}""")).Json!.AsObject();

    private static IEnumerable<string> ClassesOf(JsonObject told, int entries) =>
        from of in told["classes"]!.AsArray()
        where of!["entries"]!.AsArray().Count == entries
        select (string)of["class"]!;

    /// <summary>One of everything, and a flow that runs.</summary>
    private async Task<Begun> LiveAsync()
    {
        var token = TestContext.Current.CancellationToken;
        var services = Server.Services;
        var over = await Server.BeginAsync("none", Number, Named());
        Assert.Equal(200, (await Server.CallAsync(HttpMethod.Get, $"/flows/{over.Id}/receipt")).Status);
        await Server.AdvanceAsync(TimeSpan.FromMinutes(16));
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        await services.GetRequiredService<FlowUpkeep>().TryCleanAsync(async (_, remove) => await remove(256), now, token);
        var identity = await services.GetRequiredService<IIdentityStore>().EnrolAsync(
            _sandbox, Line, new IdentityDetails(ClientCustomerId: "customer-4711"), now, token);
        var device = new Device(Guid.CreateVersion7(now), _sandbox, null, null, now, identity.Id);
        await services.GetRequiredService<IPasskeyStore>().TryAddAsync(
            device, "shop.example", new Passkey(RandomNumberGenerator.GetBytes(32), [1], $"{device.Id}", 1, false, false, []), token);
        await services.GetRequiredService<IVerifiedNumberStore>().RecordAsync(_sandbox, Line, now, token);
        await services.GetRequiredService<ISuppressionList>().SuppressAsync(Line, "12345", now, token);
        await ImportAsync(token);
        var key = await Server.VerifyAsync(TestServer.VerifyBody("mobile", Number, Named()), idempotencyKey: "once");
        var running = new Begun(key.Text("correlationId"), key.Text("authToken"), key);
        await Server.Browser(running.AuthToken!).Post("mobile/otp/start");
        await Server.AdminAsync(
            HttpMethod.Post, "/admin/abuse/deny", $$"""{"phoneNumber":"{{Number}}","hours":24}""");
        await Server.AdminAsync(HttpMethod.Post, "/admin/flows/find", $$"""{"phoneNumber":"{{Number}}"}""");
        await Server.AdminAsync(
            HttpMethod.Post, "/admin/flows/find", """{"clientCustomerId":"customer-4711","projectId":"sandbox"}""");
        await services.GetRequiredService<AuditChainer>().RoundAsync(token);
        await services.GetRequiredService<IEventLog>().PublishAsync(now, token);
        return running;
    }

    private async Task ImportAsync(CancellationToken token)
    {
        var imports = Server.Services.GetRequiredService<RecordImports>();
        var plan = new ImportPlan(
            SourceName.Parse("crm"), ImportFormat.Csv, ["phone", "given_name", "family_name", "birthdate"], Projects: [_sandbox]);
        var import = Assert.IsType<BegunImport.Begun>(await imports.BeginAsync(plan, 1, token)).Import;
        await imports.TakeAsync(
            import.Id, Encoding.UTF8.GetBytes($"{Line.E164},Wilhelmina,Featherstonehaugh,1980-05-06\n"), 1, token);
        await imports.CommitAsync(import.Id, token);
    }

    private static JsonObject Named() => new()
    {
        ["firstName"] = "Wilhelmina", ["lastName"] = "Featherstonehaugh", ["clientCustomerId"] = "customer-4711",
        ["clientRequestId"] = "request-0815",
    };

    /// <summary>How many rows each table has that hold something of a person; there is no other person.</summary>
    private async Task<SortedDictionary<string, long>> CountAsync()
    {
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var table in Inventory.Tables.Where(table => table.Class is not null))
        {
            var database = Inventory.OfKeys.Contains(table.Name)
                ? Server.Services.GetRequiredService<KeyDatabase>().Database : Server.Services.GetRequiredService<IDatabase>();
            // Counts of a prefix and a country are of many.
            var which = table.Class == DataClass.Audit ? " WHERE subject IS NOT NULL"
                : table.Name == "text_traffic" ? " WHERE item > 1" : "";
            var rows = await database.ReadAsync(
                new Statement("") { Sql = $"SELECT count(*) FROM {table.Name}{which}" }, row => row.GetInt64(0),
                TestContext.Current.CancellationToken);
            counts.Add(table.Name, rows[0]);
        }
        // That of the project is of nobody.
        counts["line_keys"] -= (await Server.Services.GetRequiredService<ILineKeys>().FindAsync(
            [_sandbox], TestContext.Current.CancellationToken)).Count;
        return counts;
    }

    /// <summary>
    /// No table of a class has a row any more; so what is encrypted in the others is looked through here as far as anything is told in it.
    /// </summary>
    private async Task AssertNowhereAsync(string code)
    {
        var (services, token) = (Server.Services, TestContext.Current.CancellationToken);
        var all = new StringBuilder();
        foreach (var table in Inventory.Tables.Where(table => !Inventory.OfKeys.Contains(table.Name)))
        {
            await services.GetRequiredService<IDatabase>().ReadAsync(
                new Statement("") { Sql = $"SELECT * FROM {table.Name}" },
                row =>
                {
                    for (var column = 0; column < row.FieldCount; column++)
                    {
                        var value = row.GetValue(column);
                        all.Append(value is byte[] bytes ? Encoding.Latin1.GetString(bytes) : $"{value}").Append('\n');
                    }
                    return 0;
                },
                token);
        }
        var audit = services.GetRequiredService<IAuditStore>();
        var links = await audit.ReadAsync(0, 999, token);
        all.AppendJoin('\n', links.Select(link => Encoding.UTF8.GetString(link.Text)));
        all.AppendJoin(
            '\n', (await audit.ListWaitingAsync(DateTimeOffset.MaxValue, 999, token)).Select(entry => Encoding.UTF8.GetString(entry.Text)));
        all.AppendJoin('\n', Server.Logs.All.Select(line => line.Text));
        Assert.All([.. _marks, $" {code}"], mark => Assert.DoesNotContain(mark, all.ToString(), StringComparison.Ordinal));
        Assert.All(links, link => Assert.Null(link.Flaw));
    }

    private async Task<IReadOnlyList<AuditProblem>> ProblemsOfAuditAsync(CancellationToken token)
    {
        var store = Server.Services.GetRequiredService<IAuditStore>();
        await Server.Services.GetRequiredService<AuditChainer>().RoundAsync(token);
        using var key = new AuditKey((await store.FindKeyAsync(token))!);
        var verifier = new AuditVerifier(
            [key.Public], await store.ListCheckpointsAsync(AuditCheckpointKind.Checkpoint, 0, 999, token),
            await store.ListUnlinkedAsync(token), Server.Services.GetRequiredService<TimeProvider>().GetUtcNow());
        foreach (var link in await store.ReadAsync(0, 999, token))
        {
            verifier.Take(link);
        }
        Assert.True(verifier.Count > 0);
        return verifier.End();
    }

    /// <summary>Does something when a line's rows are about to go, once.</summary>
    private sealed class Scrubs
    {
        public int Count { get; private set; }

        public ILineSecrets Of(ILineSecrets inner) => new Counted(this, inner);

        private sealed class Counted(Scrubs scrubs, ILineSecrets inner) : ILineSecrets
        {
            public Task<DestroyedSecrets> DestroyAsync(PhoneNumber line, LineKey? successor, CancellationToken cancellationToken) =>
                inner.DestroyAsync(line, successor, cancellationToken);

            public Task DestroyAsync(ProjectId project, CancellationToken cancellationToken) =>
                inner.DestroyAsync(project, cancellationToken);

            public Task<bool> DestroyUnreadableAsync(PhoneNumber line, CancellationToken cancellationToken) =>
                inner.DestroyUnreadableAsync(line, cancellationToken);

            public Task ScrubAsync()
            {
                scrubs.Count++;
                return inner.ScrubAsync();
            }
        }
    }

    private sealed class Gate
    {
        public Func<Task>? Next { get; set; }

        public IPersonStore Before(IPersonStore inner) => new Gated(this, inner);

        private sealed class Gated(Gate gate, IPersonStore inner) : IPersonStore
        {
            public Task<IReadOnlyList<ProjectIdentity>> ListIdentitiesAsync(
                PhoneNumber line, LineKey? former, CancellationToken cancellationToken) =>
                inner.ListIdentitiesAsync(line, former, cancellationToken);

            public Task<IReadOnlyList<KeptRecord>> ListRecordsAsync(PhoneNumber line, CancellationToken cancellationToken) =>
                inner.ListRecordsAsync(line, cancellationToken);

            public Task<IReadOnlyList<KeptMoment>> ListMomentsAsync(PhoneNumber line, CancellationToken cancellationToken) =>
                inner.ListMomentsAsync(line, cancellationToken);

            public Task<IReadOnlyList<CorrelationId>> ListAnsweredAsync(
                IReadOnlyCollection<CorrelationId> ids, CancellationToken cancellationToken) =>
                inner.ListAnsweredAsync(ids, cancellationToken);

            public Task<ErasedCounts> EraseFlowsAsync(
                IReadOnlyCollection<CorrelationId> ids, CancellationToken cancellationToken) =>
                inner.EraseFlowsAsync(ids, cancellationToken);

            public Task<ErasedCounts> EraseIdentitiesAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) =>
                inner.EraseIdentitiesAsync(ids, cancellationToken);

            public async Task<ErasedCounts> EraseLineAsync(
                PhoneNumber line, LineKey? former, bool keepsStop, CancellationToken cancellationToken)
            {
                if (gate.Next is { } next)
                {
                    gate.Next = null;
                    await next();
                }
                return await inner.EraseLineAsync(line, former, keepsStop, cancellationToken);
            }

            public Task<ErasedCounts> EraseProjectAsync(ProjectId project, CancellationToken cancellationToken) =>
                inner.EraseProjectAsync(project, cancellationToken);
        }
    }
}

public sealed class ErasureOnSqlite(OnSqlite fixture) : ErasureTests(fixture), IClassFixture<OnSqlite>;

public sealed class ErasureOnPostgres(OnPostgres fixture) : ErasureTests(fixture), IClassFixture<OnPostgres>
{
    [Fact]
    [Trait("attack", "D02")]
    [Trait("tier", "long")]
    public async Task Nor_do_the_files_of_PostgreSQL_and_its_write_ahead_log_where_the_keys_are_elsewhere()
    {
        // Of its own: those of other tests have the same number.
        await using var postgres = new PostgresServer();
        var store = await postgres.CreateDatabaseAsync(TestServer.Migrate);
        await MoveAsync(store);

        var files = await PostgresFiles.OfAsync(store, TestContext.Current.CancellationToken);

        var copy = await NoCopyLeadsToThePersonAsync(files);

        // So that it can fail: what was removed is in them still.
        var identity = Assert.Single(copy.Rows, row => row.Table == "identities");
        Assert.True(
            (await files.ReadAsync(TestContext.Current.CancellationToken)).AsSpan().IndexOf((byte[])identity.Values["body"]!) >= 0);
    }
}
