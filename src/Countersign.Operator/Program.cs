namespace Countersign.Operator;

/// <summary>The simulated operator. <see cref="Build"/> is apart so that tests start what users start.</summary>
internal static class Program
{
    public static async Task Main(string[] args)
    {
        await using var app = Build(args);
        await app.RunAsync();
    }

    internal static WebApplication Build(string[] args) => WebApplication.CreateSlimBuilder(args).Build();
}
