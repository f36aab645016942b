import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { authenticate } from '../authenticate.js';
import { authToken } from '../testing/authToken.js';
import { connectionLost, fakeServer } from '../testing/fakeServer.js';
import { settle } from '../testing/settle.js';
import type { OtpAnswer, OtpRequest } from '../types.js';

const token = authToken({ auth: { next: 'mobile/otp' } });
const tokenWithoutNumber = authToken({ auth: { next: 'mobile/otp', subs: { mob: { auths: { otp: { mnp: false } } } } } });
const sent = { next: '' };
const wrong = { next: 'mobile/otp', data: { code: 10001, message: 'wrong' } };
const done = { next: 'done' };
const numberRefused = { next: '', data: { code: 8007, message: 'no test user' } };

/** A person who answers each prompt with the next of a list. */
function person(...answers: OtpAnswer[]) {
  const prompts: Omit<OtpRequest, 'signal'>[] = [];
  return {
    prompts,
    otp: ({ signal, ...prompt }: OtpRequest) => {
      prompts.push(prompt);
      return answers[prompts.length - 1];
    },
  };
}

const first = { phoneNumberNeeded: false, attempt: 1 };

test('The text is sent, and the right code ends the step', async () => {
  const { fetch, bodies } = fakeServer({ 'mobile/otp/start': [sent], 'mobile/otp/finish': [done] });
  const { otp, prompts } = person({ code: '1234' });

  await authenticate(token, { fetch, otp });

  assert.deepEqual(prompts, [first]);
  assert.deepEqual(bodies('mobile/otp/start'), [{}]);
  assert.deepEqual(bodies('mobile/otp/finish'), [{ otp: '1234' }]);
});

test('A flow decided already asks for no code', async () => {
  const { fetch } = fakeServer({ 'mobile/otp/start': [done] });
  const { otp, prompts } = person('1234');
  let finishes = 0;

  await authenticate(token, { fetch, otp, onFinish: () => void finishes++ });

  assert.equal(prompts.length, 0);
  assert.equal(finishes, 1);
});

test('White space in a code does not matter', async () => {
  const { fetch, bodies } = fakeServer({ 'mobile/otp/start': [sent], 'mobile/otp/finish': [done] });

  await authenticate(token, { fetch, otp: () => ' 123 456\n' });

  assert.deepEqual(bodies('mobile/otp/finish'), [{ otp: '123456' }]);
});

test('A wrong code is asked for again, with the reason and the number of the attempt', async () => {
  const { fetch, bodies } = fakeServer({ 'mobile/otp/start': [sent], 'mobile/otp/finish': [wrong, wrong, done] });
  const { otp, prompts } = person('1', '2', '3');

  await authenticate(token, { fetch, otp });

  const error = { code: 'wrong_code', message: 'wrong', serverCode: 10001 };
  assert.deepEqual(prompts, [first, { phoneNumberNeeded: false, attempt: 2, error }, { phoneNumberNeeded: false, attempt: 3, error }]);
  assert.equal(bodies('mobile/otp/start').length, 1);
});

test('The last wrong code finishes the flow', async () => {
  const { fetch } = fakeServer({
    'mobile/otp/start': [sent],
    'mobile/otp/finish': [{ error: { code: 10005, message: 'no more' }, next: 'done' }],
  });
  const { otp, prompts } = person('1', '2');
  let finishes = 0;

  await authenticate(token, { fetch, otp, onFinish: () => void finishes++ });

  assert.equal(prompts.length, 1);
  assert.equal(finishes, 1);
});

test('A resend sends the text again and is no attempt', async () => {
  const { fetch, bodies } = fakeServer({ 'mobile/otp/start': [sent], 'mobile/otp/finish': [wrong, done] });
  const { otp, prompts } = person('1', { resend: true }, '2');

  await authenticate(token, { fetch, otp });

  assert.deepEqual(bodies('mobile/otp/start'), [{}, {}]);
  assert.deepEqual(prompts[2], { phoneNumberNeeded: false, attempt: 2 });
});

test('A number the server does not know is asked for before anything is sent', async () => {
  const { fetch, bodies } = fakeServer({ 'mobile/otp/start': [numberRefused, sent], 'mobile/otp/finish': [done] });
  const { otp, prompts } = person({ phoneNumber: '2001001698' }, { phoneNumber: '2001001695' }, '1234');

  await authenticate(tokenWithoutNumber, { fetch, otp });

  const error = { code: 'phone_number_refused', message: 'no test user', serverCode: 8007 };
  assert.deepEqual(prompts, [{ phoneNumberNeeded: true, attempt: 1 }, { phoneNumberNeeded: true, attempt: 1, error }, first]);
  assert.deepEqual(bodies('mobile/otp/start'), [{ mobileNumber: '2001001698' }, { mobileNumber: '2001001695' }]);
});

test('A known number that is refused is asked for', async () => {
  const { fetch, bodies } = fakeServer({ 'mobile/otp/start': [numberRefused, sent], 'mobile/otp/finish': [done] });
  const { otp, prompts } = person({ phoneNumber: '2001001695' }, '1234');

  await authenticate(token, { fetch, otp });

  assert.equal(prompts[0]!.phoneNumberNeeded, true);
  assert.equal(prompts[0]!.error?.code, 'phone_number_refused');
  assert.deepEqual(bodies('mobile/otp/start'), [{}, { mobileNumber: '2001001695' }]);
});

test('After a refused change of number the code sent before may still be typed', async () => {
  const { fetch, bodies } = fakeServer({ 'mobile/otp/start': [sent, numberRefused], 'mobile/otp/finish': [done] });
  const { otp, prompts } = person({ phoneNumber: '2001001698' }, '1234');

  await authenticate(token, { fetch, otp });

  assert.equal(prompts[1]!.phoneNumberNeeded, false);
  assert.equal(prompts[1]!.error?.code, 'phone_number_refused');
  assert.deepEqual(bodies('mobile/otp/finish'), [{ otp: '1234' }]);
});

test('Another number gets the code, and the attempts go on', async () => {
  const { fetch, bodies } = fakeServer({ 'mobile/otp/start': [sent], 'mobile/otp/finish': [wrong, done] });
  const { otp, prompts } = person('1', { phoneNumber: '2001001695' }, '2');

  await authenticate(token, { fetch, otp });

  assert.deepEqual(bodies('mobile/otp/start'), [{}, { mobileNumber: '2001001695' }]);
  assert.deepEqual(prompts[2], { phoneNumberNeeded: false, attempt: 2 });
});

test('A resend after a change asks for no number again', async () => {
  const { fetch, bodies } = fakeServer({ 'mobile/otp/start': [sent], 'mobile/otp/finish': [done] });
  const { otp } = person({ phoneNumber: '2001001695' }, { resend: true }, '1');

  await authenticate(token, { fetch, otp });

  assert.deepEqual(bodies('mobile/otp/start'), [{}, { mobileNumber: '2001001695' }, {}]);
});

for (const serverCode of [8007, 8009, 10003]) {
  test(`A change that is refused with ${serverCode} says so`, async () => {
    const refused = { next: '', data: { code: serverCode, message: 'no' } };
    const { fetch } = fakeServer({ 'mobile/otp/start': [sent, refused], 'mobile/otp/finish': [done] });
    const { otp, prompts } = person({ phoneNumber: '2001001698' }, '1234');

    await authenticate(token, { fetch, otp });

    assert.deepEqual(prompts[1], { ...first, error: { code: 'phone_number_refused', message: 'no', serverCode } });
  });
}

test('A code that was lost on its way is asked for again, as no attempt', async () => {
  const { fetch } = fakeServer({ 'mobile/otp/start': [sent], 'mobile/otp/finish': [connectionLost(), done] });
  const { otp, prompts } = person('1234', '1234');

  await authenticate(token, { fetch, otp });

  assert.equal(prompts[1]!.error?.code, 'network');
  assert.equal(prompts[1]!.attempt, 1);
});

test('A code that is lost three times in a row is reported', async () => {
  const { fetch, bodies } = fakeServer({ 'mobile/otp/start': [sent], 'mobile/otp/finish': [connectionLost()], 'mobile/otp/error': [done] });

  await authenticate(token, { fetch, otp: () => '1234' });

  assert.equal(bodies('mobile/otp/finish').length, 3);
  assert.deepEqual(bodies('mobile/otp/error'), [{ message: 'The server did not answer' }]);
});

test('Only losses in a row are counted', async () => {
  const lost = connectionLost();
  const { fetch } = fakeServer({ 'mobile/otp/start': [sent], 'mobile/otp/finish': [lost, lost, wrong, lost, lost, done] });
  const { otp, prompts } = person('1', '1', '1', '2', '2', '2');

  await authenticate(token, { fetch, otp });

  assert.equal(prompts.length, 6);
});

const waysToGiveUp: [string, () => OtpAnswer | Promise<OtpAnswer>][] = [
  ['answers null', () => null],
  ['answers nothing', () => {}],
  ['rejects', () => Promise.reject(new Error('closed, with +1 200 100 4012 in its text'))],
  [
    'throws',
    () => {
      throw new Error('closed');
    },
  ],
];

for (const [name, otp] of waysToGiveUp) {
  test(`A callback that ${name} gives up, and the server says how to go on`, async () => {
    const { fetch, bodies } = fakeServer({ 'mobile/otp/start': [sent], 'mobile/otp/error': [done] });
    let finishes = 0;

    await authenticate(token, { fetch, otp, onFinish: () => void finishes++ });

    assert.deepEqual(bodies('mobile/otp/error'), [{ message: 'No code was given' }]);
    assert.equal(finishes, 1);
  });
}

test('Giving up where the server names no other way rejects with gave_up', async () => {
  const { fetch } = fakeServer({ 'mobile/otp/start': [sent], 'mobile/otp/error': [{ next: '' }] });

  await assert.rejects(authenticate(token, { fetch, otp: () => null }), { code: 'gave_up' });
});

test('Without a callback no text is sent', async () => {
  const { fetch, paths } = fakeServer({ 'mobile/otp/error': [done] });

  await authenticate(token, { fetch });

  assert.deepEqual(paths(), ['mobile/otp/error']);
});

test('An abort closes the prompt', async () => {
  const abort = new AbortController();
  let prompt: AbortSignal | undefined;
  const { fetch, bodies } = fakeServer({ 'mobile/otp/start': [sent], 'mobile/otp/error': [done] });

  const flow = authenticate(token, {
    fetch,
    signal: abort.signal,
    otp: ({ signal }) => {
      prompt = signal;
      return new Promise(() => {});
    },
  });
  await settle();
  assert.equal(prompt?.aborted, false);
  abort.abort();

  await assert.rejects(flow, { name: 'AbortError' });
  assert.equal(prompt?.aborted, true);
  assert.deepEqual(bodies('mobile/otp/error'), [{ message: 'Aborted by the app' }]);
});

/** A browser with WebOTP: `offer` is the person agreeing to hand over the code of a text. */
function browserWithWebOtp() {
  const listening: { options: CredentialRequestOptions; offer: (code: string) => void; decline: () => void }[] = [];
  const get = (options: CredentialRequestOptions) =>
    new Promise((resolve, reject) =>
      listening.push({ options, offer: (code) => resolve({ code }), decline: () => reject(new Error('declined')) }),
    );
  Object.assign(globalThis, { OTPCredential: class {} });
  Object.defineProperty(globalThis, 'navigator', { value: { credentials: { get } }, configurable: true });
  return listening;
}

const navigatorBefore = Object.getOwnPropertyDescriptor(globalThis, 'navigator');

afterEach(() => {
  delete (globalThis as Record<string, unknown>)['OTPCredential'];
  delete (globalThis as Record<string, unknown>)['navigator'];
  if (navigatorBefore) Object.defineProperty(globalThis, 'navigator', navigatorBefore);
});

test('The browser may read the code from the text, which closes the prompt', async () => {
  const listening = browserWithWebOtp();
  let prompt: AbortSignal | undefined;
  const { fetch, bodies } = fakeServer({ 'mobile/otp/start': [sent], 'mobile/otp/finish': [done] });

  const flow = authenticate(token, {
    fetch,
    otp: ({ signal }) => {
      prompt = signal;
      return new Promise(() => {});
    },
  });
  await settle();
  assert.deepEqual((listening[0]!.options as { otp?: object }).otp, { transport: ['sms'] });
  listening[0]!.offer('1234');

  await flow;
  assert.deepEqual(bodies('mobile/otp/finish'), [{ otp: '1234' }]);
  assert.equal(prompt?.aborted, true);
});

test('The browser listens before the text is sent, and no longer than the person types', async () => {
  const listening = browserWithWebOtp();
  const { fetch } = fakeServer({
    'mobile/otp/start': [
      () => {
        assert.equal(listening.length, 1);
        return sent;
      },
    ],
    'mobile/otp/finish': [wrong, done],
  });

  await authenticate(token, { fetch, otp: () => '1234' });

  assert.equal(listening.length >= 2, true);
  assert.equal(listening.every(({ options }) => options.signal?.aborted), true);
});

test('A person who declines types the code', async () => {
  const listening = browserWithWebOtp();
  let type: (code: string) => void = () => {};
  const { fetch, bodies } = fakeServer({ 'mobile/otp/start': [sent], 'mobile/otp/finish': [done] });

  const flow = authenticate(token, { fetch, otp: () => new Promise<string>((resolve) => (type = resolve)) });
  await settle();
  listening[0]!.decline();
  await settle();
  type('1234');

  await flow;
  assert.deepEqual(bodies('mobile/otp/finish'), [{ otp: '1234' }]);
});

test('An app may keep the browser from reading the text', async () => {
  const listening = browserWithWebOtp();
  const { fetch } = fakeServer({ 'mobile/otp/start': [sent], 'mobile/otp/finish': [done] });

  await authenticate(token, { fetch, webOtp: false, otp: () => '1234' });

  assert.equal(listening.length, 0);
});
