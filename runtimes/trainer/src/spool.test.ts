import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openSpool, type SpoolMark } from './spool.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const linesOf = async (path: string): Promise<readonly string[]> =>
  (await readFile(path, 'utf8')).split('\n').slice(0, -1);

const inFolder = async (work: (folder: string) => Promise<void>): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'groundswell-test-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
};

/** Adds so many records, then saves, is cut off (what was added since the last save is gone), or shows what it holds. */
const Act = fc.oneof(
  fc.record({ add: fc.integer({ min: 1, max: 9 }) }),
  fc.constantFrom({ do: 'save' as const }, { do: 'crash' as const }),
);

// Some thousand small files: a busy disk takes its time.
test('a spool holds at least the newest records, in their order, however often it was saved or cut off', {
  timeout: 180_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(Act, { maxLength: 25 }), fc.integer({ min: 1, max: 8 }), async (acts, maxLines) => {
      await inFolder(async (folder) => {
        let mark: SpoolMark | undefined;
        let spool = await openSpool(folder, maxLines);
        let [written, saved] = [0, 0];
        for (const act of acts) {
          if ('add' in act) for (let i = 0; i < act.add; i++) spool.add('vectors', bytes(String(written++)));
          else if (act.do === 'save') [mark, saved] = [await spool.save(), written];
          else {
            // What was appended after the last save is on disk, and must not count.
            await spool.snapshot(join(folder, 'seen'));
            spool = await openSpool(folder, maxLines, mark);
            written = saved;
          }
        }
        const held = await linesOf((await spool.snapshot(join(folder, 'seen'))).vectors);
        expect(held).toEqual(Array.from({ length: held.length }, (_, i) => String(written - held.length + i)));
        expect(held.length).toBeGreaterThanOrEqual(Math.min(written, maxLines));
        expect((await readdir(folder)).filter((name) => name.startsWith('vectors')).length).toBeLessThanOrEqual(2);
      });
    }),
    { numRuns: 60 },
  );
});

test('a save that comes during a snapshot mixes no lines', async () => {
  await inFolder(async (folder) => {
    const spool = await openSpool(join(folder, 'rows'), 10_000);
    const records = Array.from({ length: 3_000 }, (_, i) => JSON.stringify({ i }));
    for (const record of records) spool.add('vectors', bytes(record));
    const [{ vectors }, mark] = await Promise.all([spool.snapshot(join(folder, 'run')), spool.save()]);
    expect(await linesOf(vectors)).toEqual(records);
    expect(mark.files.vectors).toEqual({ bytes: records.join('\n').length + 1, lines: 3_000 });
  });
});
