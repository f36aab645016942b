namespace Countersign.Providers.Sms.Outbox;

/// <summary>A file of lines that its owner alone may read: there are codes in it.</summary>
internal static class OutboxFile
{
    public static void Append(string path, ReadOnlySpan<byte> line)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.Append,
            Access = FileAccess.Write,
            // Readers follow the file while it grows.
            Share = FileShare.ReadWrite,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        using var file = new FileStream(path, options);
        file.Write(line);
    }
}
