using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Countersign.Testing;

/// <summary>
/// Keeps every log line in memory, and every scope as a line of its own: formatters may print them. What is set for the console is set for
/// it.
/// </summary>
[ProviderAlias("Console")]
public sealed class LogLines : ILoggerProvider
{
    private readonly ConcurrentQueue<LogLine> _lines = [];

    public IReadOnlyList<LogLine> All => [.. _lines];

    public ILogger CreateLogger(string categoryName) => new Logger(_lines, categoryName);

    public void Dispose() { }

    private sealed class Logger(ConcurrentQueue<LogLine> lines, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull
        {
            lines.Enqueue(new LogLine(LogLevel.Trace, category, default, $"scope {state}", null));
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue(new LogLine(logLevel, category, eventId, formatter(state, exception), exception)
            {
                Fields = state as IReadOnlyList<KeyValuePair<string, object?>> ?? [],
            });
    }
}

public sealed record LogLine(LogLevel Level, string Category, EventId Event, string Text, Exception? Exception)
{
    /// <summary>What a line holds beside its text, for formats with fields.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Fields { get; init; } = [];

    public override string ToString() => $"{Level} {Category}[{Event.Id}] {Text} {string.Join(' ', Fields)} {Exception}";
}
