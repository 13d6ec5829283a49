// `bin/smoke`, which the pipeline asks whether a new version is well: it must say yes to a shop, and no to anything else.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { REPOSITORY, startShop } from './shop.mjs';

let shop;
before(async () => { shop = await startShop(); });
after(() => shop?.stop());

const smoke = (url) => new Promise((done) => {
  const env = { ...process.env, SMOKE_PATIENCE_S: '0' };
  execFile('bin/smoke', [url], { cwd: REPOSITORY, env }, (error, said) => done({ code: error?.code ?? 0, said }));
});
const faults = (said) => said.split('\n').filter((line) => line.includes('✗')).map((line) => line.trim());

test('a shop that is well is found to be well', async () => {
  const { code, said } = await smoke(shop.url);
  assert.deepEqual(faults(said), []);
  assert.equal(code, 0, said);
  assert.match(said, /every dependency is up/);
});

test('what is no shop is told from one', async () => {
  const { code, said } = await smoke(shop.provider);
  assert.equal(code, 1, said);
  assert.ok(faults(said).includes('✗ /health answers 404, not 200:'), said);
});

test('nobody there is a fault as well', async () => {
  const { code, said } = await smoke('http://127.0.0.1:1');
  assert.equal(code, 1, said);
});
