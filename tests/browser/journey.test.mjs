// From signing in to the statement: what people come for, with JavaScript and without it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addToCart, balance, countOrders, number, open, redeem, signIn } from './support.mjs';

const TEA = { slug: 'green-tea-50-bags', name: 'Green tea, 50 bags' };
const CHOCOLATE = 'milk-chocolate-bar';
const CODE = /^[A-Z0-9]{4}(-[A-Z0-9]{4})+$/;
// Both save up: whatever day it is, they have points enough for everything here.
const MODES = [
  { how: 'with JavaScript', javaScriptEnabled: true, person: 'ines' },
  { how: 'without JavaScript', javaScriptEnabled: false, person: 'tomas' },
];

let shop;
before(async () => { shop = await open(); });
after(() => shop?.close());

// Somebody in front of a computer of their own, signed in.
async function sit(person, options) {
  const context = await shop.context(options);
  const page = await context.newPage();
  await signIn(page, person);
  return { context, page };
}

const total = async (page) => number(await page.locator('.sums__total dd .points').innerText());
const cartCount = async (page) => number(await page.locator('#cart-label').innerText());

for (const { how, javaScriptEnabled, person } of MODES) {
  test(`a person finds something, redeems it and sees it booked, ${how}`, async () => {
    const { context, page } = await sit(person, { javaScriptEnabled });
    const [had, orders] = [await balance(page), await countOrders(page)];

    await page.goto('/');
    await page.getByLabel('Search the shop').fill('tea');
    await page.keyboard.press('Enter');
    await page.waitForURL(/[?&]q=tea/);
    await page.getByRole('radio', { name: 'Food & drink' }).check();
    if (!javaScriptEnabled) await page.getByRole('button', { name: 'Apply' }).click();
    await page.waitForURL(/category=food-drink/);
    await page.getByRole('link', { name: 'Ten yoga classes' }).waitFor({ state: 'detached' });
    assert.match(page.url(), /[?&]q=tea/, 'the filter keeps the search');
    assert.equal(await page.getByLabel('Search the shop').inputValue(), 'tea');

    await page.getByRole('link', { name: TEA.name }).click();
    await page.waitForURL(`**/products/${TEA.slug}`);
    const price = number(await page.locator('.points--large').innerText());
    await page.getByRole('button', { name: 'Add to cart' }).click();
    await page.getByText(`${TEA.name} is in your cart.`).waitFor();
    assert.equal(await total(page), price);

    if (javaScriptEnabled) {
      await page.getByRole('button', { name: `One more of ${TEA.name}` }).click();
    } else {
      await page.getByLabel(`Quantity of ${TEA.name}`).fill('2');
      await page.getByRole('button', { name: 'Update' }).click();
    }
    await page.locator('.sums__total', { hasText: String(2 * price) }).waitFor();
    assert.equal(await cartCount(page), 2, 'the header counts the pieces');

    await page.getByRole('link', { name: 'Go to checkout' }).click();
    await page.waitForURL('**/checkout');
    assert.equal(await total(page), 2 * price);
    const order = await redeem(page);

    await page.getByText(`Order ${order} is placed.`).waitFor();
    assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), `Order ${order}`);
    assert.match(await page.locator('main').innerText(), new RegExp(`2 × ${price} points`));
    assert.equal(await balance(page), had - 2 * price);
    assert.equal(await cartCount(page), 0);

    assert.equal(await countOrders(page), orders + 1);
    const newest = page.locator('.order').first();
    assert.match(await newest.innerText(), new RegExp(`${TEA.name}[^]*Order ${order}[^]*Placed`));

    await page.getByTitle('Your balance').click();
    await page.waitForURL('**/points');
    const row = page.locator('.statement tbody tr').first();
    assert.equal(await row.getByRole('link').innerText(), `Order ${order}`);
    assert.equal(await row.locator('.amount').innerText(), `−${2 * price}`);
    assert.equal(number(await row.locator('.after .num').innerText()), had - 2 * price);
    await row.getByRole('link').click();
    await page.waitForURL(`**/orders/${order}`);
    await context.close();
  });

  test(`an order is cancelled by its owner, and one in the making by HR, ${how}`, async () => {
    const { context, page } = await sit(person, { javaScriptEnabled });
    const had = await balance(page);
    await addToCart(page, 'pillar-candle');
    await page.goto('/checkout');
    await redeem(page);
    assert.ok(await balance(page) < had);
    await page.getByRole('button', { name: 'Cancel this order' }).click();
    await page.getByText(/: cancelled, the points are back\.$/).waitFor();
    assert.equal(await balance(page), had);
    await addToCart(page, 'pillar-candle');
    await page.goto('/checkout');
    const order = await redeem(page);

    const desk = await sit('oskar', { javaScriptEnabled });
    await desk.page.goto('/hr/orders');
    await desk.page.getByRole('link', { name: order, exact: true }).click();
    await desk.page.getByRole('button', { name: 'Begin to prepare it' }).click();
    await desk.page.getByText(`Order ${order} is being prepared.`).waitFor();
    await page.reload();
    assert.equal(await page.getByRole('button', { name: 'Cancel this order' }).count(), 0);
    await desk.page.getByLabel('Reason, told to the person').fill('The wax has melted');
    await desk.page.getByRole('button', { name: 'Cancel these pieces' }).click();
    await desk.page.getByText(/: cancelled, the points are back\.$/).waitFor();
    await page.reload();
    assert.match(await page.locator('.steps').innerText(), /Cancelled, points given back[^]*The wax has melted/);
    assert.equal(await balance(page), had);
    await desk.context.close();
    await context.close();
  });

  test(`a code stays hidden until it is asked for, ${how}`, async () => {
    const { context, page } = await sit(person, { javaScriptEnabled });
    await addToCart(page, 'cinema-for-two');
    await page.getByRole('link', { name: 'Go to checkout' }).click();
    assert.equal(await page.locator('[name=delivery]').count(), 0, 'a code needs no delivery');
    await redeem(page);
    assert.equal(await page.locator('output').count(), 0);
    const lastFour = (await page.getByText('Hidden code ending in').innerText()).slice(-4);

    await page.getByRole('button', { name: 'Show code' }).click();
    const code = await page.locator('output').innerText();
    assert.match(code, CODE);
    assert.ok(code.endsWith(lastFour), `${code} does not end in ${lastFour}`);
    const copy = page.getByRole('button', { name: 'Copy' });
    assert.equal(await copy.isVisible(), javaScriptEnabled, 'only a script can copy');
    if (javaScriptEnabled) {
      await context.grantPermissions(['clipboard-read', 'clipboard-write']);
      await copy.click();
      await page.getByRole('button', { name: 'Copied' }).waitFor();
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), code);
    }

    await page.goto('/orders');
    await page.locator('.order a').first().click();
    await page.getByText('Code shown').waitFor();
    assert.equal((await page.content()).includes(code), false, 'shown in that one answer only');
    await context.close();
  });

  test(`a double click on Redeem places one order, ${how}`, async () => {
    const { context, page } = await sit('mara', { javaScriptEnabled });
    const [had, orders] = [await balance(page), await countOrders(page)];
    await addToCart(page, CHOCOLATE);
    await page.goto('/checkout');
    const spent = await total(page);
    await page.getByRole('button', { name: 'Redeem' }).dblclick();
    await page.waitForURL(/\/orders\/[^/]+$/);
    assert.equal(await countOrders(page), orders + 1);
    assert.equal(await balance(page), had - spent);
    await context.close();
  });

  test(`going back after an order offers nothing to redeem again, ${how}`, async () => {
    const { context, page } = await sit('mara', { javaScriptEnabled });
    const orders = await countOrders(page);
    await addToCart(page, CHOCOLATE);
    await page.goto('/checkout');
    const order = await redeem(page);
    await page.goBack();
    await page.getByRole('heading', { name: 'Your cart is empty' }).waitFor();
    await page.goForward();
    await page.getByRole('heading', { name: `Order ${order}` }).waitFor();
    assert.equal(await countOrders(page), orders + 1);
    await context.close();
  });
}

test('a page whose answer was lost can be sent again and is the same order', async () => {
  const { context, page } = await sit('mara');
  const orders = await countOrders(page);
  await addToCart(page, CHOCOLATE);
  await page.goto('/checkout');
  // The order is placed behind the page's back, as it is when the answer never arrives.
  const lost = await page.locator('main form').evaluate(async (form) => {
    const answer = await fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)) });
    return answer.url;
  });
  const order = await redeem(page);
  assert.equal(lost.split('/').at(-1), order);
  assert.equal(await countOrders(page), orders + 1);
  await context.close();
});

test('a second tab cannot redeem a cart that is gone', async () => {
  const { context, page } = await sit('mara');
  const orders = await countOrders(page);
  await addToCart(page, CHOCOLATE);
  await page.goto('/checkout');
  const second = await context.newPage();
  await second.goto('/checkout');
  await redeem(page);
  await second.getByRole('button', { name: 'Redeem' }).click();
  await second.getByText('Your cart is empty, so there is nothing to redeem.').waitFor();
  await second.getByRole('link', { name: 'Back to the cart' }).click();
  await second.waitForURL('**/cart');
  assert.equal(await countOrders(page), orders + 1);
  await context.close();
});

test('who has not enough points is told so and can still keep the thing', async () => {
  const { context, page } = await sit('jonas');
  const had = await balance(page);
  await page.goto('/products/compact-camera');
  const price = number(await page.locator('.points--large').innerText());
  assert.equal(await page.getByRole('button', { name: 'Redeem now' }).isDisabled(), true);
  const short = (price - had).toLocaleString('en');
  await page.getByText(`You are ${short} points short of this.`).waitFor();
  await page.getByRole('button', { name: 'Add to cart' }).click();
  await page.waitForURL('**/cart');
  await page.getByText(`You are ${short} points short.`).waitFor();
  assert.equal(await page.locator('#to-checkout').count(), 0);
  await context.close();
});

test('the same account on another computer shows the same cart and the same orders', async () => {
  const here = await sit('mara');
  const there = await sit('mara', { viewport: { width: 390, height: 844 } });
  await addToCart(here.page, 'pillar-candle');
  await there.page.goto('/cart');
  await there.page.getByRole('link', { name: 'Pillar candle' }).waitFor();
  await there.page.getByRole('link', { name: 'Go to checkout' }).click();
  await there.page.waitForURL('**/checkout');
  const order = await redeem(there.page);
  await here.page.goto(`/orders/${order}`);
  assert.equal(await balance(here.page), await balance(there.page));
  assert.equal(await cartCount(here.page), 0);
  await Promise.all([here.context.close(), there.context.close()]);
});

test('an address given on the way to the checkout is where the order goes', async () => {
  const { context, page } = await sit('tomas');
  await addToCart(page, 'pillar-candle');
  await page.goto('/checkout');
  await page.getByRole('link', { name: 'Add an address' }).click();
  await page.getByLabel('Name of the recipient').fill('Tomás Rocha');
  await page.getByLabel('Street and number').fill('Gärtnerweg 7');
  await page.getByLabel('Postcode').fill('10245');
  await page.getByLabel('Town or city').fill('Berlin');
  await page.getByLabel('Country').selectOption('Germany');
  await page.getByRole('button', { name: 'Save address' }).click();
  await page.waitForURL('**/checkout');
  await page.getByRole('radio', { name: /Gärtnerweg 7/ }).check();
  await redeem(page);
  assert.match(await page.locator('address').innerText(), /Tomás Rocha\s+Gärtnerweg 7\s+10245 Berlin/);
  await context.close();
});
