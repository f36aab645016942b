import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { bundle, manifest, root, sizeLimit } from './bundle.mjs';

const committed = (name) => readFileSync(join(root, 'dist', name), 'utf8');

test('The committed bundle is what the sources give', async () => {
  for (const [name, text] of Object.entries(await bundle())) {
    assert.ok(committed(name) === text, `dist/${name} is out of date: npm run build`);
  }
});

test('The bundle is under seven kilobytes, minified and gzipped', (t) => {
  const size = gzipSync(committed('countersign.js'), { level: 9 }).length;

  t.diagnostic(`${size} bytes`);
  assert.ok(size < sizeLimit, `${size} bytes`);
});

test('The bundle exports the public functions and nothing else', async () => {
  const sdk = await import(join(root, 'dist/countersign.js'));

  assert.deepEqual(Object.keys(sdk).sort(), ['authenticate', 'forgetDevice', 'isCountersignError', 'isMobile', 'resume']);
});

test('The version told to the server is that of the package', () => {
  assert.ok(readFileSync(join(root, 'src/helpers/version.ts'), 'utf8').includes(`'${manifest.version}'`));
});
