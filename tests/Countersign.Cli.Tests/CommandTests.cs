namespace Countersign.Cli.Tests;

public sealed class CommandTests
{
    [Fact]
    public void Without_arguments_the_command_says_what_it_is_for()
    {
        var result = Program.Commands(Surroundings.OfProcess).Parse([]);

        Assert.Contains("Countersign", result.RootCommandResult.Command.Description, StringComparison.Ordinal);
    }
}
