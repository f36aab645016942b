import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle, root } from './bundle.mjs';

mkdirSync(join(root, 'dist'), { recursive: true });
for (const [name, text] of Object.entries(await bundle())) writeFileSync(join(root, 'dist', name), text);
