import type { Path } from '../problem.ts';

export interface Recorded<T> {
  /** Reads like the value itself. */
  readonly value: T;
  /** Whether the field at the path was read. */
  isRead(path: Path): boolean;
}

const keyOf = (path: Path): string => JSON.stringify(path);

/**
 * A value that remembers which of its fields were read. The compiler reads resources only through it: a field that
 * somebody wrote and nothing read had no effect, and is refused instead of being ignored.
 */
export const recorded = <T extends object>(value: T): Recorded<T> => {
  const read = new Set<string>();

  const wrap = <V extends object>(target: V, path: Path): V =>
    new Proxy(target, {
      get: (from, property, receiver) => {
        const member: unknown = Reflect.get(from, property, receiver);
        if (typeof property === 'symbol' || !Object.hasOwn(from, property)) return member;
        const step = Array.isArray(from) && /^\d+$/.test(property) ? Number(property) : property;
        const inner = [...path, step];
        read.add(keyOf(inner));
        return typeof member === 'object' && member !== null ? wrap(member, inner) : member;
      },
    });
  return { value: wrap(value, []), isRead: (path) => read.has(keyOf(path)) };
};

/**
 * The fields of what was written of which nothing was read: the outermost of each. A field with members counts as read
 * when one of them was; what is empty, when it was looked at. Of a field that was looked at and no further, each member
 * counts for itself: the API server fills in defaults where somebody wrote `{}`.
 */
export const unreadIn = (written: unknown, isRead: (path: Path) => boolean, path: Path = []): readonly Path[] => {
  const members = membersOf(written);
  if (members.length === 0) return path.length === 0 || isRead(path) ? [] : [path];
  const unread = members.map(([key, member]) => unreadIn(member, isRead, [...path, key]));
  const wholly = unread.every((paths) => paths.length === 1 && paths[0]?.length === path.length + 1);
  return wholly && path.length > 0 && !isRead(path) ? [path] : unread.flat();
};

const membersOf = (value: unknown): readonly (readonly [string | number, unknown])[] => {
  if (Array.isArray(value)) return value.map((member, i) => [i, member]);
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
};
