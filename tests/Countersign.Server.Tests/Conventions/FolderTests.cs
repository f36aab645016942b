using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Conventions;

/// <summary>A folder needs what stands below it, and nothing that needs it: else neither can be read, or moved, alone.</summary>
public sealed class FolderTests(ITestOutputHelper output)
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

    private static IEnumerable<(string Folder, string Name, string Text)> Files(string project)
    {
        var root = Path.Combine(Repository.Root, "src", project);
        return
            from file in Directory.GetFiles(root, "*.cs", SearchOption.AllDirectories)
            let name = Path.GetFileName(file)
            let folder = Path.GetRelativePath(Path.Combine(Repository.Root, "src"), Path.GetDirectoryName(file)!).Replace('\\', '/')
            // It puts the others together, and none of them can see it.
            select (name == "Program.cs" ? $"{folder}/{name}" : folder, name, File.ReadAllText(file));
    }
}
