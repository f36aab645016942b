import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isMobile } from './isMobile.js';

const browsers: [string, number, boolean][] = [
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Mobile/15E148 Safari/604.1', 5, true],
  ['Mozilla/5.0 (Linux; Android 16; Pixel 10) Chrome/156.0.0.0 Mobile Safari/537.36', 5, true],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/19.0 Safari/605.1.15', 5, true],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/19.0 Safari/605.1.15', 0, false],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/156.0.0.0 Safari/537.36', 10, false],
  ['Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0.0.0 Safari/537.36', 0, false],
];

for (const [userAgent, maxTouchPoints, expected] of browsers) {
  test(`${userAgent} with ${maxTouchPoints} touch points is ${expected ? '' : 'not '}mobile`, () => {
    assert.equal(isMobile({ userAgent, maxTouchPoints } as Navigator), expected);
  });
}
