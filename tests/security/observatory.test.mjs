// What Mozilla's observatory says about the shop's headers, over https, to somebody who is signed in and to somebody who
// is not. The list of preloaded hosts is empty here: localhost is on none.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { sessionOf, startBehindTls } from './front.mjs';

const OBSERVATORY = join(import.meta.dirname, 'node_modules/@mdn/mdn-http-observatory');
const PRELOADED = join(OBSERVATORY, 'conf/hsts-preload.json');

let front;
before(async () => {
  if (!existsSync(PRELOADED)) writeFileSync(PRELOADED, '{}');
  front = await startBehindTls();
});
after(() => front?.stop());

async function scan(path) {
  const scanner = [join(OBSERVATORY, 'src/scan.js'), `${front.host}${path}`];
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: front.file };
  const { stdout } = await promisify(execFile)(process.execPath, scanner, { env }).catch((failed) => failed);
  const { scan: result, tests, error } = JSON.parse(stdout);
  assert.equal(error, undefined, `${path}: ${error}`);
  const said = Object.fromEntries(Object.entries(tests).map(([name, one]) => [name, one.result]));
  assert.deepEqual(Object.values(tests).filter((one) => !one.pass), [], path);
  return { status: result.statusCode, grade: result.grade, score: result.score, said };
}

// The most there is without a cookie in the answer itself: the only answers of the shop that set one are redirects.
const BEST = { status: 200, grade: 'A+', score: 130 };

test('who is not signed in gets the best headers there are', async () => {
  const { said, ...result } = await scan('/signed-out');
  assert.deepEqual(result, BEST);
  assert.equal(said['content-security-policy'], 'csp-implemented-with-no-unsafe-default-src-none');
  assert.equal(said['strict-transport-security'], 'hsts-implemented-max-age-at-least-six-months');
  assert.equal(said['cross-origin-resource-sharing'], 'cross-origin-resource-sharing-not-implemented');
});

test('and so does who is', async () => {
  front.cookie = await sessionOf(front.demo, 'ines');
  for (const path of ['/', '/orders', '/points']) {
    const { said, ...result } = await scan(path);
    assert.deepEqual(result, BEST, path);
    assert.equal(said['cross-origin-resource-policy'], 'corp-implemented-with-same-origin', path);
  }
  front.cookie = '';
});
