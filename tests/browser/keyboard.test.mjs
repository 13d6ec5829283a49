// By keyboard alone, and as a screen reader hears it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addToCart, open, redeem, settled, signIn } from './support.mjs';

const MOST_STEPS = 40;

let shop;
before(async () => { shop = await open(); });
after(() => shop?.close());

// Somebody whose hands stay on the keyboard, signed in and at `address`.
async function sit(person, address = '/') {
  const context = await shop.context();
  const page = await context.newPage();
  await signIn(page, person);
  await page.goto(address);
  return { context, page };
}

const has = (page, selector) => page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector);
const said = (page, words) => page.locator('#announce', { hasText: words }).waitFor({ state: 'attached' });

// Steps on until the keyboard is at `selector`.
async function tabTo(page, selector, most = 80) {
  for (let step = 0; step < most; step += 1) {
    if (await has(page, selector)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`${selector} is not reached in ${most} steps`);
}

test('the first step leads past the header', async () => {
  const { context, page } = await sit('ines');
  await page.keyboard.press('Tab');
  assert.equal(await has(page, '.skip[href="#main"]'), true);
  const { x, y } = await page.locator('.skip').boundingBox();
  assert.ok(x >= 0 && y >= 0, 'it is seen while it has the keyboard');
  await page.keyboard.press('Enter');
  assert.equal(await has(page, '#main'), true);
  await page.keyboard.press('Tab');
  assert.equal(await has(page, 'main *'), true);
  await context.close();
});

for (const address of ['/', '/orders', '/points', '/products/potted-rubber-plant', '/addresses']) {
  test(`wherever the keyboard is can be seen, at ${address}`, async () => {
    const { context, page } = await sit('ines', address);
    for (let step = 0; step < MOST_STEPS; step += 1) {
      await page.keyboard.press('Tab');
      if (await has(page, 'body')) break;
      const at = await page.evaluate(() => {
        const element = document.activeElement;
        // A card's picture, a chip's face: the outline may be around something near by.
        const near = [element, element.nextElementSibling, element.closest('li'), ...element.closest('li')?.children ?? []];
        // The button inside a date's box is outlined by the browser itself.
        const outlined = !element.matches(':focus') || near.some((one) => one && getComputedStyle(one).outlineStyle !== 'none');
        const isBehind = !element.closest('.top, .skip') &&
          element.getBoundingClientRect().bottom <= document.querySelector('.top').getBoundingClientRect().bottom;
        return { outlined, isBehind, what: element.outerHTML.slice(0, 120) };
      });
      assert.ok(at.outlined, `no outline: ${at.what}`);
      assert.ok(!at.isBehind, `behind the header: ${at.what}`);
    }
    await context.close();
  });
}

test('a product is redeemed without a mouse', async () => {
  const { context, page } = await sit('ines', '/products/milk-chocolate-bar');
  await tabTo(page, 'button[name=then][value=checkout]');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/checkout');
  await tabTo(page, 'input[name=delivery]');
  await page.keyboard.press('ArrowDown');
  await tabTo(page, 'form[action="/checkout"] button[type=submit]');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/orders/*-*');
  await context.close();
});

test('a cart is filled, changed and emptied without a mouse, and the keyboard stays where it was', async () => {
  const { context, page } = await sit('mara', '/products/pillar-candle');
  await tabTo(page, 'button[name=then][value=cart]');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/cart');

  await tabTo(page, '#cart [id^=more-]');
  await page.keyboard.press('Enter');
  await said(page, 'Cart updated. Total: 180 points.');
  assert.equal(await has(page, '#cart [id^=more-]'), true, 'still at the button that was pressed');
  await page.keyboard.press('Shift+Tab');
  assert.equal(await has(page, '#cart input[name=quantity]'), true);
  await page.keyboard.press('ArrowUp');
  await said(page, 'Cart updated. Total: 270 points.');
  assert.equal(await has(page, '#cart input[name=quantity]'), true, 'still in the box that was changed');

  await tabTo(page, '#cart form[action$="/removal"] button');
  await page.keyboard.press('Enter');
  await said(page, 'Your cart is empty.');
  assert.equal(await has(page, '#cart, #cart *'), true, 'the line is gone, its place is not');
  await context.close();
});

test('a filter keeps the keyboard and says what was found', async () => {
  const { context, page } = await sit('ines');
  await tabTo(page, 'input[name=category]');
  await page.keyboard.press('ArrowRight');
  await page.waitForURL('**category=electronics**');
  await said(page, /^5 products$/);
  assert.equal(await has(page, 'input[name=category][value=electronics]'), true);
  await page.keyboard.press('Tab');
  assert.equal(await has(page, 'input[name=affordable]'), true, 'the next step leads on from there');
  await page.keyboard.press('Space');
  await page.waitForURL('**affordable=true**');
  await settled(page);
  assert.equal(await has(page, 'input[name=affordable]'), true);
  await context.close();
});

test('turning the page brings the keyboard to its beginning', async () => {
  const { context, page } = await sit('ines');
  await page.locator('#pager-next').focus();
  await page.keyboard.press('Enter');
  await page.waitForURL('**page=2**');
  await page.waitForFunction(() => document.activeElement?.closest('#results') !== null);
  await page.keyboard.press('Tab');
  assert.equal(await has(page, '#results *'), true);
  await context.close();
});

test('a narrow list shows which of its headings has the keyboard, and is sorted by it', async () => {
  const { context, page } = await sit('helena', '/hr/people');
  await page.setViewportSize({ width: 390, height: 844 });
  await tabTo(page, '#results .sort');
  const headings = await page.locator('#results .sort').count();
  for (let heading = 0; heading < headings; heading += 1) {
    const at = await page.evaluate(() => {
      const element = document.activeElement;
      const { left, right, top, bottom } = element.getBoundingClientRect();
      const isInside = left >= 0 && top >= 0 && right <= document.documentElement.clientWidth && bottom <= window.innerHeight;
      // What is clipped, or behind something, is not there for a pointer either.
      const isShown = element.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2));
      const isOutlined = getComputedStyle(element).outlineStyle !== 'none';
      return { isSort: element.matches('#results .sort'), isInside, isShown, isOutlined, what: element.outerHTML.slice(0, 120) };
    });
    assert.ok(at.isSort && at.isInside && at.isShown && at.isOutlined, JSON.stringify(at));
    await page.keyboard.press('Tab');
  }
  assert.equal(await has(page, '#results tbody *'), true, 'from the headings on to the list');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await page.waitForURL('**sort=-seen**');
  await page.locator('#results th[aria-sort=descending]', { hasText: 'Last seen' }).waitFor();
  await context.close();
});

test('a code is shown and the keyboard is at the button that copies it', async () => {
  const { context, page } = await sit('tomas');
  await addToCart(page, 'cinema-for-two');
  await page.goto('/checkout');
  await redeem(page);
  await tabTo(page, '#codes button');
  await page.keyboard.press('Enter');
  await said(page, 'The code for Cinema for two is shown.');
  assert.equal(await has(page, '[data-copy]'), true);
  await context.close();
});

test('Escape closes the menu and gives the keyboard back', async () => {
  const { context, page } = await sit('ines');
  const menu = page.locator('.top details[data-menu]');
  await tabTo(page, '.top details[data-menu] summary');
  await page.keyboard.press('Enter');
  assert.equal(await menu.getAttribute('open'), '');
  await page.keyboard.press('Tab');
  assert.equal(await has(page, '.menu__item'), true);
  await page.keyboard.press('Escape');
  assert.equal(await menu.getAttribute('open'), null);
  assert.equal(await has(page, '.top details[data-menu] summary'), true);
  await context.close();
});

test('a form that was refused says at each field what is wrong, and keeps what was typed', async () => {
  const { context, page } = await sit('ines', '/addresses/new');
  await page.getByLabel('Street and number').fill('Rua Nova 1');
  await page.getByLabel('Phone').fill('ask at the door');
  // As a browser would that does not check by itself.
  await page.locator('main form').evaluate((form) => { form.noValidate = true; });
  await page.getByRole('button', { name: 'Save address' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('alert').filter({ hasText: 'Something is missing' }).waitFor();
  assert.equal(await page.getByLabel('Street and number').inputValue(), 'Rua Nova 1');
  for (const [label, words] of [['Town or city', 'Please fill this in.'], ['Phone', 'Please use digits']]) {
    const field = page.getByLabel(label);
    assert.equal(await field.getAttribute('aria-invalid'), 'true');
    const note = page.locator(`#${await field.getAttribute('aria-describedby')}`);
    assert.ok((await note.innerText()).startsWith(words), label);
  }
  await tabTo(page, '[aria-invalid=true]');
  assert.equal(await has(page, '[name=postcode]'), true, 'the first field that needs a look');
  await context.close();
});
