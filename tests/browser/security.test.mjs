// Another site in a real browser, and what people type in a real browser: nothing is done, nothing runs.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { addToCart, open, redeem, settled, signIn } from './support.mjs';

const LONGEST_LINE = 120; // what the form lets anybody type
// What would get out of an attribute, and what would get out of an element.
const PAYLOADS = [
  `"><svg/onload=window.__x=1>'{{7*7}}\${7*7} '><img src=x onerror=window.__x=1>`
  + ` " autofocus onfocus=window.__x=1 hx-get=/sign-out hx-trigger=load x="`
  + ` " hx-on::load="window.__x=1" hx-vals='js:{a:window.__x=1}' hx-trigger="load[window.__x=1]" x="`,
  '</title></textarea></script><script>window.__x=1</script>'
  + '<a href="javascript:window.__x=1" autofocus>x</a><iframe srcdoc="<script>top.__x=1</script>">',
];

let shop;
before(async () => { shop = await open(); });
after(() => shop?.close());

// Everything in the database, behind the shop's back.
const sql = (text) => execFileSync('sqlite3', ['-cmd', '.timeout 5000', join(shop.folder, 'shop.db')], { input: text }).toString();
const quoted = (text) => `'${text.replaceAll("'", "''")}'`;
// What another site could want to change. Sessions are noted as used, which is no change of anybody's doing.
const state = () => sql(['people', 'person_roles', 'addresses', 'cart_lines', 'orders', 'accounts', 'codes', 'audit_events']
  .map((table) => `SELECT '${table}', * FROM ${table};`).join('\n') + 'SELECT COUNT(*) FROM sessions;');

// A site of somebody else's, on another port of this machine: to a browser it is another origin of the same site, or,
// by its other name, another site.
async function elsewhere(body) {
  const server = createServer((_, answer) => {
    answer.setHeader('content-type', 'text/html');
    answer.end(body);
  });
  await new Promise((ready) => { server.listen(0, '127.0.0.1', ready); });
  const { port } = server.address();
  return { server, names: ['localhost', '127.0.0.1'].map((name) => `http://${name}:${port}/`) };
}

test('another site changes nothing and reads nothing, however it asks', async () => {
  const context = await shop.context();
  const page = await context.newPage();
  await signIn(page, 'ines');
  await addToCart(page, 'green-tea-50-bags');
  const product = /[0-9a-f-]{36}/.exec(await page.locator('#cart form').first().getAttribute('action'))[0];
  const before = state();
  const posts = ['/sign-out', '/cart/lines', `/cart/lines/${product}/removal`, '/addresses', '/checkout'];
  const fields = `<input name=product value=${product}><input name=quantity value=9><input name=recipient value=x>
    <input name=line1 value=x><input name=postcode value=10115><input name=city value=x><input name=country value=DE>`;
  const { server, names } = await elsewhere(`<!doctype html><title>elsewhere</title>
    <img src="${shop.url}/cart"><iframe src="${shop.url}/checkout" name=inner></iframe>
    <script src="${shop.url}/points.csv"></script><link rel=stylesheet href="${shop.url}/orders">
    ${posts.map((path, at) => `<form id=form${at} method=post action="${shop.url}${path}" target=sink${at}>${fields}</form>
      <iframe name=sink${at}></iframe>`).join('')}`);
  try {
    for (const name of names) {
      await page.goto(name);
      const told = await page.evaluate(async ([url, paths]) => {
        const results = [];
        const attempt = (path, options) => fetch(url + path, { credentials: 'include', ...options }).then(
          async (answer) => results.push(`${path} ${answer.type} ${(await answer.text()).length}`),
          () => results.push('refused'),
        );
        for (const path of paths) {
          const body = new URLSearchParams({ quantity: '9' });
          await attempt(path, { method: 'POST', mode: 'no-cors', body });
          await attempt(path, { method: 'POST', mode: 'cors', body });
          await attempt(path, { method: 'POST', mode: 'cors', body, headers: { 'HX-Request': 'true' } });
          navigator.sendBeacon(url + path, body);
        }
        for (const path of ['/', '/points.csv', '/orders', '/health']) {
          await attempt(path, { mode: 'no-cors' });
          await attempt(path, { mode: 'cors' });
        }
        return results;
      }, [shop.url, posts]);
      // What may be sent is opaque and has no body; everything else is refused by the browser.
      assert.deepEqual(told.filter((one) => one !== 'refused' && !/ opaque 0$/.test(one)), [], name);
      for (let at = 0; at < posts.length; at += 1) {
        const answered = page.waitForResponse((answer) => answer.url() === shop.url + posts[at] && answer.request().method() === 'POST');
        await page.evaluate((id) => document.getElementById(id).submit(), `form${at}`);
        assert.equal((await answered).status(), 403, posts[at]);
      }
      // A page of the shop in a frame is not shown.
      const inner = page.frames().find((frame) => frame.name() === 'inner');
      assert.equal(await inner.locator('form').count().catch(() => 0), 0);
      assert.equal(state(), before, name);
    }
  } finally {
    server.close();
  }
  await page.goto(`${shop.url}/cart`);
  await page.waitForSelector('#cart form');
  await context.close();
});

test('what people type never runs, on any page', async () => {
  const context = await shop.context();
  const trouble = [];
  await context.exposeFunction('tellTrouble', (what) => trouble.push(what));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      globalThis.tellTrouble(`policy: ${event.violatedDirective} ${event.blockedURI} at ${location.href}`);
    });
  });
  const page = await context.newPage();
  page.on('dialog', (dialog) => { trouble.push('dialog'); dialog.dismiss(); });
  await signIn(page, 'ines');
  await addToCart(page, 'cinema-for-two');
  await page.goto('/checkout');
  const order = `/orders/${await redeem(page)}`;
  await addToCart(page, 'cinema-for-two');
  const address = '/addresses/new';
  for (const payload of PAYLOADS) {
    const text = quoted(payload);
    sql(`UPDATE people SET name = 'Ines ' || ${text};
      UPDATE products SET name = ${text}, description = ${text}, terms = ${text}, how_to_use = ${text};
      UPDATE categories SET name = ${text}; UPDATE pictures SET alt = ${text}; UPDATE order_lines SET name = ${text};
      UPDATE order_events SET note = ${text};
      UPDATE addresses SET recipient = ${text}, line1 = ${text}, line2 = ${text}, city = ${text}, region = ${text};`);
    const query = new URLSearchParams({ q: payload, category: payload, min: payload, max: payload, sort: payload });
    const points = new URLSearchParams({ kind: payload, from: payload, to: payload });
    const next = new URLSearchParams({ next: payload });
    const paths = [
      '/', `/?${query}`, '/products/cinema-for-two', '/cart', '/checkout', '/orders', `/orders?${query}`, order, '/points',
      `/points?${points}`, '/addresses', `${address}?${next}`, `/${encodeURIComponent(payload)}`, `/sign-in/callback?${query}`,
    ];
    for (const path of paths) {
      await page.goto(path);
      await settled(page);
      assert.equal(await page.evaluate(() => globalThis.__x), undefined, `${path} with ${payload}`);
    }
    // A refused form says again what was typed.
    await page.goto(address);
    await page.locator('#main form [name=recipient]').fill(payload);
    await page.locator('#main form').evaluate((form) => { form.noValidate = true; });
    await page.locator('#main form button[type=submit]').click();
    await page.waitForSelector('#main [aria-invalid=true]');
    assert.equal(await page.locator('#main form [name=recipient]').inputValue(), payload.slice(0, LONGEST_LINE));
    // A swap by htmx, and the note of a refused one.
    await page.goto('/');
    await page.fill('#search', payload);
    await page.waitForURL((url) => url.searchParams.get('q') !== null);
    await settled(page);
    assert.equal(await page.evaluate(() => globalThis.__x), undefined, payload);
    assert.ok((await page.locator('.menu__who').textContent()).includes(payload), 'the name is the one that was put there');
  }
  assert.deepEqual(trouble, []);
  await context.close();
});

test('a fragment that somebody has tampered with runs nothing', async () => {
  const context = await shop.context();
  const page = await context.newPage();
  await signIn(page, 'ines');
  await page.goto('/');
  await page.route('**/?*q=tampered*', (route) => route.fulfill({
    contentType: 'text/html; charset=utf-8',
    body: `<div id="results"><script>window.__x=1</script><img src=x onerror="window.__x=1"><svg onload="window.__x=1"></svg>
      <a hx-on:click="window.__x=1" hx-trigger="load[window.__x=1]" hx-get="/cart">x</a><p id="swapped">swapped</p></div>`,
  }));
  await page.fill('#search', 'tampered');
  await page.waitForSelector('#swapped', { state: 'attached' });
  await settled(page);
  assert.equal(await page.evaluate(() => globalThis.__x), undefined);
  await context.close();
});

test('nothing is kept in the browser but cookies that no script sees', async () => {
  const context = await shop.context();
  const page = await context.newPage();
  await signIn(page, 'ines');
  for (const path of ['/', '/orders', '/points', '/cart']) {
    await page.goto(path);
    await settled(page);
    const kept = await page.evaluate(async () => ({
      cookie: document.cookie, local: localStorage.length, session: { ...sessionStorage },
      databases: (await indexedDB.databases()).length, workers: (await navigator.serviceWorker?.getRegistrations() ?? []).length,
    }));
    assert.deepEqual(kept, {
      cookie: '', local: 0, databases: 0, workers: 0,
      session: { 'htmx-current-path-for-history': path }, // where htmx was last, for going back
    }, path);
  }
  for (const cookie of await context.cookies(shop.url)) {
    const { name, httpOnly, secure, sameSite, path, domain } = cookie;
    assert.deepEqual({ httpOnly, secure, sameSite, path, domain }, {
      httpOnly: true, secure: true, sameSite: 'Lax', path: '/', domain: 'localhost',
    }, name);
    assert.match(name, /^__Host-/);
  }
  await context.close();
});
