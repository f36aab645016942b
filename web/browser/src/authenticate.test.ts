import assert from 'node:assert/strict';
import { test } from 'node:test';
import { authenticate } from './authenticate.js';
import { isCountersignError } from './helpers/isCountersignError.js';
import { version } from './helpers/version.js';
import { authToken } from './testing/authToken.js';
import { connectionLost, fakeServer, type FakeReply } from './testing/fakeServer.js';
import { settle } from './testing/settle.js';

const redirect = { next: '', data: { redirectUrl: 'https://operator.example/?testVfp=proof' } };

test('A flow that is done already makes no request, and finishes', async () => {
  const { fetch, requests } = fakeServer({});
  const finished: unknown[] = [];

  const result = await authenticate(authToken({ auth: { next: 'done' } }), { fetch, onFinish: (told) => void finished.push(told) });

  assert.deepEqual(result, { authId: 'auth-1' });
  assert.deepEqual(finished, [{ authId: 'auth-1' }]);
  assert.equal(requests.length, 0);
});

test('The finish callback is awaited', async () => {
  let release = () => {};
  let isResolved = false;
  const onFinish = () => new Promise<void>((resolve) => (release = resolve));

  const flow = authenticate(authToken({ auth: { next: 'done' } }), { onFinish }).then(() => (isResolved = true));
  await settle();
  assert.equal(isResolved, false);
  release();

  assert.equal(await flow, true);
});

test('What the finish callback throws is what the app gets', async () => {
  const failure = new Error('The back end is down');

  const flow = authenticate(authToken({ auth: { next: 'done' } }), { onFinish: () => Promise.reject(failure) });

  await assert.rejects(flow, failure);
});

test('Calls carry the token, the version and nothing that CORS does not list', async () => {
  const { fetch, requests } = fakeServer({
    'mobile/instant/start': [{ next: 'done' }, redirect],
    'mobile/instant/finish': [{ next: 'done' }],
  });
  const token = authToken();

  await authenticate(token, { fetch }).catch(() => {});

  const { init } = requests[0]!;
  assert.equal(init.method, 'POST');
  assert.equal(init.credentials, 'omit');
  assert.deepEqual(init.headers, {
    Accept: 'application/json',
    'Content-Type': 'application/json',
    'PA-Version': `Countersign/${version} WEB/1`,
    Authorization: `Bearer ${token}`,
  });
});

test('An error that names "done" finishes the flow: resolved does not mean verified', async () => {
  const { fetch } = fakeServer({ 'mobile/otp/start': [{ error: { code: 10001, message: 'no' }, next: 'done' }] });
  let finishes = 0;

  await authenticate(authToken({ auth: { next: 'mobile/otp' } }), { fetch, otp: () => '1', onFinish: () => void finishes++ });

  assert.equal(finishes, 1);
});

test('An empty next step ends the flow without finishing', async () => {
  const { fetch } = fakeServer({ 'mobile/instant/start': [redirect], 'mobile/instant/finish': [{ next: '' }] });
  let finishes = 0;

  await authenticate(authToken(), { fetch, onFinish: () => void finishes++ });

  assert.equal(finishes, 0);
});

test('An error goes on with the step it names, without a report', async () => {
  const { fetch, paths } = fakeServer({
    'mobile/instant/start': [{ error: { code: 10001, message: 'not offered' }, next: 'mobile/otp' }],
    'mobile/otp/start': [{ next: '' }],
    'mobile/otp/finish': [{ next: 'done' }],
  });

  await authenticate(authToken(), { fetch, otp: () => '1234' });

  assert.deepEqual(paths(), ['mobile/instant/start', 'mobile/otp/start', 'mobile/otp/finish']);
});

const ends: [string, FakeReply, object][] = [
  [
    'an error without a next step',
    { error: { code: 10003, message: 'prohibited' } },
    { code: 'refused', serverCode: 10003, message: 'prohibited' },
  ],
  ['an error with an empty next step', { error: { code: 10003 }, next: '' }, { code: 'refused', serverCode: 10003 }],
  [
    'HTTP 401',
    Response.json({ code: 8002, message: 'not authorized' }, { status: 401 }),
    { code: 'expired', serverCode: 8002, status: 401 },
  ],
  ['HTTP 403', Response.json({ code: 8003, message: 'no' }, { status: 403 }), { code: 'refused', serverCode: 8003, status: 403 }],
  ['a page of a proxy', new Response('<html>', { status: 502 }), { code: 'refused', status: 502 }],
];

for (const [name, reply, expected] of ends) {
  test(`After ${name} nothing is reported and the promise rejects`, async () => {
    const { fetch, paths } = fakeServer({ 'mobile/instant/start': [reply] });

    await assert.rejects(authenticate(authToken(), { fetch }), { name: 'CountersignError', ...expected });

    assert.deepEqual(paths(), ['mobile/instant/start']);
  });
}

const broken: [string, FakeReply, string][] = [
  ['no next step and no error', {}, 'protocol'],
  ['no JSON', () => new Response('hello'), 'protocol'],
  ['an empty body', () => new Response(''), 'protocol'],
  ['JSON that is no object', () => new Response('null'), 'protocol'],
  ['nothing', connectionLost(), 'network'],
];

for (const [name, reply, code] of broken) {
  test(`A step whose call is answered with ${name} is reported, and the step named then is taken`, async () => {
    const { fetch, paths } = fakeServer({ 'mobile/instant/start': [reply], 'mobile/instant/error': [{ next: 'done' }] });

    await authenticate(authToken(), { fetch });

    assert.deepEqual(paths(), ['mobile/instant/start', 'mobile/instant/error']);
  });

  test(`If the report of a step answered with ${name} is lost too, the promise rejects with ${code}`, async () => {
    const { fetch } = fakeServer({ 'mobile/instant/start': [reply], 'mobile/instant/error': [connectionLost()] });

    await assert.rejects(authenticate(authToken(), { fetch }), { code });
  });
}

test('A report that is answered without a next step rejects with what was reported', async () => {
  const { fetch } = fakeServer({ 'mobile/instant/start': [connectionLost()], 'mobile/instant/error': [{ next: '' }] });

  await assert.rejects(authenticate(authToken(), { fetch }), { code: 'network' });
});

test('The error in the answer to a report does not matter', async () => {
  const { fetch } = fakeServer({
    'mobile/instant/start': [connectionLost()],
    'mobile/instant/error': [{ error: { code: 1 }, next: 'done' }],
  });

  await authenticate(authToken(), { fetch });
});

test('A report that is answered with HTTP 401 says that the token has expired', async () => {
  const { fetch } = fakeServer({ 'mobile/instant/start': [connectionLost()], 'mobile/instant/error': [new Response('', { status: 401 })] });

  await assert.rejects(authenticate(authToken(), { fetch }), { code: 'expired' });
});

const reports: [string, string][] = [
  ['device/passive/stepup', 'device/fido2/error'],
  ['redirect/exchange', 'device/universal/error'],
  ['redirect/finish', 'device/universal/error'],
  ['user/present', 'user/mobileactive/error'],
  ['user/ppb/register', 'user/ppb/error'],
  ['user/ppb/verify', 'user/ppb/error'],
  ['user/docv', 'user/docv/error'],
];

for (const [step, path] of reports) {
  test(`The step ${step}, which this SDK does not know, is reported to ${path}`, async () => {
    const { fetch, requests } = fakeServer({ [path]: [{ next: 'done' }] });

    await authenticate(authToken({ auth: { next: step } }), { fetch });

    assert.deepEqual(
      requests.map(({ path, body }) => ({ path, body })),
      [{ path, body: { message: `Unknown step: ${step}` } }],
    );
  });
}

for (const step of ['scan/message', 'user/mobileactive', 'toString', 'somewhere/else']) {
  test(`The step ${step}, which has no error path, rejects`, async () => {
    const { fetch, requests } = fakeServer({});

    await assert.rejects(authenticate(authToken({ auth: { next: step } }), { fetch }), { code: 'protocol' });

    assert.equal(requests.length, 0);
  });
}

test('A flow has at most fifty steps', async () => {
  const { fetch, requests } = fakeServer({ 'mobile/instant/start': [{ error: { code: 10001 }, next: 'mobile/instant' }] });

  await assert.rejects(authenticate(authToken(), { fetch }), { code: 'protocol' });

  assert.equal(requests.length, 50);
});

test('A token that cannot be read rejects before any request', async () => {
  const { fetch, requests } = fakeServer({});

  await assert.rejects(authenticate('no token', { fetch }), { code: 'token_invalid' });

  assert.equal(requests.length, 0);
});

test('A flow that was aborted before it began does nothing', async () => {
  const { fetch, requests } = fakeServer({});

  await assert.rejects(authenticate(authToken(), { fetch, signal: AbortSignal.abort() }), { name: 'AbortError' });

  assert.equal(requests.length, 0);
});

test('An abort stops the call that is under way, tells the server, and rejects with an AbortError', async () => {
  const abort = new AbortController();
  let onFinish = 0;
  const { fetch, paths, requests } = fakeServer({
    'mobile/instant/start': [
      ({ init }) => new Promise((_, reject) => init.signal!.addEventListener('abort', () => reject(init.signal!.reason))),
    ],
    'mobile/instant/error': [{ next: 'done' }],
  });

  const flow = authenticate(authToken(), { fetch, signal: abort.signal, onFinish: () => void onFinish++ });
  await settle();
  abort.abort();

  await assert.rejects(flow, { name: 'AbortError' });
  assert.deepEqual(paths(), ['mobile/instant/start', 'mobile/instant/error']);
  assert.equal(requests[1]!.init.keepalive, true);
  assert.equal(onFinish, 0);
});

test('An abort while a failure is being reported rejects as an abort', async () => {
  const abort = new AbortController();
  const { fetch } = fakeServer({
    'mobile/instant/start': [connectionLost()],
    'mobile/instant/error': [() => new Promise<Response>(() => {})],
  });

  const flow = authenticate(authToken(), { fetch, signal: abort.signal });
  await settle();
  abort.abort();

  await assert.rejects(flow, { name: 'AbortError' });
});

test('An abort rejects with the reason the app gave, also when the server cannot be told', async () => {
  const abort = new AbortController();
  const reason = new Error('The person left');
  const { fetch } = fakeServer({ 'mobile/otp/start': [{ next: '' }] });

  const flow = authenticate(authToken({ auth: { next: 'mobile/otp' } }), { fetch, signal: abort.signal, otp: () => new Promise(() => {}) });
  await settle();
  abort.abort(reason);

  await assert.rejects(flow, reason);
});

test('Errors of the SDK are told apart from others', async () => {
  const failure = await authenticate('no token').catch((error: unknown) => error);

  assert.equal(isCountersignError(failure), true);
  assert.equal(isCountersignError(new Error('other')), false);
  assert.equal(isCountersignError(undefined), false);
});
