import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { authenticate } from '../authenticate.js';
import { authToken } from '../testing/authToken.js';
import { connectionLost, fakeServer, type FakeReply } from '../testing/fakeServer.js';
import { fakeSockets } from '../testing/fakeSockets.js';
import { settle } from '../testing/settle.js';
import type { AuthenticateOptions, InstantLinkRequest } from '../types.js';

const start = 'mobile/instantlink/start';
const report = 'mobile/instantlink/error';
const sent = { next: '' };
const done = { next: 'done' };
const numberRefused = { next: '', data: { code: 8007, message: 'no test user' } };

/** A desktop that waits for the link. */
async function waiting(replies: Record<string, FakeReply[]>, options: AuthenticateOptions & { token?: string } = {}) {
  const { token = authToken({ auth: { next: 'mobile/instantlink' } }), ...rest } = options;
  const { sockets, WebSocket } = fakeSockets();
  const server = fakeServer(replies);
  const links: InstantLinkRequest[] = [];
  let finishes = 0;
  const flow = authenticate(token, {
    fetch: server.fetch,
    WebSocket,
    instantLink: (link) => void links.push(link),
    onFinish: () => void finishes++,
    ...rest,
  });
  flow.catch(() => {});
  await settle();
  return { ...server, sockets, links, flow, token, finishes: () => finishes };
}

function stopTheClock(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  return async (seconds: number) => {
    t.mock.timers.tick(seconds * 1_000);
    await settle();
  };
}

test('The link is sent, the app is told, and the result comes over the socket', async () => {
  const { flow, sockets, links, bodies, token, finishes } = await waiting({ [start]: [sent] });
  assert.equal(sockets[0]!.url, `wss://id.example.com/v1/client/status?token=${token}`);
  assert.deepEqual(bodies(start), [{ isMobile: false }]);
  assert.equal(links.length, 1);
  assert.equal(links[0]!.phoneNumberNeeded, false);
  assert.equal(finishes(), 0);

  sockets[0]!.open();
  sockets[0]!.say(done);

  assert.deepEqual(await flow, { authId: 'auth-1' });
  assert.equal(finishes(), 1);
  assert.equal(sockets[0]!.isClosed, true);
  assert.equal(links[0]!.signal.aborted, true);
});

for (const answer of [{ next: '', data: {} }, { next: 'mobile/instantlink' }]) {
  test(`The answer ${JSON.stringify(answer)} means: wait for the socket`, async () => {
    const { flow, sockets, links, bodies } = await waiting({ [start]: [answer] });

    sockets[0]!.say(done);

    await flow;
    assert.equal(links.length, 1);
    assert.equal(bodies(start).length, 1);
  });
}

test('A result that is there before the link was sent is the result', async () => {
  let answerStart: (response: Response) => void = () => {};
  const { flow, sockets, links } = await waiting({ [start]: [() => new Promise<Response>((resolve) => (answerStart = resolve))] });

  sockets[0]!.say(done);
  await flow;
  answerStart(Response.json(sent));
  await settle();

  assert.equal(links.length, 0);
});

test('A flow decided already is done at once', async () => {
  const { flow, sockets } = await waiting({ [start]: [done] });

  await flow;

  assert.equal(sockets[0]!.isClosed, true);
});

test('An error that names a step over the socket goes on with it', async () => {
  const { flow, sockets, finishes } = await waiting({ [start]: [sent] });

  sockets[0]!.say({ error: { code: 10001, message: 'expired' }, next: 'done' });

  await flow;
  assert.equal(finishes(), 1);
});

test('An error without a step over the socket rejects', async () => {
  const { flow, sockets } = await waiting({ [start]: [sent] });

  sockets[0]!.say({ error: { code: 10003, message: 'prohibited' } });

  await assert.rejects(flow, { code: 'refused', serverCode: 10003 });
});

test('A message that cannot be read is reported', async () => {
  const { flow, sockets, paths } = await waiting({ [start]: [sent], [report]: [done] });

  sockets[0]!.say('hello');

  await flow;
  assert.deepEqual(paths(), [start, report]);
});

test('The socket is kept alive by a ping every thirty seconds', async (t) => {
  const pass = stopTheClock(t);
  const { flow, sockets } = await waiting({ [start]: [sent] });
  sockets[0]!.open();

  await pass(29.999);
  assert.deepEqual(sockets[0]!.sent, []);
  await pass(0.001);
  sockets[0]!.say('pong');
  await pass(30);
  assert.deepEqual(sockets[0]!.sent, ['ping', 'ping']);
  assert.equal(sockets.length, 1);

  sockets[0]!.say(done);
  await flow;
});

test('A lost socket is opened again without another text', async (t) => {
  const pass = stopTheClock(t);
  const { flow, sockets, links, paths } = await waiting({ [start]: [sent] });
  sockets[0]!.open();

  sockets[0]!.lose();
  assert.equal(sockets.length, 1);
  await pass(1);
  assert.equal(sockets.length, 2);
  sockets[1]!.open();
  sockets[1]!.say(done);

  await flow;
  assert.deepEqual(paths(), [start]);
  assert.equal(links.length, 1);
});

test('A socket that does not answer a ping is opened again', async (t) => {
  const pass = stopTheClock(t);
  const { flow, sockets } = await waiting({ [start]: [sent] });
  sockets[0]!.open();

  await pass(60);
  assert.equal(sockets[0]!.isClosed, true);
  await pass(1);
  sockets[1]!.say(done);

  await flow;
});

test('A socket that cannot be opened is given up after eight more attempts, and reported', async (t) => {
  const pass = stopTheClock(t);
  const { flow, sockets, bodies } = await waiting({ [start]: [sent], [report]: [done] });

  for (let attempt = 0; attempt < 9; attempt++) {
    sockets[attempt]!.lose();
    await pass(15);
  }

  await flow;
  assert.equal(sockets.length, 9);
  assert.deepEqual(bodies(report), [{ message: 'The connection to the server was lost' }]);
});

test('A socket that was good for a while starts the count anew', async (t) => {
  const pass = stopTheClock(t);
  const { flow, sockets } = await waiting({ [start]: [sent] });

  for (let attempt = 0; attempt < 20; attempt++) {
    sockets[attempt]!.open();
    await pass(30);
    sockets[attempt]!.say('pong');
    sockets[attempt]!.lose();
    await pass(1);
  }
  sockets[20]!.say(done);

  await flow;
});

test('The server may answer the report with another round', async (t) => {
  const pass = stopTheClock(t);
  const { flow, sockets, bodies } = await waiting({ [start]: [sent], [report]: [{ next: 'mobile/instantlink' }] });

  for (let attempt = 0; attempt < 9; attempt++) {
    sockets[attempt]!.lose();
    await pass(15);
  }
  sockets[9]!.say(done);

  await flow;
  assert.equal(bodies(start).length, 2);
});

test('A resend asks for the same number again', async () => {
  const { flow, sockets, links, bodies } = await waiting({ [start]: [sent] });

  await links[0]!.resend();
  sockets[0]!.say(done);

  await flow;
  assert.deepEqual(bodies(start), [{ isMobile: false }, { mobileNumber: '', isMobile: false }]);
  assert.equal(links.length, 1);
  assert.equal(sockets.length, 1);
});

test('A resend after the result asks for nothing', async () => {
  const { flow, sockets, links, bodies } = await waiting({ [start]: [sent] });
  sockets[0]!.say(done);
  await flow;

  await links[0]!.resend();

  assert.equal(bodies(start).length, 1);
});

test('A resend that is lost tells the app, and the wait goes on', async () => {
  const { flow, sockets, links } = await waiting({ [start]: [sent, connectionLost()] });

  await assert.rejects(links[0]!.resend(), { code: 'network' });
  sockets[0]!.say(done);

  await flow;
});

test('A resend that the server refuses for good ends the flow', async () => {
  const { flow, links } = await waiting({ [start]: [sent, new Response('', { status: 401 })] });

  await assert.rejects(links[0]!.resend(), { code: 'expired' });

  await assert.rejects(flow, { code: 'expired' });
});

test('A resend that is answered with a step goes on with it', async () => {
  const { flow, links, finishes } = await waiting({ [start]: [sent, { error: { code: 10005 }, next: 'done' }] });

  await links[0]!.resend();

  await flow;
  assert.equal(finishes(), 1);
});

test('The number may be changed, and a refused one leaves the wait as it was', async () => {
  const { flow, sockets, links, bodies } = await waiting({ [start]: [sent, numberRefused, sent] });

  await assert.rejects(links[0]!.changePhoneNumber('2001001698'), {
    code: 'phone_number_refused',
    message: 'no test user',
    serverCode: 8007,
  } as object);
  await links[0]!.changePhoneNumber('2001001695');
  sockets[0]!.say(done);

  await flow;
  assert.deepEqual(bodies(start).slice(1), [
    { mobileNumber: '2001001698', isMobile: false },
    { mobileNumber: '2001001695', isMobile: false },
  ]);
});

for (const serverCode of [8007, 8009, 10003]) {
  test(`A change that is refused with ${serverCode} says so`, async () => {
    const { flow, sockets, links } = await waiting({ [start]: [sent, { next: '', data: { code: serverCode, message: 'no' } }] });

    await assert.rejects(links[0]!.changePhoneNumber('2001001698'), { code: 'phone_number_refused', message: 'no', serverCode } as object);
    sockets[0]!.say(done);

    await flow;
  });
}

test('A number the server does not know is asked for, again if it is refused', async () => {
  const asked: object[] = [];
  const { flow, sockets, bodies } = await waiting(
    { [start]: [numberRefused, sent] },
    {
      token: authToken({ auth: { next: 'mobile/instantlink', subs: { mob: { auths: { inln: { mnp: false } } } } } }),
      instantLink: ({ phoneNumberNeeded, error }) => {
        asked.push({ phoneNumberNeeded, ...(error && { error: error.code }) });
        return phoneNumberNeeded ? { phoneNumber: `200100169${asked.length}` } : null;
      },
    },
  );

  sockets[0]!.say(done);

  await flow;
  assert.deepEqual(asked, [
    { phoneNumberNeeded: true },
    { phoneNumberNeeded: true, error: 'phone_number_refused' },
    { phoneNumberNeeded: false },
  ]);
  assert.deepEqual(bodies(start), [
    { mobileNumber: '2001001691', isMobile: false },
    { mobileNumber: '2001001692', isMobile: false },
  ]);
  assert.equal(sockets.length, 1);
});

test('Without a number nothing is sent', async () => {
  const { flow, paths, sockets } = await waiting(
    { [report]: [done] },
    {
      token: authToken({ auth: { next: 'mobile/instantlink', subs: { mob: { auths: { inln: { mnp: false } } } } } }),
      instantLink: () => null,
    },
  );

  await flow;

  assert.deepEqual(paths(), [report]);
  assert.equal(sockets.length, 0);
});

test('The app may give up', async () => {
  const { flow, links, sockets, bodies } = await waiting({ [start]: [sent], [report]: [done] });

  links[0]!.giveUp();

  await flow;
  assert.deepEqual(bodies(report), [{ message: 'The wait for the link was given up' }]);
  assert.equal(sockets[0]!.isClosed, true);
});

test('A callback that throws gives up', async () => {
  const { flow, paths } = await waiting(
    { [start]: [sent], [report]: [done] },
    {
      instantLink: () => {
        throw new Error('no place to show it');
      },
    },
  );

  await flow;

  assert.deepEqual(paths(), [start, report]);
});

test('No callback is needed', async () => {
  const { sockets, WebSocket } = fakeSockets();
  const { fetch } = fakeServer({ [start]: [sent] });

  const flow = authenticate(authToken({ auth: { next: 'mobile/instantlink' } }), { fetch, WebSocket });
  await settle();
  sockets[0]!.say(done);

  await flow;
});

test('An abort closes the socket and tells the server', async () => {
  const abort = new AbortController();
  const { flow, sockets, links, bodies, finishes } = await waiting({ [start]: [sent], [report]: [done] }, { signal: abort.signal });

  abort.abort();

  await assert.rejects(flow, { name: 'AbortError' });
  assert.equal(sockets[0]!.isClosed, true);
  assert.equal(links[0]!.signal.aborted, true);
  assert.deepEqual(bodies(report), [{ message: 'Aborted by the app' }]);
  assert.equal(finishes(), 0);
});

test('An abort between two sockets opens no other', async (t) => {
  const pass = stopTheClock(t);
  const abort = new AbortController();
  const { flow, sockets } = await waiting({ [start]: [sent], [report]: [done] }, { signal: abort.signal });
  sockets[0]!.lose();

  abort.abort();
  await pass(60);

  await assert.rejects(flow, { name: 'AbortError' });
  assert.equal(sockets.length, 1);
});

test('The digits to match are told once, from the token or from the answer', async () => {
  const answer = { next: '', matchCode: '123456' };
  const tokens = [
    authToken({ matchCode: '123456', auth: { next: 'mobile/instantlink' } }),
    authToken({ auth: { next: 'mobile/instantlink' } }),
  ];
  for (const token of tokens) {
    const digits: string[] = [];
    const { flow, sockets, links } = await waiting({ [start]: [answer] }, { token, onMatchCode: (code) => digits.push(code) });

    await links[0]!.resend();
    sockets[0]!.say(done);

    await flow;
    assert.deepEqual(digits, ['123456']);
  }
});

test('Without link matching no digits are told', async () => {
  const digits: string[] = [];
  const { flow, sockets } = await waiting({ [start]: [sent] }, { onMatchCode: (code) => digits.push(code) });

  sockets[0]!.say(done);

  await flow;
  assert.deepEqual(digits, []);
});

test('A browser that refuses to open a socket is treated as a lost one', async (t) => {
  const pass = stopTheClock(t);
  let constructed = 0;
  const WebSocket = function () {
    constructed++;
    throw new DOMException('mixed content', 'SecurityError');
  } as unknown as typeof globalThis.WebSocket;
  const { flow, paths } = await waiting({ [start]: [sent], [report]: [done] }, { WebSocket });

  for (let attempt = 0; attempt < 9; attempt++) await pass(15);

  await flow;
  assert.equal(constructed, 9);
  assert.deepEqual(paths(), [start, report]);
});
