import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { authenticate } from '../authenticate.js';
import type { CreationOptions, RequestOptions } from '../helpers/readAnswer.js';
import { authToken } from '../testing/authToken.js';
import { isSigned, replace, withDatabase, type Registration } from '../testing/browser.js';
import { connectionLost, fakeServer } from '../testing/fakeServer.js';

const start = 'device/fido2/start';
const finishMade = 'device/fido2/register/finish';
const finishUsed = 'device/fido2/verify/finish';
const report = 'device/fido2/error';
const register = 'device/passive/register';
const verify = 'device/passive/verify';

const done = { next: 'done' };
const registered = { next: 'done', data: { deviceId: 'device-1' } };
const visit = (uvlvl?: string, auth: object = {}) =>
  authToken({ auth: { next: 'device/passive', subs: { dev: { auths: { pasv: { cdt: true, uvlvl } } } }, ...auth } });

const bytes = (...values: number[]) => Uint8Array.from(values).buffer;
const credCreateOptions: CreationOptions = {
  rp: { id: 'shop.example', name: 'Shop' },
  user: { id: '-_8', name: 'Ann', displayName: 'Ann' },
  challenge: '--__',
  pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
  excludeCredentials: [{ type: 'public-key', id: 'AQI' }],
};
const credRequestOptions: RequestOptions = {
  rpId: 'shop.example',
  challenge: '__--',
  allowCredentials: [{ type: 'public-key', id: 'AQI', transports: ['internal'] }],
  userVerification: 'required',
};
const made = {
  type: 'public-key',
  id: 'AQI',
  rawId: bytes(1, 2),
  response: { attestationObject: bytes(0xfb, 0xff), clientDataJSON: bytes(0xff, 0xfe, 0xff) },
};
const used = {
  type: 'public-key',
  id: 'AQI',
  rawId: bytes(1, 2),
  response: { authenticatorData: bytes(1), clientDataJSON: bytes(2), signature: bytes(3), userHandle: bytes(4) as ArrayBuffer | null },
};
const makes = { next: 'device/passive/register', data: { credCreateOptions } };
const uses = { next: 'device/passive/verify', data: { credRequestOptions } };

interface FinishBody {
  readonly registrations: [Registration];
  readonly webAuthnAssertion?: unknown;
}

/** A browser with WebAuthn, empty storage, and a person who does this with the dialog. */
function browser(t: TestContext, person: { create?: () => object | null; get?: () => object | null } = {}) {
  withDatabase(t);
  const dialogs: [string, CredentialCreationOptions & CredentialRequestOptions][] = [];
  const dialog = (name: 'create' | 'get') => async (options: object) => {
    dialogs.push([name, options]);
    return person[name]!();
  };
  replace(t, 'PublicKeyCredential', class {});
  replace(t, 'navigator', { platform: 'iPhone', credentials: { create: dialog('create'), get: dialog('get') } });
  return dialogs;
}

function refuse(name = 'NotAllowedError') {
  return () => {
    throw new DOMException('The person said no', name);
  };
}

test('A passkey is made, and a device key is registered beside it', async (t) => {
  const dialogs = browser(t, { create: () => made });
  const { fetch, paths, bodies } = fakeServer({ [start]: [makes], [finishMade]: [registered] });

  await authenticate(visit('pref'), { fetch });

  assert.deepEqual(paths(), [start, finishMade]);
  assert.deepEqual(bodies(start), [{ signals: {}, deviceId: null }]);
  const [name, { publicKey, signal }] = dialogs[0]!;
  assert.equal(name, 'create');
  assert.ok(signal);
  assert.deepEqual(publicKey, {
    ...credCreateOptions,
    challenge: Uint8Array.of(0xfb, 0xef, 0xff),
    user: { ...credCreateOptions.user, id: Uint8Array.of(0xfb, 0xff) },
    excludeCredentials: [{ type: 'public-key', id: Uint8Array.of(1, 2) }],
  });
  const { registrations, ...rest } = bodies(finishMade)[0] as { registrations: [object, Registration] };
  assert.deepEqual(rest, { deviceName: 'iPhone', deviceCapabilities: ['webauthn'] });
  assert.deepEqual(registrations[0], {
    webAuthnCredential: { type: 'public-key', id: 'AQI', rawId: 'AQI', response: { attestationObject: '-_8', clientDataJSON: '__7_' } },
  });
  assert.ok(isSigned('challenge', registrations[1].signature, registrations[1]));
});

test('A passkey that is there is used, and a device key is registered beside it', async (t) => {
  const dialogs = browser(t, { get: () => used });
  const { fetch, paths, bodies } = fakeServer({ [start]: [uses], [finishUsed]: [registered] });

  await authenticate(visit('req'), { fetch });

  assert.deepEqual(paths(), [start, finishUsed]);
  const [name, { publicKey }] = dialogs[0]!;
  assert.equal(name, 'get');
  assert.deepEqual(publicKey, {
    ...credRequestOptions,
    challenge: Uint8Array.of(0xff, 0xff, 0xbe),
    allowCredentials: [{ type: 'public-key', id: Uint8Array.of(1, 2), transports: ['internal'] }],
  });
  const { registrations, ...rest } = bodies(finishUsed)[0] as FinishBody;
  assert.deepEqual(rest, {
    webAuthnAssertion: {
      type: 'public-key',
      id: 'AQI',
      rawId: 'AQI',
      response: { authenticatorData: 'AQ', clientDataJSON: 'Ag', signature: 'Aw', userHandle: 'BA' },
    },
    deviceName: 'iPhone',
    deviceCapabilities: ['webauthn'],
  });
  assert.equal(registrations.length, 1);
  const { signals } = registrations[0] as Registration & { signals: unknown };
  assert.deepEqual(signals, {});
  assert.ok(isSigned('challenge', registrations[0].signature, registrations[0]));
});

test('A passkey without a user handle is told without one', async (t) => {
  browser(t, { get: () => ({ ...used, response: { ...used.response, userHandle: null } }) });
  const { fetch, bodies } = fakeServer({ [start]: [uses], [finishUsed]: [registered] });

  await authenticate(visit('req'), { fetch });

  const { webAuthnAssertion } = bodies(finishUsed)[0] as { webAuthnAssertion: typeof used };
  assert.equal('userHandle' in webAuthnAssertion.response, false);
});

test('Lists of credentials may be left out', async (t) => {
  const dialogs = browser(t, { create: refuse('InvalidStateError'), get: () => used });
  const { excludeCredentials: _, ...create } = credCreateOptions;
  const { allowCredentials: __, ...request } = credRequestOptions;
  const options = { next: 'device/passive/register', data: { credCreateOptions: create, credRequestOptions: request } };
  const { fetch } = fakeServer({ [start]: [options], [finishUsed]: [registered] });

  await authenticate(visit('pref'), { fetch });

  assert.deepEqual(dialogs[0]![1].publicKey!.excludeCredentials, []);
  assert.deepEqual(dialogs[1]![1].publicKey!.allowCredentials, []);
});

test('Where a passkey exists already, that one is used', async (t) => {
  const dialogs = browser(t, { create: refuse('InvalidStateError'), get: () => used });
  const both = { next: 'device/passive/register', data: { credCreateOptions, credRequestOptions } };
  const { fetch, paths } = fakeServer({ [start]: [both], [finishUsed]: [registered] });

  await authenticate(visit('pref'), { fetch });

  assert.deepEqual(
    dialogs.map(([name]) => name),
    ['create', 'get'],
  );
  assert.deepEqual(paths(), [start, finishUsed]);
});

for (const [how, finish, options] of [
  ['made', finishMade, makes],
  ['used', finishUsed, uses],
] as const) {
  test(`After a passkey was ${how}, later visits prove the device key and ask nobody`, async (t) => {
    const dialogs = browser(t, { create: () => made, get: () => used });
    const { fetch, paths } = fakeServer({ [start]: [options], [finish]: [registered], [verify]: [done] });

    await authenticate(visit('pref'), { fetch });
    await authenticate(visit('pref'), { fetch });

    assert.deepEqual(paths(), [start, finish, verify]);
    assert.equal(dialogs.length, 1);
  });

  test(`A passkey that was ${how} but is given no device id is reported`, async (t) => {
    browser(t, { create: () => made, get: () => used });
    const { fetch, paths } = fakeServer({ [start]: [options], [finish]: [{ next: 'done' }], [report]: [done] });

    await authenticate(visit('pref'), { fetch });

    assert.deepEqual(paths(), [start, finish, report]);
  });
}

const dialogsThatFail: [string, { create: () => object | null; get?: () => object | null }, string][] = [
  ['A person who refuses the passkey', { create: refuse() }, 'NotAllowedError'],
  ['A browser whose dialog fails', { create: refuse('SecurityError') }, 'SecurityError'],
  ['A browser that gives no passkey', { create: () => null }, 'TypeError'],
  ['A passkey that exists but may not be asked for', { create: refuse('InvalidStateError') }, 'InvalidStateError'],
];

for (const [name, person, reason] of dialogsThatFail) {
  test(`${name} falls through to the silent key`, async (t) => {
    browser(t, person);
    const { fetch, paths, bodies } = fakeServer({
      [start]: [makes],
      [report]: [{ next: 'device/passive/silent' }],
      [register]: [registered],
    });

    await authenticate(visit('pref'), { fetch });

    assert.deepEqual(paths(), [start, report, register]);
    assert.deepEqual(bodies(report), [{ message: `No passkey: ${reason}` }]);
  });
}

test('A person who has refused is not asked again in the same flow', async (t) => {
  const dialogs = browser(t, { create: refuse() });
  const { fetch, paths } = fakeServer({ [start]: [makes], [report]: [{ next: 'device/passive' }], [register]: [registered] });

  await authenticate(visit('pref'), { fetch });

  assert.deepEqual(paths(), [start, report, register]);
  assert.equal(dialogs.length, 1);
});

test('A refused passkey without another way rejects as given up', async (t) => {
  browser(t, { create: refuse() });
  const { fetch } = fakeServer({ [start]: [makes], [report]: [{ next: '' }] });

  await assert.rejects(authenticate(visit('req'), { fetch }), { code: 'gave_up' });
});

test('Passkeys that the server does not offer leave the way it names', async (t) => {
  browser(t);
  const { fetch, paths } = fakeServer({ [start]: [{ error: { code: 10003 }, next: 'device/passive/silent' }], [register]: [registered] });

  await authenticate(visit('pref'), { fetch });

  assert.deepEqual(paths(), [start, register]);
});

test('A start that is lost is reported as a failure of the device step', async (t) => {
  browser(t);
  const { fetch, paths } = fakeServer({
    [start]: [connectionLost()],
    'device/passive/error': [{ next: 'device/passive' }],
    [register]: [registered],
  });

  await authenticate(visit('pref'), { fetch });

  assert.deepEqual(paths(), [start, 'device/passive/error', register]);
});

for (const next of ['device/passive/register', 'device/passive/verify']) {
  test(`The step ${next} without options is reported`, async (t) => {
    browser(t);
    const { fetch, paths, bodies } = fakeServer({ [report]: [done] });

    await authenticate(visit('pref', { next }), { fetch });

    assert.deepEqual(paths(), [report]);
    assert.deepEqual(bodies(report), [{ message: 'No options for a passkey' }]);
  });
}

for (const uvlvl of ['none', undefined, 'other']) {
  test(`With the level ${uvlvl} nobody is asked for a passkey`, async (t) => {
    browser(t);
    const { fetch, paths } = fakeServer({ [register]: [registered] });

    await authenticate(visit(uvlvl), { fetch });

    assert.deepEqual(paths(), [register]);
  });
}

test('The silent step asks for no passkey', async (t) => {
  browser(t);
  const { fetch, paths } = fakeServer({ [register]: [registered] });

  await authenticate(visit('req', { next: 'device/passive/silent' }), { fetch });

  assert.deepEqual(paths(), [register]);
});

test('A browser without WebAuthn has its silent key', async (t) => {
  withDatabase(t);
  const { fetch, paths } = fakeServer({ [register]: [registered] });

  await authenticate(visit('req'), { fetch });

  assert.deepEqual(paths(), [register]);
});

test('A browser that can keep no key is asked for no passkey', async (t) => {
  const dialogs = browser(t);
  replace(t, 'indexedDB', undefined);
  const { fetch, paths } = fakeServer({ 'device/passive/error': [done] });

  await authenticate(visit('pref'), { fetch });

  assert.deepEqual(paths(), ['device/passive/error']);
  assert.equal(dialogs.length, 0);
});

test('An abort closes the dialog and tells the server', async (t) => {
  const abort = new AbortController();
  const dialogs = browser(t, {
    create: () => {
      abort.abort();
      throw abort.signal.reason;
    },
  });
  const { fetch, bodies } = fakeServer({ [start]: [makes], [report]: [done] });

  await assert.rejects(authenticate(visit('pref'), { fetch, signal: abort.signal }), { name: 'AbortError' });

  assert.equal(dialogs[0]![1].signal!.aborted, true);
  assert.deepEqual(bodies(report), [{ message: 'Aborted by the app' }]);
});
