/**
 * What a timeline holds: `<post id>:<author id>`, so that unfollowed and blocked authors can be left out before any post
 * is read; and marks, `-<id>`, which say when it was filled.
 */
export interface Entry {
  readonly id: number;
  readonly author: string;
}

export const entryText = ({ id, author }: Entry): string => `${id}:${author}`;

export const markText = (id: number): string => `-${id}`;

export interface ParsedTimeline {
  /** Newest first, each post once: a post may be there twice when it came by a refill as well. */
  readonly entries: readonly Entry[];
  /** When it was filled, as an id. Of one that lost its mark by trimming: its oldest entry, all came after the fill. */
  readonly since: number;
}

/** @param texts as they are stored, in any order */
export const parseTimeline = (texts: readonly string[]): ParsedTimeline => {
  const entries = new Map<number, Entry>();
  let mark: number | undefined;
  for (const text of texts) {
    if (text.startsWith('-')) mark = Math.max(mark ?? 0, Number(text.slice(1)));
    else {
      const colon = text.indexOf(':');
      const id = Number(text.slice(0, colon));
      entries.set(id, { id, author: text.slice(colon + 1) });
    }
  }
  const sorted = newestFirst([...entries.values()]);
  return { entries: sorted, since: mark ?? sorted.at(-1)?.id ?? 0 };
};

export const newestFirst = (entries: readonly Entry[]): readonly Entry[] => [...entries].sort((a, b) => b.id - a.id);

/** Several timelines as one, each post once, newest first. */
export const merge = (...timelines: readonly (readonly Entry[])[]): readonly Entry[] => {
  const all = new Map<number, Entry>();
  for (const entries of timelines) for (const entry of entries) all.set(entry.id, entry);
  return newestFirst([...all.values()]);
};
