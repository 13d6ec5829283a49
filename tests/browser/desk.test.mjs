// What HR comes for: points given and taken back, a sheet, a photograph, codes that run out, a table full of parcels,
// and "where did my points go?".
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addToCart, balance, number, open, redeem, signIn } from './support.mjs';

const MODES = [
  { how: 'with JavaScript', javaScriptEnabled: true },
  { how: 'without JavaScript', javaScriptEnabled: false },
];
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
const SMALLEST_TARGET_PX = 24;
const SLOW_MS = 30_000; // what the shop does beside its answers, on a busy machine

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

const button = (page, name) => page.getByRole('button', { name, exact: true });
const link = (page, name) => page.getByRole('link', { name, exact: true });
const figure = async (page, label) =>
  number(await page.locator('.figure', { hasText: label }).locator('.figure__value').innerText());

// Reads the page anew until `there` is on it, as somebody without JavaScript does.
async function reloadUntil(page, there) {
  for (const giveUp = Date.now() + SLOW_MS; !(await there.isVisible()); await page.reload()) {
    assert.ok(Date.now() < giveUp, `${there} does not come:\n${await page.locator('main').innerText()}`);
  }
}

for (const { how, javaScriptEnabled } of MODES) {
  test(`points are given to somebody, seen by them and taken back, ${how}`, async () => {
    const { context, page } = await sit('helena', { javaScriptEnabled });
    const theirs = await sit('mei');
    const had = await balance(theirs.page);

    await page.goto('/hr/points');
    await link(page, 'Give points').click();
    await page.getByLabel('Name, employee number or e-mail').fill('mei');
    if (!javaScriptEnabled) await page.locator('main').getByRole('button', { name: 'Search' }).click();
    await page.getByRole('link', { name: /^Mei Tan/ }).click();
    await page.getByLabel('Points', { exact: true }).fill('120');
    await page.getByLabel('Reason').selectOption({ label: 'Good idea' });
    await page.getByLabel(/^Note/).fill(`The new shelf, ${how}`);
    await button(page, 'Look once more').click();
    assert.equal(number(await page.locator('#before').innerText()), had);
    assert.equal(number(await page.locator('#after').innerText()), had + 120);
    await button(page, 'Give the points').click();
    await page.waitForURL(/\/hr\/points\/grants\/[0-9a-f-]+$/);
    assert.equal(number(await page.locator('#left').innerText()), 120);

    await theirs.page.goto('/points');
    assert.equal(await balance(theirs.page), had + 120);
    const newest = theirs.page.locator('.statement tbody tr').first();
    assert.match(await newest.innerText(), new RegExp(`The new shelf, ${how}`));

    await page.getByLabel('Why – the person reads it').fill('Meant for somebody else');
    await button(page, 'Take it back').click();
    await page.getByText('Meant for somebody else').waitFor();
    await theirs.page.reload();
    assert.equal(await balance(theirs.page), had);
    await theirs.context.close();
    await context.close();
  });

  test(`a sheet is looked over, given without its bad rows and taken back, ${how}`, async () => {
    const { context, page } = await sit('helena', { javaScriptEnabled });
    const amount = javaScriptEnabled ? 31 : 32; // not the same sheet twice
    const good = ['E-1015', 'E-1022', 'E-1028', 'E-1031'];
    const rows = good.map((one) => `${one},${amount},`);
    for (let line = 0; line < 37; line += 1) rows.push(`E-nobody-${line},${amount},`);
    await page.goto('/hr/points/runs/new');
    await page.getByLabel('The sheet', { exact: true }).setInputFiles({
      name: 'ideas.csv', mimeType: 'text/csv', buffer: Buffer.from(`number,amount,note\n${rows.join('\n')}\n`),
    });
    await page.getByLabel('Reason').selectOption({ label: 'Campaign' });
    await page.getByLabel(/^Note/).fill('Ideas of the month');
    await button(page, 'Check the sheet').click();
    await page.waitForURL(/\/hr\/points\/runs\/[0-9a-f-]+$/);
    assert.equal(await figure(page, 'people, each once'), 4);
    assert.equal(await figure(page, 'rows with problems'), 37);
    const bad = await context.request.get(await link(page, 'Download them with the reasons').getAttribute('href'));
    assert.equal((await bad.text()).trim().split('\n').length, 38, 'a heading and each bad row');

    const give = button(page, `Give ${4 * amount} points to 4 people`);
    if (javaScriptEnabled) await give.evaluate((one) => { one.form.noValidate = true; });
    await give.click();
    await page.locator('[name=good_only][aria-invalid=true]').check();
    await give.click();
    const given = page.getByText(`4 people have received ${4 * amount} points.`);
    if (javaScriptEnabled) await given.waitFor({ timeout: SLOW_MS });
    else await reloadUntil(page, given);
    await page.reload();

    await link(page, 'Take the run back').click();
    await page.getByLabel(/^Why/).fill('The wrong month');
    await page.getByRole('button', { name: /^Take/ }).click();
    const back = page.getByText(`4 grants were taken back, ${4 * amount} points.`);
    if (javaScriptEnabled) await page.waitForURL(/\/hr\/points\/runs\/[0-9a-f-]+$/);
    await reloadUntil(page, back);
    await context.close();
  });

  test(`ten orders are handed over at once, ${how}`, async () => {
    const { context, page } = await sit('oskar', { javaScriptEnabled });
    const theirs = await sit(javaScriptEnabled ? 'ines' : 'tomas');
    const placed = [];
    for (let order = 0; order < 10; order += 1) {
      await addToCart(theirs.page, 'milk-chocolate-bar');
      await theirs.page.goto('/checkout');
      placed.push(await redeem(theirs.page));
    }
    await page.goto('/hr/orders');
    const head = page.locator('#results .results__head');
    const waiting = number(await head.locator('p').innerText());
    if (javaScriptEnabled) await page.getByLabel('Choose all on this page').check();
    for (const order of placed) {
      const box = page.getByLabel(`Choose order ${order}`);
      if (!javaScriptEnabled) await box.check();
      assert.ok(await box.isChecked(), order);
    }
    await page.getByLabel(/^Note for everybody/).fill('They lie at the front desk');
    await button(page, 'Hand over').click();
    await page.waitForURL(/\/hr\/orders\/batches\//);
    const said = await page.locator('main').innerText();
    for (const order of placed) assert.ok(said.includes(order), `${order} in\n${said}`);
    await page.goto('/hr/orders?state=waiting');
    const left = (await head.count()) === 0 ? 0 : number(await head.locator('p').innerText());
    assert.equal(left, javaScriptEnabled ? 0 : waiting - 10);
    await theirs.page.goto(`/orders/${placed[9]}`);
    await theirs.page.getByText('They lie at the front desk').waitFor();
    await theirs.context.close();
    await context.close();
  });

  test(`a list is sorted with a thumb, ${how}`, async () => {
    const { context, page } = await sit('helena', { ...PHONE, javaScriptEnabled });
    await page.goto('/hr/people');
    const first = page.locator('#results tbody th a').first();
    const heading = page.locator('#results').getByRole('columnheader', { name: 'Name', exact: true });
    const named = await first.innerText();
    await heading.scrollIntoViewIfNeeded();
    for (const one of await page.locator('#results .sort').all()) {
      const { x, y, width, height } = await one.boundingBox();
      const said = `${await one.innerText()} at ${[x, y, width, height]}`;
      assert.ok(width >= SMALLEST_TARGET_PX && height >= SMALLEST_TARGET_PX, said);
      assert.ok(x >= 0 && y >= 0 && x + width <= PHONE.viewport.width, said);
    }
    for (const [sort, state] of [['-name', 'descending'], ['name', 'ascending']]) {
      await heading.getByRole('link').tap();
      await page.waitForURL((url) => url.searchParams.get('sort') === sort);
      await page.locator(`#results th[aria-sort=${state}]`, { hasText: 'Name' }).waitFor();
      assert.equal((await first.innerText()) === named, sort === 'name', `${sort}: ${await first.innerText()}`);
    }
    await context.close();
  });

  test(`a product is made, its last code is redeemed and more codes are added, ${how}`, async () => {
    const { context, page } = await sit('helena', { javaScriptEnabled });
    const name = `Concert ${how}`;
    await page.goto('/hr/products/new');
    await page.getByLabel('Name', { exact: true }).fill(name);
    await page.getByLabel('Kind').selectOption({ label: 'Digital code' });
    await page.getByLabel('Points', { exact: true }).fill('5');
    await page.getByLabel(/^Description/).fill('An evening of music.');
    await button(page, 'Save as a draft').click();
    await page.waitForURL(/\/hr\/products\/[0-9a-f-]{36}$/);
    const product = page.url();
    const addCodes = async (codes) => {
      await page.goto(`${product}/codes`);
      await page.getByLabel('Paste codes').fill(codes);
      await button(page, 'Add these codes').click();
      await page.getByRole('status').first().waitFor();
    };
    const mark = javaScriptEnabled ? 'A' : 'B';
    await addCodes(`LAST-ONE-${mark}001\n`);
    assert.equal(await figure(page, 'Free'), 1);
    await page.goto(product);
    await button(page, 'List it').click();
    await page.locator('.badge--listed').waitFor();
    const slug = (await link(page, 'Look at it in the shop').getAttribute('href')).split('/').at(-1);

    const theirs = await sit(javaScriptEnabled ? 'arjun' : 'jonas');
    await addToCart(theirs.page, slug);
    await theirs.page.goto('/checkout');
    await redeem(theirs.page);
    await theirs.page.getByRole('button', { name: 'Show code' }).click();
    assert.equal(await theirs.page.locator('output').innerText(), `LAST-ONE-${mark}001`);
    await theirs.page.goto(`/products/${slug}`);
    await theirs.page.getByText('Sold out').first().waitFor();

    await page.goto('/hr');
    assert.match(await page.locator('#pools').innerText(), new RegExp(name));
    await addCodes(`LAST-ONE-${mark}001\nONE-MORE-${mark}002\n`);
    assert.equal(await figure(page, 'Free'), 1, 'what the shop had already is left out');
    assert.equal((await page.locator('main').innerText()).includes(`ONE-MORE-${mark}002`), false);
    await addToCart(theirs.page, slug);
    await theirs.context.close();
    await context.close();
  });
}

// Where a camera writes down how it was held: turned a quarter to the right.
const HELD_UPRIGHT = Buffer.from(
  'ffe1002245786966000049492a00080000000100120103000100000006000000' + '00000000', 'hex');

test('a photograph of twelve megapixels is uploaded as the phone took it', async () => {
  const { context, page } = await sit('helena');
  const drawn = await page.evaluate(() => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [4000, 3000];
    const pen = canvas.getContext('2d');
    for (let stripe = 0; stripe < 40; stripe += 1) {
      pen.fillStyle = `hsl(${stripe * 9} 70% 55%)`;
      pen.fillRect(stripe * 100, 0, 100, 3000);
    }
    return canvas.toDataURL('image/jpeg', 0.9);
  });
  const jpeg = Buffer.from(drawn.split(',')[1], 'base64');
  const photograph = Buffer.concat([jpeg.subarray(0, 2), HELD_UPRIGHT, jpeg.subarray(2)]);
  await page.goto('/hr/products?q=canoe');
  await page.getByRole('link', { name: 'A day by canoe' }).click();
  await link(page, 'Change pictures').click();
  await page.getByLabel('Files').setInputFiles({ name: 'IMG_0042.JPG', mimeType: 'image/jpeg', buffer: photograph });
  await page.locator('form[enctype] [name=alt]').fill('Stripes of every colour');
  await button(page, 'Upload').click();
  await page.getByText('has new pictures').waitFor({ timeout: SLOW_MS });
  const stored = page.getByRole('img', { name: 'Stripes of every colour' });
  const shape = await stored.evaluate(async (picture) => {
    await picture.decode();
    return [picture.naturalWidth, picture.naturalHeight, picture.currentSrc.split('?')[0].split('.').at(-1)];
  });
  assert.ok(shape[1] > shape[0], `it stands upright: ${shape}`);
  await context.close();
});

test('HR sees where the points of somebody went', async () => {
  const theirs = await sit('sofia');
  const had = await balance(theirs.page);
  await addToCart(theirs.page, 'milk-chocolate-bar');
  await theirs.page.goto('/checkout');
  const order = await redeem(theirs.page);
  const spent = had - (await balance(theirs.page));
  const { context, page } = await sit('helena');
  await page.goto('/hr/people?q=sofia');
  await page.getByRole('link', { name: 'Sofia Keller' }).click();
  await page.waitForURL(/\/hr\/people\//);
  assert.match(await page.locator('main').innerText(), new RegExp(order));
  await page.goto('/hr/points?q=sofia');
  await page.getByRole('link', { name: 'Sofia Keller' }).first().click();
  const row = page.locator('#statement tbody tr').first();
  assert.match(await row.innerText(), new RegExp(`${order}[^]*${spent}`));
  await row.locator('summary').click();
  assert.match(await row.locator('.pieces').innerText(), new RegExp(`${spent} points`));
  await theirs.context.close();
  await context.close();
});
