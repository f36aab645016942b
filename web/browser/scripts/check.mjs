import { execFileSync } from 'node:child_process';
import { root, typeScript } from './bundle.mjs';

typeScript('--project', 'tsconfig.json');
typeScript('--project', 'tsconfig.test.json');
typeScript('--project', 'tsconfig.examples.json');
execFileSync(process.execPath, ['--test', 'scripts/dist.test.mjs'], { cwd: root, stdio: 'inherit' });
