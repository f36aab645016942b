import { resolve, wrongBodies } from './wrong.mjs';

/** Every operation of every document: its example, each wrong body, each wrong parameter, other methods, no and wrong credentials. */
export async function everyOperation({ call, documents, mode, secret, origin }) {
  const number = { verify: mode === 'sandbox' ? '2002000001' : '2025550142', start: mode === 'sandbox' ? '2001001693' : '2025550142', unify: mode === 'sandbox' ? '2001009302' : '2025550142' };
  let token = await accessToken('shop', secret);
  const other = mode === 'live' ? await accessToken('bank', `${secret}5`) : undefined;

  async function accessToken(id, clientSecret) {
    return (await call('', { path: '/token', form: { grant_type: 'client_credentials', client_id: id, client_secret: clientSecret }, quiet: true })).json.access_token;
  }

  const begin = async (product, type = 'mobile') => (await call('', {
    path: `/v3/${product}`, token, quiet: true,
    json: { possessionType: type, phoneNumber: number[product], ...(product === 'verify' ? { firstName: 'Ada', lastName: 'Lovelace' } : {}), ...(type === 'desktop' ? { finalTargetUrl: 'https://shop.example/verified' } : {}) },
  })).json;

  /** What the right call is: the example, with ids of this run in it. */
  async function right(document, path, operation) {
    const example = structuredClone(operation.requestBody?.content['application/json']?.example);
    if (document === 'v3') {
      const product = { '/v3/verify-status': 'verify', '/v3/unify-status': 'unify', '/v3/unify-bind': 'unify', '/v3/validate': 'start', '/v3/challenge': 'start', '/v3/complete': 'start' }[path];
      if (product) example.correlationId = (await begin(product)).correlationId;
      if (example?.phoneNumber && mode === 'live') example.phoneNumber = '2025550142';
      return { token, json: example };
    }
    if (document === 'admin') return { token: secret, json: example };
    if (document === 'browser') {
      const flow = path.includes('device') || path.includes('challenge') ? await begin('unify') : await begin('verify', path.includes('link') ? 'desktop' : 'mobile');
      if (path.endsWith('otp/finish')) await call('', { path: '/v1/client/mobile/otp/start', token: flow.authToken, json: {}, quiet: true });
      return { token: flow.authToken, json: example };
    }
    return { json: example };
  }

  for (const [document, { paths }] of Object.entries(documents)) {
    if (document === 'sandbox' && mode === 'live') continue;
    for (const [path, operations] of Object.entries(paths)) {
      for (const [method, operation] of Object.entries(operations).filter(([name]) => ['get', 'post', 'patch', 'put', 'delete'].includes(name))) {
        await oneOperation(document, path, method.toUpperCase(), operation);
      }
    }
  }

  async function oneOperation(document, path, method, operation) {
    const title = what => `${method} ${path}: ${what}`;
    const filled = path.replace(/\{(\w+)\}/g, (_, name) => ({ mobileNumber: number.verify, id: 'shop', clientId: 'shop' }[name] ?? '019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a'));
    const body = operation.requestBody?.content['application/json'];
    const at = (what, change = {}) => call(title(what), { method, path: filled, ...change });

    await at('its example', await right(document, path, operation));
    await at('no token', { ...(await right(document, path, operation)), token: undefined });
    for (const wrong of ['', 'x', 'eyJhbGciOiJub25lIn0.e30.', (await begin('verify')).authToken, token, secret, `${token}x`]) {
      await at('another token', { ...(await right(document, path, operation)), token: wrong });
    }
    if (other) await at('another project', { ...(await right(document, path, operation)), token: document === 'v3' ? other : undefined });
    for (const wrong of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE'].filter(name => !(name.toLowerCase() in documents[document].paths[path]))) {
      await at(wrong, { ...(await right(document, path, operation)), method: wrong, ...(wrong === 'HEAD' || wrong === 'TRACE' ? { json: undefined } : {}) });
    }
    await at('a trailing slash', { ...(await right(document, path, operation)), path: `${filled}/` });
    await at('another Accept', { ...(await right(document, path, operation)), headers: { Accept: 'text/html' } });
    for (const Origin of ['https://page.example', 'null', origin]) {
      await at(`from ${Origin === origin ? 'its own page' : Origin}`, { ...(await right(document, path, operation)), headers: { Origin } });
      await at('a preflight', { method: 'OPTIONS', headers: { Origin, 'Access-Control-Request-Method': method, 'Access-Control-Request-Headers': 'authorization, content-type, x-other' } });
    }

    const parameters = operation.parameters ?? [];
    const wrong = ['', ' ', 'x', 'x'.repeat(400), '%00', '%ff', '%F0%9F%98%80', '-1', '0', '99999999999999999999', '1.5', '019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05b', '019AB3F05C1E7D2A9B643F8E2C71D05B', '2025550142', '%2B12025550143', '+44'];
    for (const parameter of parameters.filter(one => one.in === 'query')) {
      for (const value of wrong) await at(`${parameter.name} = ${value.slice(0, 30)}`, { ...(await right(document, path, operation)), path: `${filled}?${parameter.name}=${value}` });
      await at(`${parameter.name} twice`, { ...(await right(document, path, operation)), path: `${filled}?${parameter.name}=1&${parameter.name}=2` });
    }
    for (const parameter of parameters.filter(one => one.in === 'path')) {
      for (const value of wrong) await at(`{${parameter.name}} = ${value.slice(0, 30)}`, { ...(await right(document, path, operation)), path: path.replace(`{${parameter.name}}`, value).replace(/\{\w+\}/g, '019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a') });
    }
    await at('a parameter that is not known', { ...(await right(document, path, operation)), path: `${filled}?notKnown=1` });
    if (parameters.some(one => one.name === 'Idempotency-Key')) await idempotency(at, () => right(document, path, operation));
    if (!body) return;

    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=utf-16', 'application/json; charset=utf-8', 'application/problem+json', 'multipart/form-data', 'nonsense']) {
      await at(`as ${type}`, { ...(await right(document, path, operation)), type });
    }
    const schema = resolve(documents[document], body.schema);
    const example = (await right(document, path, operation)).json;
    for (const [what, changed] of wrongBodies(documents[document], schema, example)) {
      const fresh = await right(document, path, operation);
      const sent = fresh.json?.correlationId && typeof changed === 'string' ? changed.replaceAll(example.correlationId, fresh.json.correlationId) : changed;
      await at(what, { ...fresh, json: undefined, body: sent });
    }
  }

  async function idempotency(at, fresh) {
    const { json, ...rest } = await fresh();
    const keyed = (key, change = {}) => at(`Idempotency-Key ${key.slice(0, 20)}`, { ...rest, json: { ...json, ...change }, headers: { 'Idempotency-Key': key } });
    for (const key of ['', 'first', 'first', 'x'.repeat(255), 'x'.repeat(300), 'é', 'a b']) await keyed(key);
    await keyed('first', { clientRequestId: 'another' });
  }
}
