import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, systemClock } from '@groundswell/process';
import { afterAll, describe, expect, test } from 'vitest';
import { checkpointsContract, keyValueContract, logContract } from '../contract/index.ts';
import { bytes, makeTopic, readAll, send, text } from '../contract/reading.ts';
import { createEmbeddedStores, type EmbeddedStores } from './embedded-stores.ts';
import { commitFrame, encodeHeader } from './frames.ts';

const root = mkdtempSync(join(tmpdir(), 'groundswell-stores-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const logger = createLogger('test', 'silent');
const freshFolder = (): string => mkdtempSync(join(root, 'data-'));
const open = (directory: string, compactAboveBytes?: number): Promise<EmbeddedStores> =>
  createEmbeddedStores({
    clock: systemClock,
    directory,
    logger,
    ...(compactAboveBytes === undefined ? {} : { compactAboveBytes }),
  });
const count = async (stores: EmbeddedStores, by = 1): Promise<number> => {
  const batch = stores.keyValue.batch();
  const reply = batch.counterAdd('count', by);
  await batch.run();
  return reply.value();
};
const journalOf = (directory: string): string => join(directory, 'journal');

logContract('the embedded log on disk', async () => (await open(freshFolder())).log);

keyValueContract('the embedded key-value store on disk', async () => {
  let now = 1_000;
  const stores = await createEmbeddedStores({ clock: { now: () => now }, directory: freshFolder(), logger });
  return {
    store: stores.keyValue,
    pass: async (ms) => {
      now += ms;
    },
  };
});

const folder = freshFolder();
let last: EmbeddedStores | undefined;
checkpointsContract('checkpoints in the embedded stores, opened again', async () => {
  await last?.commit();
  await last?.close();
  last = await open(folder);
  return last.checkpoints;
});

describe('a data folder', () => {
  test('is made with its parents', async () => {
    const stores = await open(join(freshFolder(), 'a', 'b'));
    expect(await count(stores)).toBe(1);
    await stores.close();
  });

  test('has forgotten what was not committed', async () => {
    const directory = freshFolder();
    const before = await open(directory);
    await count(before, 5);
    await before.commit();
    await count(before, 100);
    await before.close();
    const after = await open(directory);
    expect(await count(after)).toBe(6);
    await after.close();
  });

  test('keeps the bytes of a record that carries more than its bytes', async () => {
    const directory = freshFolder();
    const before = await open(directory);
    const topic = await makeTopic(before.log);
    await send(before.log, topic, [{ key: 'e1', value: bytes('{"id":"e1"}'), content: { id: 'e1' } }]);
    await before.commit();
    await before.close();
    const after = await open(directory);
    const [record] = [...(await readAll(after.log, topic)).values()].flat();
    expect(record).toMatchObject({ key: 'e1', offset: 0n });
    expect(text(record?.value ?? null)).toBe('{"id":"e1"}');
    await after.close();
  });

  test('does not grow by a commit of nothing', async () => {
    const directory = freshFolder();
    const stores = await open(directory);
    await count(stores);
    await stores.commit();
    const { size } = statSync(journalOf(directory));
    await stores.commit();
    expect(statSync(journalOf(directory)).size).toBe(size);
    await stores.close();
  });

  test('goes back to the last commit when its process is killed, and refuses a second one until then', async () => {
    const directory = freshFolder();
    const fixture = join(import.meta.dirname, 'embedded-stores.fixture.ts');
    const child = spawn(process.execPath, ['--conditions=source', fixture, directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    await expect(open(directory)).rejects.toThrow(
      `Cannot open data folder "${directory}": process ${child.pid} uses it, stop that one or choose another folder`,
    );
    child.kill('SIGKILL');
    await once(child, 'exit');
    const stores = await open(directory);
    expect(await count(stores, 0)).toBe(3);
    expect((await stores.checkpoints.load('state'))?.[0]).toBe(3);
    await stores.close();
    expect(readdirSync(directory)).toEqual(['journal']);
  });

  test('is refused a second time in one process', async () => {
    const directory = freshFolder();
    const stores = await open(directory);
    await expect(open(directory)).rejects.toThrow(`process ${process.pid} uses it`);
    await stores.close();
  });

  test('is taken over from a process that is gone, also when its number was given to another', async () => {
    const directory = freshFolder();
    for (const holder of ['4194304 77', `${process.ppid} 1`, 'garbage']) {
      writeFileSync(join(directory, 'lock'), holder);
      const stores = await open(directory);
      await stores.close();
    }
  });

  test('shrinks when most of its journal is dead, and holds the same', async () => {
    const directory = freshFolder();
    const before = await open(directory, 10_000);
    const sizes: number[] = [];
    for (let i = 0; i < 50; i++) {
      await before.checkpoints.save('state', new Uint8Array(1000).fill(i));
      await count(before);
      await before.commit();
      sizes.push(statSync(journalOf(directory)).size);
    }
    await before.close();
    expect(Math.max(...sizes)).toBeLessThan(12_000);
    const after = await open(directory);
    expect(await count(after, 0)).toBe(50);
    expect((await after.checkpoints.load('state'))?.[0]).toBe(49);
    await after.close();
  });

  test('keeps what is written while it is being compacted apart from the commit', async () => {
    const directory = freshFolder();
    const before = await open(directory, 1);
    await count(before);
    const commit = before.commit();
    await Promise.resolve();
    await count(before, 10);
    await commit;
    await before.close();
    const after = await open(directory);
    expect(await count(after, 0)).toBe(1);
    await after.close();
  });

  test('that cannot be written says so at once and from then on', async () => {
    const directory = freshFolder();
    const stores = await open(directory, 1);
    await count(stores);
    rmSync(directory, { recursive: true });
    const message = `Cannot write to data folder "${directory}": ENOENT`;
    await expect(stores.commit()).rejects.toThrow(message);
    await expect(stores.commit()).rejects.toThrow(message);
    await expect(count(stores)).rejects.toThrow(message);
  });
});

describe('a journal that cannot be trusted', () => {
  const committed = async (commits: number): Promise<{ directory: string; journal: Buffer }> => {
    const directory = freshFolder();
    const stores = await open(directory);
    for (let i = 0; i < commits; i++) {
      await count(stores);
      await stores.commit();
    }
    await stores.close();
    return { directory, journal: readFileSync(journalOf(directory)) };
  };

  test('of a newer version is refused', async () => {
    const directory = freshFolder();
    writeFileSync(journalOf(directory), encodeHeader(2));
    await expect(open(directory)).rejects.toThrow(
      `Cannot open data folder "${directory}": its journal has version 2, this Groundswell reads up to version 1, use a newer one`,
    );
  });

  test.each(['', 'GSWJ', 'something else'])('that begins as %j is refused, and left as it is', async (content) => {
    const directory = freshFolder();
    writeFileSync(journalOf(directory), content);
    await expect(open(directory)).rejects.toThrow(
      `Cannot open data folder "${directory}": its file "journal" is none of Groundswell, choose another folder`,
    );
    expect(readFileSync(journalOf(directory), 'utf8')).toBe(content);
    expect(readdirSync(directory)).toEqual(['journal']);
  });

  test('is refused at the byte where it is damaged, when commits follow', async () => {
    const { directory, journal } = await committed(5);
    const second = journal.indexOf(commitFrame, journal.indexOf(commitFrame) + 1) + commitFrame.length;
    journal[second + 30] = (journal[second + 30] ?? 0) ^ 1;
    writeFileSync(journalOf(directory), journal);
    await expect(open(directory)).rejects.toThrow(
      `its journal is damaged at byte ${second}, restore the folder from a copy, or delete it to begin anew`,
    );
    expect(readFileSync(journalOf(directory))).toEqual(journal);
  });

  test('loses the last commit when that one did not reach the disk whole', async () => {
    const { directory, journal } = await committed(5);
    const tail = journal.length - commitFrame.length - 10;
    journal[tail] = (journal[tail] ?? 0) ^ 1;
    writeFileSync(journalOf(directory), journal);
    const stores = await open(directory);
    expect(await count(stores, 0)).toBe(4);
    await stores.close();
  });

  test('is written on behind the last commit', async () => {
    const { directory, journal } = await committed(3);
    writeFileSync(journalOf(directory), journal.subarray(0, -1));
    const stores = await open(directory);
    const secondEnd = journal.lastIndexOf(commitFrame, -commitFrame.length - 1) + commitFrame.length;
    expect(statSync(journalOf(directory)).size).toBe(secondEnd);
    await count(stores, 10);
    await stores.commit();
    await stores.close();
    const again = await open(directory);
    expect(await count(again, 0)).toBe(12);
    await again.close();
  });
});
