import { existsSync } from 'node:fs';
import { copyFile, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrainingFiles } from './run-trainer.ts';

const names = ['vectors', 'outcomes'] as const;
type Name = (typeof names)[number];

/** Where the files of a spool end, for a checkpoint. */
export interface SpoolMark {
  /** Counts how often the files were written anew, without their oldest lines. */
  readonly generation: number;
  readonly files: Readonly<Record<Name, { readonly bytes: number; readonly lines: number }>>;
}

/** Keeps the newest records on disk until they are trained on: topics need not keep them as long. */
export interface Spool {
  add(name: Name, record: Uint8Array): void;
  /** Writes what was added. Answers the mark to go back to after a crash. */
  save(): Promise<SpoolMark>;
  /** Copies what has come so far to `folder`, whole or not at all. */
  snapshot(folder: string): Promise<TrainingFiles>;
}

const empty: SpoolMark = {
  generation: 0,
  files: { vectors: { bytes: 0, lines: 0 }, outcomes: { bytes: 0, lines: 0 } },
};
const newline = Uint8Array.of(10);

const filesIn = (folder: string): TrainingFiles => ({
  vectors: join(folder, 'vectors.jsonl'),
  outcomes: join(folder, 'outcomes.jsonl'),
});

/** The snapshot that lies in a folder, if it is whole. */
export const snapshotIn = (folder: string): TrainingFiles | undefined => {
  const files = filesIn(folder);
  return existsSync(files.vectors) && existsSync(files.outcomes) ? files : undefined;
};

/** The last `count` lines of a file. */
const tailOf = async (path: string, count: number): Promise<string> => {
  const lines = (await readFile(path, 'utf8')).split('\n');
  return lines.slice(Math.max(0, lines.length - 1 - count)).join('\n');
};

/**
 * Opens a spool where `from` left it: what was written after that is cut off.
 *
 * @param maxLines of each file; it may hold twice as many for a while
 */
export const openSpool = async (folder: string, maxLines: number, from: SpoolMark = empty): Promise<Spool> => {
  let { generation } = from;
  const lines = { vectors: from.files.vectors.lines, outcomes: from.files.outcomes.lines };
  const added: Record<Name, Uint8Array[]> = { vectors: [], outcomes: [] };
  const pathOf = (name: Name, of = generation): string => join(folder, `${name}-${of}.jsonl`);

  await mkdir(folder, { recursive: true });
  for (const name of names) {
    const file = await open(pathOf(name), 'a');
    await file.truncate(from.files[name].bytes);
    await file.close();
  }

  const flush = async (): Promise<void> => {
    for (const name of names) {
      const some = added[name];
      if (some.length === 0) continue;
      // What comes while this is written is for the next time.
      added[name] = [];
      await writeFile(pathOf(name), some, { flag: 'a' });
    }
  };
  const removeOthers = async (): Promise<void> => {
    const mine = new Set(names.map((name) => `${name}-${generation}.jsonl`));
    const others = (await readdir(folder)).filter(
      (file) => /^(vectors|outcomes)-\d+\.jsonl$/.test(file) && !mine.has(file),
    );
    await Promise.all(others.map((file) => rm(join(folder, file), { force: true })));
  };
  /** Writes the newest lines to new files; the old ones stay until the next save, for a crash before this one is kept. */
  const shorten = async (): Promise<void> => {
    for (const name of names) {
      await writeFile(pathOf(name, generation + 1), await tailOf(pathOf(name), maxLines));
      lines[name] = Math.min(lines[name], maxLines);
    }
    generation++;
  };
  const bytesOf = async (name: Name): Promise<number> => {
    const file = await open(pathOf(name), 'r');
    const { size } = await file.stat();
    await file.close();
    return size;
  };
  let turn: Promise<unknown> = Promise.resolve();
  /** A save may come while a run takes its snapshot: two that write one file would mix their lines. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  };
  const save = async (): Promise<SpoolMark> => {
    await flush();
    await removeOthers();
    if (names.some((name) => lines[name] > 2 * maxLines)) await shorten();
    const [vectors, outcomes] = [await bytesOf('vectors'), await bytesOf('outcomes')];
    return {
      generation,
      files: {
        vectors: { bytes: vectors, lines: lines.vectors },
        outcomes: { bytes: outcomes, lines: lines.outcomes },
      },
    };
  };
  const snapshot = async (to: string): Promise<TrainingFiles> => {
    await flush();
    await mkdir(to, { recursive: true });
    const files = filesIn(to);
    for (const name of names) await copyFile(pathOf(name), `${files[name]}.part`);
    for (const name of names) await rename(`${files[name]}.part`, files[name]);
    return files;
  };
  return {
    add: (name, record) => {
      added[name].push(record, newline);
      lines[name]++;
    },
    save: () => inTurn(save),
    snapshot: (to) => inTurn(() => snapshot(to)),
  };
};
