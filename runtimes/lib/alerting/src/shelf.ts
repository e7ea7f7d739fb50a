/** What changed since it was last asked, as text by cell. */
export interface ShelfChanges {
  readonly set: Readonly<Record<string, string>>;
  readonly removed: readonly string[];
}

/** Named cells of one kind. What is put there is plain data, and never changed afterwards. */
interface Cells<T> {
  get(id: string): T | undefined;
  set(id: string, value: T): void;
  delete(id: string): void;
  entries(): Iterable<readonly [id: string, value: T]>;
}

/**
 * All that has to outlast a restart, in small cells, so that a step saves only what it changed. A shelf that is made of all
 * that was ever saved is equal to the one that it was saved of.
 */
export interface Shelf {
  cells<T>(kind: string): Cells<T>;
  /** Undefined where nothing changed. */
  changes(): ShelfChanges | undefined;
}

/** @param saved  cells of kinds that nobody asks for stay as they are */
export const createShelf = (saved: Readonly<Record<string, string>>): Shelf => {
  const kinds = new Map<string, Map<string, unknown>>();
  for (const [name, text] of Object.entries(saved)) {
    const slash = name.indexOf('/');
    const kind = name.slice(0, slash);
    const cells = kinds.get(kind) ?? new Map<string, unknown>();
    kinds.set(kind, cells.set(name.slice(slash + 1), JSON.parse(text)));
  }
  const dirty = new Set<string>();
  return {
    cells: <T>(kind: string): Cells<T> => {
      const cells = (kinds.get(kind) ?? new Map<string, unknown>()) as Map<string, T>;
      kinds.set(kind, cells);
      return {
        get: (id) => cells.get(id),
        set: (id, value) => {
          cells.set(id, value);
          dirty.add(`${kind}/${id}`);
        },
        delete: (id) => {
          if (cells.delete(id)) dirty.add(`${kind}/${id}`);
        },
        entries: () => cells.entries(),
      };
    },
    changes: () => {
      if (dirty.size === 0) return undefined;
      const set: Record<string, string> = {};
      const removed: string[] = [];
      for (const name of dirty) {
        const slash = name.indexOf('/');
        const cells = kinds.get(name.slice(0, slash));
        const id = name.slice(slash + 1);
        if (cells?.has(id)) set[name] = JSON.stringify(cells.get(id));
        else removed.push(name);
      }
      dirty.clear();
      return { set, removed };
    },
  };
};
