// Plays every operation and every kind of wrong call against a built server and prints the answers, with what differs from run to run
// masked. Two versions that print the same text give the same answers:
//   node tests/answers/record.mjs <Countersign.Server> sandbox|live sqlite|postgres [SETTING=VALUE …] > answers.txt
// More settings are for Live.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCaller } from './caller.mjs';
import { liveFlows } from './live.mjs';
import { createMasks } from './masks.mjs';
import { sandboxFlows } from './sandbox.mjs';
import { freePort, startPostgres, startProviders, startServer, temporaryFolder } from './server.mjs';
import { everyOperation } from './operations.mjs';

const [program, mode = 'sandbox', store = 'sqlite', ...more] = process.argv.slice(2);
if (!program || !['sandbox', 'live'].includes(mode) || !['sqlite', 'postgres'].includes(store)) {
  console.error('node tests/answers/record.mjs <Countersign.Server> sandbox|live sqlite|postgres');
  process.exit(2);
}

const secret = 'answers-answers-answers-answers-1234';
const { folder, remove } = temporaryFolder();
const providers = await startProviders();
const postgres = store === 'postgres' ? await startPostgres() : null;
const port = await freePort();
const origin = `http://127.0.0.1:${port}`;
// An older server has the admin API among everything else.
const hasAdminAddress = execFileSync(program, ['--help'], { encoding: 'utf8' }).includes('Admin:Urls');
const admin = hasAdminAddress ? `http://127.0.0.1:${await freePort()}` : origin;
const common = {
  urls: origin,
  'Countersign:Store': postgres?.connection ?? `Data Source=${join(folder, 'answers.db')}`,
  'Countersign:EncryptionKey': Buffer.alloc(32, 7).toString('base64'),
  'Countersign:Admin:Keys:ops': secret,
  ...(hasAdminAddress ? { 'Countersign:Admin:Urls': admin } : {}),
};
const settings = mode === 'sandbox'
  ? { ...common, 'Countersign:Sandbox:ClientId': 'shop', 'Countersign:Sandbox:ClientSecret': secret }
  : {
      ...common,
      'Countersign:Mode': 'Live',
      'Countersign:PublicUrl': origin,
      'Countersign:Countries': 'US,GB',
      'Countersign:RequestsPerSecond': '100000',
      'Countersign:HelpText': 'Write STOP to stop.',
      'Countersign:Gateways:own:Type': 'webhook',
      'Countersign:Gateways:own:Url': `${providers.address}/send`,
      'Countersign:Gateways:own:Secret': secret,
      'Countersign:Gateways:own:Sender': '+12025550100',
      'Countersign:IdentitySources:0:Type': 'records',
      'Countersign:IdentitySources:0:StopOn': 'Matched',
      'Countersign:IdentitySources:1:Type': 'http',
      'Countersign:IdentitySources:1:Url': `${providers.address}/match`,
      'Countersign:IdentitySources:1:Key': secret,
      'Countersign:IdentitySources:1:AllowPrivateNetwork': 'true',
      ...project('shop', secret), ...project('bank', `${secret}5`),
      'Countersign:Projects:bank:ErrorCodes': 'Legacy',
      'Countersign:Projects:bank:StartShape': 'Identity',
      'Countersign:Projects:bank:LinkConfirmation': 'Match',
      'Countersign:Projects:bank:IdentityReasons': 'Full',
      'Countersign:Projects:bank:GuessProbability': '0.0006',
      ...Object.fromEntries(more.map(setting => setting.split('=')).map(([name, value]) => [`Countersign:${name}`, value])),
    };

let failed = false;
try {
  const server = await start();
  try {
    const caller = createCaller(path => /^\/admin(\/|$)|^\/openapi\/admin/.test(path) ? admin : server.address, createMasks(), text => process.stdout.write(`${text}\n`));
    const documents = Object.fromEntries(['v3', 'browser', 'admin', 'sandbox'].map(name =>
      [name, JSON.parse(readFileSync(new URL(`../../openapi/${name}.json`, import.meta.url), 'utf8'))]));
    const play = { ...caller, documents, mode, secret, providers, origin };
    await (mode === 'sandbox' ? sandboxFlows(play) : liveFlows(play));
    await everyOperation(play);
    caller.end();
  } finally {
    await server.stop();
  }
} catch (error) {
  console.error(error);
  failed = true;
} finally {
  await postgres?.stop();
  await providers.stop();
  remove();
}
process.exitCode = failed ? 1 : 0;

/** With the permissions that one-call verify needs; a version from before them knows no such setting and needs none. */
async function start() {
  const types = ['VerifiedUser', 'AccountOpening', 'HumanAssurance', 'Prefill', 'PrefillForBiz', 'IdentityResolution'];
  const permissions = mode === 'sandbox' ? {} : Object.fromEntries(['shop', 'bank'].flatMap(id =>
    types.map((type, i) => [`Countersign:Projects:${id}:OneCall:${i}`, type])));
  try {
    return await startServer(program, { ...settings, ...permissions }, folder);
  } catch (error) {
    if (!String(error).includes('OneCall')) throw error;
    return await startServer(program, settings, folder);
  }
}

function project(id, clientSecret) {
  return {
    [`Countersign:Projects:${id}:Name`]: id,
    [`Countersign:Projects:${id}:LinkConfirmation`]: 'Tap',
    [`Countersign:Projects:${id}:Clients:${id}`]: clientSecret,
    [`Countersign:Projects:${id}:TargetUrls`]: 'https://shop.example/verified',
  };
}
