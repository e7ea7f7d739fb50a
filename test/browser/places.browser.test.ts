import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeAlert } from './alert-rows.ts';
import { checkAccess, launch, openPage, takeScreenshot } from './browser.ts';
import { writeRollout } from './rollout-rows.ts';
import { rows, writeHeatmap, writeRows } from './rows.ts';
import { createWorld, type World } from './world.ts';

let browser: Browser;
let world: World;
const wishes: unknown[] = [];

const features = [
  { name: 'reposts', from: 'post-1h.reposts', default: 0 },
  { name: 'age_minutes', from: 'age / 60000.0' },
];
const models = [
  {
    ...{ name: 'virality', features, atMs: [0, 1_800_000] },
    outcome: { name: 'viral', rule: { kind: 'count' as const, where: 'true', atLeast: 57, maturityMs: 86_400_000 } },
    variants: [
      { name: 'champion', share: 90, shadow: false, sha256: 'ab'.repeat(32), uri: './model/champion.onnx' },
      { name: 'challenger', share: 10, shadow: false, sha256: 'cd'.repeat(32), uri: './model/challenger.onnx' },
    ],
  },
];

beforeAll(async () => {
  browser = await launch();
  world = await createWorld({ program: { models }, decide: (wish) => void wishes.push(wish) });
  await writeRows(world.keyValue, rows);
  await writeHeatmap(world.keyValue);
  await writeRollout(world.keyValue);
  await writeAlert(world.keyValue);
});
afterAll(async () => {
  await browser.close();
  await world.stop();
});

const places = [
  { path: '/', name: 'Top', shows: '.post' },
  { path: '/heatmap', name: 'Heatmap', shows: '.heatmap-groups' },
  { path: '/pipeline', name: 'Pipeline', shows: '.node' },
  { path: '/rollouts', name: 'Rollouts', shows: '.evidence' },
  { path: '/models', name: 'Models', shows: '.features' },
  { path: '/alerts', name: 'Alerts', shows: '.alert' },
  { path: '/timelines', name: 'Timelines', shows: '.ask' },
] as const;

const open = async (path: string, options: BrowserContextOptions = {}) => {
  const watched = await openPage(browser, options);
  await watched.page.goto(`${world.url}${path}`);
  return watched;
};

test('each page is reached by its link, by its address and by going back', async () => {
  const { page, requests, complaints } = await open('/');
  for (const { path, name, shows } of places) {
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name }).click();
    await page.locator(shows).first().waitFor({ state: 'attached' });
    expect(new URL(page.url()).pathname).toBe(path);
    expect(await page.locator('.places [aria-current="page"]').textContent()).toBe(name);
  }
  await page.goBack();
  expect(await page.locator('.places [aria-current="page"]').textContent()).toBe('Alerts');
  await page.goBack();
  await page.reload();
  await page.locator('.features').waitFor({ state: 'attached' });
  expect(await page.title()).toBe('Models · Groundswell');
  expect(requests.filter((url) => !url.startsWith(`${world.url}/`))).toEqual([]);
  expect(complaints).toEqual([]);
  await page.context().close();
});

test.each(
  places.flatMap((place) => [
    { ...place, look: 'light', options: {} },
    { ...place, look: 'dark phone', options: { colorScheme: 'dark' as const, viewport: { width: 360, height: 740 } } },
  ]),
)('axe finds nothing to complain of at $path ($look), and nothing is scrolled sideways', async (place) => {
  const { page } = await open(place.path, { ...place.options, bypassCSP: true, reducedMotion: 'reduce' });
  await page.locator(place.shows).first().waitFor({ state: 'attached' });
  await page.locator('.facts').waitFor();
  await takeScreenshot(page, `${place.name.toLowerCase()}-${place.look.replace(' ', '-')}`);
  await checkAccess(page);
  await page.context().close();
});

test('the page of a rollout says how sure it is, and how sure that has to be', async () => {
  const { page } = await open('/rollouts');
  await page.locator('.evidence svg').waitFor();
  const text = await page.locator('.panel').textContent();
  for (const said of ['Collecting', 'step 2 of 4', 'champion 90%', 'challenger 10%', '0.871 (0.850 to 0.890)'])
    expect(text).toContain(said);
  expect(await page.locator('.evidence svg').getAttribute('aria-label')).toMatch(
    /^Evidence 8\.\d+ of the 20 that are needed, over \d/,
  );
  await page.context().close();
});

test('the last 24 hours are shown by tag and by source, the most frequent first', async () => {
  const { page } = await open('/heatmap');
  const tables = page.locator('.heatmap-groups');
  await tables.first().waitFor();
  expect(await tables.locator('caption').allTextContents()).toEqual(['By sources', 'By tags']);
  expect(await tables.first().locator('tbody th').allTextContents()).toEqual(['bluesky', 'mastodon']);
  expect(await tables.first().locator('tbody tr').first().locator('td.heat').count()).toBe(24);
  await page.context().close();
});

test('an alert is shown with what became of it at each channel', async () => {
  const { page } = await open('/alerts');
  const text = await page.locator('.alert').first().textContent();
  for (const said of ['Critical', 'going viral', 'newsroom sent', 'hook failed, answered 503'])
    expect(text).toContain(said);
  await page.context().close();
});

test('a timeline that cannot be shown says why', async () => {
  const { page } = await open('/timelines');
  await page.getByRole('textbox', { name: 'User' }).fill('ann');
  await page.getByRole('button', { name: 'Show' }).click();
  await expect
    .poll(() => page.getByRole('alert').textContent())
    .toBe('Cannot use posts and timelines: the pipeline has no Feed, one is needed');
  await page.context().close();
});

test('ten thousand updates a second reach the page as a few states, and it stays at hand', async () => {
  const { page } = await open('/');
  await page.locator('.post').first().waitFor();
  await page.evaluate(`{
    window.changes = 0;
    new MutationObserver(() => window.changes++).observe(document.querySelector('.posts'), { childList: true, subtree: true, characterData: true });
  }`);
  const [first] = rows;
  if (first === undefined) throw new Error('Cannot test: there are no rows');
  for (let burst = 0; burst < 20; burst++) {
    for (let i = 0; i < 10; i++)
      await writeRows(
        world.keyValue,
        Array.from({ length: 100 }, (_, j) => ({ ...first, score: 0.9 + ((i + j) % 90) / 1000 })),
      );
  }
  await writeRows(world.keyValue, [first]);
  await page.getByRole('button', { name: 'Pause updates of the list' }).click();
  expect(await page.evaluate('window.changes')).toBeLessThan(200);
  await page.context().close();
});

test('a challenger is given up after a second question, with a reason, by keyboard, also at the width of a phone', async () => {
  const { page, complaints } = await open('/rollouts', { viewport: { width: 360, height: 700 }, bypassCSP: true });
  const button = page.getByRole('button', { name: 'Give up…' });
  await button.waitFor();
  await button.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Give challenger up?' });
  await dialog.waitFor();
  await takeScreenshot(page, 'decision-phone');
  await checkAccess(page);
  // Without a reason nothing is sent.
  await dialog.getByRole('button', { name: 'Give up' }).click();
  expect(wishes).toEqual([]);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await button.click();
  await dialog.getByLabel('Reason').fill('it was trained on half a day');
  await page.keyboard.press('Enter');
  await page.getByText('Asked for.').waitFor();
  expect(wishes).toEqual([{ model: 'virality', decision: 'abort', challenger: 'cd'.repeat(32), step: 1 }]);
  expect(complaints).toEqual([]);
  await page.context().close();
});
