import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiProgram } from '@groundswell/graph';
import { expect, onTestFinished, test } from 'vitest';
import { followProgram } from './follow-program.ts';

const access = { anonymous: 'Read', perSecond: 1, burst: 1, forwarded: false, origins: [], maxBodyBytes: 1 };
const programOf = (revision: string) =>
  ApiProgram.parse({
    kind: 'api',
    name: 'api',
    pipeline: 'small',
    revision,
    models: [],
    windows: [],
    access,
    ui: false,
  });
const textOf = (revision: string): string => JSON.stringify(programOf(revision));

/** What the API server tells, from our hand. */
const createTold = () => {
  let [text, live] = [undefined as string | undefined, false];
  return {
    watched: {
      take: () => {
        const told = text;
        text = undefined;
        return told;
      },
      isLive: () => live,
    },
    tell: (revision: string, said = textOf(revision)) => {
      [text, live] = [said, true];
    },
    breakOff: () => {
      live = false;
    },
  };
};

/** A program's file, swapped as a kubelet does it, a program that takes every change, and a clock in our hand. */
const createMount = async ({ refuses }: { readonly refuses?: string } = {}) => {
  const folder = await mkdtemp(join(tmpdir(), 'groundswell-test-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'program.json');
  const swap = async (text: string): Promise<void> => {
    await writeFile(`${file}.new`, text);
    await rename(`${file}.new`, file);
  };
  await swap(textOf('a'));
  let [now, running] = [0, 'a'];
  const { watched, tell, breakOff } = createTold();
  const changed = followProgram(
    {
      parse: (text) => ApiProgram.parse(JSON.parse(text)),
      read: () => readFile(file, 'utf8'),
      watched,
      clock: { now: () => now },
    },
    'a',
  );
  const changedAfter = async (ms: number) => {
    now += ms;
    const next = await changed(running);
    if (next !== undefined && next.program.revision !== refuses) running = next.program.revision;
    return next;
  };
  return { swap, changedAfter, remove: () => rm(file), tell, breakOff };
};

const mounted = (revision: string) => ({ program: programOf(revision), isMounted: true });
const told = (revision: string) => ({ program: programOf(revision), isMounted: false });

test('a changed program is answered once', async () => {
  const { swap, changedAfter } = await createMount();
  expect(await changedAfter(1_000)).toBeUndefined();
  await swap(textOf('b'));
  expect(await changedAfter(1_000)).toEqual(mounted('b'));
  expect(await changedAfter(1_000)).toBeUndefined();
});

test('the file is looked at once a second, so that a change is taken within two', async () => {
  const { swap, changedAfter } = await createMount();
  await swap(textOf('b'));
  expect(await changedAfter(999)).toBeUndefined();
  expect(await changedAfter(1)).toEqual(mounted('b'));
});

test('a change back to the first program is a change', async () => {
  const { swap, changedAfter } = await createMount();
  await swap(textOf('b'));
  await changedAfter(1_000);
  await swap(textOf('a'));
  expect(await changedAfter(1_000)).toEqual(mounted('a'));
});

test.each([
  ['half a file', textOf('b').slice(0, 20)],
  ['a program of another kind', JSON.stringify({ ...programOf('b'), kind: 'scorer' })],
])('%s is left alone until it is whole', async (_, text) => {
  const { swap, changedAfter } = await createMount();
  await swap(text);
  expect(await changedAfter(1_000)).toBeUndefined();
  await swap(textOf('b'));
  expect(await changedAfter(1_000)).toEqual(mounted('b'));
});

test('a file that is gone for a moment changes nothing', async () => {
  const { swap, changedAfter, remove } = await createMount();
  await remove();
  expect(await changedAfter(1_000)).toBeUndefined();
  await swap(textOf('a'));
  expect(await changedAfter(1_000)).toBeUndefined();
});

test('what the API server tells is taken at once, and the file that comes a minute later changes nothing', async () => {
  const { swap, changedAfter, tell } = await createMount();
  tell('b');
  expect(await changedAfter(0)).toEqual(told('b'));
  expect(await changedAfter(1_000)).toBeUndefined();
  await swap(textOf('b'));
  expect(await changedAfter(1_000)).toBeUndefined();
});

test('a file that is behind what the API server told never counts while that tells', async () => {
  const { swap, changedAfter, tell } = await createMount();
  tell('b');
  await changedAfter(0);
  tell('c');
  expect(await changedAfter(0)).toEqual(told('c'));
  await swap(textOf('b'));
  expect(await changedAfter(1_000)).toBeUndefined();
  await swap(textOf('c'));
  expect(await changedAfter(1_000)).toBeUndefined();
});

test('when the API server tells nothing any more, the next change of the file counts, and not what it had before', async () => {
  const { swap, changedAfter, tell, breakOff } = await createMount();
  tell('b');
  await changedAfter(0);
  breakOff();
  expect(await changedAfter(1_000)).toBeUndefined();
  await swap(textOf('c'));
  expect(await changedAfter(1_000)).toEqual(mounted('c'));
});

test('a change that needs a restart is told again when a restart would find it', async () => {
  const { swap, changedAfter, tell } = await createMount({ refuses: 'b' });
  tell('b');
  expect(await changedAfter(0)).toEqual(told('b'));
  expect(await changedAfter(1_000)).toBeUndefined();
  await swap(textOf('b'));
  expect(await changedAfter(1_000)).toEqual(mounted('b'));
});

test('what was told and does not parse changes nothing', async () => {
  const { changedAfter, tell } = await createMount();
  tell('b', '{');
  expect(await changedAfter(0)).toBeUndefined();
  tell('b');
  expect(await changedAfter(0)).toEqual(told('b'));
});
