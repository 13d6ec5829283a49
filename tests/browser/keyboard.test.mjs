// By keyboard alone, and as a screen reader hears it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addToCart, open, settled, signIn } from './support.mjs';

let shop;
before(async () => { shop = await open(); });
after(() => shop?.close());

async function tabTo(page, selector, most = 80) {
  for (let step = 0; step < most; step += 1) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`${selector} is not reached in ${most} steps`);
}

test('the first step leads past the header', async () => {
  const context = await shop.context();
  const page = await context.newPage();
  await signIn(page, 'ines');
  await page.goto('/');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('href')), '#main');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
  await context.close();
});

test('a product is put into the cart without a mouse', async () => {
  const context = await shop.context();
  const page = await context.newPage();
  await signIn(page, 'mara');
  await page.goto('/products/pillar-candle');
  await tabTo(page, 'button[name=then][value=cart]');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/cart');
  await page.getByRole('link', { name: 'Pillar candle' }).waitFor();
  await tabTo(page, '#to-checkout');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/checkout');
  await context.close();
});

test('a product is redeemed without a mouse', async () => {
  const context = await shop.context();
  const page = await context.newPage();
  await signIn(page, 'ines');
  await page.goto('/products/milk-chocolate-bar');
  await tabTo(page, 'button[name=then][value=checkout]');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/checkout');
  await tabTo(page, 'input[name=delivery]');
  await page.keyboard.press('ArrowDown');
  await tabTo(page, 'form[action="/checkout"] button[type=submit]');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/orders/*-*');
  await context.close();
});

test('a filter keeps the focus and says what was found', async () => {
  const context = await shop.context();
  const page = await context.newPage();
  await signIn(page, 'ines');
  await page.goto('/');
  await tabTo(page, 'input[name=in_stock]');
  const focused = await page.evaluate(() => document.activeElement.name);
  await page.keyboard.press('Space');
  await page.waitForURL('**in_stock=true**');
  await settled(page);
  assert.equal(await page.evaluate(() => document.activeElement.name), focused);
  await page.waitForFunction(() => /\d+/.test(document.querySelector('#announce').textContent));
  await context.close();
});

test('changing how many in the cart keeps the focus', async () => {
  const context = await shop.context();
  const page = await context.newPage();
  await signIn(page, 'ines');
  await addToCart(page, 'green-tea-50-bags');
  const box = page.locator('#cart input[name=quantity]');
  await box.focus();
  const id = await box.getAttribute('id');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Tab');
  await page.locator('#cart', { hasText: '260' }).waitFor();
  await settled(page);
  const active = await page.evaluate(() => document.activeElement.id);
  assert.ok(active !== '', `the focus is lost; it was at ${id}`);
  await context.close();
});

test('Escape closes the menu and gives the focus back', async () => {
  const context = await shop.context();
  const page = await context.newPage();
  await signIn(page, 'ines');
  await tabTo(page, '.top details[data-menu] summary');
  await page.keyboard.press('Enter');
  assert.equal(await page.locator('.top details[data-menu]').getAttribute('open'), '');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('.top details[data-menu]').getAttribute('open'), null);
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'SUMMARY');
  await context.close();
});
