import { join } from 'node:path';
import { loadPrograms } from '@groundswell/local';
import { TopPosts } from '@groundswell/wire';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runEmbedded } from '../path/run-embedded.ts';
import { checkAccess, launch, openPage, takeScreenshot } from './browser.ts';

const directory = join(import.meta.dirname, '..', '..', 'examples', 'virality');
const uiDirectory = join(import.meta.dirname, '..', '..', 'runtimes', 'ui', 'dist');

let browser: Browser;
let product: Awaited<ReturnType<typeof runEmbedded>>;
let url: string;

/** The example as it is, with six hours of posts as fast as they go. */
beforeAll(async () => {
  const { programs } = await loadPrograms([directory], 'local');
  const short = programs
    .filter(({ kind }) => kind !== 'trainer')
    .map((program) => {
      if (program.kind !== 'ingest' || program.source.reader.kind !== 'generator') return program;
      const reader = { ...program.source.reader, durationMs: 6 * 3_600_000, speed: 'max' as const };
      return { ...program, source: { ...program.source, reader } };
    });
  product = await runEmbedded(short, { directory, uiDirectory });
  url = product.pipeline.url() ?? '';
  browser = await launch();
  await vi.waitUntil(() => product.pipeline.isDone(), { timeout: 120_000 });
}, 150_000);
afterAll(async () => {
  await browser.close();
  await product.stop();
});

const openPost = async (options = {}): Promise<Page> => {
  const { page } = await openPage(browser, { bypassCSP: true, ...options });
  await page.goto(url);
  await page.getByRole('button', { name: /^Why/ }).first().click();
  await page.locator('.reasons a').click();
  await page.locator('.what-if').waitFor();
  return page;
};

test('a post is asked what if, and the scorer that serves answers', async () => {
  const page = await openPost();
  const shown = await page.locator('.programs tbody td').first().textContent();
  const said = page.locator('.what-if-score [role=status]');
  expect(await said.textContent()).toBe(`As it is: ${shown}`);
  const field = page.getByLabel('reposts', { exact: true });
  const had = await field.inputValue();
  await field.fill('0');
  await page.getByLabel('reposts 5m').fill('0');
  await page.keyboard.press('Enter');
  await expect.poll(() => said.textContent()).toMatch(/^\d+\.\d% instead of \d+\.\d% −\d/);
  expect(await said.textContent()).toContain(`instead of ${shown}`);
  expect(await page.locator('.what-if-field', { hasText: `was ${had}` }).count()).toBeGreaterThan(0);
  expect(await page.locator('.what-if-score tbody tr').count()).toBeGreaterThan(0);
  await takeScreenshot(page, 'post-light');
  await page.getByRole('button', { name: 'As it is' }).click();
  await expect.poll(() => said.textContent()).toBe(`As it is: ${shown}`);
  await page.context().close();
});

test('what posts with such a score came to stands beside a score, and once it is known, what the post came to', async () => {
  const { page } = await openPage(browser);
  await page.goto(url);
  // The labels of all matured when the source ended.
  await expect.poll(() => page.locator('.score-record').count()).toBe(10);
  for (const said of await page.locator('.score-record').allTextContents()) expect(said).toMatch(/^(not )?viral$/);
  const { posts } = TopPosts.parse(await (await fetch(`${url}/v1/top?limit=100`)).json());
  const records = posts.map(({ score_record }) => score_record?.posts ?? 0);
  expect(Math.min(...records)).toBeGreaterThan(0);
  await takeScreenshot(page, 'top-actual');
  await page.getByRole('button', { name: /^Why/ }).first().click();
  await page.locator('.reasons a').click();
  await page.getByText(/^Of \d+ posts that had a score of \d+ to \d+%, /).waitFor();
  await page.getByText(/^Predicted, and now known: /).waitFor();
  await page.context().close();
});

test.each([
  { name: 'light', options: {} },
  { name: 'dark phone', options: { colorScheme: 'dark', viewport: { width: 360, height: 740 } } },
] as const)('axe finds nothing to complain of at a post ($name)', async ({ name, options }) => {
  const page = await openPost(options);
  await takeScreenshot(page, `post-access-${name.replace(' ', '-')}`);
  await checkAccess(page);
  await page.context().close();
});
