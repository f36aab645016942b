using System.Reflection;
using System.Text.RegularExpressions;
using Countersign.Core;
using Countersign.Core.Flows;
using Microsoft.Extensions.Logging;

using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Conventions;

/// <summary>What is true of the code as a whole.</summary>
public sealed partial class CodeTests
{
    [Fact]
    public void The_core_needs_the_base_library_and_the_table_that_folds_names()
    {
        var references = typeof(Flow).Assembly.GetReferencedAssemblies().Select(name => name.Name!);

        Assert.All(references, name => Assert.True(name.StartsWith("System.", StringComparison.Ordinal) || name == "AnyAscii", name));
    }

    [Fact]
    public void The_store_and_the_providers_know_no_web_server()
    {
        var references = Product.Assemblies.Where(assembly => assembly != typeof(ServerOptions).Assembly)
            .SelectMany(assembly => assembly.GetReferencedAssemblies()).Select(name => name.Name!).ToList();

        // It decodes forms.
        Assert.Equal(["Microsoft.AspNetCore.WebUtilities"],
            references.Where(name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)));
        Assert.DoesNotContain("Countersign.Server", references);
    }

    [Fact]
    public void What_an_endpoint_needs_stands_in_its_constructor()
    {
        var looksUp =
            from part in (string[])["Endpoints", "Pages"]
            from file in Files("Countersign.Server", part)
            from line in File.ReadLines(file)
            where LookUp().IsMatch(line)
            select $"{Path.GetFileName(file)}: {line.Trim()}";

        // The one place where the endpoints themselves are found; what stands between the endpoints is put together when the server starts.
        Assert.Equal(["Handlers.cs: return context => (made ??= endpoint(services.GetRequiredService<T>()))(context);"], looksUp);
    }

    [Fact]
    public void What_the_whole_server_knows_knows_no_part_of_it()
    {
        var whole = Directory.GetFiles(Path.Combine(Repository.Root, "src", "Countersign.Server"), "*.cs")
            .Where(file => Path.GetFileName(file) != "Program.cs");

        var knows = whole.Where(file => Regex.IsMatch(File.ReadAllText(file), @"\bCountersign\.(Providers|Storage|Server\.\w+);"))
            .Select(Path.GetFileName);

        Assert.Empty(knows);
    }

    /// <summary>Those of possession methods are put together out of two words: the core's tests hold each of them to the list.</summary>
    [Fact]
    public void What_happens_to_a_flow_and_why_is_written_in_named_codes()
    {
        var written =
            from project in (string[])["Countersign.Core", "Countersign.Providers", "Countersign.Server", "Countersign.Storage"]
            from file in Files(project)
            from line in File.ReadLines(file)
            where CodeInWords().IsMatch(line)
            select $"{Path.GetFileName(file)}: {line.Trim()}";

        Assert.Equal(
            [
                "FlowFacts.cs: (PossessionEvent.ChallengeSent e, _) => new(now, $\"{e.Method}.begun\"),",
                "FlowFacts.cs: new(now, $\"{m}.unavailable\"),",
                "FlowFacts.cs: return new(now, $\"{method}.{how}\") { Reason = reason, Next = next.Name };",
            ],
            written);
    }

    [Fact]
    public void Every_log_line_has_an_event_id_of_its_own()
    {
        var methods = LogMethods();

        var ids = methods.Select(method => method.GetCustomAttribute<LoggerMessageAttribute>()!.EventId).ToArray();

        Assert.Contains(1000, ids);
        Assert.Contains(2001, ids);
        Assert.All(ids, id => Assert.InRange(id, 1000, 9999));
        Assert.Equal(ids.Distinct().Order(), ids.Order());
    }

    [Fact]
    public void No_log_line_takes_a_value_that_may_be_personal_or_secret()
    {
        Type[] never = [typeof(PhoneNumber), typeof(PersonName), typeof(Secret), typeof(SecretHash), typeof(Flow), typeof(object)];

        Assert.All(LogMethods().SelectMany(method => method.GetParameters()), parameter =>
            Assert.DoesNotContain(parameter.ParameterType, never));
    }

    [Fact]
    public void Lines_are_logged_by_the_log_alone()
    {
        var elsewhere = SourceFiles().Where(file => Path.GetFileName(file) != "Log.cs" && LogCall().IsMatch(File.ReadAllText(file)))
            .Select(Path.GetFileName);

        Assert.Empty(elsewhere);
    }

    [Fact]
    public void No_warning_is_switched_off_in_product_code()
    {
        var files = SourceFiles().Concat(Files("Countersign.Core"));

        Assert.Empty(
            files.Where(file => File.ReadAllText(file).Contains("#pragma warning", StringComparison.Ordinal)).Select(Path.GetFileName));
    }

    [GeneratedRegex(@"\.Log(Trace|Debug|Information|Warning|Error|Critical)\(")]
    private static partial Regex LogCall();

    // All but what registers a service out of others ("provider"), and what is asked of a server that is being put together ("app").
    [GeneratedRegex(@"RequestServices|\bIServiceProvider\b|(?<!\b(provider|app\.Services)\.)Get(Required)?(Keyed)?Services?[<(]")]
    private static partial Regex LookUp();

    // A text where an event has its code, its reason or its cause.
    [GeneratedRegex(
        @"new(\sFlowEvent)?\((now|CreatedAt),\s\$?""|\b(NotAvailable|MethodUnavailable|ProofRejected|OperatorFailure)\(([\w.]+,\s)?\$?""|"
            + @"\b(Reason|Cause)\s=\s\$?""")]
    private static partial Regex CodeInWords();

    private static MethodInfo[] LogMethods() =>
        [.. Product.Assemblies.SelectMany(assembly => assembly.GetTypes()).Where(type => type.Name == nameof(Log))
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly))];

    private static IEnumerable<string> SourceFiles() => Product.Projects.SelectMany(project => Files(project));

    private static string[] Files(string project, string part = "")
    {
        var folder = Path.Combine(Repository.Root, "src", project, part);
        var files = Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories);
        return files.Length > 0 ? files : throw new InvalidOperationException($"No source in {folder}.");
    }
}
