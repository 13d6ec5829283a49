// What is not there, and what is not yours: a page of ours with a way on, and not a word more.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open, signIn } from './support.mjs';

let shop;
before(async () => { shop = await open(); });
after(() => shop?.close());

async function showsNothingHere(page, address) {
  const answer = await page.goto(address);
  assert.equal(answer.status(), 404, address);
  assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'Nothing here', address);
  assert.match(await page.title(), /^Nothing here · /);
}

for (const javaScriptEnabled of [true, false]) {
  test(`what is not there leads back to the shop, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async () => {
    const context = await shop.context({ javaScriptEnabled });
    const page = await context.newPage();
    await signIn(page, 'ines');
    for (const address of ['/nowhere', '/products/nothing', '/orders/0000-0000', '/addresses/nothing/edit', '/cart/']) {
      await showsNothingHere(page, address);
    }
    await page.getByRole('link', { name: 'Back to the shop' }).click();
    await page.waitForSelector('#results');
    await context.close();
  });
}

test('who is not signed in sees the same page, and the way in', async () => {
  const context = await shop.context();
  const page = await context.newPage();
  await showsNothingHere(page, '/nowhere');
  await page.locator('.top').getByRole('link', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Who would you like to be?' }).waitFor();
  await context.close();
});

test("somebody else's order looks like one that does not exist, also to HR", async () => {
  const hers = await shop.context();
  const her = await hers.newPage();
  await signIn(her, 'mei');
  await her.goto('/orders');
  const order = await her.locator('.order a').first().getAttribute('href');
  await her.goto(order);
  const reveal = await her.locator('#codes form').first().getAttribute('action');

  for (const person of ['jonas', 'helena']) {
    const context = await shop.context();
    const page = await context.newPage();
    await signIn(page, person);
    await showsNothingHere(page, order);
    assert.equal((await page.content()).includes(order.split('/').at(-1)), false);
    // Nor does asking for its code from a page of the shop help.
    const status = await page.evaluate(async (address) => (await fetch(address, { method: 'POST' })).status, reveal);
    assert.equal(status, 404);
    await context.close();
  }
  await hers.close();
});

test('what only a form may do is not done by a link', async () => {
  const context = await shop.context();
  const page = await context.newPage();
  await signIn(page, 'ines');
  const answer = await page.goto('/sign-out');
  assert.equal(answer.status(), 405);
  await page.getByRole('heading', { name: 'That is not how this works' }).waitFor();
  await page.getByRole('link', { name: 'Back to the shop' }).click();
  await page.waitForSelector('#results');
  await context.close();
});

test('another site cannot send a form of the shop', async () => {
  const context = await shop.context();
  const page = await context.newPage();
  await signIn(page, 'ines');
  await page.route('http://elsewhere.example/', (route) => route.fulfill({
    contentType: 'text/html',
    body: `<form method="post" action="${shop.url}/sign-out"><button>Win a prize</button></form>`,
  }));
  await page.goto('http://elsewhere.example/');
  await page.getByRole('button').click();
  await page.waitForURL(`${shop.url}/sign-out`);
  await page.getByRole('heading', { name: 'This is not for you' }).waitFor();
  await page.goto('/');
  await page.waitForSelector('#results');
  await context.close();
});
