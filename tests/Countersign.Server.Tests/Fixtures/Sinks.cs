using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.ExceptionServices;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Countersign.Server.Tests.Fixtures;

/// <summary>
/// Everywhere that text can run to unseen while a server works: traces, metrics, messages of exceptions whether caught or not, addresses of
/// requests and redirects, and the store as it lies there. Log lines are with the server.
/// </summary>
public sealed class Sinks : IDisposable
{
    private readonly ConcurrentQueue<string> _seen = [];
    private readonly ActivityListener _traces;
    private readonly MeterListener _metrics = new();

    public Sinks()
    {
        _traces = new ActivityListener
        {
            // The tests' own client names the address it was told to call.
            ShouldListenTo = source => source.Name != "System.Net.Http",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => _seen.Enqueue("trace " + Describe(activity)),
        };
        ActivitySource.AddActivityListener(_traces);
        _metrics.InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        _metrics.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Record(instrument, tags));
        _metrics.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Record(instrument, tags));
        _metrics.Start();
        AppDomain.CurrentDomain.FirstChanceException += OnException;
    }

    /// <summary>All that was seen, one line each, with where.</summary>
    public IReadOnlyCollection<string> Seen => _seen;

    /// <summary>Puts a tap for addresses in front of a server.</summary>
    public void Tap(WebApplicationBuilder builder) => builder.Services.AddSingleton<IStartupFilter>(new AddressTap(_seen));

    /// <summary>The store's bytes as text: whole files for SQLite, every row of every table for PostgreSQL.</summary>
    public static async Task<string> ReadStoreAsync(string store)
    {
        if (store.Contains("Data Source", StringComparison.OrdinalIgnoreCase))
        {
            var file = new SqliteConnectionStringBuilder(store).DataSource;
            var all = new StringBuilder();
            foreach (var path in Directory.GetFiles(Path.GetDirectoryName(file)!, Path.GetFileName(file) + "*"))
            {
                await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                using var reader = new StreamReader(stream, Encoding.Latin1);
                all.Append(await reader.ReadToEndAsync());
            }
            return all.ToString();
        }

        await using var connection = new NpgsqlConnection($"{store};Pooling=false");
        await connection.OpenAsync();
        var tables = await ReadAsync(connection, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
        var rows = new List<string>();
        foreach (var table in tables)
        {
            // As text, and as the bytes that a dump writes: 'bytea' shows text only when it is decoded.
            rows.AddRange(await ReadAsync(connection, $"SELECT t::text FROM \"{table}\" t"));
        }
        return string.Join('\n', rows.Select(row => row + DecodeHex(row)));
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.FirstChanceException -= OnException;
        _traces.Dispose();
        _metrics.Dispose();
    }

    private static string Describe(Activity activity) => string.Join(
        ' ',
        (string[])[activity.DisplayName, .. activity.TagObjects.Select(tag => $"{tag.Key}={tag.Value}"),
            .. activity.Baggage.Select(item => $"{item.Key}={item.Value}"),
            .. activity.Events.SelectMany(e => e.Tags.Select(tag => $"{e.Name} {tag.Key}={tag.Value}"))]);

    private static async Task<List<string>> ReadAsync(NpgsqlConnection connection, string sql)
    {
#pragma warning disable CA2100 // Table names come from the catalogue.
        await using DbCommand command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetString(0));
        }
        return rows;
    }

    private static string DecodeHex(string row) => string.Concat(
        row.Split('"', ',').Where(part => part.StartsWith(@"\\x", StringComparison.Ordinal))
            .Select(part => Encoding.Latin1.GetString(Convert.FromHexString(part[3..]))));

    private void Record(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var tag in tags)
        {
            _seen.Enqueue($"metric {instrument.Name} {tag.Key}={tag.Value}");
        }
    }

    private void OnException(object? sender, FirstChanceExceptionEventArgs e) => _seen.Enqueue("exception " + e.Exception.Message);

    private sealed class AddressTap(ConcurrentQueue<string> seen) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (context, rest) =>
            {
                await rest(context);
                // These carry what they must by the protocol; they are never logged or traced with it.
                var path = context.Request.Path.Value!;
                var isNumber = path.StartsWith("/v3/identity/", StringComparison.Ordinal)
                    && path.EndsWith("/lookup", StringComparison.Ordinal);
                var isExempt = path is "/sandbox/messages" or "/v1/client/status";
                seen.Enqueue(
                    "address " + (isNumber ? "/v3/identity/…/lookup" : isExempt ? path : context.Request.GetEncodedPathAndQuery()));
                seen.Enqueue("address " + context.Response.Headers.Location);
            });
            next(app);
        };
    }
}
