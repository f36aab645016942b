namespace Countersign.Core.Texts;

/// <summary>
/// Who was answered on HELP within the hour, so that two machines that write to each other, or somebody who wants to cost money, soon fall
/// silent. This process' own memory, and of bounded size.
/// </summary>
public sealed class HelpReplyLimiter(TimeProvider time)
{
    public const int MaxAnswered = 10_000;

    private static readonly TimeSpan _pause = TimeSpan.FromHours(1);

    private readonly Dictionary<(PhoneNumber Number, string Sender), DateTimeOffset> _answered = [];

    /// <summary>True once an hour, and then it counts as answered.</summary>
    public bool MayAnswer(PhoneNumber number, string? sender)
    {
        var now = time.GetUtcNow();
        var key = (number, sender is null ? "" : SenderId.Normalize(sender));
        lock (_answered)
        {
            if (_answered.TryGetValue(key, out var at) && at + _pause > now)
            {
                return false;
            }
            if (_answered.Count >= MaxAnswered)
            {
                foreach (var old in _answered.Where(one => one.Value + _pause <= now).Select(one => one.Key).ToArray())
                {
                    _answered.Remove(old);
                }
            }
            if (_answered.Count >= MaxAnswered && !_answered.ContainsKey(key))
            {
                return false;
            }
            _answered[key] = now;
            return true;
        }
    }
}
