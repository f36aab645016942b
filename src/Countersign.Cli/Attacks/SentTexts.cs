using System.Text.Json;
using System.Text.Json.Nodes;

namespace Countersign.Cli.Attacks;

/// <summary>A text to a phone, as its owner reads it.</summary>
/// <param name="Proof">The code, or the link.</param>
internal sealed record SentText(string To, string Proof)
{
    // It is personal, and it opens something.
    public override string ToString() => "a text";
}

/// <summary>
/// The texts of the phones that the attacks are played with: the sandbox shows them to everybody; in Live they stand in the file of a
/// gateway that writes instead of sending (<c>outbox</c>).
/// </summary>
/// <param name="file">Null in the sandbox.</param>
internal sealed class SentTexts(Target target, string? file)
{
    // A text is written a moment after the call that asked for it.
    private const int Looks = 20;
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);

    /// <summary>The newest text to a number with a code or link; null when none has come.</summary>
    /// <param name="beyond">So many that were there before.</param>
    public async Task<SentText?> NewestAsync(string number, int beyond, CancellationToken cancellationToken)
    {
        for (var look = 0; look < Looks; look++)
        {
            if (await ReadAsync(number, cancellationToken) is { } texts && texts.Count > beyond)
            {
                return texts[^1];
            }
            await Task.Delay(_pause, target.Time, cancellationToken);
        }
        return null;
    }

    public async Task<IReadOnlyList<SentText>> ReadAsync(string number, CancellationToken cancellationToken)
    {
        var texts = file is null ? await AskAsync(number, cancellationToken) : FromFile(file);
        return [.. texts.Where(text => DigitsOf(text.To).EndsWith(DigitsOf(number), StringComparison.Ordinal))];
    }

    private async Task<IEnumerable<SentText>> AskAsync(string number, CancellationToken cancellationToken)
    {
        var address = target.At($"/sandbox/messages?to={Uri.EscapeDataString(number)}");
        var heard = await target.CallAsync(() => new HttpRequestMessage(HttpMethod.Get, address), cancellationToken);
        return heard.Status == 200 && Parse(heard.Body) is JsonArray list
            ? list.Select(text => Of(text, Heard.TextOf(text, "code") ?? Heard.TextOf(text, "link"))).OfType<SentText>()
            : throw new CannotPlay($"/sandbox/messages answered {heard.Brief}, so the texts cannot be read.");
    }

    private static IEnumerable<SentText> FromFile(string file)
    {
        try
        {
            using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            var whole = reader.ReadToEnd();
            // The last line may be half written.
            return [.. whole[..(whole.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(Parse).Select(text => Of(text, Heard.TextOf(text, "proof"))).OfType<SentText>()];
        }
        catch (FileNotFoundException)
        {
            return [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CannotPlay($"The file of --outbox cannot be read: {exception.GetType().Name}.");
        }
    }

    private static SentText? Of(JsonNode? text, string? proof) =>
        Heard.TextOf(text, "to") is { } to && proof is { Length: > 0 } && Heard.TextOf(text, "kind") != "notice"
            ? new SentText(to, proof) : null;

    private static JsonNode? Parse(string text)
    {
        try
        {
            return StrictJson.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string DigitsOf(string number) => string.Concat(number.Where(char.IsAsciiDigit));
}
