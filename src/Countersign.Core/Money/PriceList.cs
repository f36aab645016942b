using System.Collections.Frozen;
using System.Globalization;

namespace Countersign.Core.Money;

/// <summary>
/// What a gateway asks for a segment of a text to a country, all in one currency. Read from lines of
/// <c>gateway,country,price,currency</c>, the first of which says so.
/// </summary>
public sealed class PriceList
{
    private const string Header = "gateway,country,price,currency";

    private static readonly string[] _columns = Header.Split(',');

    private readonly FrozenDictionary<(GatewayName Gateway, string Country), decimal> _prices;
    private readonly FrozenDictionary<GatewayName, decimal> _dearest;

    private PriceList(Dictionary<(GatewayName Gateway, string Country), decimal> prices, string currency)
    {
        _prices = prices.ToFrozenDictionary();
        _dearest = prices.GroupBy(price => price.Key.Gateway)
            .ToFrozenDictionary(group => group.Key, group => group.Max(price => price.Value));
        Currency = currency;
    }

    public string Currency { get; }

    /// <summary>Those that have a price for at least one country.</summary>
    public IReadOnlyCollection<GatewayName> Gateways => _dearest.Keys;

    /// <summary>The price of a segment; where the list has none for the country, the dearest of the gateway.</summary>
    /// <param name="country">Null when the number is of no country.</param>
    /// <returns>Null when the list has no price of the gateway at all.</returns>
    public decimal? PriceOf(GatewayName gateway, string? country) =>
        country is not null && _prices.TryGetValue((gateway, country), out var price) ? price
        : _dearest.TryGetValue(gateway, out var dearest) ? dearest
        : null;

    /// <summary>Reads a list; null when something is wrong.</summary>
    /// <param name="isCountry">Tells whether a text is a country's two letters.</param>
    /// <param name="problems">What is wrong, each with its line and column.</param>
    public static PriceList? Read(string text, Predicate<string> isCountry, out IReadOnlyList<string> problems)
    {
        var reading = new Reading(isCountry);
        foreach (var (index, line) in text.TrimStart('\uFEFF').Split('\n').Index())
        {
            reading.Take(index + 1, line.TrimEnd('\r'));
        }
        problems = reading.Finish();
        return problems.Count == 0 ? new PriceList(reading.Prices, reading.Currency!) : null;
    }

    public override string ToString() => $"{_prices.Count} prices";

    private sealed class Reading(Predicate<string> isCountry)
    {
        private readonly List<string> _problems = [];
        private readonly Dictionary<(GatewayName, string), int> _lines = [];
        private bool _hasHeader;
        private int _lineOfCurrency;

        public Dictionary<(GatewayName Gateway, string Country), decimal> Prices { get; } = [];

        public string? Currency { get; private set; }

        public void Take(int number, string line)
        {
            if (string.IsNullOrWhiteSpace(line) || line.StartsWith('#'))
            {
                return;
            }
            var fields = Array.ConvertAll(line.Split(','), field => field.Trim());
            if (!_hasHeader)
            {
                _hasHeader = true;
                if (!fields.SequenceEqual(_columns, StringComparer.OrdinalIgnoreCase))
                {
                    Wrong(number, 1, $"the first line must be {Header}");
                }
                return;
            }
            if (fields.Length != _columns.Length)
            {
                Wrong(number, Math.Min(fields.Length, _columns.Length), $"there must be four values: {Header}");
                return;
            }
            TakePrice(number, fields);
        }

        public List<string> Finish()
        {
            if (!_hasHeader)
            {
                _problems.Add($"it is empty; its first line must be {Header}");
            }
            else if (_problems.Count == 0 && Prices.Count == 0)
            {
                _problems.Add("it has no price");
            }
            return _problems;
        }

        private void TakePrice(int number, string[] fields)
        {
            var before = _problems.Count;
            if (!GatewayName.TryParse(fields[0], out var gateway))
            {
                Wrong(number, 1, $"a gateway's name {GatewayName.ProblemOf(fields[0])}");
            }
            if (!isCountry(fields[1]))
            {
                Wrong(number, 2, "must be the two capital letters of a country (ISO 3166: US, GB, DE)");
            }
            if (!decimal.TryParse(fields[2], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var price)
                || price > Amounts.Max || !Amounts.IsExact(price))
            {
                Wrong(number, 3, "must be the price of a segment, with a point and at most six places (0.0075)");
            }
            if (!Amounts.IsCurrency(fields[3]))
            {
                Wrong(number, 4, "must be the three capital letters of a currency (ISO 4217: USD, EUR)");
            }
            else if (Currency is not null && Currency != fields[3])
            {
                Wrong(number, 4, $"is {fields[3]}, and line {_lineOfCurrency} has {Currency}: all prices must be in one currency");
            }
            if (_problems.Count > before)
            {
                return;
            }
            if (Currency is null)
            {
                (Currency, _lineOfCurrency) = (fields[3], number);
            }
            if (!Prices.TryAdd((gateway, fields[1]), price))
            {
                Wrong(number, 2, $"{gateway} has a price for {fields[1]} on line {_lines[(gateway, fields[1])]} already");
                return;
            }
            _lines[(gateway, fields[1])] = number;
        }

        private void Wrong(int line, int column, string reason) =>
            _problems.Add(string.Create(CultureInfo.InvariantCulture, $"line {line}, column {column} ({_columns[column - 1]}): {reason}"));
    }
}
