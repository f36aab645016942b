import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { authenticate } from './authenticate.js';
import { resume } from './resume.js';
import { authToken } from './testing/authToken.js';
import { replace } from './testing/browser.js';
import { fakeServer } from './testing/fakeServer.js';
import { settle } from './testing/settle.js';

const page = 'https://shop.example/check?step=2';
const operator = 'https://operator.example/authorize?state=s';
const begins = { 'mobile/instant/start': [{ next: '', data: { redirectUrl: operator } }] };
const byCode = {
  'mobile/instant/error': [{ next: 'mobile/otp' }],
  'mobile/otp/start': [{ next: '' }],
  'mobile/otp/finish': [{ next: 'done' }],
};
const mobileAuth = { way: 'redirect' } as const;
const otp = () => '1234';

/** A tab: what it shows, and what it keeps. */
function tab(t: TestContext, { isBlocked = false } = {}) {
  // A page that has left is not there any more when a minute is over.
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const kept = new Map<string, string>();
  const listeners = new Set<(event: { persisted: boolean }) => void>();
  const left: string[] = [];
  const show = (address: string) => {
    const { href, hash, pathname, search } = new URL(address);
    replace(t, 'location', {
      href, hash, pathname, search,
      assign: (url: string) => {
        if (isBlocked) throw new Error('blocked');
        left.push(url);
      },
    });
  };
  replace(t, 'history', { state: null, replaceState: (_: unknown, __: string, path: string) => show(new URL(path, location.href).href) });
  replace(t, 'sessionStorage', {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  });
  replace(t, 'addEventListener', (_: string, listener: (event: { persisted: boolean }) => void) => listeners.add(listener));
  replace(t, 'removeEventListener', (_: string, listener: (event: { persisted: boolean }) => void) => listeners.delete(listener));
  show(page);
  return { kept, left, show, showAgain: () => listeners.forEach((listener) => listener({ persisted: true })) };
}

/** Goes to the operator; the page that went never hears of it again. */
async function leave(fetch: typeof globalThis.fetch, token = authToken()) {
  void authenticate(token, { fetch, mobileAuth }).catch(() => {});
  await settle();
  return token;
}

test('The page goes to the operator, and says where it will come back to', async (t) => {
  const { left, kept } = tab(t);
  const { fetch, requests } = fakeServer(begins);

  const token = await leave(fetch);

  assert.deepEqual(
    requests.map(({ path, body }) => [path, body]),
    [['mobile/instant/start', { implementation: 'redirect', returnUrl: page }]],
  );
  assert.deepEqual(left, [operator]);
  assert.match([...kept.values()].join(), new RegExp(token));
});

test('The app may name another page to come back to', async (t) => {
  tab(t);
  const { fetch, bodies } = fakeServer(begins);

  void authenticate(authToken(), { fetch, mobileAuth: { ...mobileAuth, returnUrl: 'https://shop.example/back' } }).catch(() => {});
  await settle();

  assert.deepEqual(bodies('mobile/instant/start'), [{ implementation: 'redirect', returnUrl: 'https://shop.example/back' }]);
});

for (const [name, goOn] of [
  ['resume', (_: string, options: object) => resume(options)],
  ['authenticate with the same token', (token: string, options: object) => authenticate(token, options)],
] as const) {
  test(`Back from the operator ${name} hands in the proof, and nothing of it stays`, async (t) => {
    const { show, kept } = tab(t);
    const token = await leave(fakeServer(begins).fetch);
    const { fetch, requests } = fakeServer({ 'mobile/instant/finish': [{ next: 'done' }] });
    show(`${page}#countersign-flow=auth-1&countersign-vfp=sealed`);
    const finished: unknown[] = [];

    const result = await goOn(token, { fetch, onFinish: (told: unknown) => void finished.push(told) });

    assert.deepEqual(requests.map(({ path, body }) => [path, body]), [['mobile/instant/finish', { vfp: 'sealed' }]]);
    assert.equal(requests[0]!.init.headers!['Authorization' as never], `Bearer ${token}`);
    assert.deepEqual(result, { authId: 'auth-1' });
    assert.deepEqual(finished, [{ authId: 'auth-1' }]);
    assert.equal(location.href, page);
    assert.equal(kept.size, 0);
  });
}

test('A proof that is refused goes on by text', async (t) => {
  const { show } = tab(t);
  await leave(fakeServer(begins).fetch);
  const { fetch, paths } = fakeServer({ 'mobile/instant/finish': [{ error: { code: 10001 }, next: 'mobile/otp' }], ...byCode });
  show(`${page}#countersign-flow=auth-1&countersign-vfp=sealed`);

  await resume({ fetch, otp });

  assert.deepEqual(paths(), ['mobile/instant/finish', 'mobile/otp/start', 'mobile/otp/finish']);
});

test('Without an answer the flow goes on by text', async (t) => {
  tab(t);
  await leave(fakeServer(begins).fetch);
  const { fetch, paths } = fakeServer(byCode);

  await resume({ fetch, otp });

  assert.deepEqual(paths(), ['mobile/instant/error', 'mobile/otp/start', 'mobile/otp/finish']);
});

test('The answer of another flow is dropped, and the flow goes on by text', async (t) => {
  const { show } = tab(t);
  await leave(fakeServer(begins).fetch);
  const { fetch, paths } = fakeServer(byCode);
  show(`${page}#countersign-flow=auth-2&countersign-vfp=sealed`);

  await resume({ fetch, otp });

  assert.deepEqual(paths(), ['mobile/instant/error', 'mobile/otp/start', 'mobile/otp/finish']);
  assert.equal(location.href, page);
});

test('An answer that comes to a tab with no flow is dropped', async (t) => {
  const { show } = tab(t);
  show(`${page}#countersign-flow=auth-1&countersign-vfp=sealed`);

  assert.equal(resume(), undefined);
  assert.equal(location.href, page);
});

test('A new flow in the tab ends the one that was left', async (t) => {
  const { show, kept } = tab(t);
  await leave(fakeServer(begins).fetch);
  const { fetch, paths } = fakeServer({});
  show(`${page}#countersign-flow=auth-1&countersign-vfp=sealed`);

  await authenticate(authToken({ auth: { id: 'auth-2', next: 'done' } }), { fetch });

  assert.deepEqual(paths(), []);
  assert.equal(location.href, page);
  assert.equal(kept.size, 0);
});

test('A flow that was left a quarter of an hour ago is over', async (t) => {
  const { kept } = tab(t);
  await leave(fakeServer(begins).fetch);
  const [key] = kept.keys();
  kept.set(key!, JSON.stringify([Date.now() - 900_001, authToken()]));

  assert.equal(resume(), undefined);
  assert.equal(kept.size, 0);
});

test('Nothing of the page itself is taken for an answer', (t) => {
  const { show } = tab(t);
  show(`${page}#terms`);

  assert.equal(resume(), undefined);
  assert.equal(location.href, `${page}#terms`);
});

test('A page that is shown again as it was left goes on by text', async (t) => {
  const { showAgain, kept } = tab(t);
  const { fetch, paths } = fakeServer({ ...begins, ...byCode });

  const flow = authenticate(authToken(), { fetch, mobileAuth, otp });
  await settle();
  showAgain();
  await flow;

  assert.deepEqual(paths().slice(1), ['mobile/instant/error', 'mobile/otp/start', 'mobile/otp/finish']);
  assert.equal(kept.size, 0);
});

test('A page that cannot leave goes on by text', async (t) => {
  tab(t, { isBlocked: true });
  const { fetch, paths } = fakeServer({ ...begins, ...byCode });

  await authenticate(authToken(), { fetch, mobileAuth, otp });

  assert.deepEqual(paths().slice(1), ['mobile/instant/error', 'mobile/otp/start', 'mobile/otp/finish']);
});

test('A page that has not left after a minute goes on by text', async (t) => {
  tab(t);
  const { fetch, paths } = fakeServer({ ...begins, ...byCode });

  const flow = authenticate(authToken(), { fetch, mobileAuth, otp });
  await settle();
  t.mock.timers.tick(60_000);
  await flow;

  assert.equal(paths()[1], 'mobile/instant/error');
});

test('An abort while the page is leaving forgets the flow', async (t) => {
  const { kept } = tab(t);
  const leaving = new AbortController();
  const { fetch } = fakeServer({ ...begins, 'mobile/instant/error': [{ next: 'mobile/otp' }] });

  const flow = authenticate(authToken(), { fetch, mobileAuth, signal: leaving.signal });
  await settle();
  leaving.abort();

  await assert.rejects(flow, { name: 'AbortError' });
  assert.equal(kept.size, 0);
});

test('A test address is not gone to', async (t) => {
  const { left } = tab(t);
  const { fetch, bodies } = fakeServer({
    'mobile/instant/start': [{ next: '', data: { redirectUrl: 'https://id.example.com/x?testVfp=proof' } }],
    'mobile/instant/finish': [{ next: 'done' }],
  });

  const flow = authenticate(authToken(), { fetch, mobileAuth });
  await settle();
  t.mock.timers.tick(1);
  await flow;

  assert.deepEqual(left, []);
  assert.deepEqual(bodies('mobile/instant/finish'), [{ vfp: 'proof' }]);
});
