// Wrong calls of an operation, made from what its description promises.

const text = (schema = {}) => ['', ' ', 'x'.repeat((schema.maxLength ?? 1024) + 1), '\u0000', 'é😀', '\ud800', '<b>&"', 'a\nb', ' a ', '٣', 5, 1.5, true, null, [], {}, ['a']];
const values = {
  string: text,
  boolean: () => ['true', 1, null, [], {}],
  integer: () => [-1, 0, 1.5, 1e12, '1', null, true, [], {}],
  number: () => [-1, 1e12, '1', null, true, [], {}],
  array: () => [null, 'a', {}, [], [null], [5], ['a'], Array(1001).fill({})],
  object: () => [null, 'a', [], {}, { unknown: 1 }],
};

/** [what is wrong, body] of each wrong body, the right one given. */
export function* wrongBodies(document, schema, right) {
  const json = JSON.stringify(right);
  yield ['no body', ''];
  for (const body of ['{', 'null', '[]', '"a"', '5', '{}', '{"a":}', '{"a":1,}', `${json} `, `${json}x`, `\ufeff${json}`, `/* c */${json}`, nested(70)]) yield [body.slice(0, 20), body];
  yield ['not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])];
  yield ['too long', JSON.stringify({ ...right, padding: 'x'.repeat(2_000_000) })];
  yield ['a member that is not known', JSON.stringify({ ...right, notKnown: 1 })];
  yield ['members in other letters', json.replace(/"([a-z])/g, (_, letter) => `"${letter.toUpperCase()}`)];
  for (const name of Object.keys(right)) yield [`${name} twice`, json.replace('{', `{${JSON.stringify(name)}:${JSON.stringify(right[name])},`)];
  for (const [path, changed] of changes(document, schema, right, 0)) yield [path, JSON.stringify(changed)];
}

function* changes(document, schema, right, depth) {
  const { properties = {} } = resolve(document, schema);
  const names = Object.keys(properties);
  for (const name of names) {
    const property = resolve(document, properties[name]);
    if (name in right) {
      const { [name]: _, ...rest } = right;
      yield [`without ${name}`, rest];
    }
    for (const value of (values[property.type] ?? text)(property)) yield [`${name} = ${short(value)}`, { ...right, [name]: value }];
    if (depth < 3 && property.type === 'object' && property.properties) {
      for (const [path, changed] of changes(document, property, right[name] ?? {}, depth + 1)) yield [`${name}.${path}`, { ...right, [name]: changed }];
    }
    if (depth < 3 && property.type === 'array' && resolve(document, property.items ?? {}).properties) {
      const [first = {}, ...rest] = Array.isArray(right[name]) ? right[name] : [];
      for (const [path, changed] of changes(document, property.items, first, depth + 1)) yield [`${name}[0].${path}`, { ...right, [name]: [changed, ...rest] }];
    }
  }
  // Every wrong member is named in one answer.
  if (names.length > 1) yield ['all of another kind', Object.fromEntries(names.map(name => [name, 5]))];
}

export function resolve(document, schema) {
  if (schema.$ref) return resolve(document, schema.$ref.slice(2).split('/').reduce((at, part) => at[part], document));
  if (schema.anyOf) {
    const all = schema.anyOf.map(one => resolve(document, one));
    return { type: 'object', properties: Object.assign({}, ...all.map(one => one.properties)) };
  }
  return schema;
}

const nested = depth => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const short = value => { const json = JSON.stringify(value); return json.length > 40 ? `${json.slice(0, 30)}… (${json.length})` : json; };
