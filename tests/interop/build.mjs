// Makes dist/, a folder to be served as it is: both pages with their scripts. The published SDK is bundled for the test run only;
// nothing of it is committed.
import { cpSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('.', import.meta.url));

rmSync(`${root}dist`, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: ['src/published-browser.ts', 'src/our-browser.ts'],
  outdir: 'dist',
  bundle: true,
  format: 'iife',
  target: 'es2022',
  define: { global: 'globalThis', 'process.env.NODE_ENV': '"production"' },
});
cpSync(`${root}pages`, `${root}dist`, { recursive: true });
