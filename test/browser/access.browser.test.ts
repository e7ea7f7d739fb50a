import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkAccess, launch, openPage, takeScreenshot } from './browser.ts';
import { rows, writeHeatmap, writeRows } from './rows.ts';
import { createWorld, type World } from './world.ts';

let browser: Browser;
let world: World;

beforeAll(async () => {
  browser = await launch();
  world = await createWorld();
  await writeRows(world.keyValue, rows);
  await writeHeatmap(world.keyValue);
});
afterAll(async () => {
  await browser.close();
  await world.stop();
});

const open = async (options: BrowserContextOptions): Promise<Page> => {
  const { page } = await openPage(browser, options);
  await page.goto(world.url);
  await page.locator('.post').first().waitFor();
  await page.locator('.heat').first().waitFor();
  await page.locator('.programs').waitFor();
  return page;
};

const phone = { width: 360, height: 740 };

test.each([
  { name: 'light', options: {} },
  { name: 'dark', options: { colorScheme: 'dark' } },
  { name: 'phone', options: { viewport: phone } },
] as const)('axe finds nothing to complain of on the page ($name)', async ({ name, options }) => {
  const page = await open({ ...options, bypassCSP: true, reducedMotion: 'reduce' });
  await page.getByRole('button', { name: /^Why/ }).nth(1).click();
  await takeScreenshot(page, `access-${name}`);
  await checkAccess(page);
  await page.context().close();
});

test.each([320, 360, 414, 768, 1024])('at a width of %i pixels nothing has to be scrolled sideways', async (width) => {
  const page = await open({ viewport: { width, height: 800 } });
  await page.getByRole('button', { name: /^Why/ }).first().click();
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
  await page.context().close();
});

test('dark mode has dark ground and light text', async () => {
  const colours = async (colorScheme: 'light' | 'dark') => {
    const page = await open({ colorScheme });
    const of = (property: string) => page.evaluate(`getComputedStyle(document.documentElement).${property}`);
    const found = { ground: await of('backgroundColor'), text: await of('color') };
    await page.context().close();
    return found;
  };
  expect(await colours('light')).toEqual({ ground: 'rgb(244, 246, 246)', text: 'rgb(20, 25, 28)' });
  expect(await colours('dark')).toEqual({ ground: 'rgb(13, 17, 19)', text: 'rgb(233, 237, 239)' });
});

test('the keyboard reaches everything in order, and where it is can be seen', async () => {
  const page = await open({});
  const focused = () => page.evaluate('document.activeElement.textContent') as Promise<string>;
  const press = async (key: string) => {
    await page.keyboard.press(key);
    return focused();
  };
  expect(await press('Tab')).toBe('Skip to the list');
  for (const name of ['Top', 'Heatmap', 'Pipeline', 'Rollouts', 'Models', 'Alerts', 'Timelines'])
    expect(await press('Tab')).toBe(name);
  expect(await press('Tab')).toBe('Pause updates of the list');
  expect(await press('Tab')).toBe('Why does the post of Harbour Watch score so');
  expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
  await press('Enter');
  expect(await page.locator('.reasons').isVisible()).toBe(true);
  expect(await press('Tab')).toBe(rows[0]?.id);
  for (let i = 0; i < 9; i++) await press('Tab');
  await press('Tab');
  expect(await page.evaluate('document.activeElement.type')).toBe('radio');
  await press('Tab');
  expect(await page.evaluate('document.activeElement.tagName')).toBe('TD');
  await page.context().close();
});

test('the arrow keys walk through the heatmap, and a line says where', async () => {
  const page = await open({});
  await page.locator('.heat[tabindex="0"]').focus();
  const readout = () => page.locator('.readout').textContent();
  expect(await readout()).toMatch(/Thu 27 Nov, 15:00–16:00$/);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowUp');
  expect(await readout()).toMatch(/Wed 26 Nov, 14:00–15:00$/);
  await page.keyboard.press('Home');
  expect(await readout()).toMatch(/Wed 26 Nov, 00:00–01:00$/);
  await page.keyboard.press('ArrowLeft');
  expect(await readout()).toMatch(/Wed 26 Nov, 00:00–01:00$/);
  await page.context().close();
});

test('whoever wants no motion sees none', async () => {
  const page = await open({ reducedMotion: 'reduce' });
  const [first] = rows;
  if (first === undefined) throw new Error('Cannot test: there are no rows');
  await writeRows(world.keyValue, [{ ...first, score: 0.01 }]);
  await expect.poll(() => page.locator('.post .author').first().textContent()).toBe('Mina Okafor');
  expect(await page.evaluate('document.getAnimations().length')).toBe(0);
  await writeRows(world.keyValue, [first]);
  await page.context().close();
});

test('a screen reader is told of a new leader, not of every change', async () => {
  const page = await open({});
  const voice = page.locator('[aria-live="polite"]');
  await expect.poll(() => voice.textContent()).toBe('Harbour Watch leads with 97.2%. 10 new in the top 10.');
  const [, second] = rows;
  if (second === undefined) throw new Error('Cannot test: there are no rows');
  await writeRows(world.keyValue, [{ ...second, score: 0.99 }]);
  await expect.poll(() => page.locator('.post .author').first().textContent()).toBe('Mina Okafor');
  expect(await voice.textContent()).toBe('Harbour Watch leads with 97.2%. 10 new in the top 10.');
  await writeRows(world.keyValue, [second]);
  await page.context().close();
});
