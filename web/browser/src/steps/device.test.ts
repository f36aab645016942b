import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { authenticate } from '../authenticate.js';
import { allDevices, saveDevice } from '../helpers/deviceStore.js';
import { authToken } from '../testing/authToken.js';
import { isSigned, replace, withDatabase, type Registration } from '../testing/browser.js';
import { connectionLost, fakeServer, type FakeReply } from '../testing/fakeServer.js';

const register = 'device/passive/register';
const verify = 'device/passive/verify';
const report = 'device/passive/error';
const registered = { next: 'done', data: { deviceId: 'device-1' } };
const unknown = { error: { code: 10006, message: 'unknown device' }, next: 'device/passive' };
const done = { next: 'done' };

const visit = (auth: object = {}) => authToken({ auth: { next: 'device/passive', ...auth } });

interface RegisterBody {
  readonly deviceName: string;
  readonly registrations: [Registration];
}

/** A browser that was here before, and its key as the server knows it. */
async function knownBrowser(t: TestContext): Promise<Registration> {
  withDatabase(t);
  const { fetch, bodies } = fakeServer({ [register]: [registered] });
  await authenticate(visit(), { fetch });
  return (bodies(register)[0] as RegisterBody).registrations[0];
}

test('At the first visit a key is registered, with the proof that this browser holds it', async (t) => {
  withDatabase(t);
  const { fetch, requests, bodies } = fakeServer({ [register]: [registered] });

  await authenticate(visit({ chlg: 'prove ü' }), { fetch });

  assert.equal(requests.length, 1);
  const { registrations, ...rest } = bodies(register)[0] as RegisterBody;
  const [{ publicKey, signature }] = registrations;
  assert.deepEqual(rest, { deviceName: 'Browser', deviceCapabilities: [], signals: {} });
  assert.match(publicKey.id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  assert.match(publicKey.key, /^-----BEGIN PUBLIC KEY-----\n[A-Za-z0-9+/]+=*\n-----END PUBLIC KEY-----$/);
  assert.equal(publicKey.alg, 'ES256');
  assert.equal(publicKey.uvLevel, 0);
  assert.ok(isSigned('prove ü', signature, registrations[0]));
});

test('At a later visit the key is proved, and no other is made', async (t) => {
  const registration = await knownBrowser(t);
  const { fetch, bodies, requests } = fakeServer({ [verify]: [done] });

  await authenticate(visit({ chlg: 'another' }), { fetch });

  assert.equal(requests.length, 1);
  const { signature, ...rest } = bodies(verify)[0] as { signature: string };
  assert.deepEqual(rest, { deviceId: 'device-1', keyId: registration.publicKey.id, signals: {} });
  assert.ok(isSigned('device-1:another', signature, registration));
});

test('What is stored is the key, which cannot be taken out, and how the server calls it', async (t) => {
  const { publicKey } = await knownBrowser(t);

  const [device, ...others] = await allDevices();

  assert.equal(others.length, 0);
  const { keys, createdAt, ...rest } = device!;
  assert.deepEqual(rest, { namespace: 'space', keyId: publicKey.id, deviceId: 'device-1', endpoint: 'https://id.example.com' });
  assert.equal(typeof createdAt, 'number');
  assert.equal(keys.privateKey.extractable, false);
  await assert.rejects(crypto.subtle.exportKey('pkcs8', keys.privateKey));
});

for (const [name, auth] of [
  ['namespace', { ans: 'other' }],
  ['server', { endp: 'https://other.example.com' }],
] as const) {
  test(`Another ${name} gets a key of its own`, async (t) => {
    const { publicKey } = await knownBrowser(t);
    const path = 'endp' in auth ? `${auth.endp}/v1/client/${register}` : register;
    const { fetch, bodies, paths } = fakeServer({ [path]: [{ next: 'done', data: { deviceId: 'device-2' } }] });

    await authenticate(visit(auth), { fetch });

    assert.deepEqual(paths(), [path]);
    assert.notEqual((bodies(path)[0] as RegisterBody).registrations[0].publicKey.id, publicKey.id);
  });
}

test('A key of another namespace stays good', async (t) => {
  await knownBrowser(t);
  const { fetch, paths } = fakeServer({ [register]: [{ next: 'done', data: { deviceId: 'device-2' } }], [verify]: [done] });

  await authenticate(visit({ ans: 'other' }), { fetch });
  await authenticate(visit(), { fetch });

  assert.deepEqual(paths(), [register, verify]);
});

test('A device that the server has forgotten is registered anew in the same flow', async (t) => {
  const { publicKey } = await knownBrowser(t);
  const { fetch, paths, bodies } = fakeServer({ [verify]: [unknown], [register]: [{ next: 'done', data: { deviceId: 'device-2' } }] });

  await authenticate(visit(), { fetch });

  assert.deepEqual(paths(), [verify, register]);
  assert.notEqual((bodies(register)[0] as RegisterBody).registrations[0].publicKey.id, publicKey.id);
  assert.deepEqual(
    (await allDevices()).map(({ deviceId }) => deviceId),
    ['device-2'],
  );
});

test('A device that is unknown in a later step is removed too', async (t) => {
  await knownBrowser(t);
  const { fetch } = fakeServer({
    [verify]: [{ next: 'mobile/instant' }],
    'mobile/instant/start': [{ error: { code: 10006 }, next: 'done' }],
  });

  await authenticate(visit(), { fetch });

  assert.deepEqual(await allDevices(), []);
});

test('The flow goes on with the step that the server names', async (t) => {
  withDatabase(t);
  const { fetch, paths } = fakeServer({
    [register]: [{ next: 'mobile/otp', data: { deviceId: 'device-1' } }],
    'mobile/otp/start': [{ next: '' }],
    'mobile/otp/finish': [done],
  });

  await authenticate(visit(), { fetch, otp: () => '1234' });

  assert.deepEqual(paths(), [register, 'mobile/otp/start', 'mobile/otp/finish']);
});

test('A registration that the server refuses makes no device', async (t) => {
  withDatabase(t);
  const { fetch, paths } = fakeServer({ [register]: [{ error: { code: 10003 }, next: 'done' }, registered] });

  await authenticate(visit(), { fetch });
  await authenticate(visit(), { fetch });

  assert.deepEqual(paths(), [register, register]);
});

const failures: [string, FakeReply][] = [
  ['is lost', connectionLost()],
  ['names no device', { next: 'done' }],
];

for (const [name, reply] of failures) {
  test(`A registration whose answer ${name} is reported, and the next flow offers another key`, async (t) => {
    withDatabase(t);
    const { fetch, paths, bodies } = fakeServer({ [register]: [reply, registered], [report]: [done] });

    await authenticate(visit(), { fetch });
    await authenticate(visit(), { fetch });

    assert.deepEqual(paths(), [register, report, register]);
    const [first, second] = bodies(register).map((body) => (body as RegisterBody).registrations[0].publicKey.id);
    assert.notEqual(first, second);
  });
}

test('The name of the system is all that a registration says of the browser', async (t) => {
  for (const [navigator, name] of [
    [{ userAgentData: { platform: 'Android' }, platform: 'Linux armv81' }, 'Android'],
    [{ platform: 'iPhone', userAgent: 'Mozilla' }, 'iPhone'],
    [{ platform: '' }, 'Browser'],
  ] as const) {
    withDatabase(t);
    replace(t, 'navigator', navigator);
    const { fetch, bodies } = fakeServer({ [register]: [registered] });

    await authenticate(visit(), { fetch });

    assert.equal((bodies(register)[0] as RegisterBody).deviceName, name);
  }
});

const browsers: [string, (t: TestContext) => void][] = [
  ['without a database', (t) => replace(t, 'indexedDB', undefined)],
  [
    'whose database cannot be opened',
    (t) => {
      const database = withDatabase(t);
      t.mock.method(database, 'open', () => {
        throw new DOMException('private window', 'SecurityError');
      });
    },
  ],
  [
    'on a page without https',
    (t) => {
      withDatabase(t);
      replace(t, 'crypto', { getRandomValues: () => {} });
    },
  ],
  [
    'whose database takes no keys',
    (t) => {
      withDatabase(t);
      replace(t, 'structuredClone', () => {
        throw new DOMException('no keys', 'DataCloneError');
      });
    },
  ],
];

for (const [name, prepare] of browsers) {
  test(`A browser ${name} says so, and the flow goes on without a key`, async (t) => {
    prepare(t);
    const { fetch, paths, bodies } = fakeServer({
      [report]: [{ next: 'mobile/instant' }],
      'mobile/instant/start': [{ error: {}, next: 'done' }],
    });
    let finishes = 0;

    await authenticate(visit(), { fetch, onFinish: () => void finishes++ });

    assert.deepEqual(paths(), [report, 'mobile/instant/start']);
    assert.match((bodies(report)[0] as { message: string }).message, /^This browser cannot keep a device key: \w+$/);
    assert.equal(finishes, 1);
  });
}

test('A database that does not open is given five seconds', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  replace(t, 'indexedDB', { open: () => ({}) });
  const { fetch, paths, bodies } = fakeServer({ [report]: [done] });

  const flow = authenticate(visit(), { fetch });
  t.mock.timers.tick(4_999);
  await new Promise(setImmediate);
  assert.deepEqual(paths(), []);
  t.mock.timers.tick(1);

  await flow;
  assert.deepEqual(paths(), [report]);
  assert.deepEqual(bodies(report), [{ message: 'This browser cannot keep a device key: TimeoutError' }]);
});

test('Without another way a browser that cannot keep a key rejects', async (t) => {
  replace(t, 'indexedDB', undefined);
  const { fetch } = fakeServer({ [report]: [{ next: '' }] });

  await assert.rejects(authenticate(visit(), { fetch }), { name: 'CountersignError', code: 'unsupported' });
});

test('A flow that asks for no device stores nothing', async (t) => {
  const database = withDatabase(t);
  const { fetch } = fakeServer({ 'mobile/instant/start': [connectionLost()], 'mobile/instant/error': [done] });

  await authenticate(authToken(), { fetch });

  assert.deepEqual(await database.databases(), []);
});

test('The database is closed after each use', async (t) => {
  const database = withDatabase(t);
  const { fetch } = fakeServer({ [register]: [registered] });

  await authenticate(visit(), { fetch });

  await new Promise<void>((resolve, reject) => {
    const deletion = database.deleteDatabase('Countersign');
    deletion.onblocked = () => reject(new Error('still open'));
    deletion.onsuccess = () => resolve();
  });
});

test('A key that was never registered is no device', async (t) => {
  await knownBrowser(t);
  const [{ deviceId: _, ...device }] = (await allDevices()) as [Awaited<ReturnType<typeof allDevices>>[number]];
  await saveDevice(device);
  const { fetch, paths } = fakeServer({ [register]: [registered] });

  await authenticate(visit(), { fetch });

  assert.deepEqual(paths(), [register]);
});
