// What differs from run to run is replaced by what it is, numbered in the order in which it comes, so that two recordings of the same
// behaviour are the same text, and a value that should come back is seen to.

const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const kinds = [
  ['id', new RegExp(uuid, 'gi')],
  ['time', /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g, 'same'],
  ['link', /(?<=\/l\/)[\w-]+/g],
  ['host', /(127\.0\.0\.1|localhost):\d{2,5}/g, 'same'],
  ['id', /(?<="id":"shop-)[0-9a-f]{8}(?=")/g],
  // The browser's name of a device key: of the project and the public address.
  ['name', /cs-[0-9a-f]{16}/g],
  // Keys, hashes and tokens: longer than any word, and with a digit and a letter in them.
  ['random', /(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{20,}(?![\w-])/g],
];

export function createMasks() {
  const known = new Map();
  const count = {};
  const named = (kind, value) => {
    const key = `${kind} ${value.toLowerCase()}`;
    if (!known.has(key)) {
      count[kind] = (count[kind] ?? 0) + 1;
      known.set(key, `<${kind} ${count[kind]}>`);
    }
    return known.get(key);
  };
  const mask = text => {
    let masked = text
      .replace(/"matchCode":"\d+"/g, '"matchCode":"<code>"')
      .replace(/"(\w+At)":\d{10}\b/g, '"$1":<time>')
      .replace(/eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+/g, token => `<token ${token.split('.').slice(0, 2).map(part => mask(claims(part))).join(' ')}>`);
    for (const [kind, pattern, same] of kinds) {
      masked = masked.replace(pattern, value => same ? `<${kind}>` : named(kind, value));
    }
    return masked;
  };
  return mask;
}

/** The numbers of a token's claims are moments. */
const claims = part => Buffer.from(part, 'base64url').toString().replace(/"(exp|iat|nbf)":\d+/g, '"$1":<time>');
