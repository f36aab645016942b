import assert from 'node:assert/strict';
import { test } from 'node:test';
import { authToken } from '../testing/authToken.js';
import { readToken } from './readToken.js';

test('The claims the browser needs are read', () => {
  const token = readToken(authToken({ matchCode: '123456', auth: { next: 'mobile/instantlink' } }));

  assert.equal(token.authId, 'auth-1');
  assert.equal(token.origin, 'https://id.example.com');
  assert.equal(token.next, 'mobile/instantlink');
  assert.equal(token.matchCode, '123456');
  assert.equal(token.knowsNumberForOtp, true);
  assert.equal(token.knowsNumberForLink, true);
  assert.equal(token.namespace, 'space');
  assert.equal(token.challenge, 'challenge');
  assert.equal(token.wantsPasskey, false);
});

for (const [uvlvl, wantsPasskey] of [['none', false], ['pref', true], ['req', true], ['other', false], [undefined, false]] as const) {
  test(`With the level ${uvlvl} a passkey is ${wantsPasskey ? '' : 'not '}wanted`, () => {
    const token = readToken(authToken({ auth: { subs: { dev: { auths: { pasv: { cdt: true, uvlvl } } } } } }));

    assert.equal(token.wantsPasskey, wantsPasskey);
  });
}

test('Base64url, base64, padding and letters beyond ASCII are all read', () => {
  const payload = { auth: { id: 'ü?>~ÿ?', endp: 'https://id.example.com', next: 'done' } };
  const text = Buffer.from(JSON.stringify(payload));

  for (const segment of [text.toString('base64url'), text.toString('base64'), text.toString('base64').replace(/=+$/, '')]) {
    assert.equal(readToken(`e30.${segment}.`).authId, 'ü?>~ÿ?');
  }
});

test('A path or a slash after the origin is dropped', () => {
  assert.equal(readToken(authToken({ auth: { endp: 'https://ID.example.com:443/prefix/' } })).origin, 'https://id.example.com');
});

test('A number that is not known is told for each method', () => {
  const token = readToken(authToken({ auth: { subs: { mob: { auths: { otp: { mnp: false }, inln: { mnp: false } } } } } }));

  assert.equal(token.knowsNumberForOtp, false);
  assert.equal(token.knowsNumberForLink, false);
});

const unreadable: Record<string, string> = {
  'nothing at all': '',
  'one segment': 'abc',
  'no base64': 'e30.***.x',
  'no JSON': `e30.${Buffer.from('hello').toString('base64url')}.x`,
  'no auth claim': `e30.${Buffer.from('{}').toString('base64url')}.x`,
  'no origin': authToken({ auth: { endp: undefined } }),
  'no first step': authToken({ auth: { next: undefined } }),
  'no id': authToken({ auth: { id: undefined } }),
};

for (const [name, text] of Object.entries(unreadable)) {
  test(`A token with ${name} is invalid`, () => {
    assert.throws(() => readToken(text), { name: 'CountersignError', code: 'token_invalid' });
  });
}
