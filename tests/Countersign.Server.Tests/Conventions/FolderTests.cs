using System.Text.RegularExpressions;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Conventions;

/// <summary>A folder needs what stands below it, and nothing that needs it: else neither can be read, or moved, alone.</summary>
public sealed partial class FolderTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("Countersign.Core")]
    [InlineData("Countersign.Providers")]
    [InlineData("Countersign.Server")]
    [InlineData("Countersign.Storage")]
    public void No_two_folders_need_each_other(string project)
    {
        var folders = new Folders(Files(project));

        foreach (var line in folders.Lines)
        {
            output.WriteLine(line);
        }
        Assert.Empty(folders.Circles);
    }

    [Fact]
    public void A_circle_is_found_with_what_ties_it()
    {
        var folders = new Folders(
        [
            ("Low", "Coin.cs",
                "namespace Shop.Low;\n\npublic record Coin(int Worth);\n\npublic static class Coins\n{\n    public static int Sum(this "
                    + "Coin[] all) => 0;\n}\n"),
            ("High", "Till.cs",
                "using Shop.Low;\n\nnamespace Shop.High;\n\npublic sealed class Till { int Sum(Coin[] all) => all.Sum(); }\n"),
            ("High/Back", "Safe.cs", "namespace Shop.High.Back;\n\npublic sealed class Safe { Till? Till; Low.Coin? Coin; }\n"),
            ("Lower", "Note.cs", "namespace Shop.Lower;\n\n// As Till and Safe do.\npublic sealed record Note(string Text = \"Till\");\n"),
        ]);

        Assert.Equal(["High -> Low", "High/Back -> High, Low", "Low -> nobody", "Lower -> nobody"], folders.Lines);
        Assert.Empty(folders.Circles);

        var tied = new Folders(
        [
            ("Low", "Coin.cs", "using Shop.High;\n\nnamespace Shop.Low;\n\npublic record Coin(Till? In);\n"),
            ("High", "Till.cs", "using Shop.Low;\n\nnamespace Shop.High;\n\npublic sealed class Till { Coin? Coin; }\n"),
        ]);
        Assert.Equal(["High <-> Low\n    High -> Low by Till.cs (Coin)\n    Low -> High by Coin.cs (Till)"], tied.Circles);
    }

    /// <summary>Who changes a folder finds its tests under the same name, and what is in no such folder says what it is.</summary>
    [Theory]
    [InlineData("Cli")]
    [InlineData("Client")]
    [InlineData("Core")]
    [InlineData("Operator")]
    [InlineData("Providers")]
    [InlineData("Server")]
    [InlineData("Storage")]
    public void The_tests_of_a_folder_stand_in_a_folder_of_its_name(string project)
    {
        // What tests stand on; rules for all code; what no folder alone answers for; the examples of a page.
        string[] others = ["Fakes", "Fixtures", "Support", "Conventions", "Whole", "Extending"];
        var product = Path.Combine(Repository.Root, "src", $"Countersign.{project}");
        var tests = Path.Combine(Repository.Root, "tests", $"Countersign.{project}.Tests");

        var strangers =
            from file in Directory.GetFiles(tests, "*.cs", SearchOption.AllDirectories)
            let folder = Path.GetRelativePath(tests, Path.GetDirectoryName(file)!)
            where !others.Contains(folder.Split(Path.DirectorySeparatorChar)[0])
            // Or it is a project beside it: src/Countersign.Client.DependencyInjection.
            where !Directory.Exists(Path.Combine(product, folder)) && !Directory.Exists($"{product}.{folder}")
            select folder;

        Assert.Empty(strangers.Distinct());
    }

    private static IEnumerable<(string Folder, string Name, string Text)> Files(string project)
    {
        var root = Path.Combine(Repository.Root, "src", project);
        return
            from file in Directory.GetFiles(root, "*", SearchOption.AllDirectories)
            where Path.GetExtension(file) is ".cs" or ".cshtml"
            let name = Path.GetFileName(file)
            let folder = Path.GetRelativePath(Path.Combine(Repository.Root, "src"), Path.GetDirectoryName(file)!).Replace('\\', '/')
            // It puts the others together, and none of them can see it.
            select (name == "Program.cs" ? $"{folder}/{name}" : folder, name, Read(file, folder));
    }

    /// <summary>A page is in the namespace of its folder, and sees what the folder's imports let it see.</summary>
    private static string Read(string file, string folder)
    {
        var text = File.ReadAllText(file);
        if (Path.GetExtension(file) != ".cshtml")
        {
            return text;
        }
        var imports = Path.Combine(Path.GetDirectoryName(file)!, "_ViewImports.cshtml");
        var page = (File.Exists(imports) ? File.ReadAllText(imports) : "") + "\n" + text;
        return $"namespace {folder.Replace('/', '.')};\n" + PageUsing().Replace(page, "using $1;");
    }

    [GeneratedRegex(@"^@using ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex PageUsing();
}
