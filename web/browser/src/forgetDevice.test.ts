import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import { authenticate } from './authenticate.js';
import { forgetDevice } from './forgetDevice.js';
import { allDevices } from './helpers/deviceStore.js';
import { version } from './helpers/version.js';
import { authToken } from './testing/authToken.js';
import { isSigned, replace, withDatabase, type Registration } from './testing/browser.js';
import { connectionLost, fakeServer, type FakeReply } from './testing/fakeServer.js';

const register = 'device/passive/register';
const unregister = 'device/unregister';
const challenge = { deviceId: 'device-1', challenge: 'sign me', ttl: 60 };

/** A browser that is registered in each of these namespaces, as device-1 and so on. */
async function knownBrowser(t: TestContext, ...namespaces: string[]) {
  const database = withDatabase(t);
  const { fetch, bodies } = fakeServer({
    [register]: namespaces.map((_, index) => ({ next: 'done', data: { deviceId: `device-${index + 1}` } })),
  });
  for (const ans of namespaces) await authenticate(authToken({ auth: { next: 'device/passive', ans } }), { fetch });
  return { database, registrations: bodies(register).map((body) => (body as { registrations: [Registration] }).registrations[0]) };
}

test('The server is told, by the key and without a token, and nothing stays in the browser', async (t) => {
  const { database, registrations } = await knownBrowser(t, 'space');
  const { fetch, requests } = fakeServer({ challenge: [challenge], [unregister]: [{ next: '' }] });

  await forgetDevice({ fetch });

  assert.deepEqual(
    requests.map(({ path, body }) => [path, body]),
    [
      ['challenge', { deviceId: 'device-1' }],
      [unregister, { deviceId: 'device-1' }],
    ],
  );
  const { 'PA-Signature': signature, ...headers } = requests[1]!.init.headers as Record<string, string>;
  assert.deepEqual(headers, {
    Accept: 'application/json',
    'Content-Type': 'application/json',
    'PA-Version': `Countersign/${version} WEB/1`,
    'PA-Sig-Version': '3',
    'PA-Challenge': 'sign me',
    'PA-KID': registrations[0]!.publicKey.id,
  });
  const hash = createHash('sha256').update('{"deviceId":"device-1"}').digest('hex');
  assert.ok(isSigned(`POST\n/v1/client/${unregister}\n\napplication/json\nsign me\n${hash}`, signature!, registrations[0]!));
  assert.equal('Authorization' in requests[0]!.init.headers!, false);
  assert.deepEqual(await database.databases(), []);
});

test('The keys of all namespaces are forgotten', async (t) => {
  await knownBrowser(t, 'one', 'two');
  const { fetch, bodies } = fakeServer({ challenge: [challenge], [unregister]: [{}] });

  await forgetDevice({ fetch });

  const told = bodies(unregister).map((body) => (body as { deviceId: string }).deviceId);
  assert.deepEqual(told.sort(), ['device-1', 'device-2']);
  assert.deepEqual(await allDevices(), []);
});

test('A browser without a key has nothing to tell', async (t) => {
  const database = withDatabase(t);
  const { fetch, requests } = fakeServer({});

  await forgetDevice({ fetch });

  assert.equal(requests.length, 0);
  assert.deepEqual(await database.databases(), []);
});

test('A key that was never registered is removed, and nobody is told', async (t) => {
  withDatabase(t);
  const { fetch, paths } = fakeServer({ [register]: [connectionLost()], 'device/passive/error': [{ next: 'done' }] });
  await authenticate(authToken({ auth: { next: 'device/passive' } }), { fetch });
  assert.equal((await allDevices()).length, 1);

  await forgetDevice({ fetch });

  assert.deepEqual(paths(), [register, 'device/passive/error']);
  assert.deepEqual(await allDevices(), []);
});

test('After it the next flow registers a new key', async (t) => {
  const { registrations } = await knownBrowser(t, 'space');
  const { fetch, bodies } = fakeServer({
    challenge: [challenge],
    [unregister]: [{}],
    [register]: [{ next: 'done', data: { deviceId: 'device-2' } }],
  });

  await forgetDevice({ fetch });
  await authenticate(authToken({ auth: { next: 'device/passive' } }), { fetch });

  const [body] = bodies(register) as [{ registrations: [Registration] }];
  assert.notEqual(body.registrations[0].publicKey.id, registrations[0]!.publicKey.id);
});

for (const path of ['challenge', unregister]) {
  test(`A device that the server does not know, said by ${path}, is forgotten already`, async (t) => {
    await knownBrowser(t, 'space');
    const { fetch } = fakeServer({ challenge: [challenge], [unregister]: [{}], [path]: [{ error: { code: 10006 }, next: '' }] });

    await forgetDevice({ fetch });

    assert.deepEqual(await allDevices(), []);
  });
}

const failures: [string, FakeReply, object][] = [
  ['does not answer', connectionLost(), { code: 'network' }],
  ['refuses', { error: { code: 10003, message: 'prohibited' } }, { code: 'refused', serverCode: 10003, message: 'prohibited' }],
  ['answers HTTP 403', new Response('', { status: 403 }), { code: 'refused', status: 403 }],
];

for (const [name, reply, expected] of failures) {
  test(`When a server ${name}, the app is told, and the keys are gone all the same`, async (t) => {
    await knownBrowser(t, 'one', 'two');
    const { fetch, bodies } = fakeServer({ challenge: [challenge], [unregister]: [reply, {}] });

    await assert.rejects(forgetDevice({ fetch }), { name: 'CountersignError', ...expected });

    assert.equal(bodies(unregister).length, 2);
    assert.deepEqual(await allDevices(), []);
  });
}

test('An abort stops the calls, and the keys are gone all the same', async (t) => {
  await knownBrowser(t, 'space');
  const abort = new AbortController();
  const { fetch, paths } = fakeServer({ challenge: [() => new Promise<Response>(() => abort.abort())] });

  await assert.rejects(forgetDevice({ fetch, signal: abort.signal }), { name: 'AbortError' });

  assert.deepEqual(paths(), ['challenge']);
  assert.deepEqual(await allDevices(), []);
});

test('A browser without a database says that it keeps no keys', async (t) => {
  replace(t, 'indexedDB', undefined);

  await assert.rejects(forgetDevice(), { name: 'CountersignError', code: 'unsupported' });
});
