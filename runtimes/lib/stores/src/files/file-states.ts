import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  encodeHeader,
  frameBytes,
  headerBytes,
  journalVersion,
  readFrames,
  sealFrame,
  versionOf,
} from '../embedded/frames.ts';
import type { SavedState, StatePlace, States } from '../states.ts';

/** Cannot go on without a change by a person: the file is of another version. */
class StateFileError extends Error {
  override readonly name = 'StateFileError';
}

const isCode = (error: unknown, code: string): boolean => (error as NodeJS.ErrnoException).code === code;

const frameOf = (payload: Uint8Array): Buffer => {
  const frame = Buffer.alloc(frameBytes + payload.length);
  frame.set(payload, frameBytes);
  sealFrame(frame, 0, frame.length);
  return frame;
};

/** The parts of a file, up to the first that is not whole: that one was never answered to. */
const readParts = (path: string): readonly Uint8Array[] => {
  const file = openSync(path, 'r');
  try {
    const header = Buffer.alloc(headerBytes);
    readSync(file, header, 0, headerBytes, 0);
    if (versionOf(header) !== journalVersion)
      throw new StateFileError(
        `Cannot read the state in "${path}": it is of another version, ${journalVersion} is needed`,
      );
    return Array.from(readFrames(file, fstatSync(file).size), ({ payload }) => new Uint8Array(payload));
  } finally {
    closeSync(file);
  }
};

/** A file is there as a whole, or as it was before. */
const replace = async (folder: string, name: string, content: readonly Buffer[]): Promise<void> => {
  const unfinished = join(folder, `${name}.unfinished`);
  const file = await open(unfinished, 'w');
  try {
    await file.writev([...content]);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(unfinished, join(folder, name));
  const directory = await open(folder, 'r');
  await directory.sync().finally(() => directory.close());
};

const nameOf = (epoch: number): string => `${epoch}.state`;

/** Of whole states, the newest first. */
const epochsIn = async (folder: string): Promise<readonly number[]> => {
  const names = await readdir(folder).catch((error) => {
    if (isCode(error, 'ENOENT')) return [];
    throw error;
  });
  const found = names.flatMap((name) => /^(\d+)\.state$/.exec(name)?.[1] ?? []);
  return found.map(Number).sort((a, b) => b - a);
};

/**
 * States in files below a folder that all workers see: `<topic>/<shard>/<epoch>.state`, a base with its changes behind it. Each
 * writer has files of its own, so what a replaced one still writes is not found by who loads. What was saved is on the disk.
 */
export const createFileStates = (root: string): States => {
  /** The epoch of the base that is ours, by folder. */
  const written = new Map<string, number>();
  const folderOf = ({ topic, shard }: StatePlace): string => join(root, topic, String(shard));

  const loadShard = async (place: StatePlace): Promise<SavedState | undefined> => {
    const folder = folderOf(place);
    for (;;) {
      const [epoch] = await epochsIn(folder);
      if (epoch === undefined) return undefined;
      try {
        const [base, ...changes] = readParts(join(folder, nameOf(epoch)));
        if (base === undefined) throw new StateFileError(`Cannot read the state in "${folder}": its base is cut short`);
        return { epoch, base, changes };
      } catch (error) {
        // A newer one took its place between the two looks.
        if (!isCode(error, 'ENOENT')) throw error;
      }
    }
  };
  const dropBelow = async (folder: string, epoch: number): Promise<void> => {
    for (const older of await epochsIn(folder))
      if (older < epoch) await rm(join(folder, nameOf(older)), { force: true });
  };
  return {
    load: async (topic, shards) => {
      const found = await Promise.all(shards.map(async (shard) => [shard, await loadShard({ topic, shard })] as const));
      return new Map(found.flatMap(([shard, state]) => (state === undefined ? [] : [[shard, state] as const])));
    },
    save: async (place, epoch, base) => {
      const folder = folderOf(place);
      const content = [encodeHeader(), frameOf(base)];
      await mkdir(folder, { recursive: true });
      await replace(folder, nameOf(epoch), content);
      written.set(folder, epoch);
      await dropBelow(folder, epoch);
    },
    append: async (place, epoch, change) => {
      const folder = folderOf(place);
      const frame = frameOf(change);
      if (written.get(folder) !== epoch)
        throw new Error(`Cannot add to the state of shard ${place.shard}: it has no base yet`);
      // Not made where it is gone: a successor has taken it away.
      const file = await open(join(folder, nameOf(epoch)), constants.O_WRONLY | constants.O_APPEND).catch((error) => {
        if (isCode(error, 'ENOENT')) return undefined;
        throw error;
      });
      try {
        await file?.write(frame);
        await file?.datasync();
      } finally {
        await file?.close();
      }
    },
    close: async () => undefined,
  };
};
