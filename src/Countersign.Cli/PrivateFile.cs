namespace Countersign.Cli;

/// <summary>A new file that only whoever runs the command may read.</summary>
internal static class PrivateFile
{
    /// <summary>For opening it: where there is one already it is left as it is.</summary>
    public static FileStreamOptions Options(FileOptions how = FileOptions.None)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = how };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        return options;
    }
}
