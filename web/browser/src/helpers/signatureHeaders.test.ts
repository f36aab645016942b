import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import { authenticate } from '../authenticate.js';
import { authToken } from '../testing/authToken.js';
import { isSigned, withDatabase, type Registration } from '../testing/browser.js';
import { connectionLost, fakeServer, type FakeReply } from '../testing/fakeServer.js';
import { fakeSockets } from '../testing/fakeSockets.js';
import { settle } from '../testing/settle.js';

const register = 'device/passive/register';
const verify = 'device/passive/verify';
const challenge = { deviceId: 'device-1', challenge: 'sign me', ttl: 60 };
const done = { next: 'done' };
const token = authToken({ auth: { next: 'device/passive' } });

/** A browser that the server knows, with its key as it was registered. */
async function knownBrowser(t: TestContext): Promise<Registration> {
  withDatabase(t);
  const { fetch, bodies } = fakeServer({ [register]: [{ next: 'done', data: { deviceId: 'device-1' } }] });
  await authenticate(token, { fetch });
  return (bodies(register)[0] as { registrations: [Registration] }).registrations[0];
}

const signed: [string, Record<string, FakeReply[]>, string, object][] = [
  ['the device key', { [verify]: [connectionLost()] }, 'device/passive/error', { message: 'The server did not answer' }],
  [
    'Mobile Auth',
    { [verify]: [{ next: 'mobile/instant' }], 'mobile/instant/start': [{ next: '' }] },
    'mobile/instant/error',
    { code: 10002, message: 'No address for Mobile Auth' },
  ],
  ['a code', { [verify]: [{ next: 'mobile/otp' }] }, 'mobile/otp/error', { message: 'The app cannot ask for a code' }],
  ['presence', { [verify]: [{ next: 'user/present' }] }, 'user/mobileactive/error', { message: 'Unknown step: user/present' }],
];

for (const [name, replies, path, body] of signed) {
  test(`The device signs a report on ${name}`, async (t) => {
    const registration = await knownBrowser(t);
    const { fetch, requests } = fakeServer({ ...replies, challenge: [challenge], [path]: [done] });

    await authenticate(token, { fetch });

    const [asked, report] = requests.slice(-2);
    assert.deepEqual([asked!.path, asked!.body], ['challenge', { deviceId: 'device-1' }]);
    assert.deepEqual([report!.path, report!.body], [path, body]);
    const headers = report!.init.headers as Record<string, string>;
    assert.equal(headers['Authorization'], `Bearer ${token}`);
    assert.equal(headers['PA-Sig-Version'], '3');
    assert.equal(headers['PA-Challenge'], 'sign me');
    assert.equal(headers['PA-KID'], registration.publicKey.id);
    const hash = createHash('sha256').update(String(report!.init.body)).digest('hex');
    const text = `POST\n/v1/client/${path}\n\napplication/json\nsign me\n${hash}`;
    assert.ok(isSigned(text, headers['PA-Signature']!, registration));
  });
}

test('Only what the protocol lists is signed', async (t) => {
  await knownBrowser(t);
  const { sockets, WebSocket } = fakeSockets();
  const { fetch, paths, requests } = fakeServer({
    [verify]: [{ next: 'mobile/instantlink' }],
    'mobile/instantlink/start': [{ next: '' }],
    'mobile/instantlink/error': [done],
  });

  const flow = authenticate(token, { fetch, WebSocket, instantLink: ({ giveUp }) => giveUp() });
  await flow;

  assert.equal(sockets.length, 1);
  assert.deepEqual(paths(), [verify, 'mobile/instantlink/start', 'mobile/instantlink/error']);
  for (const { init } of requests) assert.equal('PA-Signature' in init.headers!, false);
});

test('A browser that the server does not know signs nothing', async (t) => {
  withDatabase(t);
  const { fetch, paths } = fakeServer({ [register]: [connectionLost()], 'device/passive/error': [done] });

  await authenticate(token, { fetch });

  assert.deepEqual(paths(), [register, 'device/passive/error']);
});

test('A flow that has not asked for the device does not sign with its key', async (t) => {
  await knownBrowser(t);
  const { fetch, paths } = fakeServer({ 'mobile/otp/error': [done] });

  await authenticate(authToken({ auth: { next: 'mobile/otp' } }), { fetch });

  assert.deepEqual(paths(), ['mobile/otp/error']);
});

const unsignable: [string, FakeReply][] = [
  ['is lost', connectionLost()],
  ['is refused', { error: { code: 10006 }, next: '' }],
  ['is none', {}],
];

for (const [name, reply] of unsignable) {
  test(`A report goes out unsigned when the challenge ${name}`, async (t) => {
    await knownBrowser(t);
    const { fetch, requests, paths } = fakeServer({ [verify]: [connectionLost()], challenge: [reply], 'device/passive/error': [done] });

    await authenticate(token, { fetch });

    assert.deepEqual(paths(), [verify, 'challenge', 'device/passive/error']);
    assert.equal('PA-Signature' in requests[2]!.init.headers!, false);
  });
}

test('An abort is signed too, and may outlive the page', async (t) => {
  await knownBrowser(t);
  const abort = new AbortController();
  const { fetch, requests, paths } = fakeServer({
    [verify]: [{ next: 'mobile/otp' }],
    'mobile/otp/start': [{ next: '' }],
    challenge: [challenge],
    'mobile/otp/error': [done],
  });

  const flow = authenticate(token, { fetch, signal: abort.signal, otp: () => new Promise(() => abort.abort()) });
  await assert.rejects(flow, { name: 'AbortError' });
  while (paths().length < 4) await settle();

  assert.deepEqual(paths().slice(2), ['challenge', 'mobile/otp/error']);
  assert.deepEqual(
    requests.slice(2).map(({ init }) => init.keepalive),
    [true, true],
  );
});
