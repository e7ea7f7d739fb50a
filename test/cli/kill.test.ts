import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { windowYaml } from './resources.ts';
import { type Ended, generatedFolder, runCli, startCli } from './run-cli.ts';

const sizeOf = async (file: string): Promise<number> => (await stat(file).catch(() => ({ size: 0 }))).size;

/** Kills the run once the journal has grown by so much, at whatever it is doing then. */
const killAfter = async (args: readonly string[], journal: string, bytes: number): Promise<boolean> => {
  const from = await sizeOf(journal);
  const { child, ended } = startCli(args);
  let isOver = false;
  const end = ended.then(() => {
    isOver = true;
  });
  while (!isOver && (await sizeOf(journal)) < from + bytes) await wait(5);
  child.kill('SIGKILL');
  await end;
  return child.signalCode === 'SIGKILL';
};

/** The rows of the list as it stood at the end, and where every event went. */
const resultOf = ({ stdout }: Ended): readonly string[] =>
  stdout
    .slice(stdout.lastIndexOf('Most likely'))
    .split('\n')
    .filter((line) => /^ +\d+ {2}\d\.\d{3} | in = /.test(line));

test('kill -9 at any moment, start again: the same final result', async () => {
  const folder = await generatedFolder(
    'rate: 120, duration: 12h, speed: Max, tick: 10s',
    windowYaml({ where: "event.type == 'repost'" }),
  );
  const args = ['up', '-f', folder, '--port', '0', '--exit-when-done'];
  const reference = resultOf(await runCli(...args));
  expect(reference.length).toBe(10 + 2);

  const state = join(folder, 'state');
  const durable = [...args, '--data-dir', state, '--save-every', '150ms'];
  const journal = join(state, 'journal');
  const killed: boolean[] = [];
  for (const bytesMore of [400_000, 1_500_000, 900_000]) killed.push(await killAfter(durable, journal, bytesMore));
  expect(killed).toEqual([true, true, true]);
  expect(resultOf(await runCli(...durable))).toEqual(reference);
}, 120_000);
