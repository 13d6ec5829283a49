// Every page of those who redeem, as it is looked at.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { lookAt } from './looks.mjs';
import { addToCart, open, redeem, signIn } from './support.mjs';

const LARGEST_FIRST_LOAD_BYTES = 150 * 1024;
const MOST_LAYOUT_SHIFT = 0.02;

// Pages by who looks at them; an address, or what leads there.
const PAGES = {
  nobody: {
    'sign-in': (page) => page.goto('/sign-in'),
    'sign-in-problem': (page) => page.goto('/sign-in/callback?code=made-up&state=made-up'),
    'signed-out': (page) => page.goto('/signed-out'),
  },
  ines: {
    'catalog': (page) => page.goto('/'),
    'catalog-second-page': (page) => page.goto('/?page=2'),
    'catalog-filtered': (page) => page.goto('/?q=voucher&sort=price-up&affordable=true'),
    'catalog-bad-filter': (page) => page.goto('/?min=900&max=100'),
    'catalog-none': (page) => page.goto('/?q=unobtainium'),
    'product': (page) => page.goto('/products/potted-rubber-plant'),
    'product-digital': (page) => page.goto('/products/cinema-for-two'),
    'product-sold-out': (page) => page.goto('/products/hiking-boots'),
    'product-too-dear': (page) => page.goto('/products/city-bicycle'),
    'account-menu': async (page) => {
      await page.goto('/orders');
      await page.getByTitle('Your account').click();
    },
    'cart': (page) => page.goto('/cart'),
    'checkout': (page) => page.goto('/checkout'),
    'orders': (page) => page.goto('/orders'),
    'orders-none': (page) => page.goto('/orders?q=unobtainium'),
    'order': (page) => page.goto(order),
    'order-code-shown': async (page) => {
      await page.goto(order);
      await page.getByRole('button', { name: 'Show code' }).click();
      await page.waitForSelector('output');
    },
    'points': (page) => page.goto('/points'),
    'points-none': (page) => page.goto('/points?kind=deduct'),
    'addresses': (page) => page.goto('/addresses'),
    'address-new': (page) => page.goto('/addresses/new'),
    'address-refused': async (page) => {
      await page.goto('/addresses/new');
      await page.locator('form [name=phone]').fill('ask at the door');
      await page.locator('main form').evaluate((form) => { form.noValidate = true; });
      await page.getByRole('button', { name: 'Save address' }).click();
      await page.waitForSelector('[aria-invalid=true]');
    },
    'not-found': (page) => page.goto('/nowhere'),
  },
  liam: {
    'catalog-without-points': (page) => page.goto('/'),
    'product-without-points': (page) => page.goto('/products/milk-chocolate-bar'),
    'cart-empty': (page) => page.goto('/cart'),
    'orders-empty': (page) => page.goto('/orders'),
    'points-empty': (page) => page.goto('/points'),
    'addresses-empty': (page) => page.goto('/addresses'),
  },
};

let shop;
let order;
before(async () => {
  shop = await open();
  const context = await shop.context();
  const page = await context.newPage();
  await signIn(page, 'ines');
  const fill = async () => {
    for (const slug of ['potted-rubber-plant', 'cinema-for-two']) await addToCart(page, slug);
  };
  await fill();
  await page.goto('/checkout');
  order = `/orders/${await redeem(page)}`;
  await fill();
  await context.close();
});
after(() => shop?.close());

lookAt(PAGES, () => shop);

test('the first catalog is light and nothing in it moves', async () => {
  const context = await shop.context();
  const page = await context.newPage();
  await signIn(page, 'ines');
  const fresh = await shop.context({ storageState: await context.storageState() });
  const first = await fresh.newPage();
  await first.addInitScript(() => {
    globalThis.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.shift += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  let bytes = 0;
  first.on('requestfinished', async (request) => {
    if (new URL(request.url()).origin !== shop.url) return;
    const { responseBodySize, responseHeadersSize } = await request.sizes();
    bytes += responseBodySize + responseHeadersSize;
  });
  await first.goto('/');
  await first.waitForLoadState('networkidle');
  assert.ok(bytes > 0 && bytes < LARGEST_FIRST_LOAD_BYTES, `${bytes} bytes`);
  const shift = await first.evaluate(() => globalThis.shift);
  assert.ok(shift <= MOST_LAYOUT_SHIFT, `layout shift ${shift}`);
  await fresh.close();
  await context.close();
});
