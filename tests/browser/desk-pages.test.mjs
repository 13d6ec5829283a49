// Every page of HR's desk, as it is looked at.
import { after, before } from 'node:test';
import { lookAt } from './looks.mjs';
import { open } from './support.mjs';

// To the first page below `address` that a list there leads to.
const firstOf = (address, below = address) => async (page) => {
  await page.goto(address);
  await page.locator(`main :is(td, th, li) a[href^="${below}/"]`).first().click();
  await page.waitForURL((url) => url.pathname.startsWith(`${below}/`));
};

const firstOfThenTo = (address, link, below = address) => async (page) => {
  await firstOf(address, below)(page);
  await page.getByRole('link', { name: link }).first().click();
  await page.waitForLoadState();
};

// Sends the form that holds `button` as it is, past what the browser would say.
async function refused(page, button) {
  await page.getByRole('button', { name: button }).evaluate((one) => { one.form.noValidate = true; });
  await page.getByRole('button', { name: button }).click();
  await page.waitForSelector('[aria-invalid=true]');
}

const PAGES = {
  helena: {
    'desk-overview': (page) => page.goto('/hr'),
    'desk-points': (page) => page.goto('/hr/points'),
    'desk-points-none': (page) => page.goto('/hr/points?q=unobtainium'),
    'desk-account': firstOf('/hr/points', '/hr/points/people'),
    'desk-grant': firstOf('/hr/points', '/hr/points/grants'),
    'desk-grant-whom': (page) => page.goto('/hr/points/grants/new?q=a'),
    'desk-grant-new': firstOfThenTo('/hr/points', 'Give points'),
    'desk-grant-refused': async (page) => {
      await firstOf('/hr/points', '/hr/points/people')(page);
      await page.getByRole('link', { name: 'Take points' }).click();
      await refused(page, 'Look once more');
    },
    'desk-runs': (page) => page.goto('/hr/points/runs'),
    'desk-run': firstOf('/hr/points/runs'),
    'desk-run-new': (page) => page.goto('/hr/points/runs/new'),
    'desk-run-many': (page) => page.goto('/hr/points/runs/new?kind=many'),
    'desk-rules': (page) => page.goto('/hr/points/rules'),
    'desk-rule': firstOf('/hr/points/rules'),
    'desk-rule-edit': firstOfThenTo('/hr/points/rules', 'Change'),
    'desk-products': (page) => page.goto('/hr/products'),
    'desk-product': firstOf('/hr/products'),
    'desk-product-edit': firstOfThenTo('/hr/products', 'Edit'),
    'desk-product-stock': firstOfThenTo('/hr/products', 'Stock and moves'),
    'desk-product-pictures': firstOfThenTo('/hr/products', 'Change pictures'),
    'desk-product-codes': firstOfThenTo('/hr/products?kind=digital', 'Codes', '/hr/products'),
    'desk-product-new': (page) => page.goto('/hr/products/new'),
    'desk-product-refused': async (page) => {
      await page.goto('/hr/products/new');
      await refused(page, 'Save as a draft');
    },
    'desk-categories': (page) => page.goto('/hr/products/categories'),
    'desk-people': (page) => page.goto('/hr/people'),
    'desk-person': firstOf('/hr/people'),
    'desk-person-edit': firstOfThenTo('/hr/people', 'Edit'),
    'desk-people-import': (page) => page.goto('/hr/people/imports'),
    'desk-reports': (page) => page.goto('/hr/reports'),
    'desk-audit': (page) => page.goto('/hr/audit'),
    'desk-act': firstOf('/hr/audit'),
  },
  oskar: {
    'desk-orders': (page) => page.goto('/hr/orders'),
    'desk-orders-none': (page) => page.goto('/hr/orders?q=unobtainium'),
    'desk-packing-list': (page) => page.goto('/hr/orders/packing-list'),
    'desk-order': firstOf('/hr/orders'),
    'desk-order-refused': async (page) => {
      await firstOf('/hr/orders')(page);
      await refused(page, 'Cancel these pieces');
    },
  },
};

let shop;
before(async () => { shop = await open(); });
after(() => shop?.close());

lookAt(PAGES, () => shop);
