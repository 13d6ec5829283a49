// A shop of its own with the demonstration's data, for whatever test wants to look at one from outside.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const REPOSITORY = resolve(import.meta.dirname, '../..');
export const PROGRAM = resolve(REPOSITORY, process.env.CARGO_TARGET_DIR ?? 'target', 'debug/awsomeshop');
const READY_MS = 30_000; // a first start migrates and fills the demonstration; a busy machine takes its time

const isFree = (port) => new Promise((answer) => {
  const server = createServer();
  server.once('error', () => answer(false));
  server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => answer(true)));
});

// The shop takes the two ports after its own; below 32768, so that no outgoing connection is given one of them.
export async function freePorts() {
  for (;;) {
    const first = 20_000 + 3 * Math.floor(Math.random() * 4_000);
    const free = await Promise.all([first, first + 1, first + 2].map(isFree));
    if (free.every(Boolean)) return first;
  }
}

// Starts a shop in a folder of its own. `stop` ends it and removes the folder.
export async function startShop() {
  const port = await freePorts();
  const folder = await mkdtemp(join(tmpdir(), 'awsomeshop-browser-'));
  const shop = spawn(PROGRAM, ['dev', '--bind', `127.0.0.1:${port}`, '--dir', folder, '--log', 'warn'], {
    cwd: REPOSITORY,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  shop.stderr.on('data', (piece) => { said = (said + piece).slice(-4_000); });
  const ended = new Promise((done) => {
    shop.once('exit', done);
    shop.once('error', (error) => { said += error.message; done(); });
  });
  // A test that is killed half-way leaves no shop behind.
  const orphan = () => shop.kill('SIGKILL');
  process.once('exit', orphan);
  const stop = async () => {
    shop.kill('SIGTERM');
    await Promise.race([ended, sleep(5_000, undefined, { ref: false }).then(orphan)]);
    process.off('exit', orphan);
    await rm(folder, { recursive: true, force: true });
  };

  const url = `http://localhost:${port}`;
  const giveUp = Date.now() + READY_MS;
  while (!(await isHealthy(url))) {
    if (shop.exitCode !== null || shop.pid === undefined || Date.now() > giveUp) {
      await stop();
      throw new Error(`the shop did not start: ${PROGRAM}\n${said}`);
    }
    await sleep(50);
  }
  const [provider, store] = [1, 2].map((after) => `http://127.0.0.1:${port + after}`);
  return { url, port, stop, folder, provider, store, origins: [url, store] };
}

export async function isHealthy(url) {
  try {
    return (await fetch(`${url}/health`)).ok;
  } catch {
    return false;
  }
}
