// What every browser test needs: a shop of its own with the demonstration's data, a browser, and people to sign in as.
import { chromium } from 'playwright-core';
import { startShop } from './shop.mjs';

const CHROMIUM = process.env.CHROMIUM || '/usr/bin/chromium';
const CHROMIUM_FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage',
];
const STEP_MS = 10_000; // how long a page may take for anything asked of it

// A shop and a browser together; `context` opens a fresh one, as if on a new computer.
export async function open() {
  const shop = await startShop();
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS }).catch(async (error) => {
    await shop.stop();
    throw error;
  });
  return {
    ...shop,
    async context(options = {}) {
      const context = await browser.newContext({ baseURL: shop.url, viewport: { width: 1280, height: 800 }, ...options });
      context.setDefaultTimeout(STEP_MS);
      return context;
    },
    async close() {
      await browser.close();
      await shop.stop();
    },
  };
}

// Signs in by the page of the demonstration's identity provider and waits for the catalog.
export async function signIn(page, key) {
  await page.goto('/');
  await page.click(`button[name=person][value=${key}]`);
  await page.waitForSelector('#results');
}

// Puts a product into the cart; afterwards the page shows the cart.
export async function addToCart(page, slug) {
  await page.goto(`/products/${slug}`);
  await page.click('button[name=then][value=cart]');
  await page.waitForSelector('#cart');
}

// Spends the points of the confirm page the browser is on; an order's page follows. Answers the order's number.
export async function redeem(page) {
  const office = page.locator('[name=delivery][value^="office:"]').first();
  if ((await office.count()) > 0 && (await page.locator('[name=delivery]:checked').count()) === 0) await office.check();
  await page.getByRole('button', { name: /^Redeem [\d,]+ points?$/ }).click();
  await page.waitForURL(/\/orders\/[^/]+$/);
  return page.url().split('/').at(-1);
}

// How many orders the signed-in person has.
export async function countOrders(page) {
  await page.goto('/orders');
  const said = page.locator('#results > .results__head');
  return (await said.count()) === 0 ? 0 : number(await said.innerText());
}

// The number in a piece of text such as "2,400 points" or "−90".
export const number = (text) => Number(text.replace(/[^0-9]/g, ''));

// Signed-in person's balance, as the header of any page shows it.
export const balance = async (page) => number(await page.locator('.top .pill--points > span:last-child').innerText());

// Waits until htmx has nothing under way, and a toast's or an announcement's short delay has passed.
export async function settled(page) {
  await page.waitForFunction(() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling'));
}
