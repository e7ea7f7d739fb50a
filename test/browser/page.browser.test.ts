import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launch, openPage, takeScreenshot, type WatchedPage } from './browser.ts';
import { rows, writeHeatmap, writeRows } from './rows.ts';
import { createWorld, type World } from './world.ts';

let browser: Browser;
let world: World;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

beforeEach(async () => {
  world = await createWorld();
  await writeRows(world.keyValue, rows);
  await writeHeatmap(world.keyValue);
  watched = await openPage(browser);
  page = watched.page;
  await page.goto(world.url);
  await page.locator('.heat').first().waitFor();
  await page.locator('.post').first().waitFor();
});
afterEach(async () => {
  await page.context().close();
  await world.stop();
});

const authors = () => page.locator('.post .author').allTextContents();

test('the ten highest scores are shown in order, with who, what, how likely and why', async () => {
  expect(await authors()).toEqual(rows.slice(0, 10).map(({ author }) => author ?? '48812'));
  const first = page.locator('.post').first();
  const text = await first.textContent();
  expect(text).toContain('The old lighthouse at Cape Wren');
  expect(text).toContain('47 min old');
  expect(text).toContain('1,284 reposts');
  expect(text).toContain('#lighthouse');
  expect(text).toContain('428 reposts in 10 minutes +39.9');
  expect(await first.locator('.score-number').textContent()).toContain('97.2');
  expect(await first.locator('.sparkline').getAttribute('aria-label')).toMatch(
    /^Score from \d+\.\d% to \d+\.\d% within 45 min$/,
  );
  await takeScreenshot(page, 'page-desktop');
});

test('a post that takes the lead moves up while the page is open', async () => {
  const riser = rows[9];
  if (riser === undefined) throw new Error('Cannot test: the rows are too few');
  await writeRows(world.keyValue, [{ ...riser, score: 0.991, reposts: 4000 }]);
  await expect.poll(authors).toEqual(['b', ...rows.slice(0, 9).map(({ author }) => author ?? '48812')]);
  expect(await page.locator('.post').first().textContent()).toContain('4,000 reposts');
  expect(await page.locator('.post .rank').allTextContents()).toHaveLength(10);
});

test('a row that changes its place is the same element and slides there', async () => {
  await page.evaluate(`{
    document.querySelectorAll('.post')[1].dataset.mark = 'seen';
    window.moved = [];
    const animate = Element.prototype.animate;
    Element.prototype.animate = function (...how) {
      window.moved.push([this.dataset.id, Object.keys(how[0][0])[0]]);
      return animate.apply(this, how);
    };
  }`);
  const [, riser] = rows;
  if (riser === undefined) throw new Error('Cannot test: the rows are too few');
  await writeRows(world.keyValue, [{ ...riser, score: 0.995 }]);
  await expect.poll(() => page.locator('.post').first().getAttribute('data-mark')).toBe('seen');
  expect(await page.evaluate('window.moved')).toEqual([
    ['3lq5yya', 'transform'],
    ['3lq5zk2', 'transform'],
  ]);
});

test('all reasons of a post open by its button, and stay open when the list changes', async () => {
  const button = page.getByRole('button', { name: /^Why does the post of Mina Okafor/ });
  expect(await button.getAttribute('aria-expanded')).toBe('false');
  await button.click();
  expect(await button.getAttribute('aria-expanded')).toBe('true');
  const reasons = page.locator('.reasons');
  expect(await reasons.locator('tbody tr').count()).toBe(5);
  expect(await reasons.textContent()).toContain('−3.1');
  const riser = rows[1];
  if (riser === undefined) throw new Error('Cannot test: the rows are too few');
  await writeRows(world.keyValue, [{ ...riser, score: 0.996 }]);
  await expect.poll(async () => (await authors())[0]).toBe('Mina Okafor');
  expect(await reasons.isVisible()).toBe(true);
  await takeScreenshot(page, 'page-reasons');
});

test('pausing keeps the list still, and resuming shows the newest', async () => {
  await page.getByRole('button', { name: 'Pause updates of the list' }).click();
  // A second page that goes on tells when the first one would have changed.
  const { page: other } = await openPage(browser);
  await other.goto(world.url);
  await other.locator('.post').first().waitFor();
  const [, , , riser] = rows;
  if (riser === undefined) throw new Error('Cannot test: the rows are too few');
  await writeRows(world.keyValue, [{ ...riser, score: 0.998 }]);
  await expect.poll(() => other.locator('.post .author').first().textContent()).toBe('Tom Castellanos');
  await other.context().close();
  expect((await authors())[0]).toBe('Harbour Watch');
  await page.getByRole('button', { name: 'Resume updates of the list' }).click();
  await expect.poll(async () => (await authors())[0]).toBe('Tom Castellanos');
});

test('the heatmap is a table of hours by days in the time zone of the reader', async () => {
  const days = await page.locator('.heatmap tbody th').allTextContents();
  expect(days).toEqual([
    'Fri 21 Nov',
    'Sat 22 Nov',
    'Sun 23 Nov',
    'Mon 24 Nov',
    'Tue 25 Nov',
    'Wed 26 Nov',
    'Thu 27 Nov',
  ]);
  expect(await page.locator('.heatmap td.heat').count()).toBe(7 * 24);
  // 14:00 UTC is 15:00 in Berlin; what is later is not known yet.
  const today = page.locator('.heatmap tbody tr').last().locator('td');
  expect(await today.nth(15).textContent()).toMatch(/^\d+$/);
  expect(await today.nth(16).textContent()).toBe('unknown');
  expect(await page.locator('.readout').textContent()).toMatch(/^\d+ events, Thu 27 Nov, 15:00–16:00$/);
});

test('the heatmap shows another measure when asked', async () => {
  const before = await page.locator('.legend').textContent();
  await page.getByRole('radio', { name: 'reposts' }).check();
  expect(await page.locator('.readout').textContent()).toMatch(/ reposts, /);
  expect(await page.locator('.legend').textContent()).not.toBe(before);
});

test('the state of the pipeline is in the header and in a table', async () => {
  await page.locator('.programs').waitFor();
  const header = await page.locator('.masthead').textContent();
  for (const fact of ['Live', '1,204/s', '5 s', '7 of 7', 'Thu 27 Nov 15:32']) expect(header).toContain(fact);
  expect(await page.locator('.programs tbody tr').count()).toBe(7);
  expect(await page.locator('.ledger').textContent()).toContain('conserved 736,844 records read = 732,160 aggregated');
});

test('nothing leaves the machine, and nothing is refused, thrown or logged', async () => {
  await page.getByRole('button', { name: /^Why/ }).first().click();
  expect(watched.requests.length).toBeGreaterThan(3);
  expect(watched.requests.filter((url) => !url.startsWith(`${world.url}/`))).toEqual([]);
  expect(watched.complaints).toEqual([]);
});
