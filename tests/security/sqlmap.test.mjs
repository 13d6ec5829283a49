// sqlmap looks for a way into the database through every field that reaches one, as somebody who is signed in; and finds
// the hole of a page that was written to have one.
import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { startShop } from '../browser/shop.mjs';
import { sessionOf } from './front.mjs';

const OPTIONS = [
  '--batch', '--level=3', '--risk=2', '--dbms=SQLite', '--ignore-redirects', '--ignore-code=*', '--threads=4',
  '--flush-session', '--disable-coloring', '-v', '1', '--skip=User-Agent,Referer,Host',
  '--headers=Sec-Fetch-Site: same-origin', // as from a page of the shop, or no form would be read at all
];
const CLEAN = /all tested parameters do not appear to be injectable/;
const FOUND = /sqlmap identified the following injection point/;
const TURNED_AWAY = /\b(403 \(Forbidden\)|429 \(Too Many Requests\)|500 \(Internal)/;
const MOST_OUTPUT_BYTES = 20 * 1024 * 1024;

// Address, and what is posted there; a star is where to try where sqlmap would not see a parameter.
const TARGETS = [
  ['/?q=lamp&category=office&min=1&max=900&affordable=true&in_stock=true&sort=newest&page=1'],
  ['/orders?q=voucher&page=1'],
  ['/points?kind=grant&from=2026-01-01&to=2026-12-31&page=1'],
  ['/products/green-tea-50-bags*'],
  ['/orders/AAAA-2222*'],
  ['/addresses/00000000-0000-7000-8000-000000000000*/edit'],
  ['/cart/lines', 'product=00000000-0000-7000-8000-000000000000&quantity=1&then=cart'],
  ['/cart/lines/00000000-0000-7000-8000-000000000000*', 'quantity=1'],
  ['/addresses', 'recipient=Ines&line1=Street+1&postcode=10115&city=Berlin&region=Berlin&country=DE&phone=1'],
];

const isHere = (() => {
  try {
    execFileSync('sqlmap', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
const skip = isHere ? false : 'sqlmap is not installed';

const SESSIONS = 24; // one session may ask only so often; the scanner asks hundreds of times a second

let shop;
let cookies;
let door;
let folder;
before(async () => {
  if (!isHere) return;
  folder = await mkdtemp(join(tmpdir(), 'awsomeshop-sqlmap-'));
  shop = await startShop();
  cookies = [];
  for (let at = 0; at < SESSIONS; at += 1) cookies.push(await sessionOf(shop, 'ines'));
  door = await openDoor();
});
after(async () => {
  door?.closeAllConnections();
  door?.close();
  await shop?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

// Between the scanner and the shop: each request is Ines's, by the next of her sessions.
async function openDoor() {
  let asked = 0;
  const server = createServer((question, answer) => {
    const headers = { ...question.headers, cookie: cookies[asked % SESSIONS] };
    asked += 1;
    const onwards = request({ port: shop.port, host: '127.0.0.1', method: question.method, path: question.url, headers }, (said) => {
      answer.writeHead(said.statusCode, said.headers);
      said.pipe(answer);
    });
    onwards.on('error', () => answer.destroy());
    question.pipe(onwards);
  });
  await new Promise((ready) => { server.listen(0, '127.0.0.1', ready); });
  return server;
}

async function scan(url, ...more) {
  const { stdout } = await promisify(execFile)('sqlmap', ['-u', url, ...OPTIONS, `--output-dir=${folder}`, ...more], {
    maxBuffer: MOST_OUTPUT_BYTES,
  });
  return stdout;
}

function isClean(said) {
  assert.match(said, CLEAN);
  assert.doesNotMatch(said, FOUND);
  // Turned away at the door, or told to wait, it would have tried nothing.
  assert.doesNotMatch(said, TURNED_AWAY);
}

test('the scanner finds a hole where there is one', { skip }, async () => {
  const page = spawn('python3', [join(import.meta.dirname, 'vulnerable.py')], { stdio: ['ignore', 'pipe', 'inherit'] });
  process.once('exit', () => page.kill());
  const [port] = await once(page.stdout, 'data');
  assert.match(await scan(`http://127.0.0.1:${Number(port)}/?q=lamp`), FOUND);
  page.kill();
});

for (const [path, data] of TARGETS) {
  test(`no way into the database through ${data ? 'POST ' : ''}${path}`, { skip }, async () => {
    const said = await scan(`http://127.0.0.1:${door.address().port}${path}`, ...(data ? [`--data=${data}`] : []));
    isClean(said);
  });
}

test('nor through the cookie that says who it is', { skip }, async () => {
  const said = await scan(`${shop.url}/orders`, `--cookie=${cookies[0]}*`);
  isClean(said);
});
