// Signing out, and what is left to see afterwards: nothing.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addToCart, open, signIn } from './support.mjs';

let shop;
before(async () => { shop = await open(); });
after(() => shop?.close());

async function signOut(page) {
  await page.getByTitle('Your account').click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
}

const asksWho = (page) => page.getByRole('heading', { name: 'Who would you like to be?' }).waitFor();

for (const javaScriptEnabled of [true, false]) {
  test(`signing out really ends it, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async () => {
    const context = await shop.context({ javaScriptEnabled });
    const page = await context.newPage();
    await signIn(page, 'mara');
    await page.goto('/points');
    await signOut(page);
    // The identity provider is told as well, and sends the browser back.
    await page.waitForURL('**/signed-out');
    assert.deepEqual((await context.cookies(shop.url)).filter((cookie) => cookie.name.includes('session')), []);
    for (const address of ['/points', '/', '/orders', '/cart']) {
      await page.goto(address);
      await asksWho(page);
    }
    await context.close();
  });
}

test('the Back button shows nothing of a session that has ended', async () => {
  const context = await shop.context();
  const page = await context.newPage();
  await signIn(page, 'mara');
  await page.goto('/orders');
  await page.goto('/points');
  await signOut(page);
  await page.goBack();
  await asksWho(page);
  assert.equal((await page.content()).includes('Statement'), false);
  await context.close();
});

test('a page left open in another tab asks to sign in, and nothing is done', async () => {
  const context = await shop.context();
  const page = await context.newPage();
  await signIn(page, 'mara');
  await addToCart(page, 'green-tea-50-bags');
  const [cart, product, catalog] = [page, await context.newPage(), await context.newPage()];
  await product.goto('/products/pillar-candle');
  await catalog.goto('/');
  const leaving = await context.newPage();
  await leaving.goto('/addresses');
  await signOut(leaving);

  await catalog.getByRole('radio', { name: 'Office' }).click({ force: true, noWaitAfter: true });
  await asksWho(catalog);
  for (const old of [cart.getByRole('button', { name: /^One more/ }), product.getByRole('button', { name: 'Add to cart' })]) {
    await old.click();
    const told = old.page();
    await told.getByText('Your session had ended, so what you sent was not done.').waitFor();
    await told.getByRole('link', { name: 'Try again' }).click();
    await asksWho(told);
  }

  await signIn(page, 'mara');
  assert.match(await page.locator('#cart-label').innerText(), /1 item/);
  await context.close();
});

test('who signs in again is where they wanted to go', async () => {
  const context = await shop.context();
  const page = await context.newPage();
  await page.goto('/points?kind=grant');
  await page.click('button[name=person][value=ines]');
  await page.waitForURL('**/points?kind=grant');
  await page.getByRole('heading', { name: 'Your points' }).waitFor();
  await context.close();
});

test('a sign-in that was begun elsewhere is refused calmly', async () => {
  const context = await shop.context();
  const page = await context.newPage();
  const answer = await page.goto('/sign-in/callback?code=made-up&state=made-up');
  assert.ok(answer.status() >= 400 && answer.status() < 500, String(answer.status()));
  await page.getByRole('heading', { name: 'Signing in did not work' }).waitFor();
  await page.getByRole('link', { name: 'Try again' }).click();
  await asksWho(page);
  await context.close();
});
