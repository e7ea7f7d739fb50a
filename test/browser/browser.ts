import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { ensureChromium } from './chromium.ts';

/** Chromium otherwise looks for updates and the like, and here nothing is to leave the machine. */
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: ensureChromium(), args: quiet, headless: true });

/** A page and everything about it that should not happen. */
export interface WatchedPage {
  readonly page: Page;
  /** URLs that it asked for. */
  readonly requests: readonly string[];
  /** Errors thrown, logged, and violations of the content security policy. */
  readonly complaints: readonly string[];
}

export const openPage = async (browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedPage> => {
  const context = await browser.newContext({
    viewport: { width: 1360, height: 1000 },
    timezoneId: 'Europe/Berlin',
    locale: 'en-GB',
    ...options,
  });
  const page = await context.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  return { page, requests, complaints };
};

const folder = join(tmpdir(), 'groundswell-screenshots');

/** Into the temp folder of this machine, for people to look at; small, and into docs, where `make screenshots` asks for it. */
export const takeScreenshot = async (page: Page, name: string): Promise<void> => {
  const wanted = process.env['GROUNDSWELL_SCREENSHOTS'];
  if (wanted !== undefined) {
    await page.screenshot({
      path: join(wanted, `${name}.jpg`),
      type: 'jpeg',
      quality: 50,
      clip: { x: 0, y: 0, width: 1360, height: 800 },
    });
    return;
  }
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
};

let axe: string | undefined;

/**
 * Fails where axe finds anything to complain of, or the page has to be scrolled sideways. The policy of the page forbids the
 * script that looks at it: the page is opened with `bypassCSP`; other tests hold it to its policy.
 */
export const checkAccess = async (page: Page): Promise<void> => {
  axe ??= readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  await page.addScriptTag({ content: axe });
  const { violations, passes } = (await page.evaluate('axe.run()')) as AxeResults;
  expect(passes.length).toBeGreaterThan(15);
  expect(violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html) }))).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
};
