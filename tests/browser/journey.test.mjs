// The shop's main job as a person does it: sign in, find, redeem, look it up; with scripts and without.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addToCart, balance, number, open, settled, signIn } from './support.mjs';

let shop;
before(async () => { shop = await open(); });
after(() => shop?.close());

const redeem = (page) => page.locator('form[action="/checkout"] button[type=submit]');

async function search(page, words) {
  await page.fill('#search', words);
  await page.press('#search', 'Enter');
  await page.waitForURL((url) => url.searchParams.get('q') === words);
  await settled(page);
}

// People of their own for the two journeys, so that neither changes the other's balance.
for (const [javaScriptEnabled, person] of [[true, 'ines'], [false, 'tomas']]) {
  test(`somebody signs in, finds, redeems and sees it in the books, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async () => {
    const context = await shop.context({ javaScriptEnabled });
    const page = await context.newPage();
    await signIn(page, person);
    const before = await balance(page);

    await search(page, 'teapot');
    await page.locator('#results a[href="/products/stoneware-teapot"]').first().click();
    await page.waitForURL('**/products/stoneware-teapot');
    assert.match(await page.locator('main').innerText(), /480\s+points/);
    await page.click('button[name=then][value=cart]');
    await page.waitForSelector('#cart');
    await page.fill('#cart input[name=quantity]', '2');
    if (javaScriptEnabled) await page.locator('#cart input[name=quantity]').blur();
    else await page.locator('#cart .no-js-only').first().click();
    await page.locator('#cart', { hasText: '960' }).waitFor();

    await page.locator('#cart a[href="/checkout"]').click();
    await page.waitForURL('**/checkout');
    await page.locator('input[name=delivery][value="office:berlin"]').check({ force: true });
    await redeem(page).click();
    await page.waitForURL('**/orders/*-*');
    const order = new URL(page.url()).pathname;
    assert.match(await page.locator('main').innerText(), /Lindenhof 12/);
    assert.equal(await balance(page), before - 960);

    await page.goto('/orders');
    assert.equal(await page.locator(`#results a[href="${order}"]`).count() > 0, true);
    await page.goto('/points');
    const newest = page.locator('#statement tbody tr').first();
    assert.equal(await newest.locator(`a[href="${order}"]`).count(), 1);
    assert.match(await newest.innerText(), /960/);
    await context.close();
  });
}

for (const javaScriptEnabled of [true, false]) {
  test(`a code is shown when it is asked for and not before, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async () => {
    const context = await shop.context({ javaScriptEnabled });
    const page = await context.newPage();
    await signIn(page, 'mei');
    await addToCart(page, 'supermarket-voucher-25-euros');
    await page.goto('/checkout');
    await redeem(page).click();
    await page.waitForURL('**/orders/*-*');
    assert.equal(await page.locator('#codes output').count(), 0);
    await page.locator('#codes form button[type=submit]').first().click();
    await page.waitForSelector('#codes output');
    assert.match(await page.locator('#codes output').first().innerText(), /^[A-Z0-9]{4}(-[A-Z0-9]{4})+$/);
    assert.equal(await page.locator('[data-copy]').first().isVisible(), javaScriptEnabled);
    await page.goto(page.url().replace(/\/codes\/.*/, ''));
    assert.equal(await page.locator('#codes output').count(), 0, 'only in the answer to the click');
    await context.close();
  });
}

test('a double click, the way back and the same form again make one order', async () => {
  const context = await shop.context();
  const page = await context.newPage();
  await signIn(page, 'helena');
  await page.goto('/orders');
  const orders = async () => {
    await page.goto('/orders');
    return number((await page.locator('#results').innerText()).match(/(\d+) orders?/)[1]);
  };
  const before = await orders();
  await addToCart(page, 'two-tone-socks');
  await page.goto('/checkout');
  await page.locator('input[name=delivery]').first().check({ force: true });
  await redeem(page).dblclick();
  await page.waitForURL('**/orders/*-*');
  const order = page.url();
  await page.goBack();
  if (new URL(page.url()).pathname === '/checkout' && await redeem(page).isEnabled().catch(() => false)) {
    await redeem(page).click();
    await page.waitForURL((url) => url.pathname !== '/checkout');
    assert.ok([order, `${shop.url}/cart`].includes(page.url()), page.url());
  }
  assert.equal(await orders(), before + 1);
  await context.close();
});

test('who has signed out is gone, also by the way back', async () => {
  const context = await shop.context();
  const page = await context.newPage();
  await signIn(page, 'mara');
  await page.goto('/points');
  await page.locator('details[data-menu] summary').click();
  await page.locator('form[action="/sign-out"] button').click();
  await page.waitForURL('**/signed-out*');
  await page.waitForURL('**/signed-out', { timeout: 10_000 });
  await page.goto('/points');
  assert.equal(new URL(page.url()).port, String(shop.port + 1), 'at the identity provider again');
  await context.close();
});

test('somebody else sees nothing of it', async () => {
  const [hers, his] = [await shop.context(), await shop.context()];
  const page = await hers.newPage();
  await signIn(page, 'sofia');
  await page.goto('/orders');
  const order = await page.locator('#results a[href^="/orders/"]').first().getAttribute('href');
  const other = await his.newPage();
  await signIn(other, 'jonas');
  assert.equal((await other.goto(order)).status(), 404);
  await hers.close();
  await his.close();
});
