// What every browser test needs: a shop of its own with the demonstration's data, a browser, and people to sign in as.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';

const REPOSITORY = resolve(import.meta.dirname, '../..');
const PROGRAM = resolve(REPOSITORY, process.env.CARGO_TARGET_DIR ?? 'target', 'debug/awsomeshop');
const CHROMIUM = process.env.CHROMIUM || '/usr/bin/chromium';
const CHROMIUM_FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage',
];
const READY_MS = 30_000; // a first start migrates and fills the demonstration; a busy machine takes its time
const STEP_MS = 10_000; // how long a page may take for anything asked of it

const isFree = (port) => new Promise((answer) => {
  const server = createServer();
  server.once('error', () => answer(false));
  server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => answer(true)));
});

// The shop takes the two ports after its own; below 32768, so that no outgoing connection is given one of them.
async function freePorts() {
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
  return { url, port, stop, provider, origins: [url, store] };
}

async function isHealthy(url) {
  try {
    return (await fetch(`${url}/health`)).ok;
  } catch {
    return false;
  }
}

// A shop and a browser together; `context` opens a fresh one, as if on a new computer.
export async function open() {
  const shop = await startShop();
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS }).catch(async (error) => {
    await shop.stop();
    throw error;
  });
  return {
    ...shop,
    async context(options = {}) {
      const context = await browser.newContext({ baseURL: shop.url, viewport: { width: 1280, height: 800 }, ...options });
      context.setDefaultTimeout(STEP_MS);
      return context;
    },
    async close() {
      await browser.close();
      await shop.stop();
    },
  };
}

// Signs in by the page of the demonstration's identity provider and waits for the catalog.
export async function signIn(page, key) {
  await page.goto('/');
  await page.click(`button[name=person][value=${key}]`);
  await page.waitForSelector('#results');
}

// Puts a product into the cart; afterwards the page shows the cart.
export async function addToCart(page, slug) {
  await page.goto(`/products/${slug}`);
  await page.click('button[name=then][value=cart]');
  await page.waitForSelector('#cart');
}

// Spends the points of the confirm page the browser is on; an order's page follows. Answers the order's number.
export async function redeem(page) {
  const office = page.locator('[name=delivery][value^="office:"]').first();
  if ((await office.count()) > 0 && (await page.locator('[name=delivery]:checked').count()) === 0) await office.check();
  await page.getByRole('button', { name: /^Redeem [\d,]+ points?$/ }).click();
  await page.waitForURL(/\/orders\/[^/]+$/);
  return page.url().split('/').at(-1);
}

// How many orders the signed-in person has.
export async function countOrders(page) {
  await page.goto('/orders');
  const said = page.locator('#results > .results__head');
  return (await said.count()) === 0 ? 0 : number(await said.innerText());
}

// The number in a piece of text such as "2,400 points" or "−90".
export const number = (text) => Number(text.replace(/[^0-9]/g, ''));

// Signed-in person's balance, as the header of any page shows it.
export const balance = async (page) => number(await page.locator('.top .pill--points > span:last-child').innerText());

// Waits until htmx has nothing under way, and a toast's or an announcement's short delay has passed.
export async function settled(page) {
  await page.waitForFunction(() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling'));
}
