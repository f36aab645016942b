import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import http from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Starts the built server; ends the run if it does not come. */
export async function startServer(program, settings, folder) {
  const args = [...Object.entries(settings).map(([name, value]) => `--${name}=${value}`)];
  const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const address = await new Promise((resolve, reject) => {
    const read = data => {
      output += data;
      const match = /listening on (http:\/\/[^\s;"]+)/i.exec(output);
      if (match) resolve(match[1]);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', code => reject(new Error(`The server ended with ${code}:\n${output}`)));
  });
  return { address, output: () => output, stop: () => stop(child) };
}

/** A PostgreSQL in a folder of its own, or null where none is installed. */
export async function startPostgres() {
  const bin = [...(process.env.PATH ?? '').split(':'), ...debianFolders()].find(folder => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'pg_ctl')));
  if (!bin) throw new Error('PostgreSQL is missing: initdb and pg_ctl are neither in PATH nor in /usr/lib/postgresql/*/bin.');
  const port = await freePort();
  const script = `
    set -eu
    folder=$(mktemp -d "\${TMPDIR:-/tmp}/countersign-answers-XXXXXX"); cd "$folder"
    trap '"${bin}/pg_ctl" -D data -m immediate stop >/dev/null 2>&1 || true; cd /; rm -rf "$folder"' EXIT
    "${bin}/initdb" -D data -U countersign -A trust -E UTF8 --locale=C --no-sync >log 2>&1
    printf "listen_addresses = '127.0.0.1'\\nport = ${port}\\nunix_socket_directories = ''\\nfsync = off\\n" >>data/postgresql.conf
    "${bin}/pg_ctl" -D data -l server.log -w -t 60 start >/dev/null 2>&1
    echo ready
    cat >/dev/null`;
  const child = process.getuid?.() === 0
    ? spawn('runuser', ['-u', 'postgres', '--', 'sh', '-c', script], { cwd: tmpdir(), stdio: ['pipe', 'pipe', 'inherit'] })
    : spawn('sh', ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return {
    connection: `Host=127.0.0.1;Port=${port};Username=countersign;Database=postgres`,
    stop: async () => { child.stdin.end(); if (child.exitCode === null) await once(child, 'exit'); },
  };
}

/** A gateway of type webhook and an identity source of type http, which keep what they were sent. */
export async function startProviders() {
  const texts = [];
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', data => { body += data; });
    request.on('end', () => {
      if (request.url === '/send') {
        const text = JSON.parse(body);
        const refused = text.to.endsWith('0199');
        texts.push({ ...text, refused });
        response.writeHead(refused ? 400 : 202, { 'Content-Type': 'application/json' });
        response.end(refused ? '{"reason":"invalid_destination"}' : '');
        return;
      }
      const asked = JSON.parse(body);
      const answer = identityAnswer(JSON.stringify(asked));
      response.writeHead(answer === null ? 503 : 200, { 'Content-Type': 'application/json' });
      response.end(answer ?? '');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { address: `http://127.0.0.1:${server.address().port}`, texts, stop: () => new Promise(done => { server.closeAllConnections(); server.close(done); }) };
}

const identityAnswer = asked => asked.includes('0142') ? '{"match":"matched"}' : asked.includes('0143') ? '{"match":"differs"}' : asked.includes('0144') ? null : '{"match":"not_available"}';

export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-answers-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

async function stop(child) {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

function debianFolders() {
  const root = '/usr/lib/postgresql';
  return existsSync(root) ? readdirSync(root).map(version => join(root, version, 'bin')) : [];
}

export async function freePort() {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await new Promise(done => server.close(done));
  return port;
}
