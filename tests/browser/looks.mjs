// Pages as they are looked at: on a phone and on a desk, light and dark, by people and by an accessibility checker.
// What each of them looked like is left in shots/.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import AxeBuilder from '@axe-core/playwright';
import { settled, signIn } from './support.mjs';

const SIZES = {
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
  desk: { viewport: { width: 1280, height: 800 } },
};
const RULES = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'];
// The checker takes its time: once for each size and once for each theme.
const CHECKED = ['phone, light', 'desk, dark'];
const SHOTS = join(import.meta.dirname, 'shots');

// Everything a page may not do, collected while it is open.
function watch(page, shop) {
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

// A test for each size, theme and person: `pages` are addresses by name and by who looks at them, or what leads there;
// `opened` answers the shop once it is open.
export function lookAt(pages, opened) {
  for (const [size, device] of Object.entries(SIZES)) {
    for (const colorScheme of ['light', 'dark']) {
      for (const [person, theirs] of Object.entries(pages)) {
        test(`every page of ${person} is in order on a ${size}, ${colorScheme}`, async () => {
          const shop = opened();
          await mkdir(SHOTS, { recursive: true });
          const context = await shop.context({ ...device, colorScheme, reducedMotion: 'reduce' });
          await context.addInitScript(() => {
            document.addEventListener('securitypolicyviolation', (event) => {
              console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
            });
          });
          const page = await context.newPage();
          if (person !== 'nobody') await signIn(page, person);
          const trouble = watch(page, shop);
          for (const [name, go] of Object.entries(theirs)) {
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
}
