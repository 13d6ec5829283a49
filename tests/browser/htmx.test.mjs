// What htmx adds: parts of pages, addresses that hold the filter, and notes when something fails.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addToCart, number, open, redeem, settled, signIn } from './support.mjs';

const ALL = 24; // cards on a full page of the catalog

let shop;
before(async () => { shop = await open(); });
after(() => shop?.close());

async function sit(person, address = '/') {
  const context = await shop.context();
  const page = await context.newPage();
  await signIn(page, person);
  await page.goto(address);
  return { context, page };
}

const choose = (page, label) => page.getByRole('radio', { name: label, exact: true }).check({ force: true });
const cards = (page) => page.locator('#results .card').count();
const toast = (page, words) => page.locator('#toasts .toast', { hasText: words });
const path = (page) => new URL(page.url()).pathname + new URL(page.url()).search;

// Waits until the catalog shows so many cards.
const shows = (page, count) => page.waitForFunction(
  (wanted) => document.querySelectorAll('#results .card').length === wanted, count);

test('a filter swaps the results alone, and the way back brings the old ones', async () => {
  const { context, page } = await sit('ines');
  assert.equal(await cards(page), ALL);
  await page.evaluate(() => { document.querySelector('header').dataset.same = 'yes'; });
  const asked = page.waitForResponse((response) => response.url().includes('category=apparel'));
  await choose(page, 'Apparel');
  const fragment = await (await asked).text();
  assert.ok(fragment.trimStart().startsWith('<section') && !fragment.includes('<html'), 'only the block is sent');
  await page.waitForURL('**category=apparel**');
  await settled(page);
  assert.equal(await page.locator('header[data-same=yes]').count(), 1, 'the page itself was kept');
  assert.equal(path(page).includes('q='), false, 'fields nobody filled in are not in the address');
  await shows(page, 5);

  await page.goBack();
  await page.waitForURL((url) => url.search === '');
  await shows(page, ALL);
  assert.equal(await page.getByRole('radio', { name: 'Everything' }).isChecked(), true);
  await page.goForward();
  await page.waitForURL('**category=apparel**');
  await shows(page, 5);
  assert.equal(await page.getByRole('radio', { name: 'Apparel' }).isChecked(), true);
  await page.reload();
  assert.equal(await cards(page), 5, 'the address holds the filter');
  await context.close();
});

test('searching needs no Enter, keeps the cursor in the box, and the last word wins', async () => {
  const { context, page } = await sit('ines');
  const box = page.getByLabel('Search the shop');
  await box.click();
  await page.keyboard.type('voucher', { delay: 20 });
  await page.waitForURL('**q=voucher**');
  assert.equal(await box.evaluate((input) => document.activeElement === input), true);
  assert.equal(await box.inputValue(), 'voucher');

  // The answer to the first of two questions comes late; it must not take the place of the second's.
  await page.route('**/?*q=tea*', async (route) => {
    if (/q=tea(&|$)/.test(route.request().url())) await new Promise((done) => setTimeout(done, 1_500));
    await route.continue().catch(() => {});
  });
  await box.fill('tea');
  await page.waitForRequest(/q=tea(&|$)/);
  await box.fill('teapot');
  await page.waitForURL('**q=teapot**');
  await shows(page, 1);
  await page.waitForTimeout(1_700);
  assert.equal(await cards(page), 1);
  await context.close();
});

test('turning the page swaps the results and can be linked to', async () => {
  const { context, page } = await sit('ines', '/?sort=name');
  const first = await page.locator('.card__name').first().innerText();
  await page.getByRole('link', { name: 'Next' }).click();
  await page.waitForURL('**page=2**');
  await shows(page, 40 - ALL);
  assert.match(path(page), /sort=name/);
  await page.getByRole('link', { name: 'Previous' }).click();
  await shows(page, ALL);
  assert.equal(await page.locator('.card__name').first().innerText(), first);
  await context.close();
});

test('a filter keeps the order of its list, and a heading keeps the filter', async () => {
  const { context, page } = await sit('helena', '/hr/people');
  const asked = () => Object.fromEntries(new URL(page.url()).searchParams);
  const heading = (label) => page.locator('#results thead').getByRole('link', { name: label, exact: true });
  const sorted = (direction) => page.locator(`#results th[aria-sort=${direction}]`).allInnerTexts();
  const cells = (label) => page.locator(`#results td[data-label="${label}"]`).allInnerTexts();

  await heading('Balance').click();
  await page.waitForURL('**sort=-balance**');
  await settled(page);
  await page.getByLabel('Department', { exact: true }).selectOption('Engineering');
  await page.waitForURL('**department=Engineering**');
  await settled(page);
  assert.deepEqual(asked(), { department: 'Engineering', sort: '-balance' });
  assert.deepEqual(await sorted('descending'), ['Balance']);
  assert.deepEqual(await cells('Department'), ['Engineering', 'Engineering', 'Engineering']);
  const balances = (await cells('Balance')).map(number);
  assert.deepEqual(balances, balances.toSorted((one, other) => other - one));

  await page.goto('/hr/people?sort=-balance');
  await heading('Name').click();
  await page.waitForURL('**sort=name**');
  await settled(page);
  await page.locator('#people-search').fill('keller');
  await page.waitForURL('**q=keller**');
  await settled(page);
  assert.deepEqual(asked(), { q: 'keller', sort: 'name' });
  assert.deepEqual(await sorted('ascending'), ['Name']);
  await context.close();
});

test('a refusal becomes a note and the page stays', async () => {
  const { context, page } = await sit('ines');
  await addToCart(page, 'leather-briefcase');
  const box = page.locator('#cart input[name=quantity]');
  await box.evaluate((input) => input.removeAttribute('max'));
  await box.fill('40');
  await box.blur();
  await toast(page, 'Only 2 of Leather briefcase are left.').waitFor();
  assert.equal(path(page), '/cart');
  await page.getByRole('button', { name: 'Close this message' }).click();
  await page.locator('#toasts .toast').waitFor({ state: 'detached' });
  await page.reload();
  assert.equal(await box.inputValue(), '1', 'nothing was changed');
  await context.close();
});

test('who asks too often is told to wait', async () => {
  const { context, page } = await sit('tomas');
  await addToCart(page, 'cinema-for-two');
  await page.goto('/checkout');
  await redeem(page);
  // The shop's own refusal: the request is sent again until it is one too many.
  await page.route('**/reveal', async (route) => {
    let answer = await route.fetch();
    while (answer.status() === 200) answer = await route.fetch();
    await route.fulfill({ response: answer });
  });
  const answered = page.waitForResponse('**/reveal');
  await page.getByRole('button', { name: 'Show code' }).click();
  assert.equal((await answered).status(), 429);
  await toast(page, /Please wait (a second|\d+ seconds), then try again\./).waitFor();
  assert.equal(await page.locator('output').count(), 0);
  await page.getByRole('button', { name: 'Show code' }).waitFor();
  await context.close();
});

test('an answer that is not ours is a note, too, and nothing is lost', async () => {
  const { context, page } = await sit('ines');
  await page.route('**/?*category=home*', (route) => route.fulfill({ status: 503, body: 'upstream connect error' }));
  await choose(page, 'Home');
  await toast(page, 'That did not work. Please try again.').waitFor();
  assert.equal((await page.content()).includes('upstream'), false);
  assert.equal(await cards(page), ALL, 'what was there is still there');
  assert.equal(path(page), '/', 'the address is not that of the answer');
  await context.close();
});

test('without a connection a note says so, and it works again afterwards', async () => {
  const { context, page } = await sit('ines');
  await context.setOffline(true);
  await choose(page, 'Home');
  await toast(page, 'The shop cannot be reached just now.').waitFor();
  assert.equal(await cards(page), ALL);
  await context.setOffline(false);
  await choose(page, 'Apparel');
  await shows(page, 5);
  await context.close();
});

test('a picture that does not come leaves a quiet square', async () => {
  const context = await shop.context();
  const page = await context.newPage();
  await page.route('**/*.webp*', (route) => route.abort('failed'));
  await signIn(page, 'ines');
  await page.locator('.picture--broken').first().waitFor();
  const { width, height } = await page.locator('.picture').first().boundingBox();
  assert.ok(width > 100 && Math.abs(width - height) < 1, `${width} × ${height}`);
  await context.close();
});

test('a changed cart counts in the header without loading the page', async () => {
  const { context, page } = await sit('mara');
  await addToCart(page, 'green-tea-50-bags');
  await page.evaluate(() => { document.querySelector('header').dataset.same = 'yes'; });
  await page.getByRole('button', { name: 'One more of Green tea, 50 bags' }).click();
  await page.locator('#cart-count', { hasText: '2' }).waitFor();
  await page.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('heading', { name: 'Your cart is empty' }).waitFor();
  await page.locator('#cart-count').waitFor({ state: 'hidden' });
  assert.equal(await page.locator('header[data-same=yes]').count(), 1);
  await context.close();
});
