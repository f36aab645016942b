// Runs the core's tests on each change that Stryker.NET has made, and writes into its report what became of it.
//   node run.mjs <mutation-report.json> <program of the tests> [--concurrency N] [folder ...]
// A change is killed by a test that fails with it and passes without. What the tests of one process have left behind, as a value that is
// computed once, must not decide: a kill that cannot be told from that, and a change in such a value that nobody noticed, is tried again in
// a process of its own.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [reportFile, program, ...rest] = process.argv.slice(2);
const concurrency = rest[0] === '--concurrency' ? Number(rest.splice(0, 2)[1]) : 2;
const report = JSON.parse(readFileSync(reportFile, 'utf8'));
const all = Object.entries(report.files).flatMap(([path, { mutants }]) =>
  mutants.map((mutant) => ({ mutant, folder: path.replace(/^.*Countersign\.Core\//, '').split('/').slice(0, -1) })));
// The others do not compile, or say nothing that another does not.
const inForce = new Set(['Killed', 'Survived', 'NoCoverage', 'Timeout', 'RuntimeError']);
const asked = all.filter(({ mutant, folder }) =>
  inForce.has(mutant.status) && (rest.length === 0 || rest.some((one) => `${folder.join('/')}/`.startsWith(`${one}/`))));
for (const { mutant } of all) mutant.status = 'Ignored';

const classes = await measure();
let done = 0;
for (const { mutant } of asked) mutant.status = 'Pending';
const queue = [...asked];
await Promise.all(Array.from({ length: concurrency }, workThrough));
writeFileSync(reportFile, JSON.stringify(report));

/** What each class of tests comes by, and the processor time that it takes. */
async function measure() {
  const worker = start();
  const names = (await worker.ask('classes', 120)).split(' ');
  const measured = [];
  for (const name of names) {
    const before = worker.processorTime();
    const [outcome, met] = (await worker.ask(`cover ${name}`, 600)).split(' ');
    if (outcome !== 'passed') throw new Error(`${name} fails on the code as it is.`);
    measured.push({ name, takes: worker.processorTime() - before, met: new Set(met.split(',').filter(Boolean)) });
  }
  worker.end();
  return measured.sort((one, other) => one.takes - other.takes);
}

async function workThrough() {
  let worker = start();
  while (queue.length > 0) {
    const { mutant, folder } = queue.shift();
    const covering = inOrder(mutant.id, folder[0]);
    let became = await tryOut(worker, mutant.id, covering);
    if (became.isInDoubt || (became.status === 'Survived' && mutant.static)) {
      worker.end();
      worker = start();
      became = await tryOut(worker, mutant.id, covering);
    }
    if (worker.hasEnded) worker = start();
    mutant.status = became.status;
    if (++done % 200 === 0) {
      console.error(`${new Date().toISOString().slice(11, 19)} ${done} of ${asked.length}`);
      writeFileSync(reportFile, JSON.stringify(report));
    }
  }
  worker.end();
}

/** The classes that come by a change: first those that are about its folder, then of the others those that are quick. */
function inOrder(id, folder) {
  const isNear = ({ name }) => name.includes(`.${folder}.`);
  const covering = classes.filter(({ met }) => met.has(id));
  return [...covering.filter(isNear), ...covering.filter((one) => !isNear(one) && one.takes < 0.5)];
}

async function tryOut(worker, id, covering) {
  if (covering.length === 0) return { status: 'NoCoverage' };
  for (const { name, takes } of covering) {
    const answer = await worker.ask(`run ${id} ${name}`, 3 + 5 * takes);
    if (answer === 'too long') return { status: 'Timeout' };
    if (answer === 'ended') return { status: 'Killed', isInDoubt: true };
    if (answer === 'failed') {
      return { status: 'Killed', isInDoubt: (await worker.ask(`run -1 ${name}`, 3 + 5 * takes)) !== 'passed' };
    }
  }
  return { status: 'Survived' };
}

/** A process of the tests. Its limits are of processor time, which a busy machine does not use up, and tenfold of the other. */
function start() {
  const env = { ...process.env, DOTNET_TieredPGO: '0', DOTNET_GCHeapHardLimit: '0x60000000', DOTNET_gcConcurrent: '0' };
  const child = spawn(program, { stdio: ['pipe', 'pipe', 'ignore'], env });
  const worker = {
    hasEnded: false,
    end() {
      worker.hasEnded = true;
      child.kill('SIGKILL');
    },
    processorTime() {
      if (worker.hasEnded) return 0;
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
      return (Number(fields[11]) + Number(fields[12])) / 100;
    },
    ask(order, seconds) {
      if (worker.hasEnded) return Promise.resolve('ended');
      return new Promise((resolve) => {
        const [before, begun] = [worker.processorTime(), Date.now()];
        const look = setInterval(() => {
          if (worker.hasEnded) return answer('ended');
          if (worker.processorTime() - before > seconds || Date.now() - begun > 60000 + 10000 * seconds) {
            worker.end();
            answer('too long');
          }
        }, 200);
        const answer = (text) => {
          clearInterval(look);
          waiting = undefined;
          resolve(text);
        };
        waiting = answer;
        child.stdin.write(`${order}\n`);
      });
    },
  };
  let waiting;
  createInterface({ input: child.stdout }).on('line', (line) => waiting?.(line));
  child.stdin.on('error', () => {});
  child.on('exit', () => {
    worker.hasEnded = true;
    waiting?.('ended');
  });
  return worker;
}
