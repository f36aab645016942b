// Makes the bundle and its types, in memory: build.mjs writes them, check.mjs and dist.test.mjs compare them.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export const root = fileURLToPath(new URL('..', import.meta.url));
export const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Bytes, minified and gzipped. */
export const sizeLimit = 7 * 1024;

const banner = `/*! ${manifest.name} ${manifest.version} | Apache-2.0 */\n`;

export async function bundle() {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['src/index.ts'],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    banner: { js: banner.trimEnd() },
    write: false,
  });
  return { 'countersign.js': outputFiles[0].text, 'countersign.d.ts': declarations() };
}

/** The public files of src/index.ts as one: each is small and imports types only, so they can stand one after the other. */
function declarations() {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-types-'));
  try {
    typeScript('--project', 'tsconfig.json', '--noEmit', 'false', '--declaration', '--emitDeclarationOnly', '--outDir', folder);
    const parts = ['types', 'authenticate', 'forgetDevice', 'helpers/isCountersignError', 'helpers/isMobile', 'resume'].map((name) =>
      readFileSync(join(folder, `${name}.d.ts`), 'utf8').replace(/^import .*\n/gm, ''),
    );
    return banner + parts.join('');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function typeScript(...options) {
  execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...options], { cwd: root, stdio: 'inherit' });
}
