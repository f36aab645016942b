namespace Countersign.Testing;

/// <summary>Where the sources stand, for tests that hold committed files to the code.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Countersign.slnx")))
            {
                return folder.FullName;
            }
        }
        throw new InvalidOperationException("These tests run from the repository's artifacts folder.");
    }
}
