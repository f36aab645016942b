import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromBase64, toBase64, toBase64Url } from './base64.js';

const bytes = Uint8Array.of(0xfb, 0xef, 0xff, 0xfe, 0);

test('Bytes are written in either alphabet', () => {
  assert.equal(toBase64(bytes), '++///gA=');
  assert.equal(toBase64Url(bytes.buffer), '--___gA');
});

for (const text of ['++///gA=', '++///gA', '--___gA', '--___gA=']) {
  test(`The text ${text} is read`, () => {
    assert.deepEqual(fromBase64(text), bytes);
  });
}
