// What htmx adds: parts of pages, addresses that hold the filter, and notes when something fails.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addToCart, open, settled, signIn } from './support.mjs';

let shop;
before(async () => { shop = await open(); });
after(() => shop?.close());

test('a filter swaps the results alone, and the way back brings the old ones', async () => {
  const context = await shop.context();
  const page = await context.newPage();
  await signIn(page, 'ines');
  await page.goto('/');
  await page.evaluate(() => { document.querySelector('header').dataset.same = 'yes'; });
  await page.getByLabel('Apparel', { exact: true }).check({ force: true });
  await page.waitForURL('**category=apparel**');
  await settled(page);
  assert.equal(await page.locator('header[data-same=yes]').count(), 1, 'the page itself was kept');
  const names = await page.locator('#results .card__name').allInnerTexts();
  assert.equal(names.length, 5, names.join());

  await page.goBack();
  await page.waitForURL((url) => url.search === '');
  await page.waitForFunction(() => document.querySelectorAll('#results .card__name').length === 24);
  await page.goForward();
  await page.waitForURL('**category=apparel**');
  await page.waitForFunction(() => document.querySelectorAll('#results .card__name').length === 5);
  await page.reload();
  assert.equal(await page.locator('#results .card__name').count(), 5, 'the address holds the filter');
  await context.close();
});

test('a refusal becomes a note and the page stays', async () => {
  const context = await shop.context();
  const page = await context.newPage();
  await signIn(page, 'ines');
  await addToCart(page, 'stoneware-teapot');
  const box = page.locator('#cart input[name=quantity]');
  await box.evaluate((input) => input.removeAttribute('max'));
  await box.fill('40');
  await box.blur();
  const note = page.locator('#toasts .toast');
  await note.first().waitFor();
  assert.match(await note.first().innerText(), /4/);
  assert.equal(new URL(page.url()).pathname, '/cart');
  await context.close();
});

test('a shop that cannot answer is said in a note', async () => {
  const context = await shop.context();
  const page = await context.newPage();
  await signIn(page, 'ines');
  await page.goto('/');
  await page.route('**/?*', (route) => route.abort('connectionfailed'));
  await page.getByLabel('Home', { exact: true }).check({ force: true });
  await page.locator('#toasts .toast').first().waitFor();
  await context.close();
});
