import { randomUUID } from 'node:crypto';
import { appendFile, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { statesContract } from '../contract/index.ts';
import { bytes } from '../contract/reading.ts';
import { createFileStates } from './index.ts';

const root = await mkdtemp(join(tmpdir(), 'groundswell-states-'));
afterAll(() => rm(root, { recursive: true }));

statesContract('states in files', async () => ({
  open: async () => createFileStates(root),
  topic: async () => `topic-${randomUUID()}`,
}));

const place = () => ({ topic: `topic-${randomUUID()}`, shard: 7 });
const folderOf = ({ topic }: ReturnType<typeof place>): string => join(root, topic, '7');
const partsOf = async (at: ReturnType<typeof place>) => {
  const state = (await createFileStates(root).load(at.topic, [at.shard])).get(at.shard);
  return state && [state.base, ...state.changes].map((part) => new TextDecoder().decode(part));
};

describe('a writer that dies', () => {
  test('in the middle of a change leaves what was there before', async () => {
    const at = place();
    const states = createFileStates(root);
    await states.save(at, 1, bytes('base'));
    await states.append(at, 1, bytes('whole'));
    const whole = 8 + 8 + 4 + 8 + 5;
    for (const length of [1, 8, 12]) {
      await appendFile(join(folderOf(at), '1.state'), new Uint8Array(length).fill(5));
      expect(await partsOf(at)).toEqual(['base', 'whole']);
      await truncate(join(folderOf(at), '1.state'), whole);
    }
    expect(await partsOf(at)).toEqual(['base', 'whole']);
  });

  test('before its base is whole leaves the state of its predecessor', async () => {
    const at = place();
    await createFileStates(root).save(at, 1, bytes('base'));
    await writeFile(join(folderOf(at), '2.state.unfinished'), 'half');
    expect(await partsOf(at)).toEqual(['base']);
  });
});

test('only the newest state stays, also of what a replaced writer saved late', async () => {
  const at = place();
  const [zombie, successor] = [createFileStates(root), createFileStates(root)];
  await zombie.save(at, 1, bytes('old'));
  await successor.save(at, 2, bytes('new'));
  await zombie.append(at, 1, bytes('late'));
  await zombie.save(at, 1, bytes('late'));
  await successor.save(at, 2, bytes('newer'));
  expect(await readdir(folderOf(at))).toEqual(['2.state']);
  expect(await partsOf(at)).toEqual(['newer']);
});

test('a file of another version is refused', async () => {
  const at = place();
  await createFileStates(root).save(at, 1, bytes('base'));
  await writeFile(join(folderOf(at), '1.state'), 'GSWJ\u0009\u0000\u0000\u0000');
  await expect(partsOf(at)).rejects.toThrow('it is of another version, 1 is needed');
});
