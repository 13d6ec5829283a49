// Takes the pictures of the README anew: `node shots.mjs` in this folder.
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { addToCart, open, settled, signIn } from './support.mjs';

const FOLDER = resolve(import.meta.dirname, '../../docs/pictures');
const WIDE = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

const shop = await open();
await mkdir(FOLDER, { recursive: true });

async function picture(name, viewport, colorScheme, go, person = 'ines') {
  // As on a phone, where a scroll bar takes no room.
  const context = await shop.context({ viewport, colorScheme, isMobile: true });
  const page = await context.newPage();
  await signIn(page, person);
  await go(page);
  await settled(page);
  await page.waitForLoadState('networkidle');
  await page.screenshot({ path: join(FOLDER, `${name}.png`) });
  await context.close();
}

await picture('catalog-1280-light', WIDE, 'light', (page) => page.goto('/'));
await picture('product-390-light', PHONE, 'light', (page) => page.goto('/products/potted-rubber-plant'));
await picture('points-390-dark', PHONE, 'dark', (page) => page.goto('/points'));
await picture('checkout-1280-dark', WIDE, 'dark', async (page) => {
  await addToCart(page, 'stoneware-teapot');
  await addToCart(page, 'cinema-for-two');
  await page.goto('/checkout');
});
await picture('desk-1280-light', WIDE, 'light', (page) => page.goto('/hr'), 'helena');
await shop.close();
