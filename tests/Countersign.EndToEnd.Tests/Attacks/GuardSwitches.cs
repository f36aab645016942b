using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using Countersign.EndToEnd.Tests.Fixtures;

namespace Countersign.EndToEnd.Tests.Attacks;

/// <summary>Finds in what was built what takes guards away (<c>Guards.cs</c>).</summary>
internal static partial class GuardSwitches
{
    /// <summary>The type that the product's source calls.</summary>
    public const string Type = "Guards";

    // The command is about attacks: it names each.
    private const string Command = "countersign.dll";

    /// <summary>The attacks whose guard the product's source can take away.</summary>
    public static IReadOnlyList<string> InSource { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Calls().Matches(File.ReadAllText(file))).Select(found => found.Groups["id"].Value)
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    /// <summary>Our assemblies among the files of a folder.</summary>
    public static IEnumerable<string> AssembliesIn(string folder) =>
        Directory.EnumerateFiles(folder, "*.dll", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file).StartsWith("countersign", StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// Ids of attacks among the texts of an assembly, the variable that chooses one, and <see cref="Type"/> where it is called.
    /// </summary>
    public static IReadOnlyList<string> In(string file)
    {
        using var assembly = new PEReader(File.OpenRead(file));
        var reader = assembly.GetMetadataReader();
        var found = new List<string>();
        for (var text = MetadataTokens.UserStringHandle(1); !text.IsNil; text = reader.GetNextHandle(text))
        {
            var said = reader.GetUserString(text);
            if (said == WeakenedServer.GuardOff || (Id().IsMatch(said) && Path.GetFileName(file) != Command))
            {
                found.Add(said);
            }
        }
        found.AddRange(reader.TypeReferences
            .Select(type => reader.GetString(reader.GetTypeReference(type).Name)).Where(name => name == Type));
        return found;
    }

    [GeneratedRegex("^[A-Z][0-9]{2}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Id();

    [GeneratedRegex(@"\bGuards\.(Drop|Break)\(\s*""(?<id>[A-Z][0-9]{2})""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Calls();
}

public sealed class GuardSwitchTests
{
    /// <summary>What is handed out (docs/releases.md), with the core beside the server and the command.</summary>
    [Theory]
    [InlineData("Countersign.Server", 4)]
    [InlineData("Countersign.Cli", 2)]
    [InlineData("Countersign.Client", 1)]
    [InlineData("Countersign.Client.DependencyInjection", 1)]
    [InlineData("Countersign.Operator", 1)]
    public void Nothing_that_is_released_has_a_switch_that_takes_a_guard_away(string project, int assemblies)
    {
        var built = Directory.EnumerateDirectories(
            Path.Combine(Repository.Root, "artifacts", "bin", project), $"{Repository.Configuration}*");

        Assert.All(built, folder =>
        {
            var files = GuardSwitches.AssembliesIn(folder).ToList();

            Assert.True(files.Count >= assemblies, $"{folder} has {files.Count} assemblies");
            Assert.Empty(files.SelectMany(file => GuardSwitches.In(file).Select(found => $"{Path.GetFileName(file)} has {found}")));
        });
    }
}
