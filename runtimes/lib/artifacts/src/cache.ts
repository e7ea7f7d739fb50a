import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Files by name, in a folder that several processes may share. Absent or broken, it only costs a download. */
export interface FileCache {
  get(name: string): Promise<Uint8Array | undefined>;
  put(name: string, bytes: Uint8Array): Promise<void>;
}

export const createFileCache = (folder: string): FileCache => ({
  get: (name) => readFile(join(folder, name)).catch(() => undefined),
  put: async (name, bytes) => {
    const unfinished = join(folder, `.${name}.${randomUUID()}`);
    try {
      await mkdir(folder, { recursive: true });
      await writeFile(unfinished, bytes);
      await rename(unfinished, join(folder, name));
    } catch {
      // A full or read-only disk: the next start downloads again.
    }
  },
});
