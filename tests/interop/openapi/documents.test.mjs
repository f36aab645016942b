// Holds every document in openapi/ to the strict rules of a public linter (Redocly), with none left out and no file of exceptions.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

const interop = fileURLToPath(new URL('..', import.meta.url));
const documents = fileURLToPath(new URL('../../../openapi/', import.meta.url));
const names = readdirSync(documents).filter((name) => name.endsWith('.json'));

test('there are documents to look at', () => assert.ok(names.includes('v3.json') && names.length >= 4, names.join()));

for (const name of names) {
  test(`${name} keeps to the strict rules`, () => {
    const { status, output } = lint(join(documents, name));
    assert.equal(status, 0, output);
  });
}

test('a document that sends what its schema does not list is refused', () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-lint-'));
  try {
    const document = JSON.parse(readFileSync(join(documents, 'sandbox.json'), 'utf8'));
    document.paths['/sandbox/clock'].post.requestBody.content['application/json'].example.unlisted = 1;
    const file = join(folder, 'sandbox.json');
    writeFileSync(file, JSON.stringify(document));

    const { status, output } = lint(file);

    assert.notEqual(status, 0);
    assert.match(output, /unlisted/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** In a process of its own, as its users run it; it calls nobody. */
function lint(file) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(interop, 'node_modules/@redocly/cli/bin/cli.js'), 'lint', file, '--config', join(interop, 'redocly.yaml')],
    { cwd: interop, encoding: 'utf8', env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' } },
  );
  return { status, output: stdout + stderr };
}
