// Every page as it is looked at: on a phone and on a desk, light and dark, by people and by an accessibility checker.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import AxeBuilder from '@axe-core/playwright';
import { addToCart, open, settled, signIn } from './support.mjs';

const SIZES = { phone: { width: 390, height: 844 }, desk: { width: 1280, height: 800 } };
const RULES = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'];
const LARGEST_FIRST_LOAD_BYTES = 150 * 1024;
const MOST_LAYOUT_SHIFT = 0.02;

let shop;
before(async () => { shop = await open(); });
after(() => shop?.close());

// Everything a page may not do, collected while it is open.
function watch(page) {
  const trouble = [];
  page.on('console', (message) => { if (message.type() === 'error') trouble.push(`console: ${message.text()}`); });
  page.on('pageerror', (error) => trouble.push(`script: ${error.message}`));
  page.on('requestfailed', (request) => {
    // Pictures that were still on their way when the next page was opened.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') trouble.push(`failed: ${request.url()}`);
  });
  page.on('request', (request) => {
    const { origin } = new URL(request.url());
    if (!shop.origins.includes(origin)) trouble.push(`another origin: ${request.url()}`);
  });
  return trouble;
}

async function newestOrder(page) {
  await page.goto('/orders');
  return page.locator('#results a[href^="/orders/"]').first().getAttribute('href');
}

async function addresses(page) {
  await addToCart(page, 'potted-rubber-plant');
  await addToCart(page, 'cinema-for-two');
  return {
    catalog: '/',
    'catalog, filtered': '/?q=voucher&sort=price-up',
    'catalog, empty': '/?q=unobtainium',
    product: '/products/potted-rubber-plant',
    'sold out': '/products/hiking-boots',
    cart: '/cart',
    checkout: '/checkout',
    orders: '/orders',
    order: await newestOrder(page),
    points: '/points',
    addresses: '/addresses',
    'new address': '/addresses/new',
    'signed out': '/signed-out',
  };
}

for (const [size, viewport] of Object.entries(SIZES)) {
  for (const colorScheme of ['light', 'dark']) {
    test(`every page is in order on a ${size}, ${colorScheme}`, async () => {
      const context = await shop.context({ viewport, colorScheme });
      await context.addInitScript(() => {
        document.addEventListener('securitypolicyviolation', (event) => {
          console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
        });
      });
      const page = await context.newPage();
      await signIn(page, 'ines');
      const trouble = watch(page);
      for (const [name, address] of Object.entries(await addresses(page))) {
        await page.goto(address);
        await settled(page);
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(width <= viewport.width, `${name} is ${width} px wide`);
        const broken = await page.evaluate(async () => {
          for (const picture of document.images) picture.loading = 'eager';
          await Promise.all([...document.images].map((picture) => picture.decode().catch(() => {})));
          return [...document.images].filter((picture) => picture.naturalWidth === 0).map((picture) => picture.src);
        });
        assert.deepEqual(broken, [], name);
        const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
        const found = violations.map((rule) => `${rule.id}: ${rule.nodes.map((node) => node.target).join(' ')}`);
        assert.deepEqual(found, [], name);
        assert.deepEqual(trouble, [], name);
      }
      await context.close();
    });
  }
}

test('a page that is not there is a page of ours', async () => {
  const context = await shop.context();
  const page = await context.newPage();
  await signIn(page, 'ines');
  for (const address of ['/nowhere', '/orders/0000-0000', '/products/nothing']) {
    const answer = await page.goto(address);
    assert.equal(answer.status(), 404, address);
    assert.equal(await page.locator('main h1').count(), 1, address);
    const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
    assert.deepEqual(violations.map((rule) => rule.id), [], address);
  }
  await context.close();
});

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
