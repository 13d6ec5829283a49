// Every page as it is looked at: on a phone and on a desk, light and dark, by people and by an accessibility checker.
// What each of them looked like is left in shots/.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import AxeBuilder from '@axe-core/playwright';
import { addToCart, open, redeem, settled, signIn } from './support.mjs';

const SIZES = {
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
  desk: { viewport: { width: 1280, height: 800 } },
};
const RULES = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'];
// The checker takes its time: once for each size and once for each theme.
const CHECKED = ['phone, light', 'desk, dark'];
const LARGEST_FIRST_LOAD_BYTES = 150 * 1024;
const MOST_LAYOUT_SHIFT = 0.02;
const SHOTS = join(import.meta.dirname, 'shots');

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
  oskar: {
    'desk-orders': (page) => page.goto('/hr/orders'),
    'desk-orders-none': (page) => page.goto('/hr/orders?q=unobtainium'),
    'desk-order': async (page) => {
      await page.goto('/hr/orders');
      await page.locator('#results h2 a').first().click();
      await page.waitForURL(/\/hr\/orders\/[^/?]+$/);
    },
    'desk-order-refused': async (page) => {
      await page.goto('/hr/orders');
      await page.locator('#results h2 a').first().click();
      await page.locator('main form').last().evaluate((form) => { form.noValidate = true; });
      await page.getByRole('button', { name: 'Cancel these pieces' }).click();
      await page.waitForSelector('[aria-invalid=true]');
    },
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
  await mkdir(SHOTS, { recursive: true });
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

// Everything a page may not do, collected while it is open.
function watch(page) {
  const trouble = [];
  page.on('console', (message) => {
    // The browser reports a page of ours that says "no" as well; its status is what other tests are about.
    const isThePage = message.location().url === page.url() && /status of 4\d\d/.test(message.text());
    if (['error', 'warning'].includes(message.type()) && !isThePage) trouble.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => trouble.push(`script: ${error.message}`));
  page.on('requestfailed', (request) => {
    // Pictures that were still on their way when the next page was opened.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') trouble.push(`failed: ${request.url()}`);
  });
  page.on('request', (request) => {
    const { origin } = new URL(request.url());
    const isTheirs = [origin, new URL(request.frame().url()).origin].every((one) => one === shop.provider);
    if (!shop.origins.includes(origin) && !isTheirs && !request.isNavigationRequest()) {
      trouble.push(`another origin: ${request.url()}`);
    }
  });
  page.on('response', (response) => {
    if (response.status() >= 400 && !response.request().isNavigationRequest()) {
      trouble.push(`${response.status()}: ${response.url()}`);
    }
  });
  return trouble;
}

async function look(page, name) {
  // Not the window's width: the scroll bar's place is part of that, and would hide as much overflow.
  const [width, room] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(width <= room, `${name} is ${width} px wide where ${room} px are free`);
  const broken = await page.evaluate(async () => {
    for (const picture of document.images) picture.loading = 'eager';
    await Promise.all([...document.images].map((picture) => picture.decode().catch(() => {})));
    return [...document.images].filter((picture) => picture.naturalWidth === 0).map((picture) => picture.src);
  });
  assert.deepEqual(broken, [], name);
}

async function isAccessible(page, name) {
  // The older way of running it, which is three times as quick: it differs only for pages with frames, and these have none.
  const checker = new AxeBuilder({ page }).setLegacyMode(true).options({ runOnly: RULES, resultTypes: ['violations'] });
  const { violations } = await checker.analyze();
  const found = violations.map((rule) => `${rule.id}: ${rule.nodes.map((node) => node.target).join(' ')}`);
  assert.deepEqual(found, [], name);
}

for (const [size, device] of Object.entries(SIZES)) {
  for (const colorScheme of ['light', 'dark']) {
    for (const [person, pages] of Object.entries(PAGES)) {
      test(`every page of ${person} is in order on a ${size}, ${colorScheme}`, async () => {
        const context = await shop.context({ ...device, colorScheme, reducedMotion: 'reduce' });
        await context.addInitScript(() => {
          document.addEventListener('securitypolicyviolation', (event) => {
            console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
          });
        });
        const page = await context.newPage();
        if (person !== 'nobody') await signIn(page, person);
        const trouble = watch(page);
        for (const [name, go] of Object.entries(pages)) {
          await go(page);
          await settled(page);
          await look(page, name);
          if (CHECKED.includes(`${size}, ${colorScheme}`)) await isAccessible(page, name);
          const shot = join(SHOTS, `${name}-${device.viewport.width}-${colorScheme}.jpg`);
          await page.screenshot({ path: shot, type: 'jpeg', quality: 90, fullPage: true });
          assert.deepEqual(trouble, [], name);
        }
        await context.close();
      });
    }
  }
}

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
