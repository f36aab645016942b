import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { authenticate } from '../authenticate.js';
import { authToken } from '../testing/authToken.js';
import { connectionLost, fakeServer, type FakeReply } from '../testing/fakeServer.js';
import { settle } from '../testing/settle.js';

const operator = 'https://operator.example/check?key=a%20b+c';
const begins = (redirectUrl: string) => ({ 'mobile/instant/start': [{ next: '', data: { redirectUrl } }] });
const finishes = { 'mobile/instant/finish': [{ next: 'done' }] };

test('A test address is not requested: its value is the proof', async () => {
  const { fetch, requests } = fakeServer({ ...begins('https://operator.example/?testVfp=proof%201'), ...finishes });

  await authenticate(authToken(), { fetch });

  assert.deepEqual(
    requests.map(({ path, body }) => [path, body]),
    [
      ['mobile/instant/start', { implementation: 'fetch' }],
      ['mobile/instant/finish', { vfp: 'proof 1' }],
    ],
  );
});

test('A test address may ask for a pause', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { fetch, paths } = fakeServer({ ...begins('https://operator.example/?testVfp=proof&delay=5000'), ...finishes });

  const flow = authenticate(authToken(), { fetch });
  await settle();
  t.mock.timers.tick(4_999);
  await settle();
  assert.deepEqual(paths(), ['mobile/instant/start']);
  t.mock.timers.tick(1);

  await flow;
  assert.deepEqual(paths(), ['mobile/instant/start', 'mobile/instant/finish']);
});

const proofs: [object, string][] = [
  [{ vfp: 'v', token: 't' }, 'v'],
  [{ correlation_id: 'c', token: 't' }, 'c...t'],
  [{ token: 't' }, 't'],
  [{ correlation_id: 'c', reconcilation_token: 'r' }, 'c...r'],
  [{ reconcilation_token: 'r' }, 'r'],
];

for (const [answer, vfp] of proofs) {
  test(`From the operator's answer ${JSON.stringify(answer)} the proof is ${vfp}`, async () => {
    const { fetch, bodies } = fakeServer({ ...begins(operator), [`${operator}&r=f`]: [Response.json(answer)], ...finishes });

    await authenticate(authToken(), { fetch });

    assert.deepEqual(bodies('mobile/instant/finish'), [{ vfp }]);
  });
}

test('The operator is not told the auth token, the page or any cookie', async () => {
  const { fetch, requests } = fakeServer({
    ...begins('https://operator.example/'),
    'https://operator.example/?r=f': [Response.json({ vfp: 'v' })],
    ...finishes,
  });

  await authenticate(authToken(), { fetch });

  const { init } = requests[1]!;
  assert.equal(init.headers, undefined);
  assert.equal(init.credentials, 'omit');
  assert.equal(init.referrerPolicy, 'no-referrer');
});

const failures: [string, FakeReply][] = [
  ['is not there', connectionLost()],
  ['answers HTTP 404', new Response('', { status: 404 })],
  ['answers with a page', new Response('<html>')],
  ['answers without a proof', Response.json({})],
];

for (const [name, reply] of failures) {
  test(`When the operator ${name}, that is reported and the flow goes on by text`, async () => {
    const { fetch, paths, requests } = fakeServer({
      ...begins(operator),
      [`${operator}&r=f`]: [reply],
      'mobile/instant/error': [{ next: 'mobile/otp' }],
      'mobile/otp/start': [{ next: '' }],
      'mobile/otp/finish': [{ next: 'done' }],
    });

    await authenticate(authToken(), { fetch, otp: () => '1234' });

    assert.deepEqual(paths().slice(2), ['mobile/instant/error', 'mobile/otp/start', 'mobile/otp/finish']);
    const report = requests[2]!.body as { code: number; message: string };
    assert.equal(report.code, 10002);
    assert.match(report.message, /^Mobile Auth: /);
  });
}

test('An answer without an address is reported', async () => {
  const { fetch, paths } = fakeServer({ 'mobile/instant/start': [{ next: '' }], 'mobile/instant/error': [{ next: 'done' }] });

  await authenticate(authToken(), { fetch });

  assert.deepEqual(paths(), ['mobile/instant/start', 'mobile/instant/error']);
});

test('An operator that does not answer is given six seconds', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let wasAborted = false;
  const { fetch, paths } = fakeServer({
    ...begins(operator),
    [`${operator}&r=f`]: [
      ({ init }) => new Promise(() => init.signal!.addEventListener('abort', () => (wasAborted = true))),
    ],
    'mobile/instant/error': [{ next: 'done' }],
  });

  const flow = authenticate(authToken(), { fetch });
  await settle();
  t.mock.timers.tick(5_999);
  await settle();
  assert.equal(paths().length, 2);
  t.mock.timers.tick(1);

  await flow;
  assert.equal(wasAborted, true);
  assert.equal(paths()[2], 'mobile/instant/error');
});

test('A refused proof goes on with the step the server names, without a report', async () => {
  const { fetch, paths } = fakeServer({
    ...begins('https://operator.example/?testVfp=proof'),
    'mobile/instant/finish': [{ error: { code: 10001, message: 'other line' }, next: 'mobile/otp' }],
    'mobile/otp/start': [{ next: 'done', error: { code: 1 } }],
  });

  await authenticate(authToken(), { fetch, otp: mock.fn(() => '1') });

  assert.deepEqual(paths(), ['mobile/instant/start', 'mobile/instant/finish', 'mobile/otp/start']);
});
