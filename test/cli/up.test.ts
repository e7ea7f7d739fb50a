import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { TopPosts } from '@groundswell/wire';
import { afterEach, describe, expect, test } from 'vitest';
import { windowYaml } from './resources.ts';
import { generatedFolder, type Started, startCli } from './run-cli.ts';

const weighted = (like: number): string =>
  windowYaml().replace(
    '{ name: count, count: {} }',
    `{ name: count, weightedSum: { by: event.type, weights: { repost: ${like} } } }`,
  );

const startUp = async (): Promise<Started & { folder: string; url: string }> => {
  const folder = await generatedFolder('rate: 2000, speed: 600, tick: 1s', weighted(1));
  const started = startCli(['up', '-f', folder, '--port', '0']);
  await until(() => started.texts.stdout.includes('the page is'));
  const url = /the page is (\S+)/.exec(started.texts.stdout)?.[1] ?? '';
  return { ...started, folder, url };
};
/** Polls a condition, as a person would look again; the test's time limit ends it. */
const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await holds())) await wait(20);
};

describe('a run without an end', () => {
  let started: Started | undefined;
  afterEach(() => started?.child.kill('SIGKILL'));

  test('answers the top as JSON, drains on Ctrl-C, prints a summary and exits with 0', async () => {
    const up = await startUp();
    started = up;
    const top = async () => TopPosts.parse(await (await fetch(`${up.url}/v1/top?limit=10`)).json());
    await until(async () => (await top()).posts.length === 10);
    expect((await top()).posts.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(await (await fetch(`${up.url}/metrics`)).text()).toMatch(
      /scorer_predictions_total\{.*variant="champion".*\} \d+/,
    );
    up.child.kill('SIGINT');
    const { code, stdout } = await up.ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(/Ran for [\d.]+ s\n {2}events in +[\d,]+\n/);
    expect(stdout).toMatch(/ {2}predictions +[\d,]+\n/);
    expect(stdout).toMatch(/ {2}window-reposts +[\d,]+ in = [\d,]+ counted \+ /);
    expect(stdout).toMatch(/ {2}scorer-small +p50 [\d.]+ ms, p99 [\d.]+ ms/);
    expect(stdout).not.toContain('NOT CONSERVED');
  });

  test('takes a changed weight and another definition live, says what is wrong with a broken file, and goes on', async () => {
    const up = await startUp();
    started = up;
    const window = join(up.folder, 'w.yaml');
    await writeFile(window, weighted(3));
    await until(() => up.texts.stdout.includes('updated window-reposts live'));
    await writeFile(window, `${await readFile(window, 'utf8')}\n  sise: 3`);
    await until(() => up.texts.stdout.includes('what ran goes on'));
    expect(up.texts.stdout).toMatch(/w\.yaml:\d+:\d+: spec\.sise: /);
    await writeFile(window, windowYaml());
    // Another definition warms up beside this one.
    await until(() => up.texts.stdout.split('updated window-reposts live').length === 3);
    expect((await fetch(`${up.url}/readyz`)).status).toBe(200);
    up.child.kill('SIGTERM');
    expect((await up.ended).code).toBe(0);
  });
});
