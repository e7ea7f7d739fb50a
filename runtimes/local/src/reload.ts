import { type FSWatcher, watch } from 'node:fs';
import { dirname } from 'node:path';

/** Tells that one of the watched files may have changed; several changes at once are told once. */
export interface Changes {
  /** Whether anything changed since it was last asked, and has been quiet for a moment. */
  take(now: number): boolean;
  close(): void;
}

/** Editors write a file in several steps, ms. */
const quietMs = 200;

/** Watches the folders that hold `paths`: many editors replace a file rather than write it, which ends a watch on the file itself. */
export const watchFiles = (paths: readonly string[], now: () => number): Changes => {
  let changedAt: number | undefined;
  const touch = (): void => {
    changedAt = now();
  };
  const watchers: readonly FSWatcher[] = [...new Set(paths.map((path) => dirname(path)))].map((folder) =>
    watch(folder, touch),
  );
  return {
    take: (at) => {
      if (changedAt === undefined || at - changedAt < quietMs) return false;
      changedAt = undefined;
      return true;
    },
    close: () => {
      for (const watcher of watchers) watcher.close();
    },
  };
};
