namespace Countersign.Core.Keys;

/// <summary>A thread's ciphers, by what their keys are made of. All are let go of when a day's secret is.</summary>
/// <param name="max">How many are kept.</param>
internal sealed class Ciphers<TKey, TCipher>(int max)
    where TKey : notnull
    where TCipher : class, IDisposable
{
    private readonly Dictionary<TKey, TCipher> _all = [];
    private int _generation;

    /// <param name="generation">Of the days' secrets that there are.</param>
    public TCipher? Find(TKey key, int generation)
    {
        if (_all.Count >= max || generation != _generation)
        {
            foreach (var former in _all.Values)
            {
                former.Dispose();
            }
            _all.Clear();
            _generation = generation;
        }
        return _all.GetValueOrDefault(key);
    }

    public TCipher Add(TKey key, TCipher cipher)
    {
        _all.Add(key, cipher);
        return cipher;
    }
}
