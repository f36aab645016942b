using System.Buffers.Binary;
using Countersign.Core.Keys;

namespace Countersign.Core.Limits;

/// <summary>Makes the keys and tags of counters.</summary>
public sealed class CounterKeys(SecretHasher hasher)
{
    public CounterKey OfGuesses(PhoneNumber line) => Of("guesses", line);

    public CounterKey OfTexts(PhoneNumber line) => Of("texts", line);

    public CounterKey OfNames(PhoneNumber line) => Of("names", line);

    /// <summary>Of the wrong codes of a project's flows.</summary>
    public CounterKey OfEntries(ProjectId project) => Of("entries-project", project.ToString());

    /// <param name="network">The address, or the network that one subscriber has.</param>
    public CounterKey OfAddress(string network) => Of("texts-address", network);

    public CounterKey OfClient(ClientId client) => Of("texts-client", client.ToString());

    /// <summary>Of the numbers that differ in their last four digits alone.</summary>
    public CounterKey OfPrefix(PhoneNumber line) => Of("texts-prefix", line.E164[..^4]);

    public CounterKey OfCountry(string country) => Of("texts-country", country);

    public long TagOf(ProjectId project) => TagOf("counter-project", project.ToString());

    /// <summary>Never 0.</summary>
    public long TagOf(string what, string text) =>
        BinaryPrimitives.ReadInt64BigEndian(hasher.Hash(what, new Secret(text)).ToBytes()) | 1;

    private CounterKey Of(string what, PhoneNumber line) => Of(what, line.E164);

    private CounterKey Of(string what, string whose) => new(hasher.Hash($"counter.{what}", new Secret(whose)));
}
