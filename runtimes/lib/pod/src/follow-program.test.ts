import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiProgram } from '@groundswell/graph';
import { expect, onTestFinished, test } from 'vitest';
import { followProgram } from './follow-program.ts';
import { readProgram } from './read-program.ts';

const programOf = (revision: string) =>
  ApiProgram.parse({ kind: 'api', name: 'api', pipeline: 'small', revision, models: [], windows: [], ui: false });

/** A program's file, swapped as a kubelet does it, and a clock in our hand. */
const createMount = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'groundswell-test-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'program.json');
  const swap = async (text: string): Promise<void> => {
    await writeFile(`${file}.new`, text);
    await rename(`${file}.new`, file);
  };
  const current = programOf('a');
  await swap(JSON.stringify(current));
  let now = 0;
  const changed = followProgram(() => readProgram(file, (value) => ApiProgram.parse(value)), current, {
    now: () => now,
  });
  const changedAfter = (ms: number) => {
    now += ms;
    return changed();
  };
  return { swap, changedAfter, remove: () => rm(file) };
};

test('a changed program is answered once', async () => {
  const { swap, changedAfter } = await createMount();
  expect(await changedAfter(1_000)).toBeUndefined();
  await swap(JSON.stringify(programOf('b')));
  expect(await changedAfter(1_000)).toEqual(programOf('b'));
  expect(await changedAfter(1_000)).toBeUndefined();
});

test('the file is looked at once a second, so that a change is taken within two', async () => {
  const { swap, changedAfter } = await createMount();
  await swap(JSON.stringify(programOf('b')));
  expect(await changedAfter(999)).toBeUndefined();
  expect(await changedAfter(1)).toEqual(programOf('b'));
});

test('a change back to the first program is a change', async () => {
  const { swap, changedAfter } = await createMount();
  await swap(JSON.stringify(programOf('b')));
  await changedAfter(1_000);
  await swap(JSON.stringify(programOf('a')));
  expect(await changedAfter(1_000)).toEqual(programOf('a'));
});

test.each([
  ['half a file', JSON.stringify(programOf('b')).slice(0, 20)],
  ['a program of another kind', JSON.stringify({ ...programOf('b'), kind: 'scorer' })],
])('%s is left alone until it is whole', async (_, text) => {
  const { swap, changedAfter } = await createMount();
  await swap(text);
  expect(await changedAfter(1_000)).toBeUndefined();
  await swap(JSON.stringify(programOf('b')));
  expect(await changedAfter(1_000)).toEqual(programOf('b'));
});

test('a file that is gone for a moment changes nothing', async () => {
  const { swap, changedAfter, remove } = await createMount();
  await remove();
  expect(await changedAfter(1_000)).toBeUndefined();
  await swap(JSON.stringify(programOf('a')));
  expect(await changedAfter(1_000)).toBeUndefined();
});
