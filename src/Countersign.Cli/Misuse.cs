using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Countersign.Core.Names;

namespace Countersign.Cli;

/// <summary>
/// What cannot be understood of a command line, told by names and places: a value may be a secret or a person's number, and what is printed
/// may be kept.
/// </summary>
internal static class Misuse
{
    // As the parser says it.
    private const string OneOf = "Must be one of:";
    private const string AsType = "as expected type";

    /// <returns>A sentence each; none when the command can run, or says itself what there is.</returns>
    /// <param name="arguments">What was parsed.</param>
    public static IReadOnlyList<string> Of(ParseResult parsed, IReadOnlyList<string> arguments)
    {
        var command = parsed.CommandResult.Command;
        if (parsed.Action is not ParseErrorAction && parsed.Action != command.Action)
        {
            return [];
        }
        var strays = PlacesOf(Strays(parsed), arguments);
        var problems = strays.Count > 0 ? SentencesOf(strays, arguments, command)
            // A group of commands alone: its help.
            : command is { Subcommands.Count: > 0, Action: null } ? []
            : parsed.Errors.Select(error => SentenceOf(error, parsed.Tokens)).ToList();
        return problems.Count == 0 ? [] : [.. problems, $"{LineOf(command)} --help lists what there is."];
    }

    /// <summary>
    /// What has no place, and options that do not exist at the place of an argument: the parser takes these for the argument.
    /// </summary>
    private static IEnumerable<string> Strays(ParseResult parsed) =>
        parsed.CommandResult.Command.Arguments
            .SelectMany(argument => parsed.GetResult(argument)?.Tokens ?? [])
            .Select(token => token.Value)
            .Where(IsOption)
            .Concat(parsed.UnmatchedTokens);

    // From the end, since what is too much stands there more often than what is meant.
    private static List<int> PlacesOf(IEnumerable<string> strays, IReadOnlyList<string> arguments)
    {
        var left = strays.ToList();
        return [.. Enumerable.Range(0, arguments.Count).Reverse()
            .Where(place => left.Remove(arguments[place]) || left.Remove(ValueIn(arguments[place]))).Order()];
    }

    private static List<string> SentencesOf(List<int> places, IReadOnlyList<string> arguments, Command command)
    {
        var sentences = new List<string>();
        for (var i = 0; i < places.Count; i++)
        {
            var argument = arguments[places[i]];
            if (IsOption(argument))
            {
                var name = argument.Split('=', ':')[0];
                if (FlagOf(name, command) is { } given)
                {
                    sentences.Add(given);
                    continue;
                }
                sentences.Add(
                    $"{name} is no option of {LineOf(command)}.{Suggestion(name, command.Options.Select(option => option.Name))}");
                // What stands behind it is its value.
                if (name == argument && i + 1 < places.Count && places[i + 1] == places[i] + 1 && !IsOption(arguments[places[i + 1]]))
                {
                    i++;
                }
            }
            else if (command.Subcommands.Count > 0)
            {
                // What follows was meant for a command that is not known.
                var names = command.Subcommands.Select(child => child.Name).ToList();
                sentences.Add(
                    $"Argument {places[i] + 1} is no command of {LineOf(command)}."
                        + (Suggestion(argument, names) is { Length: > 0 } meant ? meant : $" It has: {string.Join(", ", names)}."));
                break;
            }
            else if (places[i] > 0 && FlagOf(arguments[places[i] - 1], command) is { } flag)
            {
                sentences.Add(flag);
            }
            else
            {
                sentences.Add($"Argument {places[i] + 1} has no place in {LineOf(command)}.");
            }
        }
        return sentences;
    }

    // What is no truth value is not taken for that of the option before it.
    private static string? FlagOf(string name, Command command) =>
        command.Options.Any(option => option.Name == name && option.ValueType == typeof(bool?)) ? $"{name} must be true or false." : null;

    private static string ValueIn(string argument) =>
        IsOption(argument) && argument.IndexOfAny(['=', ':']) is > 0 and var end ? argument[(end + 1)..] : argument;

    private static string Suggestion(string written, IEnumerable<string> known) =>
        EditDistance.Nearest(written, known) is { } near ? $" Did you mean {near}?" : "";

    private static string SentenceOf(ParseError error, IEnumerable<Token> tokens)
    {
        var name = error.SymbolResult switch
        {
            OptionResult { Option: var option } => option.Name,
            ArgumentResult { Parent: OptionResult { Option: var option } } => option.Name,
            _ => null,
        };
        return name is not null && error.Message.Split(OneOf) is [_, var words]
            ? $"{name} must be one of {string.Join(", ", words.Split('\'', StringSplitOptions.RemoveEmptyEntries)
                .Select(word => word.Trim()).Where(word => word.Length > 0))}."
            : name is not null && error.Message.Contains(AsType, StringComparison.Ordinal)
                ? $"{name} must be {(error.Message.Contains("Boolean", StringComparison.Ordinal) ? "true or false" : "a whole number")}."
            : WithoutValues(error.Message, tokens);
    }

    private static string WithoutValues(string message, IEnumerable<Token> tokens) =>
        tokens.Where(token => token.Type == TokenType.Argument)
            .Aggregate(message, (text, token) => text.Replace($"'{token.Value}'", "'…'", StringComparison.Ordinal));

    // A hyphen alone is the standard input.
    private static bool IsOption(string argument) => argument.Length > 1 && argument[0] == '-';

    private static string LineOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{LineOf(parent)} {command.Name}" : "countersign";
}
