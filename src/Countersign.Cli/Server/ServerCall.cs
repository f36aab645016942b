using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Cli.Printing;
using Spectre.Console;

namespace Countersign.Cli.Server;

/// <summary>One run of a command against a server: what was asked for, whom to ask, where to print.</summary>
internal sealed class ServerCall(ParseResult parsed, AdminClient client, bool isJson)
{
    // Read by people in a terminal: letters of other scripts as they are.
    public static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    };

    public ParseResult Parsed => parsed;

    public AdminClient Client => client;

    /// <summary>The answer is for a program.</summary>
    public bool IsJson => isJson;

    public TextWriter Output => parsed.InvocationConfiguration.Output;

    public TextWriter Error => parsed.InvocationConfiguration.Error;

    public void PrintJson(JsonNode answer) => Output.WriteLine(answer.ToJsonString(Readable));

    /// <summary>Says that something without an answer was done.</summary>
    public void PrintDone(string sentence)
    {
        if (isJson)
        {
            PrintJson(new JsonObject());
        }
        else
        {
            Output.WriteLine(sentence);
        }
    }

    public void PrintTable(Table table) => Tables.Print(table, Output);

    /// <summary>A list of what there may be none of.</summary>
    /// <param name="nothing">What is said instead: headings alone tell nobody whether it went wrong.</param>
    public void PrintList(Table table, string nothing)
    {
        if (table.Rows.Count == 0)
        {
            Output.WriteLine(nothing);
            return;
        }
        PrintTable(table);
    }
}
