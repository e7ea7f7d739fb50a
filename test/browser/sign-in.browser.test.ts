import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { checkAccess, launch, openPage, takeScreenshot } from './browser.ts';
import { client, type RunningProvider, startProvider } from './provider.ts';
import { writeRollout } from './rollout-rows.ts';
import { rows, writeRows } from './rows.ts';
import { createWorld, type World } from './world.ts';

let browser: Browser;
let provider: RunningProvider;
let world: World;
const wishes: unknown[] = [];

const access = {
  anonymous: 'None' as const,
  ...{ perSecond: 1_000_000, burst: 1_000_000, forwarded: false, origins: [] },
  maxBodyBytes: 1_048_576,
};

// Each signs in over several pages of the provider.
vi.setConfig({ testTimeout: 300_000 });

beforeAll(async () => {
  browser = await launch();
  provider = await startProvider();
  const signIn = {
    ...{ issuer: provider.issuer, clientId: client.id, scopes: ['openid', 'profile', 'groups'], operators: ['ops'] },
    clientSecret: { from: 'secret', name: 'oidc', key: 'secret' },
  } as const;
  world = await createWorld({
    program: { access: { ...access, signIn } },
    env: { GROUNDSWELL_SECRET_OIDC_SECRET: client.secret },
    decide: (wish) => void wishes.push(wish),
  });
  provider.admit(`${world.url}/auth/callback`);
  await writeRows(world.keyValue, rows);
  await writeRollout(world.keyValue);
});
afterAll(async () => {
  await browser.close();
  await world.stop();
  await provider.stop();
});

const open = async (path = '/', options = {}): Promise<Page> => {
  const { page } = await openPage(browser, options);
  await page.goto(`${world.url}${path}`);
  return page;
};

const signInAs = async (page: Page, name: string): Promise<void> => {
  await page.getByRole('link', { name: 'Sign in' }).first().click();
  await page.locator('input[name=login]').fill(name);
  await page.locator('input[name=password]').fill('any');
  await page.locator('button[type=submit]').click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByText(`${name} of the newsroom`).waitFor();
};

/** Cookies tell hosts apart, and not ports: those of the provider are there, too. */
const sessionOf = async (page: Page) =>
  (await page.context().cookies(world.url)).find(({ name }) => name === 'groundswell-session');

test('who has not signed in sees nothing but the way in, and who has sees the page that was asked for', async () => {
  const page = await open('/rollouts');
  await page.getByRole('heading', { name: 'Sign in to see this pipeline' }).waitFor();
  expect((await fetch(`${world.url}/v1/top`)).status).toBe(401);
  await takeScreenshot(page, 'sign-in');
  await signInAs(page, 'bob');
  expect(new URL(page.url()).pathname).toBe('/rollouts');
  await page.locator('.evidence').first().waitFor();
  expect(await sessionOf(page)).toMatchObject({
    name: 'groundswell-session',
    httpOnly: true,
    sameSite: 'Lax',
    path: '/',
  });
  expect(await page.evaluate('document.cookie')).toBe('');
  await page.context().close();
});

test('groups say who decides, and only a page of ours asks in their name', async () => {
  const guest = await open('/rollouts');
  await signInAs(guest, 'bob');
  await guest.getByRole('button', { name: 'Promote…' }).click();
  await guest.getByLabel('Reason').fill('why not');
  await guest.keyboard.press('Enter');
  await guest.getByText('the user "bob of the newsroom" may read, one with the scope "operate" is needed').waitFor();
  await guest.context().close();
  expect(wishes).toEqual([]);

  const page = await open('/rollouts');
  await signInAs(page, 'ann');
  const cookie = await sessionOf(page);
  const decision = { decision: 'promote', challenger: 'cd'.repeat(32), step: 1, reason: 'forged' };
  const forge = (origin: string | undefined) =>
    fetch(`${world.url}/v1/rollouts/virality/decisions`, {
      method: 'POST',
      headers: {
        ...{ 'content-type': 'application/json', cookie: `${cookie?.name}=${cookie?.value}` },
        ...(origin !== undefined && { origin }),
      },
      body: JSON.stringify(decision),
    });
  expect([(await forge('https://elsewhere.example')).status, (await forge(undefined)).status]).toEqual([403, 403]);
  expect(wishes).toEqual([]);
  await page.getByRole('button', { name: 'Promote…' }).click();
  await page.getByLabel('Reason').fill('it is better');
  await page.keyboard.press('Enter');
  await page.getByText('Asked for.').waitFor();
  expect(wishes).toEqual([{ model: 'virality', decision: 'promote', challenger: 'cd'.repeat(32), step: 1 }]);
  await page.context().close();
});

test('who signs out is nobody, also with the cookie that was', async () => {
  const page = await open();
  await signInAs(page, 'bob');
  const cookie = await sessionOf(page);
  const asBefore = () => fetch(`${world.url}/v1/top`, { headers: { cookie: `${cookie?.name}=${cookie?.value}` } });
  expect((await asBefore()).status).toBe(200);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in to see this pipeline' }).waitFor();
  expect(await sessionOf(page)).toBeUndefined();
  expect((await asBefore()).status).toBe(401);
  await page.context().close();
});

test('a code that another browser asked for, a forged state and a way to elsewhere lead nowhere', async () => {
  const asked = await fetch(`${world.url}/auth/sign-in?to=//elsewhere.example`, { redirect: 'manual' });
  const begun = asked.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const url = new URL(asked.headers.get('location') ?? '');
  expect(`${url.searchParams.get('code_challenge_method')} ${url.searchParams.get('response_type')}`).toBe('S256 code');
  const come = async (query: string, cookie = '') =>
    (await fetch(`${world.url}/auth/callback?${query}`, { redirect: 'manual', headers: { cookie } })).headers;
  const state = `state=${url.searchParams.get('state')}`;
  expect((await come(`code=stolen&${state}`)).get('location')).toBe('/?sign-in=expired');
  const forged = await come('code=stolen&state=forged', begun);
  expect(forged.get('location')).toBe('/?sign-in=failed');
  expect(forged.getSetCookie().some((cookie) => cookie.startsWith('groundswell-session'))).toBe(false);
  expect((await come(`code=stolen&${state}`, begun)).get('location')).toBe('/?sign-in=expired');
  const page = await open('/?sign-in=failed');
  await page.getByRole('alert').waitFor();
  await page.getByRole('link', { name: 'Sign in' }).first().waitFor();
  await page.goto(`${world.url}/auth/sign-in?to=https://elsewhere.example/`);
  await page.locator('input[name=login]').fill('bob');
  await page.locator('input[name=password]').fill('any');
  await page.locator('button[type=submit]').click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('bob of the newsroom').waitFor();
  expect(page.url()).toBe(`${world.url}/`);
  await page.context().close();
});

test.each([
  { name: 'light', options: {} },
  { name: 'dark phone', options: { colorScheme: 'dark', viewport: { width: 360, height: 740 } } },
] as const)('axe finds nothing to complain of where people sign in ($name)', async ({ options }) => {
  const page = await open('/', { ...options, bypassCSP: true });
  await page.getByRole('heading', { name: 'Sign in to see this pipeline' }).waitFor();
  await checkAccess(page);
  await page.context().close();
});
