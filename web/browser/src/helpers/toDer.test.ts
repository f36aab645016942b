import assert from 'node:assert/strict';
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { test } from 'node:test';
import { toDer } from './toDer.js';

/** 32 bytes that end with these. */
const half = (...end: number[]) => [...Array<number>(32 - end.length).fill(0), ...end];
const all = (value: number) => Array<number>(32).fill(value);

const rules: [string, number[], number[]][] = [
  ['two plain numbers are taken as they are', [...all(0x11), ...all(0x7f)], [0x30, 68, 2, 32, ...all(0x11), 2, 32, ...all(0x7f)]],
  [
    'a first bit that is set gets a zero before it',
    [...all(0x80), ...all(0xff)],
    [0x30, 70, 2, 33, 0, ...all(0x80), 2, 33, 0, ...all(0xff)],
  ],
  ['leading zeros are dropped', [...half(1, 2), ...half(0x7f)], [0x30, 7, 2, 2, 1, 2, 2, 1, 0x7f]],
  ['zeros inside and at the end stay', [...half(1, 0, 2, 0), ...half(5, 0)], [0x30, 10, 2, 4, 1, 0, 2, 0, 2, 2, 5, 0]],
  [
    'after leading zeros a first bit that is set gets one back',
    [...half(0x80), ...half(0xff, 0)],
    [0x30, 9, 2, 2, 0, 0x80, 2, 3, 0, 0xff, 0],
  ],
  ['only one of the halves may need it', [...all(0x7f), ...all(0x80)], [0x30, 69, 2, 32, ...all(0x7f), 2, 33, 0, ...all(0x80)]],
  ['nought is one byte', [...half(), ...half(1)], [0x30, 6, 2, 1, 0, 2, 1, 1]],
];

for (const [name, signature, der] of rules) {
  test(`In DER ${name}`, () => {
    assert.deepEqual([...toDer(Uint8Array.from(signature))], der);
  });
}

test('Whatever a key signs can be verified as DER', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

  for (let text = 0; text < 600; text++) {
    const data = Buffer.from(`text ${text}`);
    const signature = toDer(sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' }));
    assert.ok(verify('sha256', data, { key: publicKey, dsaEncoding: 'der' }, signature));
  }
});
