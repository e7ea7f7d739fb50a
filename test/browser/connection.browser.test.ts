import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launch, openPage, takeScreenshot } from './browser.ts';
import { rows, statusAt, writeRows } from './rows.ts';
import { createWorld, type World } from './world.ts';

let browser: Browser;
let world: World;
let page: Page;

beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());
beforeEach(async () => {
  page = (await openPage(browser)).page;
});
afterEach(async () => {
  await page.context().close();
  await world.stop();
});

const connection = () => page.locator('.connection').textContent();
const authors = () => page.locator('.post .author').allTextContents();

test('a page whose server goes away keeps what it knows and says so, and goes on when the server is back', async () => {
  world = await createWorld();
  await writeRows(world.keyValue, rows.slice(0, 3));
  await page.goto(world.url);
  await page.locator('.post').first().waitFor();
  await expect.poll(connection).toBe('Live');

  await world.stop();
  await expect.poll(connection).toMatch(/^Reconnecting since \d\d:\d\d$/);
  expect(await page.locator('.banner').textContent()).toMatch(/^The connection was lost at \d\d:\d\d\./);
  expect(await authors()).toHaveLength(3);
  await takeScreenshot(page, 'page-lost');

  await writeRows(world.keyValue, rows.slice(3, 5));
  await world.startAgain();
  await expect.poll(connection, { timeout: 20_000 }).toBe('Live');
  await expect.poll(authors, { timeout: 5_000 }).toHaveLength(5);
  expect(await page.locator('.banner').count()).toBe(0);
});

test('while the page connects, it shows where the rows will be', async () => {
  world = await createWorld();
  await page.route('**/v1/stream*', () => undefined);
  await page.goto(world.url);
  await page.getByText('Asking for the list.').waitFor({ state: 'attached' });
  expect(await connection()).toBe('Connecting');
  expect(await page.locator('.skeleton-row').count()).toBe(10);
  await takeScreenshot(page, 'page-connecting');
});

test('an empty pipeline says that it waits, and fills by itself', async () => {
  world = await createWorld();
  await page.goto(world.url);
  await page.getByText('No post has been scored yet.').waitFor();
  await page.getByText('No window has closed yet.').waitFor();
  await takeScreenshot(page, 'page-empty');
  await writeRows(world.keyValue, rows.slice(0, 1));
  await page.locator('.post').waitFor();
});

test('a pipeline without a heatmap says what to declare', async () => {
  world = await createWorld({ program: { heatmap: undefined } });
  await page.goto(world.url);
  await page.getByText('This pipeline declares no heatmap.').waitFor();
});

test('a pipeline without a model shows that the list cannot be had', async () => {
  world = await createWorld({ program: { models: [] } });
  await page.goto(world.url);
  await page.getByText('Cannot reach the API.').waitFor();
});

test('a program that waits, and one that is stalled, show their reason', async () => {
  const at = Date.UTC(2025, 10, 27);
  const healthy = statusAt(at);
  const health = [
    { kind: 'waiting', reason: 'NoInput', message: 'The topic is empty' },
    { kind: 'stalled', reason: 'DigestMismatch', message: 'The model is not the one that was declared' },
  ] as const;
  const programs = healthy.programs.map((program, i) => ({ ...program, health: health[i] ?? program.health }));
  world = await createWorld({ status: () => ({ ...healthy, programs }) });
  await page.goto(world.url);
  await page.locator('.programs').waitFor();
  expect(await page.locator('.state-waiting').textContent()).toBe('waiting');
  expect(await page.locator('.trouble').allTextContents()).toEqual([
    'NoInput The topic is empty',
    'DigestMismatch The model is not the one that was declared',
  ]);
  // An empty list has a cause, and it is said where one looks for the list.
  await page.getByText('window-post-10m is stalled. The model is not the one that was declared.').waitFor();
  await takeScreenshot(page, 'page-stalled');
  expect(await page.locator('.facts').textContent()).toContain('5 of 7');
});
