using Countersign.EndToEnd.Tests.Fixtures;
using Microsoft.Playwright;

namespace Countersign.EndToEnd.Tests;

/// <summary>The sandbox's page as a stranger uses it. Its pictures in the documentation are taken here.</summary>
public sealed class HandsetPageTests(PostgresServer postgres, Chromium chromium)
{
    private const string Number = "2001009002";

    private static readonly BrowserNewContextOptions _screen = new()
    {
        ViewportSize = new() { Width = 1280, Height = 900 },
        ColorScheme = ColorScheme.Light,
        ReducedMotion = ReducedMotion.Reduce,
    };

    [Fact]
    public async Task A_stranger_verifies_a_person_at_a_computer()
    {
        await using var stage = await Stage.SetAsync(Store.Sqlite, postgres, chromium);
        var page = await OpenAsync(stage);

        await BeginAsync(page, "flow-desktop");
        var link = page.GetByTestId("message-link").Last;
        await SeenAsync(page, link);
        await TakePictureAsync(page, "sandbox-desktop");
        var phone = await page.Context.RunAndWaitForPageAsync(() => link.ClickAsync());
        await phone.Locator("button").First.ClickAsync();

        await Assertions.Expect(page.GetByTestId("result-success")).ToHaveTextAsync("true");
        await Assertions.Expect(page.GetByTestId("result-possession")).ToHaveTextAsync("success");
        await Assertions.Expect(page.GetByTestId("result-verify")).ToHaveTextAsync("success");
        await Assertions.Expect(page.GetByTestId("timeline")).ToContainTextAsync("identity matched");
    }

    [Fact]
    public async Task A_stranger_verifies_a_person_on_the_phone()
    {
        await using var stage = await Stage.SetAsync(Store.Sqlite, postgres, chromium);
        var page = await OpenAsync(stage);

        await BeginAsync(page, "flow-mobile");
        await page.GetByTestId("code-input").FillAsync("1234");
        await page.GetByTestId("message").Last.WaitForAsync();
        await TakePictureAsync(page, "sandbox-mobile");
        await page.GetByTestId("code-submit").ClickAsync();

        await Assertions.Expect(page.GetByTestId("result-success")).ToHaveTextAsync("true");
    }

    [Fact]
    public async Task A_stranger_changes_the_SIM_card()
    {
        await using var operators = await OperatorProcess.StartAsync("http");
        await using var stage = await Stage.SetAsync(
            Store.Sqlite, postgres, chromium, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Countersign__Operators__sim__Issuer"] = operators.Issuer.GetLeftPart(UriPartial.Authority),
            ["Countersign__Operators__sim__ClientId"] = OperatorProcess.ClientId,
            ["Countersign__Operators__sim__Purpose"] = "FraudPreventionAndDetection",
            ["Countersign__Operators__sim__Cors"] = "true",
            // On a busy machine the page may need more than the six seconds that a person waits.
            ["Countersign__Possession__MobileAuthLife"] = "00:01:00",
        });
        await operators.RegisterAsync(stage.Wire.Origin, stage.Server.Http.BaseAddress!);
        var page = await OpenAsync(stage);

        await page.GetByTestId("sim-right").CheckAsync();
        await BeginAsync(page, "flow-mobile");
        await Assertions.Expect(page.GetByTestId("result-success")).ToHaveTextAsync("true");
        await Assertions.Expect(page.GetByTestId("timeline")).ToContainTextAsync("possession proven by mobile-auth");
        await Assertions.Expect(page.GetByTestId("message")).ToHaveCountAsync(0);
        await TakePictureAsync(page, "sandbox-sim");

        await page.GetByTestId("again").ClickAsync();
        await page.GetByTestId("sim-other").CheckAsync();
        await BeginAsync(page, "flow-mobile");
        await page.GetByTestId("code-input").WaitForAsync();
        await Assertions.Expect(page.GetByTestId("timeline"))
            .ToContainTextAsync("mobile-auth refused (the network says another number), otp follows");

        await page.GetByTestId("cancel").ClickAsync();
        await page.GetByTestId("again").ClickAsync();
        await page.GetByTestId("sim-wifi").CheckAsync();
        await BeginAsync(page, "flow-mobile");
        await page.GetByTestId("code-input").WaitForAsync();
        await Assertions.Expect(page.GetByTestId("timeline"))
            .ToContainTextAsync("mobile-auth not available (not on a mobile network), otp follows");
        await page.GetByTestId("code-input").FillAsync("1234");
        await page.GetByTestId("code-submit").ClickAsync();
        await Assertions.Expect(page.GetByTestId("result-success")).ToHaveTextAsync("true");
    }

    private async Task<IPage> OpenAsync(Stage stage)
    {
        var page = await chromium.OpenAsync(_screen);
        await page.GotoAsync(stage.Wire.Origin + "/sandbox");
        return page;
    }

    private static async Task BeginAsync(IPage page, string flowType)
    {
        await page.GetByTestId("phone-number").FillAsync(Number);
        await page.GetByTestId("first-name").FillAsync("Bram");
        await page.GetByTestId("last-name").FillAsync("Okafor");
        await page.GetByTestId(flowType).CheckAsync();
        await page.GetByTestId("start").ClickAsync();
    }

    /// <summary>Waits for it; where it does not come, says what the page shows instead.</summary>
    private static async Task SeenAsync(IPage page, ILocator what)
    {
        try
        {
            // Beside another suite on two processors the first flow of a server has taken longer than half a minute.
            await what.WaitForAsync(new() { Timeout = 90_000 });
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message}\nThe page says: {await page.Locator("body").InnerTextAsync()}", late);
        }
    }

    /// <summary>Into the build's folder; <c>./eng/pictures</c> takes them from there into the documentation.</summary>
    private static async Task TakePictureAsync(IPage page, string name)
    {
        var folder = Path.Combine(Repository.Root, "artifacts", "pictures");
        Directory.CreateDirectory(folder);
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png"), Animations = ScreenshotAnimations.Disabled });
    }
}
