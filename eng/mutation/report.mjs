// Prints every mutant of a run of Stryker.NET that no test noticed, what became of the planted ones, and the scores.
//   node report.mjs <mutation-report.json>
import { readdirSync, readFileSync } from 'node:fs';

const planted = readPlanted(new URL('planted/', import.meta.url));
const total = newScore();
const folders = {};
const unnoticed = [];
for (const [path, { source, mutants }] of Object.entries(JSON.parse(readFileSync(process.argv[2], 'utf8')).files)) {
  const file = path.replace(/^.*Countersign\.Core\//, '');
  const lines = source.split('\n');
  for (const mutant of mutants) {
    // The others are of folders that were not asked for, or do not compile.
    if (!(mutant.status in total)) continue;
    for (const score of [total, (folders[file.split('/')[0]] ??= newScore())]) score[mutant.status]++;
    if (mutant.status === 'Survived' || mutant.status === 'NoCoverage') unnoticed.push(describe(file, lines, mutant));
    for (const plant of planted) if (isThe(plant, file, lines, mutant)) plant.statuses.push(mutant.status);
  }
}

const met = planted.filter(({ statuses }) => statuses.length > 0);
const alive = met.filter(({ statuses }) => statuses.some((status) => status !== 'Killed'));
console.log(unnoticed.join('\n'));
for (const { patch, statuses } of alive) console.log(`${patch} was to be killed: ${statuses.join(', ')}`);
console.log(`\n${met.length - alive.length} of the ${met.length} planted mutants in this code killed`);
for (const [folder, score] of Object.entries(folders).sort()) console.log(inWords(folder, score));
console.log(inWords('Core', total));
process.exitCode = sizeOf(total) === 0 || alive.length > 0 ? 1 : 0;

function newScore() {
  return { Killed: 0, Survived: 0, NoCoverage: 0, Timeout: 0 };
}

function sizeOf(score) {
  return score.Killed + score.Survived + score.NoCoverage + score.Timeout;
}

function inWords(name, score) {
  const all = sizeOf(score);
  const percent = all === 0 ? 'none' : `${((100 * (score.Killed + score.Timeout)) / all).toFixed(1)} %`;
  return `${name}: ${percent} of ${all} mutants killed ` +
    `(${score.Killed} killed, ${score.Survived} survived, ${score.NoCoverage} not covered, ${score.Timeout} timed out)`;
}

function describe(file, lines, { status, location, replacement, mutatorName }) {
  const { line } = location.start;
  const instead = (replacement ?? mutatorName).replace(/\s+/g, ' ').slice(0, 200);
  return `${file}:${line}: ${lines[line - 1].trim()}\n    ${status}: ${instead}`;
}

/** Of each patch the one line that it takes and the one that it writes. */
function readPlanted(folder) {
  return readdirSync(folder).map((patch) => {
    const text = readFileSync(new URL(patch, folder), 'utf8');
    const file = /^\+\+\+ b\/src\/Countersign\.Core\/(\S+)/m.exec(text)[1];
    const [before, after] = [/^-(?!--)(.*)$/m, /^\+(?!\+\+)(.*)$/m].map((line) => bare(line.exec(text)[1]));
    return { patch, file, before, after, statuses: [] };
  });
}

function isThe(plant, file, lines, { location: { start, end }, replacement }) {
  const line = lines[start.line - 1];
  return (
    file === plant.file && start.line === end.line && bare(line) === plant.before &&
    bare(line.slice(0, start.column - 1) + replacement + line.slice(end.column - 1)) === plant.after
  );
}

/** Stryker puts parentheses and spaces where people do not. */
function bare(code) {
  return code.replace(/[\s()]/g, '');
}
